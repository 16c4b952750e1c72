"""Times the engine torch beside torch alone, in turns: tiles/s by the clock and by processor time.

    engines.py --torch PYTHON [--device cpu] [--networks resnet50 vit_s] [--precisions f32 bf16] [--tiles 256]
               [--repetitions 3] [--seconds 340]
    engines.py --torch PYTHON --pack FILE.tar.xz

Tessera's pipeline decodes JPEG tiles and has a worker compute them; torch alone has its input on the device, standardised
and in the precision that is asked for, and is counted at the best of several batches (on a GPU also as a graph of
CUDA's). PYTHON has torch, and where tiles are made Pillow. The networks are those of worker_networks.py, with random
weights. Each run is a process of its own; what starting takes does not count. Nothing is begun that would not end within
--seconds.

--pack writes an archive of less than 64 MiB with all that another machine needs besides torch, on a processor of the same
kind: unpacked there, engines/run [PYTHON] times on cuda:0, within six minutes.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

SIDE = 224
HERE = Path(__file__).resolve().parent
MEAN, SCALE = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
MODULES = ("tiles", "worker", "worker_torch")
LARGEST_PACK = 64 << 20


def make_tiles(folder, count):
    """Writes tiles that compress about as tissue does."""
    import numpy as np
    from PIL import Image

    generator = np.random.default_rng(0)
    for index in range(int(count)):
        small = generator.integers(60, 256, (SIDE // 4, SIDE // 4, 3), dtype=np.uint8)
        Image.fromarray(small).resize((SIDE, SIDE), Image.BICUBIC).save(f"{folder}/{index:05}.jpg", quality=90)


def alone(modules, name, precision, device, tiles, seconds):
    """Prints the best of torch alone: tiles/s, tiles per processor second, and how."""
    import torch

    sys.path.insert(0, modules)
    import networks

    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    kind = {"f32": torch.float32, "bf16": torch.bfloat16}[precision]
    is_gpu = device.startswith("cuda")
    network = networks.build({"kind": name}).to(device=device, dtype=kind, memory_format=torch.channels_last)
    for module in network.modules():
        # As the engine has it; it is the faster form besides.
        if isinstance(module, torch.nn.BatchNorm2d):
            module.float()
    mean, scale = (torch.tensor(values).reshape(1, 3, 1, 1) for values in (MEAN, SCALE))
    end = time.monotonic() + float(seconds)

    def synchronize():
        if is_gpu:
            torch.cuda.synchronize()

    def measured(work, batch):
        for _ in range(3 if is_gpu else 1):
            work()
        synchronize()
        count = 0
        usage, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        # A GPU is given enough to do between two looks at the clock.
        while count < int(tiles) if not is_gpu else time.perf_counter() - start < 1.5:
            for _ in range(8 if is_gpu else 1):
                work()
                count += batch
            synchronize()
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF)
        return count / wall, count / (after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime)

    rates = {}
    with torch.inference_mode():
        for batch in (64, 128, 256, 512) if is_gpu else (1, 8, 32):
            if time.monotonic() > end and rates:
                break
            image = (torch.rand(batch, 3, SIDE, SIDE) * 255 - mean) / scale
            image = image.to(device=device, dtype=kind, memory_format=torch.channels_last)
            try:
                rates[f"batch {batch}"] = measured(lambda: network(image), batch)
                if is_gpu:
                    graph = torch.cuda.CUDAGraph()
                    with torch.cuda.graph(graph):
                        kept = network(image)
                    rates[f"batch {batch}, graph"] = measured(graph.replay, batch)
                    del kept
            except torch.OutOfMemoryError:
                break
    best = max(rates, key=lambda label: rates[label][0])
    print(json.dumps([rates[best][0], max(rate[1] for rate in rates.values()), best]))


def output(command, limit):
    """What a run prints last, as JSON; None where it fails or takes too long, which is said."""
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=max(limit, 1))
    except subprocess.TimeoutExpired:
        print(f"  took longer than {limit:.0f} s: {' '.join(map(str, command[:3]))} …", flush=True)
        return None
    if result.returncode != 0 or not result.stdout.strip():
        print(f"  failed with status {result.returncode}: {' '.join(map(str, command[:3]))} …", flush=True)
        return None
    return json.loads(result.stdout.strip().splitlines()[-1])


def time_all(options, tool, modules, jpegs):
    end = time.monotonic() + options.seconds
    cores = len(os.sched_getaffinity(0))
    is_gpu = options.device.startswith("cuda")
    count = 20000 if is_gpu else options.tiles
    decoded = output([*tool, "decode", jpegs, str(count), str(SIDE)], end - time.monotonic())
    decoding = decoded[0] / decoded[2] if decoded else float("nan")
    print(f"{options.device}; {cores} cores decode {decoding:.0f} tiles/s of {SIDE} px", flush=True)
    widths = {}
    exec("WIDTHS = " + (HERE / "worker_networks.py").read_text().split("\nWIDTHS = ")[1].split("\n")[0], widths)
    for name in options.networks:
        for precision in options.precisions:
            best, own = [], []
            for _ in range(1 if is_gpu else options.repetitions):
                left = end - time.monotonic()
                if left < 20:
                    print("  no time is left for more", flush=True)
                    break
                command = [options.torch, str(HERE / "engines.py"), "--inside", "alone", modules, name, precision,
                           options.device, str(options.tiles), "12"]
                best.append(output(command, left))
                # A fast GPU is kept busy for some seconds, a slow one not for minutes.
                number = count
                if is_gpu and best[-1]:
                    number = int(min(60000, max(4000, 10 * min(best[-1][0], decoding))))
                command = [*tool, "worker", options.torch, modules, json.dumps({"kind": name}),
                           str(widths["WIDTHS"][name]), str(SIDE), jpegs, precision, options.device, str(number)]
                own.append(output(command, end - time.monotonic()))
            best, own = [run for run in best if run], [run for run in own if run]
            if not best or not own:
                continue
            rate, per_cpu = (statistics.median(run[column] for run in best) for column in (0, 1))
            own_rate = statistics.median(run[0] / run[2] for run in own)
            own_per_cpu = statistics.median(run[0] / run[1] for run in own)
            busy, loading = own[-1][4], own[-1][3]
            print(f"{name}, {precision}: engine torch {own_rate:.1f} tiles/s, {own_per_cpu:.1f} a processor second; "
                  f"torch alone {rate:.1f} ({best[-1][2]}), {per_cpu:.1f}: {own_rate / rate:.2f} by the clock, "
                  f"{own_per_cpu / per_cpu:.2f} by processor time; of decoding {own_rate / decoding:.2f}; bound by "
                  f"{own[-1][5]}, busy {busy:.2f}, {loading:.2f} ms of a core to load a tile", flush=True)


def gather_modules(folder):
    """What the worker imports, with networks that need torch alone, and a file that passes for a model."""
    root = HERE.parents[2]
    folder.mkdir(parents=True, exist_ok=True)
    for name in MODULES:
        shutil.copy(root / f"Sources/CPythonPrograms/{name}.py", folder)
    shutil.copy(HERE / "worker_networks.py", folder / "networks.py")
    shutil.copy(root / "Tests/InferenceTests/Fixtures/classifier.onnx", folder / "stated.onnx")


def pack(options, tool, folder):
    """An archive of a folder with the timer, its libraries and their loader, tiles, and this script."""
    (folder / "lib").mkdir(parents=True)
    (folder / "tiles").mkdir()
    shutil.copy(tool, folder / "time-inference")
    subprocess.run(["strip", folder / "time-inference"], check=False)
    for line in subprocess.run(["ldd", tool], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines():
        path = next((word for word in line.split() if word.startswith("/")), None)
        if path:
            shutil.copy(path, folder / "lib" / os.path.basename(path))
    gather_modules(folder / "modules")
    subprocess.run([options.torch, HERE / "engines.py", "--inside", "make_tiles", folder / "tiles", "512"], check=True)
    shutil.copy(HERE / "engines.py", folder)
    shutil.copy(HERE / "worker_networks.py", folder)
    (folder / "run").write_text(
        "#!/bin/sh\n# Times the engine torch on cuda:0, or as the arguments after PYTHON say.\n"
        'here=$(cd "$(dirname "$0")" && pwd)\npython=${1:-python3}\n[ $# -gt 0 ] && shift\n'
        'exec timeout 355 "$python" "$here/engines.py" --torch "$(command -v "$python")" --packed "$here" '
        '--device cuda:0 --networks resnet50 vit_l "$@"\n')
    (folder / "run").chmod(0o755)
    with tarfile.open(options.pack, "w:xz", preset=1) as archive:
        archive.add(folder, "engines")
    size = os.path.getsize(options.pack)
    print(f"{options.pack}: {size / (1 << 20):.1f} MiB")
    if size >= LARGEST_PACK:
        sys.exit("it is larger than 64 MiB")


def main():
    inside = {"make_tiles": make_tiles, "alone": alone}
    if len(sys.argv) > 2 and sys.argv[1] == "--inside":
        return inside[sys.argv[2]](*sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", metavar="PYTHON", required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--networks", nargs="+", default=["resnet50", "vit_s"])
    parser.add_argument("--precisions", nargs="+", default=["f32", "bf16"])
    parser.add_argument("--tiles", type=int, default=256)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=340)
    parser.add_argument("--pack", metavar="FILE.tar.xz")
    parser.add_argument("--packed", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.packed:
        folder = Path(options.packed)
        # With the loader and the C library that they were made with.
        loader = next((folder / "lib").glob("ld-linux*"))
        tool = [str(loader), "--library-path", str(folder / "lib"), str(folder / "time-inference")]
        for file in (loader, folder / "time-inference"):
            file.chmod(0o755)
        return time_all(options, tool, str(folder / "modules"), str(folder / "tiles"))
    tool = os.environ.get("TIME_INFERENCE", "time-inference")
    if options.pack:
        with tempfile.TemporaryDirectory() as temporary:
            return pack(options, tool, Path(temporary) / "engines")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        gather_modules(folder / "modules")
        (folder / "tiles").mkdir()
        subprocess.run(
            [options.torch, HERE / "engines.py", "--inside", "make_tiles", folder / "tiles", str(min(options.tiles, 512))],
            check=True)
        time_all(options, [tool], str(folder / "modules"), str(folder / "tiles"))


if __name__ == "__main__":
    main()
