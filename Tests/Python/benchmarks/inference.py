"""Times tiles going through a network: Tessera's pipeline, OpenVINO alone, and torch, in turns.

    inference.py --torch PYTHON [--networks resnet18 resnet50] [--precision f32] [--tiles 256] [--repetitions 3]

Tessera decodes JPEG tiles; the others have their input in memory, decoded. PYTHON is an interpreter that has torch,
torchvision, onnx, numpy and Pillow; OpenVINO alone is run by it too, with the package of .deps if its version is the one
that package is made for, else with its own. torch runs eager, with batches of 1, 8 and 32, and the best is compared.
Each run is a process of its own; counted is what follows a first few batches.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIDE = 224
BATCH = 8
TORCH_BATCHES = (1, 8, 32)


def timed(tiles, work):
    """Prints tiles, processor seconds and wall seconds of `work`."""
    def seconds():
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    before, start = seconds(), time.monotonic()
    work()
    print(json.dumps([tiles, seconds() - before, time.monotonic() - start]))


def network(name):
    import torch
    import torchvision

    torch.manual_seed(0)
    return torchvision.models.get_model(name, weights=None, num_classes=2).eval()


def make(folder, count, *names):
    """Writes the networks, and tiles that compress about as tissue does."""
    import numpy as np
    import torch
    from PIL import Image

    generator = np.random.default_rng(0)
    for index in range(int(count)):
        small = generator.integers(60, 256, (SIDE // 4, SIDE // 4, 3), dtype=np.uint8)
        Image.fromarray(small).resize((SIDE, SIDE), Image.BICUBIC).save(f"{folder}/{index:05}.jpg", quality=90)
    for name in names:
        torch.onnx.export(
            network(name), (torch.zeros(1, 3, SIDE, SIDE),), f"{folder}/{name}.onnx", dynamo=False,
            input_names=["input"], output_names=["output"], dynamic_axes={"input": {0: "n"}, "output": {0: "n"}})


def batches(tiles):
    import numpy as np

    generator = np.random.default_rng(0)
    inputs = [generator.integers(0, 256, (BATCH, SIDE, SIDE, 3), dtype=np.uint8) for _ in range(4)]
    return [inputs[index % 4] for index in range(tiles // BATCH)]


def openvino_alone(path, precision, tiles):
    """The network as it is, on input that is there: nothing but OpenVINO."""
    import openvino
    from openvino.preprocess import PrePostProcessor

    core = openvino.Core()
    model = core.read_model(path)
    model.reshape([BATCH, 3, SIDE, SIDE])
    processor = PrePostProcessor(model)
    processor.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    processor.input().model().set_layout(openvino.Layout("NCHW"))
    steps = processor.input().preprocess().convert_element_type(openvino.Type.f32)
    steps.mean([123.675, 116.28, 103.53]).scale([58.395, 57.12, 57.375])
    cores = len(os.sched_getaffinity(0))
    compiled = core.compile_model(processor.build(), "CPU", {
        "PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": precision, "NUM_STREAMS": cores,
        "INFERENCE_NUM_THREADS": cores, "ENABLE_CPU_PINNING": False})
    queue = openvino.AsyncInferQueue(compiled, cores)

    def run(inputs):
        for value in inputs:
            queue.start_async({0: value}, share_inputs=True)
        queue.wait_all()

    run(batches(4 * BATCH))
    timed(int(tiles), lambda: run(batches(int(tiles))))


def torch_eager(name, precision, tiles, size):
    import torch

    model, size, tiles = network(name), int(size), int(tiles)
    value = torch.rand(size, 3, SIDE, SIDE)
    if precision == "bf16":
        model, value = model.bfloat16(), value.bfloat16()

    def run(count):
        with torch.inference_mode():
            for _ in range(count):
                model(value)

    run(2)
    timed(tiles // size * size, lambda: run(tiles // size))


def main():
    inside = {"make": make, "openvino": openvino_alone, "torch": torch_eager}
    if len(sys.argv) > 2 and sys.argv[1] == "--inside":
        return inside[sys.argv[2]](*sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", metavar="PYTHON", required=True)
    parser.add_argument("--networks", nargs="+", default=["resnet18", "resnet50"])
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--tiles", type=int, default=256)
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    if options.precision == "bf16" and "avx512_bf16" not in Path("/proc/cpuinfo").read_text():
        print("this processor has no bf16: what follows is emulated", file=sys.stderr)

    has_openvino = subprocess.run([options.torch, "-c", "import openvino"], stderr=subprocess.DEVNULL).returncode == 0

    def python(*arguments):
        environment = dict(os.environ)
        if arguments[0] == "openvino" and not has_openvino:
            environment["PYTHONPATH"] = os.environ.get("OPENVINO_PACKAGE", "")
        return [options.torch, str(Path(__file__).resolve()), "--inside", *map(str, arguments)], environment

    def measure(command, environment=None):
        output = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
        return json.loads(output.strip().splitlines()[-1])

    with tempfile.TemporaryDirectory() as folder:
        command, environment = python("make", folder, options.tiles, *options.networks)
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name in options.networks:
            onnx = f"{folder}/{name}.onnx"
            program = os.environ.get("TIME_INFERENCE", "time-inference")
            runs = {
                "Tessera": ([program, onnx, folder, options.precision], None),
                "OpenVINO alone": python("openvino", onnx, options.precision, options.tiles),
            }
            for size in TORCH_BATCHES:
                runs[f"torch, batch {size}"] = python("torch", name, options.precision, options.tiles, size)
            rates = {label: [] for label in runs}
            # In turns, so that a busy moment of the machine meets all.
            for _ in range(options.repetitions):
                for label, run in runs.items():
                    tiles, cpu, wall = measure(*run)
                    rates[label].append((tiles / wall, tiles / cpu))
            print(f"{name}, {options.precision}, medians of {options.repetitions} runs of {options.tiles} tiles")
            medians = {label: [statistics.median(column) for column in zip(*values)] for label, values in rates.items()}
            for label, (wall, cpu) in medians.items():
                print(f"  {label:16} {wall:7.1f} tiles/s  {cpu:7.1f} tiles/CPU s")
            best = [max(medians[label][column] for label in medians if label.startswith("torch")) for column in (0, 1)]
            for label, others in (("OpenVINO alone", medians["OpenVINO alone"]), ("torch's best", best)):
                ratios = [own / other for own, other in zip(medians["Tessera"], others)]
                print(f"  Tessera against {label}: {ratios[0]:.2f} by the clock, {ratios[1]:.2f} by processor time")


if __name__ == "__main__":
    main()
