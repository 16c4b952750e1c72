"""How well neighbours on a map tell the classes of its rows: Tessera's maps beside umap-learn's, over several seeds.

    map_accuracy.py FOLDER [--seeds 8] [--n_neighbors N] [--metric cosine] [--min_dist 0.1] [--init pca] [--no-peer]

FOLDER holds a NAME.npy of rows × columns and a NAME_labels.npy of as many whole numbers for each set. What is printed is
the share of rows whose class the vote of their 10 nearest others on the map tells, of at most 2,000 rows: the mean and the
standard deviation over the seeds, and the same of the rows themselves. Nothing is timed. Without --n_neighbors it is what
slide_map takes where it is left out, 50 or less for few rows, and 50 for umap-learn, as slideflow sets it.
"""

import argparse
import json
import os
import subprocess
import tempfile
import warnings
from pathlib import Path

import numpy as np

from embedding import VOTES, blocks, nearest, sampled, seen, squared


def accuracy(rows, labels):
    rows = np.asarray(rows, np.float64)
    sample = sampled(len(rows))
    right = 0
    for block in blocks(sample):
        scores = squared(rows[block], rows)
        scores[np.arange(len(block)), block] = np.inf
        for row, near in zip(block, nearest(scores, min(VOTES, len(rows) - 1))):
            right += np.bincount(labels[near]).argmax() == labels[row]
    return right / len(sample)


def ours(source, options, seed, folder):
    result = str(Path(folder) / "map.npy")
    done = subprocess.run(
        [os.environ["TIME_EMBEDDING"], str(source), result, f"metric={options.metric}",
         f"min_dist={options.min_dist}", f"init={options.init}", f"seed={seed}"]
        + ([f"n_neighbors={options.n_neighbors}"] if options.n_neighbors else []),
        check=True, capture_output=True, text=True)
    json.loads(done.stdout.strip().splitlines()[-1])
    return np.load(result)


def umap_learn(rows, options, seed):
    import umap

    warnings.filterwarnings("ignore")
    return umap.UMAP(
        n_neighbors=min(options.n_neighbors or 50, len(rows) - 1), metric=options.metric, min_dist=options.min_dist,
        random_state=seed).fit_transform(rows)


def written(values):
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}" if values else "-"


def main():
    parser = argparse.ArgumentParser(description="How well neighbours on maps tell classes, beside umap-learn.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--n_neighbors", type=int)
    parser.add_argument("--metric", default="cosine", choices=["euclidean", "cosine", "correlation"])
    parser.add_argument("--min_dist", type=float, default=0.1)
    parser.add_argument("--init", default="pca", choices=["pca", "spectral", "random"])
    parser.add_argument("--no-peer", action="store_true")
    options = parser.parse_args()
    print(f"{'set':20} {'rows':>7} {'Tessera':>15} {'umap-learn':>15} {'features':>9}")
    for source in sorted(options.folder.glob("*.npy"), key=lambda path: path.stat().st_size):
        if source.stem.endswith("_labels"):
            continue
        rows = np.load(source)
        labels = np.unique(np.load(source.with_name(f"{source.stem}_labels.npy")), return_inverse=True)[1]
        with tempfile.TemporaryDirectory() as folder:
            maps = [accuracy(ours(source, options, seed, folder), labels) for seed in range(options.seeds)]
        peers = [
            accuracy(umap_learn(rows, options, seed), labels) for seed in range(0 if options.no_peer else options.seeds)]
        print(
            f"{source.stem:20} {len(rows):7} {written(maps):>15} {written(peers):>15} "
            f"{accuracy(seen(rows, options.metric), labels):9.3f}", flush=True)


if __name__ == "__main__":
    main()
