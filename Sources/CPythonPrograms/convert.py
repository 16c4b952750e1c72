"""Writes a network of torch as an ONNX file in which every module's output is a tensor of the module's dotted name.

do(request) with "recipe" (see networks.py), "output" (the file to write), "tiles" (the file to write some tiles to that
torch is tried on, bytes N × H × W × 3, RGB, taken as x / 127.5 - 1) and "expected" (the file to write what torch makes of
them to: for each of "tensors" float32 N × width, one behind the other). It returns
- "tensors": a list of {"name", "width"}: heads, postconv and modules, pooled by their mean;
- "heads": names of the outputs that are no features;
- "side" and "count" of the tiles;
- "later": modules whose value slideflow gives as that of a later one, with the name of that one;
- "dropout": whether there are outputs "uncertainty:HEAD";
- "preprocessing": "mean" and "deviation" of x / 255, as timm has them for this architecture; none for others;
- "versions" of what made it.
"""

import json
import os
import shutil
import warnings

import networks
import numpy
import torch

# Of the ONNX standard: one that every engine reads, with all that the networks here are made of.
OPSET = 17
# Tiles that both networks are tried on.
COUNT = 4


class Traced(torch.nn.Module):
    """The outputs of a network as tensors of their own, so that no later step can change them."""

    def __init__(self, network, names, thinned):
        super().__init__()
        self.outputs = networks.Outputs(network, names)
        self.thinned = thinned

    def forward(self, x):
        values = [value.clone() for value in self.outputs(x)]
        return values + ([value.clone() for value in self.thinned(x)] if self.thinned else [])


def do(request):
    recipe = request["recipe"]
    torch.manual_seed(0)
    network = networks.build(recipe)
    pictures = tissue(COUNT, network.side)
    pictures.tofile(request["tiles"])
    tiles = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1
    thinned = networks.Thinned.of(recipe, network, tiles[:2])
    kept = (["postconv"] if network.postconv_modules() else []) + network.heads
    names = kept + [name for name in addressable(network, tiles[:2]) if name not in kept]
    with torch.inference_mode():
        values = [pooled(value) for value in networks.Outputs(network, names)(tiles)]
        spread = thinned(tiles) if thinned else []
    uncertain = ["uncertainty:" + name for name in network.heads] if thinned else []
    write(Traced(network, names, thinned), tiles[:2], names + uncertain, kept + uncertain, request["output"])
    with open(request["expected"], "wb") as file:
        for value in values + spread:
            file.write(numpy.ascontiguousarray(value.numpy(), dtype="<f4").tobytes())
    return {
        "tensors": [{"name": name, "width": value.shape[1]} for name, value in zip(names + uncertain, values + spread)],
        "side": network.side, "count": COUNT, "heads": network.heads, "later": network.later, "dropout": bool(thinned),
        "preprocessing": getattr(network, "preprocessing", None), "versions": {"torch": torch.__version__}}


def tissue(count, side):
    """Tiles in the colours of H&E, smooth with nuclei, each another: bytes N × side × side × 3."""
    random = numpy.random.default_rng(0)
    y, x = numpy.mgrid[0:side, 0:side]
    nucleus, stroma = numpy.array([92.0, 54, 138]), numpy.array([226.0, 158, 196])
    pictures = []
    for number in range(count):
        waves = random.uniform(-0.1, 0.1, (6, 2))
        phases = random.uniform(0, 2 * numpy.pi, 6)
        field = sum(numpy.sin(a * x + b * y + phase) for (a, b), phase in zip(waves, phases)) / 6
        part = 1 / (1 + numpy.exp(-6 * (field - 0.15 * number)))[..., None]
        picture = nucleus * part + stroma * (1 - part) + random.uniform(-12, 12, (side, side, 3))
        pictures.append(picture.clip(0, 255).astype(numpy.uint8))
    return numpy.stack(pictures)


def addressable(network, x):
    """Names of the modules that give one tensor of numbers for each tile."""
    names = [name for name, _ in network.named_modules() if name]
    with torch.inference_mode():
        values = networks.Outputs(network, names)(x)
    return [
        name for name, value in zip(names, values)
        if torch.is_tensor(value) and value.is_floating_point() and value.dim() in (2, 3, 4)
        and value.shape[0] == len(x)]


def pooled(value):
    """N × channels: the mean over places, which are the last axes of maps, and the middle ones of tokens."""
    if value.dim() == 4:
        is_last = value.shape[1] == value.shape[2] != value.shape[3]
        value = value.mean(dim=(1, 2) if is_last else (2, 3))
    elif value.dim() == 3:
        value = value.mean(dim=1)
    return value.float()


def write(traced, x, names, kept, path):
    import onnx

    traced.eval()
    partial = os.path.join(os.path.dirname(path), "partial", "model.onnx")
    os.makedirs(os.path.dirname(partial), exist_ok=True)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                traced, (x,), partial, input_names=["tiles"], output_names=names, opset_version=OPSET, dynamo=False,
                dynamic_axes={name: {0: "batch"} for name in ["tiles"] + names})
        except Exception as error:
            # The other exporter takes three to ten times as long, and knows other operations.
            print(error)
            torch.onnx.export(
                traced, (x,), partial, input_names=["tiles"], output_names=names, dynamo=True, optimize=False,
                external_data=False, dynamic_shapes=({0: torch.export.Dim("batch")},))
    # Of more than two gigabytes the tensors lie in files of their own, one each.
    model = onnx.load(partial)
    graph = model.graph
    outputs = {output.name: output for output in graph.output}
    # Of a value that is no output the file keeps the name, and an engine computes it only where it is wanted. Of several
    # names of one value one can stand in the graph; the others are written down beside it.
    sources = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    read = {name for node in graph.node for name in node.input} | set(kept)
    others = {}
    for name in outputs:
        if name in read:
            continue
        source = name
        while source in sources:
            source = sources[source]
        if source != name:
            others[name] = source
    aliases = [node for node in graph.node if node.op_type == "Identity" and node.output[0] in others]
    for node in aliases:
        graph.node.remove(node)
    del graph.output[:]
    graph.output.extend(outputs[name] for name in kept)
    named = [name for name in outputs if name not in others]
    onnx.helper.set_model_props(model, {"tessera.modules": json.dumps({"tensors": named, "others": others})})
    size = sum(tensor.ByteSize() for tensor in graph.initializer)
    if size > 1 << 30:
        onnx.save(model, path, save_as_external_data=True, location=os.path.basename(path) + ".data")
    else:
        onnx.save(model, path)
    shutil.rmtree(os.path.dirname(partial))
    for name in (path, path + ".data"):
        if os.path.exists(name):
            with open(name, "rb") as file:
                os.fsync(file.fileno())
