"""Times the linked view of map, tile and slide in a browser, on synthetic tiles.

    explore.py [--tiles 100000 1000000] [--apps lab notebook] [--cycles 200] [--views 20] [--folder FOLDER]

The browser is a headless Chromium whose WebGL is drawn by the processor, so times of drawing are those of a machine
without a graphics card. The tiles lie on slides that are the demo's whole-slide image under many names, so that each is
really cut; the features are of 16 columns, in five clouds. TESSERA names the program, JUPYTER_OF_TESTS the jupyter.
Times begin with the event in the page (a key, a mouse) and end with the frame that shows its result.
"""

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

from lab import Server
from test_explore_page import STAGE, at, camera, chosen

LIMITS = {
    "execute to first paint, s": {100_000: 1.0, 1_000_000: 3.5}, "hover to tile, median, ms": 30,
    "hover to tile, p95, ms": 100, "lasso to counts, ms": 500, "longest frame, ms": {100_000: 100},
    "kernel's memory over the cycles, MB": 5,
}


def run(folder, text):
    cell = folder / "cell.tsr"
    cell.write_text(text)
    subprocess.run([os.environ.get("TESSERA", "tessera"), "run", str(cell)], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, timeout=1800)


def make_project(folder, count):
    """Synthetic tiles on slides that can be cut from; 5,000 a slide, at random places, many of which overlap."""
    demo = folder / "demo"
    if not demo.exists():
        run(folder, "demo ./demo\n")
    image = sorted((demo / "slides").glob("*.svs"))[0]
    project = folder / f"tiles-{count}"
    if (project / "map.csv").exists():
        return project
    shutil.rmtree(project, ignore_errors=True)
    for name in ("slides", "bags"):
        (project / name).mkdir(parents=True)
    random = np.random.default_rng(1)
    clouds = random.normal(0, 3, (5, 16))
    side, per_slide = 604, 5000
    names = [f"S-{number:04d}" for number in range(count // per_slide)]
    for number, name in enumerate(names):
        (project / "slides" / f"{name}{image.suffix}").symlink_to(image)
        # A slide has two of the clouds, one more than the other.
        cloud = np.where(random.random(per_slide) < 0.7, number % 5, random.integers(0, 5, per_slide))
        with h5py.File(project / "bags" / f"{name}.h5", "w") as file:
            file["features"] = (clouds[cloud] + random.normal(0, 1, (per_slide, 16))).astype(np.float32)
            file["coords"] = random.integers(0, 66, (per_slide, 2)) * 64
            file["coords"].attrs["patch_size"] = side
            file["coords"].attrs["patch_level"] = 0
    rows = [f"P{number // 2:04d},{name},{'positive' if number % 5 < 2 else 'negative'},site{'ABC'[number % 3]}"
            for number, name in enumerate(names)]
    (project / "annotations.csv").write_text("\n".join(["patient,slide,HPV_status,site", *rows]) + "\n")
    (project / "settings.json").write_text(json.dumps({"name": "Synthetic", "sources": ["S"], "slideflow_version": "3.0.2"}))
    (project / "datasets.json").write_text(json.dumps({"S": {"slides": "./slides", "tfrecords": "./tfrecords"}}))
    run(project, opening(project) + "save u map.csv\n")
    return project


def opening(project):
    """What the view needs, without outputs that would push it out of sight."""
    return (f"project '{project}';\ndf = import_features '{project}/bags' outcomes=HPV_status;\n"
            "u = slide_map df method=pca;\n")


def places(project):
    """Where each point of the map is, and its slide."""
    with open(project / "map.csv") as file:
        rows = list(csv.DictReader(file))
        return (np.array([(float(row["x"]), float(row["y"])) for row in rows]), np.array([row["slide"] for row in rows]))


# What the page itself notes of its times.
WATCH = """(() => {
  globalThis.noted = { input: 0, paint: 0, tile: 0, counts: 0 };
  const kinds = { 'tessera-first-paint': 'paint', 'tessera-selection-shown': 'counts' };
  new PerformanceObserver(list => {
    for (const { name, startTime } of list.getEntries()) {
      // The frame after the one that was begun is on the screen.
      if (kinds[name]) requestAnimationFrame(() => requestAnimationFrame(() => { noted[kinds[name]] = performance.now(); }));
    }
  }).observe({ entryTypes: ['mark'] });
  for (const kind of ['pointermove', 'pointerup']) {
    addEventListener(kind, event => { noted.input = event.timeStamp; }, { capture: true });
  }
  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (...parts) {
    drawImage.apply(this, parts);
    if (this.canvas.closest('.floating')) noted.tile = performance.now();
  };
  globalThis.frames = [];
  let last = 0;
  const frame = time => { if (last) frames.push(time - last); last = time; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
})()"""


def execute(page, cell):
    """Seconds from running the cell of the view to its first frame."""
    page.value("noted.paint = 0")
    page.value("globalThis.begun = performance.now()")
    page.start(cell)
    page.wait("noted.paint > 0", 60)
    page.wait("window.tesseraRan", 60)
    return page.value("noted.paint - begun") / 1000


def hover(page, places):
    """Milliseconds from the mouse over each place to the picture of its tile."""
    times = []
    page.wait(f"{STAGE}.dataset.index === 'ready'", 30)
    for place in places:
        page.value("noted.tile = 0")
        page.mouse("Moved", *at(page, *place))
        try:
            page.wait("noted.tile > noted.input", 5)
        except TimeoutError:
            continue
        times.append(page.value("noted.tile - noted.input"))
        time.sleep(0.05)
    return times


def lasso(page, points, share):
    """Milliseconds from the end of a lasso around that share of the points to the kernel's counts, and how many."""
    middle = np.median(points, axis=0)
    reach = np.quantile(np.abs(points - middle).max(1), share)
    corners = [at(page, *(middle + reach * np.array(side))) for side in
               [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -0.99)]]
    trail = [tuple(np.add(a, np.subtract(b, a) * part)) for a, b in zip(corners, corners[1:]) for part in np.linspace(0, 1, 12)]
    page.value("[...document.querySelectorAll('.bar button')].find(b => b.textContent === 'Lasso').click()")
    page.value("noted.counts = 0")
    page.trail(*trail)
    page.wait("noted.counts > noted.input", 60)
    return page.value("noted.counts - noted.input"), chosen(page)


def move(page):
    """The frames while the map is moved and zoomed, in milliseconds."""
    page.value("[...document.querySelectorAll('.bar button')].find(b => b.textContent === 'Pan').click()")
    view = camera(page)
    middle = view["left"] + view["width"] / 2, view["top"] + view["height"] / 2
    page.click(*middle)
    page.value("frames.length = 0")
    # There and back, in and out, so that the points stay in sight.
    for turn in range(4):
        ends = [middle, (middle[0] + 100, middle[1] + 50)][:: (-1) ** turn]
        page.trail(*(tuple(np.add(ends[0], np.subtract(ends[1], ends[0]) * part)) for part in np.linspace(0, 1, 30)))
        for _ in range(12):
            page.mouse("Wheel", *middle, deltaX=0, deltaY=-30 if turn % 2 == 0 else 30)
    # With what is painted once it stands still.
    time.sleep(1)
    return page.value("frames")


def memory(process):
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise LookupError(process)


def measure(server, project, options):
    """The figures of one app and one number of tiles."""
    points, slides = places(project)
    random = np.random.default_rng(2)
    figures = {}
    server.write("view.ipynb", opening(project), "explore u", "drop view")
    with server.open("view.ipynb", webgl=True, width=1300, height=1100) as page:
        page.run(0, 600)
        page.value(WATCH)
        times = [execute(page, 1) for _ in range(1 + options.repetitions)]
        figures["execute to first paint, s"] = statistics.median(times[1:])
        figures["the first time in a page, s"] = times[0]
        page.show(1)
        page.wait(f"{STAGE}.dataset.renderer === 'webgl2'")
        # Of a slide that is looked at first, the kernel opens the file first; 20 are, and then looked at again.
        known = np.unique(slides)[:20]
        figures["first tile of a slide, median, ms"] = statistics.median(
            hover(page, [points[random.choice(np.flatnonzero(slides == slide))] for slide in known]))
        times = hover(page, points[random.choice(np.flatnonzero(np.isin(slides, known)), 60, replace=False)])
        figures["hover to tile, median, ms"] = statistics.median(times)
        figures["hover to tile, p95, ms"] = float(np.quantile(times, 0.95))
        figures["hovers answered"] = len(times)
        times, counts = zip(*(lasso(page, points, 0.1) for _ in range(options.repetitions)))
        figures["lasso to counts, ms"] = statistics.median(times)
        figures["tiles in the lasso"] = counts[-1]
        frames = move(page)
        figures["longest frame, ms"] = max(frames)
        figures["frames, p95, ms"] = float(np.quantile(frames, 0.95))
        figures["complaints"] = page.complaints
        if options.pictures:
            (options.pictures / f"explore-{server.app}-{len(points)}.png").write_bytes(page.screenshot())
    return figures


def cycles(server, project, count):
    """Megabytes by which the kernel's memory grows over so many views that are opened and dropped."""
    server.write("cycles.ipynb", opening(project), "explore u")
    with server.open("cycles.ipynb", webgl=True) as page:
        page.run(0, 600)
        page.value(WATCH)
        process, warm = page.kernel_process(), max(10, count // 10)
        for number in range(count + warm):
            if number == warm:
                first = memory(process)
            execute(page, 1)
        return memory(process) - first, page.complaints


def many(server, project, count):
    """Opens many views; gives the renderers of the newest and, scrolled to, of the oldest."""
    server.write("many.ipynb", opening(project), *["explore u"] * count)
    with server.open("many.ipynb", webgl=True) as page:
        page.run(0, 600)
        stages = []
        for cell in range(1, count + 1):
            page.run(cell)
            stages.append(f"{page.node(cell)}.querySelector('.mapped .stage')")
            page.show(cell)
            page.wait(f"{stages[-1]}?.dataset.painted > 0", 60)
        newest = page.value(f"{stages[-1]}.dataset.renderer")
        page.show(1)
        page.wait(f"{stages[0]}.dataset.renderer !== 'snapshot'", 20)
        return newest, page.value(f"{stages[0]}.dataset.renderer"), page.complaints


def verdict(name, count, value):
    limit = LIMITS.get(name)
    if isinstance(limit, dict):
        limit = limit.get(count)
    shown = f"{value:.3g}" if isinstance(value, float) else str(value)
    return f"{name:40} {shown:>10}" + (f"   at most {limit}: {'yes' if value <= limit else 'NO'}" if limit else "")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--tiles", type=int, nargs="+", default=[100_000, 1_000_000])
    arguments.add_argument("--apps", nargs="+", default=["lab", "notebook"], choices=["lab", "notebook"])
    arguments.add_argument("--repetitions", type=int, default=5)
    arguments.add_argument("--cycles", type=int, default=200)
    arguments.add_argument("--views", type=int, default=20)
    arguments.add_argument("--folder", type=Path, help="where the projects are made and kept")
    arguments.add_argument("--pictures", type=Path, help="where a picture of each view is written")
    options = arguments.parse_args()

    folder = options.folder or Path(tempfile.mkdtemp(prefix="tessera-explore-"))
    folder.mkdir(parents=True, exist_ok=True)
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    try:
        for app in options.apps:
            with tempfile.TemporaryDirectory(prefix="tessera-lab-") as place, Server(Path(place), app) as server:
                for count in options.tiles:
                    print(f"\n{app}, {count:,} tiles", flush=True)
                    for name, value in measure(server, make_project(folder, count), options).items():
                        print(verdict(name, count, value), flush=True)
                small = make_project(folder, min(options.tiles))
                if options.cycles and app == options.apps[0]:
                    grown, complaints = cycles(server, small, options.cycles)
                    print(f"\n{app}, {options.cycles} views opened and dropped")
                    print(verdict("kernel's memory over the cycles, MB", None, grown), complaints or "", flush=True)
                if options.views:
                    newest, oldest, complaints = many(server, small, options.views)
                    print(f"\n{app}, {options.views} views: newest {newest}, oldest when scrolled to {oldest}", complaints or "")
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
