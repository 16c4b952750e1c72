"""The engine onnxruntime: any ONNX file, in single precision, on the processor or on CUDA."""

import importlib.metadata
import os

import numpy

import worker
from tiles import TileInput, row_values

PACKAGES = ("onnxruntime-gpu", "onnxruntime")


def description():
    for package in PACKAGES:
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
        has_cuda = package.endswith("gpu") and os.path.exists("/dev/nvidia0")
        return {
            "engine": "onnxruntime", "engine_version": version, "takes": ["onnx"], "precisions": ["f32"],
            "device": "cuda:0" if has_cuda else "cpu"}
    raise worker.Refusal("has no package onnxruntime in its Python environment", "./kernelspec/torch")


def _names_read(graph):
    """The names that the nodes of a graph, and of the graphs within them, read."""
    for node in graph.node:
        yield from node.input
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                yield from _names_read(inner)


def cut(model, outputs):
    """Leaves of a model what gives the tensors that are wanted, as its outputs; gives their names in the file."""
    import onnx

    graph = model.graph
    makers = {name: node for node in graph.node for name in node.output if name}
    names = []
    for output in outputs:
        name = next((name for name in output["names"] if name in makers), None)
        if name is None:
            raise worker.Refusal(
                f"finds no tensor “{output['names'][0]}” in {os.path.basename(outputs.path)}",
                "engine=openvino, or another layer")
        names.append(name)
    wanted, kept = list(names), set()
    while wanted:
        node = makers.get(wanted.pop())
        if node is None or id(node) in kept:
            continue
        kept.add(id(node))
        wanted += node.input
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                wanted += _names_read(inner)
    nodes = [node for node in graph.node if id(node) in kept]
    read = {name for node in nodes for name in node.input} | set(_names_read(graph))
    for field, values in (
        ("node", nodes), ("initializer", [value for value in graph.initializer if value.name in read]),
        ("output", [onnx.ValueInfoProto(name=name) for name in dict.fromkeys(names)]),
    ):
        values = [type(value).FromString(value.SerializeToString()) for value in values]
        del getattr(graph, field)[:]
        getattr(graph, field).extend(values)
    return names


class Outputs(list):
    """The wanted outputs of the file at `path`."""

    def __init__(self, outputs, path):
        super().__init__(outputs)
        self.path = path


class Engine:
    def __init__(self, start, slots):
        network, device = start["network"], start["device"]
        if start["precision"] != "f32":
            raise worker.Refusal(f"computes in f32 alone, and not in {start['precision']}", "precision=f32")
        try:
            import onnx
            import onnxruntime
        except ImportError as error:
            raise worker.Refusal(f"cannot be loaded: {worker.one_line(error)}", "./kernelspec/torch") from error
        self.slots, self.outputs = slots, start["outputs"]
        model = onnx.load(network["path"], load_external_data=False)
        self.names = cut(model, Outputs(self.outputs, network["path"]))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", os.path.dirname(network["path"]) or ".")
        providers = ["CPUExecutionProvider"]
        if device.startswith("cuda"):
            if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
                raise worker.Refusal(
                    f"finds no CUDA: onnxruntime {onnxruntime.__version__} here is the build for processors", "device=cpu")
            number = int(device.partition(":")[2] or 0)
            # TF32 has ten bits of ours.
            providers.insert(0, ("CUDAExecutionProvider", {"device_id": number, "use_tf32": 0}))
        elif device != "cpu":
            raise worker.Refusal(f"knows the devices cpu and cuda:0, cuda:1, …, and not {device}", "device=cpu")
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=providers)
        if device.startswith("cuda") and self.session.get_providers()[0] != "CUDAExecutionProvider":
            raise worker.Refusal(f"could not set up CUDA on {device}", "device=cpu")
        source = self.session.get_inputs()[0]
        self.input_name = source.name
        kinds = {"tensor(float)": "f4", "tensor(float16)": "f2", "tensor(double)": "f8"}
        self.kind = kinds.get(source.type) or source.type[len("tensor("):-1]
        self.is_channels_last = network["layout"] == "NHWC"
        self.tiles = TileInput(start["tiles"], network["side"])
        # A file may fix its batch.
        self.fixed = network["batch"]
        self.batch = self.fixed or slots.batch
        self.device = device
        self.lanes = start["threads"] if device == "cpu" else 2
        self.notes = []

    def serve(self, receive, answer):
        worker.serve_in_lanes(self.lanes, self.compute, receive, answer)

    def compute(self, slot, count, lane):
        notes = []
        first = 0
        while first < count:
            size = min(self.batch, count - first)
            try:
                rows = self.rows(self.slots.tiles[slot][first:first + size])
            except Exception as error:
                if not is_out_of_memory(error) or self.batch == 1 or self.fixed:
                    raise
                self.batch = max(1, min(size, self.batch) // 2)
                notes.append(f"Memory was short: batches of {self.batch} tiles from then on.")
                continue
            for block, values in zip(self.slots.rows[slot], rows):
                block[first:first + size] = values[:size]
            first += size
        return notes

    def rows(self, pixels):
        numbers = self.tiles.numbers(pixels.astype(numpy.float32))
        if self.fixed and len(numbers) < self.fixed:
            numbers = numpy.concatenate([numbers, numpy.zeros((self.fixed - len(numbers), *numbers.shape[1:]), "f4")])
        if self.is_channels_last:
            numbers = numbers.transpose(0, 2, 3, 1)
        numbers = numpy.ascontiguousarray(numbers.astype(self.kind))
        values = dict(zip(dict.fromkeys(self.names), self.session.run(list(dict.fromkeys(self.names)), {self.input_name: numbers})))
        return [row_values(values[name].astype(numpy.float32), output, numpy) for name, output in zip(self.names, self.outputs)]


def is_out_of_memory(error):
    text = str(error).lower()
    return "allocate memory" in text or "out of memory" in text or "bad_alloc" in text


def main():
    worker.serve(description, Engine)
