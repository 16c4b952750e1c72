"""Times `stats` and `box_plots` beside slideflow, on 22,901 tiles of 10 slides with 512 features.

    python feature_statistics.py --tessera .build/release/tessera

slideflow is timed where this Python has it (3.0 with torch), in the same run; elsewhere only Tessera is.
"""

import argparse
import pathlib
import subprocess
import tempfile
import time

import numpy


def make_study(folder, slides, tiles, features, seed):
    """Slides of two outcomes, a few features of which differ."""
    random = numpy.random.default_rng(seed)
    counts = numpy.full(slides, tiles // slides)
    counts[: tiles % slides] += 1
    study = {}
    (folder / "bags").mkdir()
    rows = ["patient,slide,outcome"]
    for index, count in enumerate(counts):
        outcome = ["low", "high"][index % 2]
        own = random.normal(0, 0.3, features)
        own[:20] += 0.8 * (index % 2)
        matrix = numpy.maximum(random.normal(0.5, 1, (count, features)) + own, 0).astype("float32")
        name = f"S{index:02}"
        numpy.save(folder / "bags" / f"{name}.npy", matrix)
        study[name] = (outcome, matrix)
        rows.append(f"P{index:02},{name},{outcome}")
    (folder / "annotations.csv").write_text("\n".join(rows) + "\n")
    return study


def time_tessera(program, folder, count, repetitions):
    """The session's own table, which says how many seconds each statement took."""
    lines = ["project p create=true annotations=annotations.csv;", "f = import_features bags;"]
    for number in range(repetitions):
        plots = f"features=0..<{count} outcomes=outcome outdir=boxes{number}"
        lines += [f"s{number} = stats f outcomes=outcome;", f"b{number} = box_plots f {plots};"]
    lines.append("session")
    (folder / "cell.tsr").write_text("\n".join(lines) + "\n")
    run = subprocess.run([program, "run", "cell.tsr"], cwd=folder, capture_output=True, text=True, timeout=600)
    if run.returncode:
        raise SystemExit(run.stdout + run.stderr)
    written = len(list((folder / "boxes0").glob("*.png")))
    assert written == count, f"{written} pictures of {count}"
    return run.stdout


def time_slideflow(study, folder, count):
    import slideflow
    from slideflow.model.features import DatasetFeatures

    features = object.__new__(DatasetFeatures)
    features.activations = {name: matrix for name, (_, matrix) in study.items()}
    features.slides = sorted(study)
    features.labels = features.annotations = {name: outcome for name, (outcome, _) in study.items()}
    features.categories = features.used_categories = sorted({outcome for outcome, _ in study.values()})
    features.num_features = next(iter(study.values()))[1].shape[1]
    start = time.perf_counter()
    features.stats(outdir=str(folder / "slideflow"))
    stats = time.perf_counter() - start
    start = time.perf_counter()
    features.box_plots(list(range(count)), str(folder / "slideflow"))
    return slideflow.__version__, stats, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tessera", required=True, help="the program, built for release")
    parser.add_argument("--tiles", type=int, default=22_901)
    parser.add_argument("--slides", type=int, default=10)
    parser.add_argument("--features", type=int, default=512)
    parser.add_argument("--plots", type=int, default=100)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    program = str(pathlib.Path(options.tessera).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        study = make_study(folder, options.slides, options.tiles, options.features, options.seed)
        output = time_tessera(program, folder, options.plots, options.repetitions)
        print(output[output.rindex("name"):])
        try:
            version, stats, plots = time_slideflow(study, folder, options.plots)
        except ImportError:
            print("slideflow is not in this Python.")
            return
        print(f"slideflow {version}: stats {stats:.2f} s, box_plots {plots:.2f} s")


if __name__ == "__main__":
    main()
