"""Writes small ONNX models as people export them from elsewhere: transformers, inputs of bytes, weights in files of their
own. `expected.json` holds what ONNX Runtime makes of the tile of make_models.py.

    python make_transformers.py          (needs numpy, onnx, onnxruntime, Pillow)
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from PIL import Image
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_static

FOLDER = pathlib.Path(__file__).parent / "Transformers"
SIDE, PATCH, WIDTH = 16, 4, 8
RANDOM = np.random.default_rng(23)


def weights(name, *shape):
    return numpy_helper.from_array((RANDOM.standard_normal(shape) * 0.3).astype(np.float32), name)


def numbers(name, *values):
    return numpy_helper.from_array(np.array(values, dtype=np.int64), name)


def node(operation, inputs, output, **more):
    return helper.make_node(operation, inputs, [output], name=output, **more)


def save(name, nodes, initializers, outputs, inputs=None):
    inputs = inputs or [("pixel_values", TensorProto.FLOAT, ("N", 3, SIDE, SIDE))]
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(*i) for i in inputs],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, FOLDER / f"{name}.onnx")


def own(name, count):
    """A token of the network's own, repeated for each tile."""
    shape = [numbers(f"{name}.ones", 1), numbers(f"{name}.tail", count, WIDTH)]
    nodes = [
        node("Shape", ["pixel_values"], f"{name}.of"),
        node("Gather", [f"{name}.of", "zero"], f"{name}.batch"),
        node("Concat", [f"{name}.batch", f"{name}.tail"], f"{name}.shape", axis=0),
        node("Expand", [name, f"{name}.shape"], f"{name}.expanded"),
    ]
    return nodes, [weights(name, 1, count, WIDTH)] + shape[1:], f"{name}.expanded"


def patches():
    nodes = [
        node("Conv", ["pixel_values", "patch.weight", "patch.bias"], "maps", kernel_shape=[PATCH] * 2, strides=[PATCH] * 2),
        node("Reshape", ["maps", "flat"], "columns"),
        node("Transpose", ["columns"], "patches", perm=[0, 2, 1]),
    ]
    return nodes, [
        weights("patch.weight", WIDTH, 3, PATCH, PATCH), weights("patch.bias", WIDTH), numbers("flat", 0, WIDTH, -1),
        numbers("zero", 0),
    ]


def block(source):
    """Attention of one head, with what was before added, and a layer normalisation as its output."""
    nodes = [
        node("MatMul", [source, "query.weight"], "query"),
        node("MatMul", [source, "key.weight"], "key"),
        node("MatMul", [source, "value.weight"], "value"),
        node("Transpose", ["key"], "keys", perm=[0, 2, 1]),
        node("MatMul", ["query", "keys"], "scores"),
        node("Softmax", ["scores"], "attention", axis=-1),
        node("MatMul", ["attention", "value"], "mixed"),
        node("Add", [source, "mixed"], "sum"),
        node("LayerNormalization", ["sum", "norm.weight", "norm.bias"], "last_hidden_state", axis=-1),
    ]
    nodes[-1] = helper.make_node(
        "LayerNormalization", ["sum", "norm.weight", "norm.bias"], ["last_hidden_state"], name="norm", axis=-1)
    squares = [weights(f"{n}.weight", WIDTH, WIDTH) for n in ("query", "key", "value")]
    return nodes, squares + [weights("norm.weight", WIDTH), weights("norm.bias", WIDTH)]


def transformer(name, prefix, late=0, side=SIDE, tail=None, outputs=None):
    """`prefix`: own tokens before the patches, as (name, count); `late`: registers between the first and the rest."""
    nodes, init = patches()
    parts, count = [], 0
    for token, number in prefix:
        more, values, result = own(token, number)
        nodes, init, parts, count = nodes + more, init + values, parts + [result], count + number
    if parts:
        nodes.append(node("Concat", parts + ["patches"], "joined", axis=1))
    places = (SIDE // PATCH) ** 2 + count
    nodes.append(node("Add", ["joined" if parts else "patches", "positions"], "placed"))
    init.append(weights("positions", 1, places, WIDTH))
    source = "placed"
    if late:
        more, values, result = own("register_tokens", late)
        ends = [("first.start", 0), ("first.stop", 1), ("rest.start", 1), ("rest.stop", 2**63 - 1), ("axis", 1)]
        nodes += more + [
            node("Slice", ["placed", "first.start", "first.stop", "axis"], "first"),
            node("Slice", ["placed", "rest.start", "rest.stop", "axis"], "rest"),
            node("Concat", ["first", result, "rest"], "with_registers", axis=1),
        ]
        init += values + [numbers(n, v) for n, v in ends]
        source, places = "with_registers", places + late
    more, values = block(source)
    nodes, init = nodes + more, init + values
    if tail:
        more, values = tail
        nodes, init = nodes + more, init + values
    save(
        name, nodes, init, outputs or [("last_hidden_state", ("N", places if side else "places", WIDTH))],
        [("pixel_values", TensorProto.FLOAT, ("N", 3, side or "height", side or "width"))])


def convolution(source, result, width=6, **more):
    w, b = f"{result}.weight", f"{result}.bias"
    return node("Conv", [source, w, b], result, kernel_shape=[3, 3], pads=[1] * 4, **more), [
        weights(w, width, 3, 3, 3), weights(b, width)]


def pooled_network(name, before, inputs, init=()):
    conv, values = convolution(before[-1].output[0] if before else "pixel_values", "maps")
    nodes = list(before) + [
        conv, node("Relu", ["maps"], "relu"), node("GlobalAveragePool", ["relu"], "pooled_map"),
        node("Flatten", ["pooled_map"], "pooled", axis=1),
    ]
    save(name, nodes, list(init) + values, [("pooled", ("N", 6))], inputs)


def scalar(name, value):
    return numpy_helper.from_array(np.float32(value), name)


def padded():
    """A class token that joins as a row of zeros, and has only a position."""
    nodes, init = patches()
    nodes += [node("Pad", ["patches", "pads"], "with_class"), node("Add", ["with_class", "positions"], "placed")]
    more, values = block("placed")
    init += values + [numbers("pads", 0, 1, 0, 0, 0, 0), weights("positions", 1, 17, WIDTH)]
    save("padded", nodes + more, init, [("last_hidden_state", ("N", 17, WIDTH))])


def inputs_of_other_kinds():
    floats, nchw, nhwc = TensorProto.FLOAT, ("N", 3, SIDE, SIDE), ("N", SIDE, SIDE, 3)
    by_channel = lambda name, values: numpy_helper.from_array(
        np.array(values, dtype=np.float32).reshape(1, 3, 1, 1), name)
    for name, kind in (("bytes", TensorProto.UINT8), ("int64", TensorProto.INT64)):
        pooled_network(
            name,
            [
                node("Cast", ["pixel_values"], "floats", to=floats),
                node("Div", ["floats", "range"], "shares"),
                node("Transpose", ["shares"], "first", perm=[0, 3, 1, 2]),
            ],
            [("pixel_values", kind, nhwc)], [scalar("range", 255)])
    pooled_network(
        "scaled_inside",
        [
            node("Div", ["pixel_values", "range"], "shares"), node("Sub", ["shares", "mean"], "centred"),
            node("Div", ["centred", "deviation"], "scaled"),
        ],
        [("pixel_values", floats, nchw)],
        [scalar("range", 255), by_channel("mean", [0.5, 0.4, 0.6]), by_channel("deviation", [0.2, 0.25, 0.3])])
    pooled_network(
        "shares_inside", [node("Sub", ["pixel_values", "mean"], "centred")], [("pixel_values", floats, nchw)],
        [by_channel("mean", [0.5, 0.4, 0.6])])
    save("four_channels", [node("Relu", ["pixel_values"], "out")], [], [("out", ("N", 4, SIDE, SIDE))],
         [("pixel_values", floats, ("N", 4, SIDE, SIDE))])
    save("one_channel", [node("Relu", ["pixel_values"], "out")], [], [("out", ("N", SIDE, SIDE, 1))],
         [("pixel_values", floats, ("N", SIDE, SIDE, 1))])
    save("two_inputs", [node("Add", ["pixel_values", "text"], "out")], [], [("out", nchw)],
         [("pixel_values", floats, nchw), ("text", floats, nchw)])


def fixed_behind_a_dynamic_input():
    conv, values = convolution("pixel_values", "maps", strides=[2, 2])
    nodes = [conv, node("Relu", ["maps"], "relu"), node("Flatten", ["relu"], "flat", axis=1),
             node("Gemm", ["flat", "fc.weight", "fc.bias"], "logits", transB=1)]
    save("flattened", nodes, values + [weights("fc.weight", 2, 6 * 32 * 32), weights("fc.bias", 2)],
         [("logits", ("N", 2))], [("pixel_values", TensorProto.FLOAT, ("N", 3, "height", "width"))])


class Tiles(CalibrationDataReader):
    def __init__(self):
        self.tiles = iter([{"input": RANDOM.uniform(-1, 1, (1, 3, SIDE, SIDE)).astype(np.float32)} for _ in range(8)])

    def get_next(self):
        return next(self.tiles, None)


def external():
    """Weights in files of their own: those of the graph, and those of a branch, in a folder."""
    model = onnx.load(FOLDER.parent / "features_only.onnx")
    branch = lambda name, tensors: helper.make_graph(
        [node("Add", ["pooled", f"{name}.shift"], f"{name}.out")], name, [],
        [helper.make_tensor_value_info(f"{name}.out", TensorProto.FLOAT, None)], tensors)
    graph = model.graph
    graph.initializer.append(numpy_helper.from_array(np.array(True), "is_shifted"))
    graph.node.append(helper.make_node(
        "If", ["is_shifted"], ["shifted"], name="if", then_branch=branch("a", [weights("a.shift", 12)]),
        else_branch=branch("b", [weights("b.shift", 12)])))
    graph.output.append(helper.make_tensor_value_info("shifted", TensorProto.FLOAT, ("N", 12)))
    (FOLDER / "weights").mkdir(exist_ok=True)
    files = {"external.onnx.data": b"", "weights/branch.bin": b""}

    def move(tensor, file):
        data = tensor.raw_data
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", file), ("offset", len(files[file])), ("length", len(data))):
            tensor.external_data.add(key=key, value=str(value))
        files[file] += data

    for tensor in graph.initializer:
        if tensor.name != "is_shifted":
            move(tensor, "external.onnx.data")
    for attribute in graph.node[-1].attribute:
        move(attribute.g.initializer[0], "weights/branch.bin")
    (FOLDER / "external.onnx").write_bytes(model.SerializeToString())
    for file, data in files.items():
        (FOLDER / file).write_bytes(data)


def raw_tile(side):
    y, x, c = np.meshgrid(np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    return ((7 * y + 13 * x + 101 * c + 3 * y * x) % 256).astype(np.uint8)


def resized(tile):
    """features_only.onnx on a tile as model hubs' processors make it: resized by Pillow, the middle cut out, ImageNet's."""
    session = onnxruntime.InferenceSession(
        str(FOLDER.parent / "features_only.onnx"), providers=["CPUExecutionProvider"])
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    results = {}
    for name, filter in (("bicubic", Image.Resampling.BICUBIC), ("bilinear", Image.Resampling.BILINEAR)):
        for side in (16, 20, 24):
            picture = Image.fromarray(tile).resize((side, side), filter)
            start = (side - SIDE) // 2
            values = np.asarray(picture.crop((start, start, start + SIDE, start + SIDE))) / 255
            values = ((values - mean) / deviation).transpose(2, 0, 1)[None].astype(np.float32)
            results[f"{name} {side}"] = session.run(["pooled"], {"input": values})[0].astype(float).ravel().tolist()
    return results


def main():
    FOLDER.mkdir(exist_ok=True)
    transformer("class_token", [("cls_token", 1)])
    transformer("registers", [("cls_token", 1), ("reg_token", 2)])
    transformer("late_registers", [("embeddings.cls_token", 1)], late=4)
    transformer("registers_alone", [("reg_token", 2)])
    transformer("unclear", [("prefix", 3)])
    transformer("no_class", [])
    transformer("dynamic", [("cls_token", 1)], side=None)
    transformer(
        "unclear_but_read", [("prefix", 3)],
        tail=([node("Gather", ["last_hidden_state", "nought"], "embedding", axis=1)],
              [numpy_helper.from_array(np.array(0, dtype=np.int64), "nought")]),
        outputs=[("embedding", ("N", WIDTH))])
    inputs_of_other_kinds()
    fixed_behind_a_dynamic_input()
    quantize_static(
        FOLDER.parent / "classifier.onnx", FOLDER / "quantised.onnx", Tiles(), quant_format=QuantFormat.QDQ)
    external()
    padded()
    expected = {}
    raw = raw_tile(SIDE).astype(np.float32)
    kinds = {"tensor(uint8)": np.uint8, "tensor(int64)": np.int64, "tensor(float)": np.float32}
    for path in sorted(FOLDER.glob("*.onnx")):
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        first = session.get_inputs()[0]
        if len(session.get_inputs()) > 1 or "channel" in path.stem or path.stem == "flattened":
            continue
        tile = {"scaled_inside": raw, "shares_inside": raw / 255}.get(path.stem, raw / 127.5 - 1)
        tile = raw if "float" not in first.type else tile
        tile = tile[None] if first.shape[3] == 3 else tile.transpose(2, 0, 1)[None]
        names = [o.name for o in session.get_outputs()]
        values = session.run(names, {first.name: tile.astype(kinds[first.type])})
        expected[path.stem] = {n: v.astype(float).ravel().tolist() for n, v in zip(names, values)}
    expected["resized"] = resized(raw_tile(24))
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
