"""Times the extraction of tiles from a slide, Tessera beside slideflow in one run.

    extraction.py SLIDE [--tile-px 224] [--tile-um 112] [--repetitions 3] [--slideflow PYTHON] [--backend libvips]

Slideflow is run by the interpreter given (an environment in which `import slideflow` works, with libvips or cuCIM).
Counted are seconds of processor time of the whole program with Tessera, and of the extraction alone, without its
imports, with slideflow. TESSERA names the program; `tessera` on the PATH is taken otherwise.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def tessera(slide, options, folder):
    """(tiles, processor seconds, wall seconds, peak MB) of one extraction into a project of its own."""
    (folder / "slides").mkdir(parents=True)
    (folder / "slides" / slide.name).symlink_to(slide.resolve())
    (folder / "settings.json").write_text(json.dumps({"name": "bench", "sources": ["S"]}))
    (folder / "datasets.json").write_text(json.dumps({"S": {"slides": "./slides", "tfrecords": "./tfrecords"}}))
    (folder / "annotations.csv").write_text(f"patient,slide\nP,{slide.stem}\n")
    cell = folder / "cell.tsr"
    cell.write_text(f"project '{folder}'\nextract_tiles tile_px={options.tile_px} tile_um={options.tile_um}\n")
    start = time.monotonic()
    process = subprocess.Popen([os.environ.get("TESSERA", "tessera"), "run", str(cell)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"tessera ended with {status}")
    manifest = json.loads(next(folder.glob("tfrecords/*/manifest.json")).read_text())
    tiles = sum(entry["total"] for entry in manifest.values())
    return tiles, usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024


def slideflow(slide, options, folder):
    """The same of slideflow, in a process of its own."""
    folder.mkdir(parents=True)
    environment = dict(os.environ, SF_BACKEND="torch", SF_SLIDE_BACKEND=options.backend)
    # It writes a log where it runs.
    output = subprocess.run(
        [options.slideflow, str(Path(__file__).resolve()), "--inside", str(slide.resolve()), str(options.tile_px),
         str(options.tile_um), str(folder)],
        env=environment, cwd=folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return json.loads(output.strip().splitlines()[-1])


def inside(slide, tile_px, tile_um, folder):
    """Runs in slideflow's environment."""
    import slideflow

    def seconds():
        own = resource.getrusage(resource.RUSAGE_SELF)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

    extent = int(tile_um) if tile_um.isdigit() else tile_um
    before, start = seconds(), time.monotonic()
    image = slideflow.WSI(slide, int(tile_px), extent, verbose=False)
    image.extract_tiles(tfrecord_dir=folder, img_format="jpg")
    used, wall = seconds() - before, time.monotonic() - start
    records = next(Path(folder).glob("*.tfrecords")).read_bytes()
    tiles = place = 0
    while place < len(records):
        place += int.from_bytes(records[place:place + 8], "little") + 16
        tiles += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([tiles, used, wall, peak]))


def main():
    if sys.argv[1:2] == ["--inside"]:
        return inside(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slide", type=Path)
    parser.add_argument("--tile-px", type=int, default=224)
    parser.add_argument("--tile-um", default="112")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--slideflow", metavar="PYTHON")
    parser.add_argument("--backend", choices=["libvips", "cucim"], default="libvips")
    options = parser.parse_args()
    runs = {"tessera": tessera}
    if options.slideflow:
        runs[f"slideflow, {options.backend}"] = slideflow
    rates = {name: [] for name in runs}
    scratch = Path(tempfile.mkdtemp())
    try:
        # In turns, so that a busy moment of the machine meets both.
        for repetition in range(options.repetitions):
            for name, run in runs.items():
                tiles, cpu, wall, peak = run(options.slide, options, scratch / f"{name}-{repetition}")
                rates[name].append(tiles / cpu)
                print(f"{name:20} {tiles} tiles  {cpu:6.2f} CPU s  {wall:6.2f} s  {tiles / cpu:7.1f} tiles/CPU s"
                      f"  peak {peak:.0f} MB", flush=True)
    finally:
        shutil.rmtree(scratch)
    medians = {name: statistics.median(values) for name, values in rates.items()}
    if len(medians) == 2:
        own, peer = medians.values()
        print(f"medians: {own:.1f} and {peer:.1f} tiles per CPU second, ratio {own / peer:.2f}")


if __name__ == "__main__":
    main()
