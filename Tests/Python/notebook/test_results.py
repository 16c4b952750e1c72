"""Numbers against independent computations."""

import csv
import json
import os
import shutil
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.stats

from running import SHARED, needs_shared, run_file


def features(folder):
    """slide → the arrays of its file in the store."""
    result = {}
    for path in Path(folder).rglob("tessera/features/*/*.h5"):
        with h5py.File(path) as file:
            result[file.attrs["slide"].decode() if isinstance(file.attrs["slide"], bytes) else file.attrs["slide"]] = {
                name: file[name][...] for name in file}
    return result


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_tissues_are_neighbours_on_the_demo_map(mapped_demo):
    tissue = {(row["slide"], int(row["index"])): row["tissue"] for row in read_csv(mapped_demo / "demo" / "tissue.csv")}
    points = read_csv(mapped_demo / "map.csv")
    xy = np.array([[float(p["x"]), float(p["y"])] for p in points])
    labels = np.array([tissue[p["slide"], int(p["index"])] for p in points])
    distances = ((xy[:, None] - xy[None]) ** 2).sum(-1)
    np.fill_diagonal(distances, np.inf)
    nearest = labels[np.argsort(distances, axis=1, kind="stable")[:, :10]]
    votes = [max(set(row), key=list(row).count) for row in nearest]
    assert np.mean(np.array(votes) == labels) >= 0.9


def test_two_processes_make_the_same_map_bit_for_bit(mapped_demo, tmp_path):
    shutil.copytree(mapped_demo / "demo", tmp_path / "demo", ignore=shutil.ignore_patterns("maps"))
    run_file(tmp_path, "project ./demo\ndf = features models/hpv.onnx\n"
                       "u = slide_map df\nsave u map.csv\nv = slide_map df seed=43\nsave v other.csv\n")
    assert (tmp_path / "map.csv").read_bytes() == (mapped_demo / "map.csv").read_bytes()
    assert (tmp_path / "other.csv").read_bytes() != (mapped_demo / "map.csv").read_bytes()


def test_statistics_agree_with_scipy(mapped_demo):
    run_file(mapped_demo, "project ./demo\ndf = features models/hpv.onnx outcomes=HPV_status\n"
                          "s = stats df outdir=out\nsave s stats.csv\n")
    outcome = {row["slide"]: row["HPV_status"] for row in read_csv(mapped_demo / "demo" / "annotations.csv")}
    stored = features(mapped_demo)
    groups = [np.stack([stored[s]["features"].astype(np.float64).mean(0) for s in sorted(stored) if outcome[s] == o])
              for o in sorted(set(outcome.values()))]
    f, p = scipy.stats.f_oneway(*groups)
    rows = read_csv(mapped_demo / "stats.csv")
    assert len(rows) == 512
    for row in rows:
        feature = int(row["feature"])
        if np.isfinite(f[feature]) and row["slide F"]:
            assert float(row["slide F"]) == pytest.approx(f[feature], rel=1e-4)
            assert float(row["slide p"]) == pytest.approx(p[feature], rel=1e-3)
    header = (mapped_demo / "out" / "slide_level_summary.csv").read_text().splitlines()[0]
    assert header.startswith("slide,category,Feature_" + rows[0]["feature"] + ",")


@needs_shared
def test_golden_project_gives_slideflows_features_and_statistics(tmp_path):
    golden = SHARED / "data" / "slideflow-golden"
    shutil.copytree(golden / "project", tmp_path / "project", copy_function=shutil.copyfile)
    subprocess.run(["chmod", "-R", "u+w", str(tmp_path)], check=True)
    shutil.copyfile(golden / "model_resnet18_hpv.onnx", tmp_path / "project" / "model.onnx")
    run_file(tmp_path, "project ./project\ndf = features ./project/model.onnx outcomes=HPV_status\ns = stats df\nsave s stats.csv\n")
    reference = np.load(golden / "out" / "features.npz")
    stored = features(tmp_path)
    ours = np.concatenate([stored[s]["features"] for s in sorted(stored)])
    locations = np.concatenate([stored[s]["locations"] for s in sorted(stored)])
    error = np.linalg.norm(ours - reference["activations"], axis=1) / np.linalg.norm(reference["activations"], axis=1)
    assert error.max() < 1e-5
    assert (locations == reference["locations"]).all()
    logits = np.concatenate([stored[s]["logits"] for s in sorted(stored)]).astype(np.float64)
    softmax = np.exp(logits - logits.max(1, keepdims=True))
    softmax /= softmax.sum(1, keepdims=True)
    assert np.abs(softmax - reference["predictions"]).max() < 1e-4
    expected = {int(row["feature"]): float(row["slide_f"]) for row in read_csv(golden / "out" / "stats_by_feature.csv")}
    for row in read_csv(tmp_path / "stats.csv"):
        f = expected[int(row["feature"])]
        if np.isfinite(f) and f > 0:
            assert float(row["slide F"]) == pytest.approx(f, rel=1e-3), row["feature"]


@needs_shared
def test_real_tiles_with_another_models_input_make_a_mosaic(tmp_path):
    tiles = tmp_path / "project" / "tfrecords" / "299px_151um"
    tiles.mkdir(parents=True)
    shutil.copyfile(SHARED / "data/bags/generated_layouts/CMU-1-Small-Region.tfrecords",
                    tiles / "CMU-1-Small-Region.tfrecords")
    (tmp_path / "project" / "annotations.csv").write_text("patient,slide\nCMU-1,CMU-1-Small-Region\n")
    (tmp_path / "project" / "settings.json").write_text(json.dumps({"name": "CMU", "sources": ["CMU"]}))
    (tmp_path / "project" / "datasets.json").write_text(json.dumps({"CMU": {"tfrecords": "./tfrecords"}}))
    model = SHARED / "data/models/squeezenet1.1_imagenet_features512.onnx"
    run_file(tmp_path, f"project ./project\ndf = features '{model}' mean=[103.939, 116.779, 123.68] scale=1 channels=bgr\n"
                       "m = mosaic df num_tiles_x=8\nsave m mosaic.png\nt = activations df\nsave t activations.csv\n",
             "--out", str(tmp_path / "out"))
    rows = read_csv(tmp_path / "activations.csv")
    assert len(rows) == 31
    assert (tmp_path / "mosaic.png").stat().st_size > 100_000
    assert len(list((tmp_path / "out").glob("*.png"))) == 1


def test_an_engine_without_its_python_names_the_script_that_makes_it(demo_tiles, tmp_path, monkeypatch):
    monkeypatch.setenv("TESSERA_TORCH", str(tmp_path / "nowhere"))
    for engine in ("torch", "onnxruntime"):
        result = run_file(
            tmp_path, f"project {demo_tiles} store=./store\nfeatures models/hpv.onnx engine={engine}\n", check=False)
        assert result.returncode != 0 and "./kernelspec/torch" in result.stderr
