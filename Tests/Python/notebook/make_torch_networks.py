"""Makes networks of torch as others train and keep them, and writes what torch itself gives for tiles.

Run by the Python that has torch: `make_torch_networks.py TILES OUT`, with TILES one slide's tile file. Each network is built
here by calls of its library alone, and not as the product builds it.
"""

import io
import json
import struct
import sys
import types
from pathlib import Path

import numpy
import torch
from PIL import Image
from torch import nn

COUNT = 6


def main():
    tiles, out = read_tiles(sys.argv[1]), Path(sys.argv[2])
    side = tiles.shape[1]
    x = torch.from_numpy(tiles).permute(0, 3, 1, 2).float()
    for name, make in NETWORKS.items():
        torch.manual_seed(len(name))
        make(out / name, side, x)


def read_tiles(path):
    data, tiles, place = Path(path).read_bytes(), [], 0
    while len(tiles) < COUNT:
        length = struct.unpack("<Q", data[place:place + 8])[0]
        record = data[place + 12:place + 12 + length]
        starts = [at for at in (record.find(b"\xff\xd8\xff"), record.find(b"\x89PNG")) if at >= 0]
        tiles.append(numpy.array(Image.open(io.BytesIO(record[min(starts):])).convert("RGB")))
        place += 16 + length
    return numpy.stack(tiles)


class Trained(nn.Module):
    """A backbone, hidden layers and heads under the names that slideflow gives them."""

    def __init__(self, backbone, width, heads, hidden=(), dropout=0.0):
        super().__init__()
        self.model = backbone
        for index, size in enumerate(hidden):
            block = nn.Module()
            block.linear, block.bn, block.dropout = nn.Linear(width, size), nn.BatchNorm1d(size), nn.Dropout(dropout)
            setattr(self, f"h{index}", block)
            width = size
        for index, size in enumerate(heads):
            setattr(self, f"fc{index}", nn.Linear(width, size))
        self.hidden, self.heads = len(hidden), len(heads)

    def forward(self, x, values=None):
        return self.after(self.model(x), values)

    def after(self, x, values=None, drop=False):
        for index in range(self.hidden):
            block = getattr(self, f"h{index}")
            x = torch.relu(block.linear(x))
            if values is not None:
                values[f"h{index}.linear"] = x
            x = block.bn(x)
            x = nn.functional.dropout(x, block.dropout.p, drop)
            if values is not None:
                values[f"h{index}"] = x
        return torch.cat([getattr(self, f"fc{index}")(x) for index in range(self.heads)], dim=1)


def keep(folder, network, x, parameters, values):
    """Weights and parameters as slideflow writes them, and what torch gives for the tiles."""
    folder.mkdir(parents=True)
    torch.save(network.state_dict(), folder / f"{folder.name}_epoch1.zip")
    (folder / "params.json").write_text(json.dumps(parameters))
    arrays = {name: value.detach().numpy().astype("float32") for name, value in values.items()}
    numpy.savez(folder.parent / f"{folder.name}.npz", **arrays)


def parameters(architecture, side, kind, outcomes, labels, **hp):
    hp = {"model": architecture, "tile_px": side, "tile_um": 112, "include_top": True, "hidden_layers": 0, "dropout": 0,
          "hidden_layer_width": 500, "drop_images": False, "normalizer": None, **hp}
    return {"slideflow_version": "3.0.2", "backend": "torch", "model_name": architecture, "img_format": "jpeg",
            "tile_px": side, "tile_um": 112, "model_type": kind, "outcomes": outcomes, "outcome_labels": labels,
            "input_features": None, "hp": hp}


def settle(network, x):
    """Batch-norm statistics of real tiles, so that no layer's numbers are all alike."""
    network.train()
    with torch.no_grad():
        for _ in range(4):
            network(x)
    return network.eval()


CLASSES = {"0": "negative", "1": "positive"}


def hidden_layers(folder, side, x):
    backbone = models().resnet18(weights=None)
    backbone.fc = nn.Identity()
    network = settle(Trained(backbone, 512, [2], hidden=[16, 16], dropout=0.4), x / 127.5 - 1)
    values = {}
    with torch.no_grad():
        values["postconv"] = backbone(x / 127.5 - 1)
        values["logits"] = network(x / 127.5 - 1, values)
        values["model.layer3"] = nn.Sequential(*list(backbone.children())[:7])(x / 127.5 - 1).mean(dim=(2, 3))
        passes = torch.stack([network.after(values["postconv"], drop=True).softmax(dim=1) for _ in range(3000)])
        values["spread"] = passes.std(dim=0).mean(dim=1)
    keep(folder, network, x, parameters(
        "resnet18", side, "classification", ["HPV_status"], CLASSES, hidden_layers=2, hidden_layer_width=16, dropout=0.4), values)


def two_heads(folder, side, x):
    backbone = models().shufflenet_v2_x1_0(weights=None)
    backbone.fc = nn.Identity()
    network = settle(Trained(backbone, 1024, [2, 3]), x / 127.5 - 1)
    with torch.no_grad():
        values = {"postconv": backbone(x / 127.5 - 1), "logits": network(x / 127.5 - 1)}
    keep(folder, network, x, parameters(
        "shufflenet", side, "classification", ["HPV_status", "site"],
        {"HPV_status": CLASSES, "site": {"0": "A", "1": "B", "2": "C"}}), values)


def two_numbers(folder, side, x):
    backbone = models().mobilenet_v3_small(weights=None)
    backbone.classifier[3] = nn.Identity()
    network = settle(Trained(backbone, 1024, [2]), x / 127.5 - 1)
    with torch.no_grad():
        values = {"postconv": backbone(x / 127.5 - 1), "logits": network(x / 127.5 - 1)}
    keep(folder, network, x, parameters(
        "mobilenet_v3_small", side, "regression", ["age", "weight"], {"0": "age", "1": "weight"}), values)


def encoder(folder, side, x):
    """A transformer of timm as a hub's folder."""
    from safetensors.torch import save_file

    arguments = {"img_size": side, "patch_size": 16, "embed_dim": 96, "depth": 3, "num_heads": 3, "num_classes": 0,
                 "reg_tokens": 2, "init_values": 0.1}
    network = timm().create_model("vit_tiny_patch16_224", pretrained=False, **arguments).eval()
    folder.mkdir(parents=True)
    save_file(network.state_dict(), folder / "model.safetensors")
    mean, deviation = [0.7, 0.6, 0.7], [0.2, 0.25, 0.15]
    (folder / "config.json").write_text(json.dumps({
        "architecture": "vit_tiny_patch16_224", "num_classes": 0, "model_args": arguments,
        "pretrained_cfg": {"mean": mean, "std": deviation, "input_size": [3, side, side], "crop_pct": 1.0,
                           "interpolation": "bilinear"}}))
    given = (x / 255 - torch.tensor(mean).view(1, 3, 1, 1)) / torch.tensor(deviation).view(1, 3, 1, 1)
    with torch.no_grad():
        tokens = network.forward_features(given)
        values = {"postconv": network.forward_head(tokens), "mean": tokens[:, 3:].mean(dim=1)}
    numpy.savez(folder.parent / f"{folder.name}.npz", **{name: value.numpy() for name, value in values.items()})


NETWORKS = {"hidden_layers": hidden_layers, "two_heads": two_heads, "two_numbers": two_numbers, "encoder": encoder}


def models():
    return torchvision().models


def torchvision():
    # Its compiled part may be for another torch; nothing of it is needed.
    try:
        import torchvision
    except RuntimeError:
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")
        import torchvision
    return torchvision


def timm():
    torchvision()
    import timm

    return timm


if __name__ == "__main__":
    main()
