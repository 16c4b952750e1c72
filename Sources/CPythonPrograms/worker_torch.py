"""The engine torch: networks that a recipe makes, on the processor or on CUDA."""

import contextlib
import copy
import importlib.metadata
import json
import os
import queue
import sys
import threading
import time

import worker
from tiles import TileInput, row_values

TYPES = {"f32": "float32", "bf16": "bfloat16", "fp16": "float16"}

# Before the name of a head: how far it spreads over passes with dropout.
UNCERTAINTY = "uncertainty:"

# Larger batches leave the caches of a processor's core, and gain nothing.
PROCESSOR_BATCH = 8


def description():
    try:
        version = importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        raise worker.Refusal("has no package torch in its Python environment", "./kernelspec/torch") from None
    has_cuda = os.path.exists("/dev/nvidia0") and not version.endswith("+cpu")
    return {
        "engine": "torch", "engine_version": version, "takes": ["recipe"], "precisions": list(TYPES),
        "device": "cuda:0" if has_cuda else "cpu"}


def is_out_of_memory(error):
    import torch

    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "can't allocate memory" in str(error)


class Network:
    """A network from bytes to rows: tiles as uint8, N x side x side x 3, to a block of float32 for each output."""

    is_autocast = False

    def __init__(self, start, device):
        import torch
        import networks

        self.outputs = start["outputs"]
        self.device = device
        self.type = getattr(torch, TYPES[start["precision"]])
        self.tiles = TileInput(start["tiles"], start["network"]["side"]).moved(
            lambda array: torch.from_numpy(array).to(device))
        self.recipe = json.loads(start["network"]["recipe"])
        try:
            self.network = networks.build(self.recipe)
        except networks.Refusal as refusal:
            raise worker.Refusal(f"cannot build the network: {worker.one_line(refusal)}") from refusal
        self.network.to(device=device, memory_format=torch.channels_last)
        self.is_cast = self.type != torch.float32
        if self.is_cast:
            self.network.to(self.type)
            for module in self.network.modules():
                # An error in each running variance would be felt in every value of its channel.
                if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                    module.float()

    def lanes(self, count):
        """As many of it, with the same weights, one for each thread: layers keep their values while they compute."""
        weights = [*self.network.parameters(), *self.network.buffers()]
        lanes = [copy.copy(self) for _ in range(count)]
        for lane in lanes[1:]:
            lane.network = copy.deepcopy(self.network, {id(weight): weight for weight in weights})
        for lane in lanes:
            lane.layers = lane.found(lane.network)
        return lanes

    def found(self, network):
        """The layers under the first of their names that the network has."""
        import networks

        names = [output["names"][0] for output in self.outputs]
        if any(name.startswith(UNCERTAINTY) for name in names):
            return uncertain(networks, self.recipe, network, names)
        for _ in range(sum(len(output["names"]) for output in self.outputs)):
            try:
                return networks.Outputs(network, names)
            except LookupError as error:
                missing = error.args[0]
                for index, output in enumerate(self.outputs):
                    others = output["names"]
                    if names[index] == missing and missing != others[-1]:
                        names[index] = others[others.index(missing) + 1]
                        break
                else:
                    raise worker.Refusal(f"finds no layer “{missing}” in the network", "engine=onnxruntime") from error
        raise worker.Refusal("does not find the layers in the network", "engine=onnxruntime")

    def without_cast(self, start):
        """The same with weights in single precision, of which torch casts what it holds safe."""
        whole = Network({**start, "precision": "f32"}, self.device)
        whole.type = self.type
        whole.is_autocast = True
        return whole.lanes(1)[0]

    def __call__(self, pixels):
        import torch

        image = self.tiles.numbers(pixels.float())
        image = image.to(self.type if self.is_cast else torch.float32, memory_format=torch.channels_last)
        with torch.autocast(self.device.type, self.type) if self.is_autocast else contextlib.nullcontext():
            values = self.layers(image)
        return [
            row_values(value.float(), output, torch)
            for value, output in zip(values, self.outputs)]


def uncertain(networks, recipe, network, names):
    """Outputs of which some tell how far a head spreads over passes with dropout."""
    import torch

    class Uncertain(torch.nn.Module):
        def __init__(self):
            super().__init__()
            plain = [name for name in names if not name.startswith(UNCERTAINTY)]
            self.outputs = networks.Outputs(network, plain or network.heads[:1])
            self.thinned = networks.Thinned.of(recipe, network, torch.zeros(2, 3, network.side, network.side))
            if self.thinned is None:
                raise worker.Refusal("finds no dropout in the network, and thus no uncertainty", "uncertainty=false")
            self.places = []
            for name in names:
                is_spread = name.startswith(UNCERTAINTY)
                place = network.heads.index(name[len(UNCERTAINTY):]) if is_spread else plain.index(name)
                self.places.append((is_spread, place))

        def forward(self, x):
            values, spread = self.outputs(x), self.thinned(x)
            return [(spread if is_spread else values)[place] for is_spread, place in self.places]

    return Uncertain()


class ProcessorEngine:
    """On the processor: on each core a batch of its own."""

    def __init__(self, start, slots, network):
        import torch

        torch.set_num_threads(1)
        self.networks = network.lanes(start["threads"])
        self.slots = slots
        self.batch = min(slots.batch, PROCESSOR_BATCH)
        self.device = "cpu"
        self.notes = []
        if start["precision"] == "bf16" and not has_bf16():
            self.notes.append("This processor has no arithmetic in bf16: it is emulated, which takes longer than f32.")
        self.tiles = [torch.from_numpy(tiles) for tiles in slots.tiles]

    def serve(self, receive, answer):
        worker.serve_in_lanes(len(self.networks), self.compute, receive, answer)

    def compute(self, slot, count, lane):
        import torch

        notes, first = [], 0
        while first < count:
            last = min(first + self.batch, count)
            try:
                with torch.inference_mode():
                    rows = self.networks[lane](self.tiles[slot][first:last])
            except Exception as error:
                notes.append(self.halved(error, last - first))
                continue
            for block, values in zip(self.slots.rows[slot], rows):
                block[first:last] = values.numpy()
            first = last
        return notes

    def halved(self, error, size):
        """Half the batch from then on, where memory was short: what is to be said of it."""
        if not is_out_of_memory(error):
            raise error
        if size == 1:
            raise worker.Refusal(
                "has not enough memory for one tile", "device=cpu" if self.device != "cpu" else None)
        self.batch = max(1, size // 2)
        return f"The memory of {self.device} was short: batches of {self.batch} tiles from then on."


def has_bf16():
    try:
        with open("/proc/cpuinfo") as file:
            return any("avx512_bf16" in line or "amx_bf16" in line or "bf16" in line.split() for line in file)
    except OSError:
        return True


class Buffers:
    """What one batch needs on the device while it is there."""

    def __init__(self, torch, engine):
        self.tiles = torch.empty_like(engine.tiles[0], device=engine.place)
        self.rows = [torch.empty(block.shape, device=engine.place) for block in engine.rows[0]]
        self.uploaded, self.computed = (torch.cuda.Event() for _ in range(2))
        # Waited for by a thread, which is to leave its core to decoding.
        self.done = torch.cuda.Event(blocking=True)


class CUDAEngine(ProcessorEngine):
    """On a GPU: while a batch is computed the next one's tiles and the last one's rows are on their way."""

    depth = 3

    def __init__(self, start, slots, network):
        import torch

        self.torch, self.start = torch, start
        [self.network], self.slots = network.lanes(1), slots
        self.place = network.device
        self.device = f"{self.place}"
        self.notes = []
        self.batch = slots.batch
        self.graph = None
        self.count_done = 0
        torch.cuda.set_device(self.place)
        self.tiles = [torch.from_numpy(tiles) for tiles in slots.tiles]
        self.rows = [[torch.from_numpy(block) for block in blocks] for blocks in slots.rows]
        self.pin()
        self.upload, self.computing, self.download = (torch.cuda.Stream() for _ in range(3))
        self.settle()
        self.buffers = [Buffers(torch, self) for _ in range(self.depth)]

    def pin(self):
        """Has the driver copy straight from and to the shared memory."""
        import ctypes

        memory = self.slots.memory
        address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        code = self.torch.cuda.cudart().cudaHostRegister(address, len(memory), 0)
        if int(code) != 0:
            self.notes.append(f"The memory of the tiles could not be pinned (CUDA's code {int(code)}): copies take longer.")

    def settle(self):
        """Finds a batch that memory holds, and whether the network runs faster as a graph of CUDA's."""
        torch = self.torch
        while True:
            pixels = torch.zeros_like(self.tiles[0][:self.batch], device=self.place)
            try:
                with torch.inference_mode(), torch.cuda.stream(self.computing):
                    for _ in range(3):
                        self.network(pixels)
                torch.cuda.synchronize(self.place)
                break
            except Exception as error:
                if is_out_of_memory(error):
                    pixels = None
                    self.notes.append(self.halved(error, self.batch))
                    torch.cuda.empty_cache()
                elif self.network.is_cast:
                    # Some networks mix types inside; torch then casts by itself.
                    self.network = self.network.without_cast(self.start)
                    self.notes.append("The network mixes types of numbers: it runs under torch.autocast.")
                else:
                    raise
        eager = self.seconds(lambda: self.network(pixels))
        try:
            graph = self.captured(pixels)
        except Exception as error:
            print(f"no graph: {error}", file=sys.stderr, flush=True)
            torch.cuda.synchronize(self.place)
            return
        if self.seconds(graph[0].replay) < 0.98 * eager:
            self.graph = graph

    def captured(self, pixels):
        torch = self.torch
        graph = torch.cuda.CUDAGraph()
        with torch.inference_mode(), torch.cuda.graph(graph, stream=self.computing):
            rows = self.network(pixels)
        return graph, pixels, rows

    def seconds(self, work):
        """The least that some runs take."""
        torch, best = self.torch, float("inf")
        with torch.inference_mode(), torch.cuda.stream(self.computing):
            for _ in range(4):
                self.computing.synchronize()
                start = time.perf_counter()
                work()
                work()
                self.computing.synchronize()
                best = min(best, (time.perf_counter() - start) / 2)
        return best

    def serve(self, receive, answer):
        begun, room = queue.SimpleQueue(), threading.Semaphore(self.depth)

        def finish():
            while True:
                message, handle = begun.get()
                answer(message, lambda: self.finish(handle))
                room.release()

        threading.Thread(target=finish, daemon=True).start()
        while True:
            message = receive()
            room.acquire()
            try:
                handle = self.begin(message["slot"], message["count"])
            except Exception as error:
                handle = error
            begun.put((message, handle))

    def begin(self, slot, count):
        torch = self.torch
        buffers = self.buffers[self.count_done % self.depth]
        self.count_done += 1
        with torch.inference_mode():
            with torch.cuda.stream(self.upload):
                buffers.tiles[:count].copy_(self.tiles[slot][:count], non_blocking=True)
                buffers.uploaded.record()
            self.computing.wait_event(buffers.uploaded)
            notes = self.compute(buffers, count)
            with torch.cuda.stream(self.computing):
                buffers.computed.record()
            self.download.wait_event(buffers.computed)
            with torch.cuda.stream(self.download):
                for block, values in zip(self.rows[slot], buffers.rows):
                    block[:count].copy_(values[:count], non_blocking=True)
                buffers.done.record()
        return buffers, notes

    def compute(self, buffers, count):
        torch, notes, first = self.torch, [], 0
        with torch.cuda.stream(self.computing):
            while first < count:
                last = min(first + self.batch, count)
                if self.graph and last - first == self.batch:
                    graph, pixels, rows = self.graph
                    pixels.copy_(buffers.tiles[first:last])
                    graph.replay()
                else:
                    try:
                        rows = self.network(buffers.tiles[first:last])
                    except Exception as error:
                        notes.append(self.halved(error, last - first))
                        self.graph = rows = None
                        torch.cuda.empty_cache()
                        continue
                for block, values in zip(buffers.rows, rows):
                    block[first:last].copy_(values)
                first = last
        return notes

    def finish(self, begun):
        if isinstance(begun, Exception):
            raise begun
        begun[0].done.synchronize()
        return begun[1]


def open_engine(start, slots):
    try:
        import torch
    except ImportError as error:
        raise worker.Refusal(f"cannot be loaded: {worker.one_line(error)}", "./kernelspec/torch") from error
    if start["network"]["recipe"] is None:
        raise worker.Refusal("runs networks that Python makes, and not a file of another kind", "engine=onnxruntime")
    device = start["device"]
    kind, _, number = device.partition(":")
    if kind == "cpu":
        if start["precision"] == "fp16":
            raise worker.Refusal("computes in fp16 on a GPU alone", "precision=bf16")
    elif kind == "cuda":
        check_cuda(torch, device, int(number or 0))
    else:
        raise worker.Refusal(f"knows the devices cpu and cuda:0, cuda:1, …, and not {device}", "device=cpu")
    # TF32 has ten bits where single precision has 23.
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = False
    place = torch.device("cuda", int(number or 0)) if kind == "cuda" else torch.device("cpu")
    try:
        network = Network(start, place)
    except Exception as error:
        if is_out_of_memory(error):
            raise worker.Refusal("has not enough memory for the network", "device=cpu" if kind != "cpu" else None) from error
        raise
    return (CUDAEngine if kind == "cuda" else ProcessorEngine)(start, slots, network)


def check_cuda(torch, device, number):
    there = [f"cuda:{index} ({torch.cuda.get_device_name(index)})" for index in range(torch.cuda.device_count())] \
        if torch.cuda.is_available() else []
    if not there:
        why = "is the build for processors alone" if torch.version.cuda is None else "finds no GPU that it can use"
        raise worker.Refusal(f"has no CUDA here: torch {torch.__version__} {why}; there is cpu", "device=cpu")
    if number >= len(there):
        raise worker.Refusal(f"has no {device} here; there are cpu, {', '.join(there)}", "device=cuda:0")


def main():
    worker.serve(description, open_engine)
