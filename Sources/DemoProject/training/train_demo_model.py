"""Trains the demo's model on synthetic tiles, measures it on unseen slides and writes hpv.onnx and hpv.json.

    demo-slides TRAIN 7001 48 60 70
    demo-slides TEST 7002 16 60 70
    demo-slides DEMO 1
    python train_demo_model.py --train TRAIN --test TEST --demo DEMO --out FOLDER

Each tile has two labels: its slide's HPV_status (weak: most tiles do not show it) and the shares of its tissues. Two
more heads make the features meaningful and are thrown away: one for the tissues, one for the look of the tile, which
keeps tiles of one tissue from becoming all alike. The exported model gives `postconv` and `logits`.
Needs torch, numpy, pillow, onnx, openvino, umap-learn and scikit-learn.
"""

import argparse
import csv
import io
import json
import os
import platform
import struct
import time
from pathlib import Path

# Threads that spin while they wait take the processor from each other when the machine is busy.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
from PIL import Image
from sklearn.neighbors import KNeighborsClassifier
from torch import nn
from torch.nn import functional

TISSUES = ["tumor", "stroma", "lymphocytes", "adipose"]
OUTCOMES = ["negative", "positive"]
JPEG_START = b"\xff\xd8\xff"


def pictures(path):
    """The JPEG files of a TFRecord file, in order."""
    data = path.read_bytes()
    offset = 0
    while offset < len(data):
        (length,) = struct.unpack_from("<Q", data, offset)
        payload = data[offset + 12 : offset + 12 + length]
        yield payload[payload.index(JPEG_START) :]
        offset += length + 16


class Tiles:
    """All tiles of a demo project: u8 pixels (n, 3, side, side), tissue, outcome, slide of each."""

    def __init__(self, folder):
        folder = Path(folder)
        with open(folder / "annotations.csv") as file:
            rows = list(csv.DictReader(file))
        outcome_of = {row["slide"]: OUTCOMES.index(row["HPV_status"]) for row in rows}
        site_of = {row["slide"]: row["site"] for row in rows}
        tissue_of, shares_of = {}, {}
        with open(folder / "tissue.csv") as file:
            for row in csv.DictReader(file):
                key = row["slide"], int(row["index"])
                tissue_of[key] = TISSUES.index(row["tissue"])
                shares_of[key] = [0.0] * len(TISSUES)
                shares_of[key][tissue_of[key]] = 1 - float(row["second_share"])
                if row["second_tissue"]:
                    shares_of[key][TISSUES.index(row["second_tissue"])] += float(row["second_share"])
        pixels, tissue, shares, outcome, slide, site = [], [], [], [], [], []
        for name in sorted(outcome_of):
            path = next(folder.glob(f"tfrecords/*/{name}.tfrecords"))
            for index, picture in enumerate(pictures(path)):
                image = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
                pixels.append(torch.from_numpy(image.copy()).permute(2, 0, 1))
                tissue.append(tissue_of[name, index])
                shares.append(shares_of[name, index])
                outcome.append(outcome_of[name])
                slide.append(name)
                site.append(site_of[name])
        self.pixels = torch.stack(pixels)
        self.tissue = torch.tensor(tissue)
        self.shares = torch.tensor(shares)
        self.outcome = torch.tensor(outcome)
        self.slide = np.array(slide)
        self.site = np.array(site)


def convolution(inputs, outputs, kernel, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


def separable(inputs, outputs, stride=1):
    return nn.Sequential(
        convolution(inputs, inputs, 3, stride, groups=inputs), convolution(inputs, outputs, 1)
    )


class DemoModel(nn.Module):
    """Depthwise-separable convolutions (doi:10.48550/arXiv.1704.04861), about 50 million multiply-adds at 299 px."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            convolution(3, 16, 3, 2),
            separable(16, 32, 2),
            separable(32, 64, 2),
            separable(64, 96),
            separable(96, 144, 2),
            separable(144, 160),
            separable(160, 192, 2),
            convolution(192, 512, 1),
        )
        self.outcome = nn.Linear(512, 2)
        self.tissue = nn.Linear(512, 4)
        self.look = nn.Linear(512, 11)

    def features(self, x):
        return self.body(x).mean((2, 3))

    def forward(self, x):
        postconv = self.features(x)
        return postconv, self.outcome(postconv)


def look(pixels):
    """What a picture looks like, whatever is on it: colour, contrast, and roughness at five scales; standardised."""
    green = pixels[:, 1]
    rough = [(green[:, :, step:] - green[:, :, :-step]).abs().mean((1, 2)) for step in (1, 2, 4, 8, 16)]
    values = torch.cat([pixels.mean((2, 3)), pixels.std((2, 3)), torch.stack(rough, 1)], 1)
    return (values - values.mean(0)) / (values.std(0) + 1e-3)


def standardised(pixels):
    return pixels.float() / 127.5 - 1


def augmented(pixels, crop, generator):
    """Random crops, flips and quarter turns; stain strength varied in optical density, as `x ** gamma`."""
    side = pixels.shape[-1]
    top, left = torch.randint(0, side - crop + 1, (2,), generator=generator).tolist()
    pixels = pixels[:, :, top : top + crop, left : left + crop].float() / 255
    if torch.rand(1, generator=generator) < 0.5:
        pixels = pixels.flip(3)
    pixels = torch.rot90(pixels, int(torch.randint(0, 4, (1,), generator=generator)), (2, 3))
    gamma = 1 + 0.1 * (torch.rand(len(pixels), 1, 1, 1, generator=generator) * 2 - 1)
    gamma = gamma * (1 + 0.05 * (torch.rand(len(pixels), 3, 1, 1, generator=generator) * 2 - 1))
    return pixels.clamp(1e-3, 1).pow(gamma) * 2 - 1


def trained(tiles, epochs, crop, batch, seed):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    model = DemoModel().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.02)
    steps = epochs * (len(tiles.pixels) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps + 1)
    for epoch in range(epochs):
        start = time.time()
        model.train()
        order = torch.randperm(len(tiles.pixels), generator=generator)
        total = 0.0
        for first in range(0, len(order) - batch + 1, batch):
            rows = order[first : first + batch]
            inputs = augmented(tiles.pixels[rows], crop, generator).contiguous(memory_format=torch.channels_last)
            features = model.features(inputs)
            dropped = functional.dropout(features, 0.2)
            loss = 0.4 * functional.cross_entropy(model.tissue(dropped), tiles.shares[rows], label_smoothing=0.05)
            loss = loss + 0.5 * functional.cross_entropy(model.outcome(dropped), tiles.outcome[rows])
            loss = loss + functional.mse_loss(model.look(features), look(inputs))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch}: loss {total / (len(order) // batch):.3f}, {time.time() - start:.1f} s", flush=True)
    settle(model, tiles, batch, generator)
    return model.eval()


@torch.no_grad()
def settle(model, tiles, batch, generator):
    """Takes the batch statistics anew from whole tiles, which is what the model will see."""
    layers = [layer for layer in model.modules() if isinstance(layer, nn.BatchNorm2d)]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None
    model.train()
    rows = torch.randperm(len(tiles.pixels), generator=generator)[: 16 * batch]
    for part in rows.split(batch):
        model(augmented(tiles.pixels[part], tiles.pixels.shape[-1], generator))


@torch.no_grad()
def outputs(model, tiles):
    parts = [
        model(standardised(tiles.pixels[i : i + 32]).contiguous(memory_format=torch.channels_last))
        for i in range(0, len(tiles.pixels), 32)
    ]
    return tuple(torch.cat(part).numpy() for part in zip(*parts))


def neighbour_accuracy(points, labels, groups=None, metric="cosine", count=10):
    """Share of rows whose nearest neighbours' majority has their label; with groups, neighbours of other groups only."""
    if groups is None:
        order = KNeighborsClassifier(count, metric=metric).fit(points, labels).kneighbors(return_distance=False)
        votes = np.stack([np.bincount(labels[row], minlength=len(TISSUES)) for row in order])
        return float((votes.argmax(1) == labels).mean())
    hits = []
    for group in np.unique(groups):
        inside = groups == group
        model = KNeighborsClassifier(count, metric=metric).fit(points[~inside], labels[~inside])
        hits.append(model.predict(points[inside]) == labels[inside])
    return float(np.concatenate(hits).mean())


def outcome_accuracy(logits, tiles):
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    positive = exponentials[:, 1] / exponentials.sum(1)
    truth = tiles.outcome.numpy()
    tile = float(((positive > 0.5) == truth).mean())
    names = np.unique(tiles.slide)
    slides = [(positive[tiles.slide == name].mean() > 0.5) == truth[tiles.slide == name][0] for name in names]
    tumour = tiles.tissue.numpy() == 0
    return tile, float(((positive > 0.5) == truth)[tumour].mean()), float(np.mean(slides)), len(names)


def exported(model, path, side):
    model = model.to(memory_format=torch.contiguous_format)
    example = torch.zeros(1, 3, side, side)
    axes = {name: {0: "batch"} for name in ("input", "postconv", "logits")}
    # The older exporter names tensors after modules, which makes layer names readable.
    torch.onnx.export(
        model, (example,), str(path), input_names=["input"], output_names=["postconv", "logits"], dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )


def onnx_outputs(path, pixels):
    import openvino

    core = openvino.Core()
    compiled = core.compile_model(
        str(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "THROUGHPUT"}
    )
    start = time.time()
    queue = openvino.AsyncInferQueue(compiled)
    results = [None] * ((len(pixels) + 15) // 16)

    def done(request, index):
        results[index] = tuple(request.get_output_tensor(i).data.copy() for i in range(2))

    queue.set_callback(done)
    for index in range(len(results)):
        queue.start_async(standardised(pixels[index * 16 : index * 16 + 16]).numpy(), index)
    queue.wait_all()
    rate = len(pixels) / (time.time() - start)
    return tuple(np.concatenate(part) for part in zip(*results)), rate


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--demo", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--crop", type=int, default=208)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seed", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(2)

    train = Tiles(arguments.train)
    print(f"{len(train.pixels)} tiles to train on", flush=True)
    start = time.time()
    model = trained(train, arguments.epochs, arguments.crop, arguments.batch, arguments.seed)
    training_seconds = time.time() - start

    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    test = Tiles(arguments.test)
    features, logits = outputs(model, test)
    exported(model, out / "hpv.onnx", test.pixels.shape[-1])
    (onnx_features, onnx_logits), rate = onnx_outputs(out / "hpv.onnx", test.pixels)

    def distance(a, b):
        return float(np.linalg.norm(a - b) / np.linalg.norm(b))

    tile, tumour_tile, slide, slide_count = outcome_accuracy(logits, test)
    tissue = test.tissue.numpy()
    report = {
        "parameters": sum(p.numel() for m in (model.body, model.outcome) for p in m.parameters()),
        "onnx_bytes": (out / "hpv.onnx").stat().st_size,
        "training_tiles": len(train.pixels),
        "training_slides": len(np.unique(train.slide)),
        "training_seconds": round(training_seconds),
        "test": {
            "what": "slides of a seed not trained on",
            "tiles": len(test.pixels),
            "slides": slide_count,
            "tissue_accuracy_10_neighbours_of_other_slides": neighbour_accuracy(features, tissue, test.slide),
            "outcome_accuracy_tiles": tile,
            "outcome_accuracy_tumor_tiles": tumour_tile,
            "outcome_accuracy_slides": slide,
        },
        "openvino": {
            "relative_distance_postconv": distance(onnx_features, features),
            "relative_distance_logits": distance(onnx_logits, logits),
            "tiles_per_second_2_cores": round(rate),
        },
        "versions": {"torch": torch.__version__, "python": platform.python_version()},
    }

    import umap

    demo = Tiles(arguments.demo)
    (features, logits), _ = onnx_outputs(out / "hpv.onnx", demo.pixels)
    placed = umap.UMAP(n_neighbors=50, min_dist=0.1, metric="cosine", random_state=42).fit_transform(features)
    tile, tumour_tile, slide, slide_count = outcome_accuracy(logits, demo)
    tissue = demo.tissue.numpy()
    report["demo"] = {
        "tiles": len(demo.pixels),
        "slides": slide_count,
        "tissue_accuracy_10_neighbours": neighbour_accuracy(features, tissue),
        "tissue_accuracy_10_neighbours_of_other_slides": neighbour_accuracy(features, tissue, demo.slide),
        "tissue_accuracy_10_neighbours_on_umap": neighbour_accuracy(placed, tissue, metric="euclidean"),
        "outcome_accuracy_tiles": tile,
        "outcome_accuracy_tumor_tiles": tumour_tile,
        "outcome_accuracy_slides": slide,
    }
    (out / "hpv.json").write_text(json.dumps(report, indent=1) + "\n")
    np.savez(
        out / "demo_trial.npz", features=features, logits=logits, placed=placed, tissue=tissue, slide=demo.slide,
        outcome=demo.outcome.numpy(), site=demo.site,
    )
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
