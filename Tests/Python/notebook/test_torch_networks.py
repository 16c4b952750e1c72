"""Networks of torch, as slideflow and model hubs keep them: opened as they are, and the same numbers as torch's."""

import csv
import json
import os
import pickle
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy
import pytest

from running import SHARED, TESSERA, needs_shared, run_file

TORCH = Path(os.environ.get("TESSERA_TORCH", Path.home() / ".local/share/tessera/torch"))
pytestmark = pytest.mark.skipif(
    not (TORCH / "bin" / "python").exists(), reason=f"needs the environment that kernelspec/torch makes, in {TORCH}")

GOLDEN = SHARED / "data" / "slideflow-models"


@pytest.fixture(scope="module")
def networks(demo_tiles, tmp_path_factory):
    """The folder of networks, each with a file of what torch gives for the first tiles of the first slide."""
    folder = tmp_path_factory.mktemp("networks")
    script = Path(__file__).parent / "make_torch_networks.py"
    subprocess.run([TORCH / "bin" / "python", script, first_tiles(demo_tiles), folder], check=True)
    return folder


def first_tiles(project):
    return sorted(project.rglob("*.tfrecords"))[0]


def without_torch(monkeypatch):
    monkeypatch.setenv("TESSERA_TORCH", "/nowhere")


def columns(path, start):
    """The values of columns whose names begin so, row by row, of the first tiles of the first slide."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    chosen = [index for index, name in enumerate(rows[0]) if name.startswith(start)]
    return numpy.array([[float(row[index]) for index in chosen] for row in rows[1:7]])


def difference(given, wanted):
    assert given.shape == wanted.shape
    return (numpy.linalg.norm(given - wanted, axis=1) / numpy.linalg.norm(wanted, axis=1)).max()


def features(folder, project, model, arguments="", save="df.csv"):
    return run_file(folder, f"project {project}\nd = dataset max_tiles=6\nnet = model {model}\n"
                            f"df = features net dataset=d {arguments}\nsave df {save}\n")


def test_a_network_with_hidden_layers_gives_torchs_numbers(networks, demo_tiles, tmp_path, monkeypatch):
    shutil.copytree(demo_tiles, tmp_path / "demo")
    model = networks / "hidden_layers"
    first = features(
        tmp_path, "./demo", model, "layers=[postconv, layer3, h1, h0.linear] pooling=avg uncertainty=true")
    wanted = numpy.load(networks / "hidden_layers.npz")
    for layer, name in {"postconv": "postconv", "layer3": "model.layer3", "h1": "h1", "h0.linear": "h0.linear"}.items():
        assert difference(columns(tmp_path / "df.csv", f"Feature_{layer}/"), wanted[name]) < 1e-4, layer
    assert difference(columns(tmp_path / "df.csv", "Logit_"), wanted["logits"]) < 1e-4
    assert "h0.linear is given after h0.relu" in " ".join(first.stdout.split())
    # Thirty passes are a sample of the many that torch made here.
    run_file(tmp_path, f"project ./demo\nd = dataset max_tiles=6\ndf = features {model} dataset=d uncertainty=true\n"
                       "save df u.csv columns=[uncertainty]\n")
    given = columns(tmp_path / "u.csv", "uncertainty")[:, 0]
    assert numpy.all(numpy.abs(given / wanted["spread"] - 1) < 0.5)
    # Another time nothing of Python is needed.
    without_torch(monkeypatch)
    again = features(tmp_path, "./demo", model, "layers=[postconv, layer2] pooling=avg", "again.csv")
    assert numpy.array_equal(
        columns(tmp_path / "again.csv", "Feature_postconv/"), columns(tmp_path / "df.csv", "Feature_postconv/"))
    assert "converted by torch" in again.stdout


def test_each_of_two_heads_is_named_after_its_outcome(networks, demo_tiles, tmp_path):
    shutil.copytree(demo_tiles, tmp_path / "demo")
    features(tmp_path, "./demo", networks / "two_heads")
    wanted = numpy.load(networks / "two_heads.npz")
    assert difference(columns(tmp_path / "df.csv", "Feature_"), wanted["postconv"]) < 1e-4
    names = next(csv.reader(open(tmp_path / "df.csv")))
    assert [name for name in names if name.startswith("Logit_")] == [
        "Logit_HPV_status/negative", "Logit_HPV_status/positive", "Logit_site/A", "Logit_site/B", "Logit_site/C"]
    assert difference(columns(tmp_path / "df.csv", "Logit_"), wanted["logits"]) < 1e-4


def test_a_regression_gives_the_numbers_of_its_columns(networks, demo_tiles, tmp_path):
    shutil.copytree(demo_tiles, tmp_path / "demo")
    features(tmp_path, "./demo", next((networks / "two_numbers").glob("*.zip")))
    refused = run_file(
        tmp_path, f"project ./demo\nd = dataset max_tiles=6\nfeatures {networks / 'two_numbers'} dataset=d uncertainty=true\n",
        check=False)
    assert "no dropout before its outcome" in " ".join(refused.stderr.split())
    wanted = numpy.load(networks / "two_numbers.npz")
    names = next(csv.reader(open(tmp_path / "df.csv")))
    assert [name for name in names if name.startswith("Output_")] == ["Output_age", "Output_weight"]
    assert difference(columns(tmp_path / "df.csv", "Output_"), wanted["logits"]) < 1e-4
    assert difference(columns(tmp_path / "df.csv", "Feature_"), wanted["postconv"]) < 1e-4


def test_an_encoder_of_timm_opens_from_its_folder_and_by_its_name(networks, demo_tiles, tmp_path):
    shutil.copytree(demo_tiles, tmp_path / "demo")
    wanted = numpy.load(networks / "encoder.npz")
    result = features(tmp_path, "./demo", networks / "encoder")
    assert difference(columns(tmp_path / "df.csv", "Feature_"), wanted["postconv"]) < 1e-4
    assert "1 class + 2 register" in result.stdout
    features(tmp_path, "./demo", networks / "encoder", "layers=[norm] pooling=mean", "mean.csv")
    assert difference(columns(tmp_path / "mean.csv", "Feature_"), wanted["mean"]) < 1e-4
    failed = run_file(tmp_path, "model timm:vit_tiny_patch16_224\n", check=False)
    assert "weights=FILE" in failed.stderr and "none are fetched" in failed.stderr
    # Its depth and width are not those that the name says.
    failed = run_file(
        tmp_path, f"model timm:vit_tiny_patch16_224 weights={networks}/encoder/model.safetensors\n", check=False)
    assert "not those of this architecture" in failed.stderr


def damaged(networks, folder, name, change):
    """A copy of a network, changed; its name is the folder's."""
    copy = folder / name
    shutil.copytree(networks / "two_heads", copy)
    change(copy)
    return copy


def edit(copy, body):
    parameters = json.loads((copy / "params.json").read_text())
    body(parameters)
    (copy / "params.json").write_text(json.dumps(parameters))


def in_torch(text, *arguments):
    subprocess.run([TORCH / "bin" / "python", "-c", text, *map(str, arguments)], check=True)


def test_what_cannot_be_converted_is_refused_in_words(networks, tmp_path):
    def zip_of(copy):
        return next(copy.glob("*.zip"))

    def unfinite(copy):
        in_torch("import sys, torch; w = torch.load(sys.argv[1]); w['fc0.bias'][0] = float('nan'); torch.save(w, sys.argv[1])",
                 zip_of(copy))

    def program(copy):
        class Evil:
            def __reduce__(self):
                return os.system, (f"touch {tmp_path}/it-ran",)

        (tmp_path / "evil.pkl").write_bytes(pickle.dumps({"fc0.bias": Evil()}, protocol=2))
        in_torch("import sys, pickle, torch, os\n"
                 "class Evil:\n"
                 "    def __reduce__(self): return os.system, ('touch ' + sys.argv[2],)\n"
                 "torch.save({'fc0.bias': Evil()}, sys.argv[1])", zip_of(copy), tmp_path / "it-ran")

    cases = {
        "other": (lambda copy: edit(copy, lambda p: p["hp"].update(model="resnet18")), "not those of this architecture"),
        "unknown": (lambda copy: edit(copy, lambda p: p["hp"].update(model="resnet19")), "no architecture resnet19"),
        "own": (lambda copy: edit(copy, lambda p: p["hp"].update(model="xception")), "slideflow's own"),
        "clinical": (lambda copy: edit(copy, lambda p: p.update(input_features=["age"])), "clinical inputs"),
        "survival": (lambda copy: edit(copy, lambda p: p.update(model_type="survival")), "survival"),
        "cut": (lambda copy: zip_of(copy).write_bytes(zip_of(copy).read_bytes()[:5000]), "cannot be read"),
        "unfinite": (unfinite, "not finite"),
        "program": (program, "more than tensors"),
        "several": (lambda copy: shutil.copy(zip_of(copy), copy / "two_heads_epoch3.zip"), "2 trained models"),
    }
    for name, (change, words) in cases.items():
        copy = damaged(networks, tmp_path, name, change)
        result = run_file(tmp_path, f"model {copy}\n", check=False)
        assert result.returncode != 0 and words in " ".join(result.stderr.split()), (name, result.stderr)
    assert not (tmp_path / "it-ran").exists()


def test_without_python_the_script_to_run_is_named(networks, tmp_path, monkeypatch):
    without_torch(monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    result = run_file(tmp_path, f"model {networks / 'two_heads'}\n", check=False)
    assert "kernelspec/torch" in result.stderr


def test_a_conversion_that_is_killed_leaves_nothing_and_the_next_succeeds(networks, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "cell.tsr").write_text(f"model {networks / 'two_heads'}\n")
    kept = tmp_path / "cache" / "tessera" / "networks"
    for wait in (0.2, 1.5):
        process = subprocess.Popen([TESSERA, "run", "cell.tsr"], cwd=tmp_path, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not list(kept.glob("*.partial-*")) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
    run_file(tmp_path, f"model {networks / 'two_heads'}\n")
    assert len(list(kept.iterdir())) == 1 and not list(kept.glob("*.partial-*"))


def test_a_damaged_conversion_is_made_anew_and_two_kernels_share_one(networks, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "cell.tsr").write_text(f"model {networks / 'two_heads'}\n")
    both = [subprocess.Popen([TESSERA, "run", "cell.tsr"], cwd=tmp_path, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    kept = tmp_path / "cache" / "tessera" / "networks"
    (folder,) = kept.iterdir()
    whole = (folder / "model.onnx").read_bytes()
    # Cut off, and of the same length with other bytes.
    for damage in (whole[:1000], whole[:-1000] + bytes(1000)):
        (folder / "model.onnx").write_bytes(damage)
        run_file(tmp_path, f"model {networks / 'two_heads'}\n")
        assert (folder / "model.onnx").read_bytes() == whole


def test_nothing_that_a_configuration_names_is_fetched_or_loaded(networks, tmp_path):
    for name, change, words in [
            ("place", {"architecture": "hf-hub:someone/something"}, "no name of an architecture"),
            ("layer", {"model_args": {"act_layer": "no_such"}}, "does not know")]:
        copy = tmp_path / name
        shutil.copytree(networks / "encoder", copy)
        config = json.loads((copy / "config.json").read_text())
        config["architecture"] = change.get("architecture", config["architecture"])
        config["model_args"].update(change.get("model_args", {}))
        (copy / "config.json").write_text(json.dumps(config))
        result = run_file(tmp_path, f"model {copy}\n", check=False)
        assert words in result.stderr
    copy = tmp_path / "checkpoint"
    shutil.copytree(networks / "encoder", copy)
    config = json.loads((copy / "config.json").read_text())
    config["model_args"]["checkpoint_path"] = "/nowhere/other.pth"
    (copy / "config.json").write_text(json.dumps(config))
    run_file(tmp_path, f"model {copy}\n")


@needs_shared
@pytest.mark.parametrize("key, folder, layers, limit", [
    ("sqz", "00000-HPV_status-sqz-HP0", ["features.12", "features.9"], 5e-3),
    ("shuf", "00001-HPV_status-shuf-HP0", ["stage4", "conv5", "h0", "h0.linear"], 1e-4),
    ("mbv2", "00020-HPV_status-site-mbv2-HP0", ["features.17", "features.18"], 1e-4),
    ("mbv3", "00021-age-mbv3-HP0", ["features.8", "classifier.1", "avgpool"], 1e-4)])
def test_slideflows_own_folders_give_slideflows_numbers(key, folder, layers, limit, tmp_path):
    golden = numpy.load(GOLDEN / "golden" / f"{key}.npz")
    run_file(tmp_path, f"project {SHARED / 'data/slideflow-golden/project'} store=./store\nd = dataset max_tiles=10\n"
                       f"net = model {GOLDEN / 'models' / folder}\n"
                       f"df = features net dataset=d layers=[{', '.join(['postconv'] + layers)}] pooling=avg\n"
                       "save df df.csv\n")
    with open(tmp_path / "df.csv", newline="") as file:
        rows = list(csv.reader(file))
    places = {(row[0], float(row[2]), float(row[3])): row for row in rows[1:]}
    found = [places[(slide, float(x), float(y))] for slide, (x, y) in zip(golden["slide_of_row"], golden["locations"])]

    def errors(start, wanted):
        chosen = [index for index, name in enumerate(rows[0]) if name.startswith(start)]
        given = numpy.array([[float(row[index]) for index in chosen] for row in found])
        assert given.shape == wanted.shape
        return numpy.linalg.norm(given - wanted, axis=1) / numpy.linalg.norm(wanted, axis=1)

    for start, name in [("Feature_postconv/", "activations"), (("Logit_", "Output_"), "logits")] + [
            (f"Feature_{layer}/", "layer:" + ("" if layer.startswith("h0") else "model.") + layer) for layer in layers]:
        error = errors(start, golden[name])
        assert error.max() < limit and numpy.median(error) < min(limit, 5e-4), (start, error.max())
