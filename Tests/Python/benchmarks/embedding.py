"""Maps the rows of arrays: Tessera's way, and umap-learn's, in turns.

    embedding.py ROWS.npy [--labels LABELS.npy] [--metric euclidean] [--n_neighbors 15] [--threads 2]
                 [--repetitions 1] [--neighbours]

ROWS is two-dimensional. Each run is a process of its own with so many threads; umap-learn has compiled its functions
before it is timed, and runs once on the rows and once on their first 96 principal components, as Tessera looks for
neighbours there. With --neighbours it is the search for neighbours that is timed, beside pynndescent with umap-learn's
settings and with fewer iterations. Times are wall and processor seconds; the ratios are of medians.

Quality is measured on 2,000 rows against all: trustworthiness and continuity at 15, the share of 15 neighbours kept,
the accuracy of a vote of 10 neighbours on the map where there are labels, and Spearman's correlation of distances
within the sample. Sources of the measures: Venna, Kaski, 2001, doi:10.1007/3-540-44668-0_68.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

COMPONENTS = 96
SAMPLE = 2000
QUALITY_NEIGHBOURS = 15
VOTES = 10


# Peers, each in a process of its own.


def timed(work):
    start, cpu = time.monotonic(), time.process_time()
    result = work()
    return result, {"wall": time.monotonic() - start, "cpu": time.process_time() - cpu}


def few(rows):
    """Rows for a first run: small, so that all is compiled, in both ways that neighbours are found."""
    generator = np.random.default_rng(0)
    return [rows[generator.choice(len(rows), min(len(rows), size), replace=False)] for size in (300, 5000)]


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def reduced(rows, metric):
    from sklearn.decomposition import PCA

    return PCA(min(COMPONENTS, *rows.shape), random_state=0).fit_transform(unit(rows) if metric == "cosine" else rows)


def umap_learn(rows, metric, neighbours, kind):
    import umap

    if kind == "components":
        rows, metric = reduced(rows, metric), "euclidean"
    for part in few(rows):
        umap.UMAP(n_neighbors=neighbours, metric=metric, n_epochs=20).fit(part)
    return timed(lambda: umap.UMAP(n_neighbors=neighbours, metric=metric).fit_transform(rows))


def pynndescent_search(rows, metric, neighbours, kind):
    import pynndescent

    def search(part):
        usual = max(5, int(round(np.log2(len(part)))))
        return pynndescent.NNDescent(
            part, n_neighbors=neighbours, metric=metric, random_state=1, max_candidates=60,
            n_trees=min(64, 5 + int(round(len(part) ** 0.5 / 20))),
            n_iters=usual if kind == "usual" else int(kind)).neighbor_graph[0]

    for part in few(rows):
        search(part)
    return timed(lambda: search(rows))


def peer(name, source, result, metric, neighbours, kind):
    warnings.filterwarnings("ignore")
    work = {"umap-learn": umap_learn, "pynndescent": pynndescent_search}[name]
    found, times = work(np.load(source), metric, int(neighbours), kind)
    np.save(result, found)
    print(json.dumps(times))


# Quality.


def nearest(scores, count):
    """For each row of scores the places of the smallest, smallest first."""
    places = np.argpartition(scores, count, axis=1)[:, :count]
    order = np.argsort(np.take_along_axis(scores, places, 1), axis=1, kind="stable")
    return np.take_along_axis(places, order, 1)


def squared(some, rows):
    return (some**2).sum(1)[:, None] + (rows**2).sum(1)[None] - 2 * some @ rows.T


def blocks(sample):
    return [sample[first:first + 250] for first in range(0, len(sample), 250)]


def sampled(count):
    generator = np.random.default_rng(0)
    return np.arange(count) if count <= SAMPLE else np.sort(generator.choice(count, SAMPLE, replace=False))


def seen(rows, metric):
    return unit(rows) if metric == "cosine" else rows


def ranks(scores, places):
    """1 and how many are nearer, of one row."""
    return (scores[None, :] < scores[places][:, None]).sum(1) + 1


def quality(rows, points, labels, metric):
    from scipy.stats import spearmanr

    rows, points = seen(rows, metric), points.astype(np.float64)
    count, k = len(rows), QUALITY_NEIGHBOURS
    sample = sampled(count)
    intruders = strangers = kept = right = 0
    for block in blocks(sample):
        in_data, on_map = squared(rows[block], rows), squared(points[block], points)
        own = np.arange(len(block))
        in_data[own, block] = on_map[own, block] = np.inf
        near, near_on_map = nearest(in_data, k), nearest(on_map, k)
        for i in own:
            false, missed = np.setdiff1d(near_on_map[i], near[i]), np.setdiff1d(near[i], near_on_map[i])
            intruders += np.maximum(ranks(in_data[i], false) - k, 0).sum()
            strangers += np.maximum(ranks(on_map[i], missed) - k, 0).sum()
            kept += k - len(false)
            if labels is not None:
                right += np.bincount(labels[near_on_map[i][:VOTES]]).argmax() == labels[block[i]]
    worst = len(sample) * k * (2 * count - 3 * k - 1) / 2
    some = sample[:: max(1, len(sample) // 1000)]
    upper = np.triu_indices(len(some), 1)
    result = {
        "trust": 1 - intruders / worst, "cont": 1 - strangers / worst, "kept": kept / len(sample) / k,
        "spearman": spearmanr(
            squared(rows[some], rows[some])[upper], squared(points[some], points[some])[upper]).statistic}
    if labels is not None:
        result["accuracy"] = right / len(sample)
    return result


def recall(rows, graph, metric):
    rows = seen(rows, metric)
    sample = sampled(len(rows))
    hits = all_of_them = 0
    for block in blocks(sample):
        scores = squared(rows[block], rows)
        scores[np.arange(len(block)), block] = np.inf
        for row, near in zip(block, nearest(scores, graph.shape[1])):
            found = graph[row][graph[row] != row]
            hits += len(np.intersect1d(found, near[:len(found)]))
            all_of_them += len(found)
    return {"recall": hits / all_of_them}


# The comparison.


class Comparison:
    def __init__(self, options, folder):
        self.options = options
        self.folder = Path(folder)
        rows = np.load(options.rows)
        if rows.ndim != 2:
            sys.exit(f"{options.rows}: an array of {rows.ndim} dimensions; rows × columns are needed")
        self.source = str(self.folder / "rows.npy")
        np.save(self.source, np.ascontiguousarray(rows, np.float32))
        self.rows = np.load(self.source, mmap_mode="r")
        self.labels = None
        if options.labels:
            labels = np.load(options.labels)
            if len(labels) != len(rows):
                sys.exit(f"{options.labels}: {len(labels)} labels for {len(rows)} rows")
            self.labels = np.unique(labels, return_inverse=True)[1]

    def process(self, command):
        threads = str(self.options.threads)
        environment = os.environ | {
            name: threads for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout.strip().splitlines()[-1])

    def ours(self, result, *extra):
        o = self.options
        return self.process(
            [os.environ["TIME_EMBEDDING"], self.source, result, f"metric={o.metric}",
             f"n_neighbors={o.n_neighbors}", f"threads={o.threads}", *extra])

    def peer(self, name, result, kind):
        o = self.options
        return self.process(
            [sys.executable, __file__, "--peer", name, self.source, result, o.metric, str(o.n_neighbors), kind])

    def runs(self):
        """Names, what runs, and what is measured of the result."""
        if self.options.neighbours:
            def measure(result):
                return recall(np.asarray(self.rows), np.load(result), self.options.metric)

            return [
                ("Tessera", lambda result: self.ours(result, "only=neighbours"), measure),
                ("pynndescent, as in umap-learn", lambda result: self.peer("pynndescent", result, "usual"), measure),
                ("pynndescent, 3 iterations", lambda result: self.peer("pynndescent", result, "3"), measure),
                ("pynndescent, 2 iterations", lambda result: self.peer("pynndescent", result, "2"), measure)]

        def measure(result):
            return quality(np.asarray(self.rows), np.load(result), self.labels, self.options.metric)

        return [
            ("Tessera", self.ours, measure),
            ("umap-learn", lambda result: self.peer("umap-learn", result, "rows"), measure),
            (f"umap-learn on {COMPONENTS} components", lambda result: self.peer("umap-learn", result, "components"),
             measure)]

    def run(self):
        outcomes = {}
        for repetition in range(self.options.repetitions):
            for number, (name, run, measure) in enumerate(self.runs()):
                result = str(self.folder / f"{number}.npy")
                outcome = run(result) | measure(result)
                outcomes.setdefault(name, []).append(outcome)
                figures = " ".join(f"{key} {value:.4g}" for key, value in outcome.items() if isinstance(value, float))
                print(f"{name}: {figures}", flush=True)
        medians = {
            name: {key: statistics.median(run[key] for run in runs) for key in ("wall", "cpu")}
            for name, runs in outcomes.items()}
        for name, times in medians.items():
            if name != "Tessera":
                ratios = [times[key] / medians["Tessera"][key] for key in ("wall", "cpu")]
                print(f"{name}: {ratios[0]:.1f} times the wall and {ratios[1]:.1f} times the processor seconds of Tessera")


def main():
    if sys.argv[1:2] == ["--peer"]:
        return peer(*sys.argv[2:])
    parser = argparse.ArgumentParser(description="Maps the rows of an array, beside umap-learn.")
    parser.add_argument("rows")
    parser.add_argument("--labels")
    parser.add_argument("--metric", default="euclidean", choices=["euclidean", "cosine", "correlation"])
    parser.add_argument("--n_neighbors", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=1)
    parser.add_argument("--neighbours", action="store_true", help="the search for neighbours alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Comparison(options, folder).run()


if __name__ == "__main__":
    main()
