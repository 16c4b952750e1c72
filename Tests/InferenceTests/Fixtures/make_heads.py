"""Writes small ONNX models that differ in their heads, and what ONNX Runtime makes of the tile of make_models.py.

    python make_heads.py          (needs numpy, onnx, onnxruntime)
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent / "Heads"
SIDE = 16
RANDOM = np.random.default_rng(11)


def weights(name, *shape):
    return numpy_helper.from_array((RANDOM.standard_normal(shape) * 0.3).astype(np.float32), name)


def constant(name, value):
    return numpy_helper.from_array(np.float32(value), name)


def node(operation, inputs, output, **more):
    return helper.make_node(operation, inputs, [output], name=output, **more)


def dense(result, outputs, source="pooled", inputs=8):
    w, b = f"{result}.weight", f"{result}.bias"
    return node("Gemm", [source, w, b], result, transB=1), [weights(w, outputs, inputs), weights(b, outputs)]


def write(name, heads, outputs):
    """A convolution, its mean, and the heads: pairs of nodes and initializers."""
    nodes = [
        node("Conv", ["input", "w", "b"], "maps", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("Relu", ["maps"], "maps_relu"),
        node("GlobalAveragePool", ["maps_relu"], "pooled_map"),
        node("Flatten", ["pooled_map"], "pooled", axis=1),
    ]
    initializers = [weights("w", 8, 3, 3, 3), weights("b", 8)]
    for head in heads:
        head = head if isinstance(head, tuple) else (head, [])
        nodes.append(head[0])
        initializers += head[1]
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ("N", 3, SIDE, SIDE))],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, FOLDER / f"{name}.onnx")


def main():
    FOLDER.mkdir(exist_ok=True)
    write("one_sigmoid", [dense("fc", 1), node("Sigmoid", ["fc"], "p")], [("p", ("N", 1))])
    write(
        "squeezed_sigmoid",
        [
            dense("fc", 1),
            (node("Squeeze", ["fc", "axis"], "flat"), [numpy_helper.from_array(np.array([1]), "axis")]),
            node("Sigmoid", ["flat"], "p"),
        ],
        [("p", ("N",))],
    )
    write(
        "written_out_sigmoid",
        [
            dense("fc", 3),
            node("Neg", ["fc"], "negated"),
            node("Exp", ["negated"], "power"),
            (node("Add", ["power", "one"], "sum"), [constant("one", 1)]),
            node("Div", ["one", "sum"], "y"),
        ],
        [("y", ("N", 3))],
    )
    write("labels", [dense("fc", 3), node("Sigmoid", ["fc"], "y")], [("y", ("N", 3))])
    write("log_softmax", [dense("fc", 3), node("LogSoftmax", ["fc"], "y", axis=1)], [("y", ("N", 3))])
    write(
        "written_out_softmax",
        [
            dense("fc", 3),
            node("ReduceMax", ["fc"], "largest", axes=[1], keepdims=1),
            node("Sub", ["fc", "largest"], "shifted"),
            node("Exp", ["shifted"], "power"),
            (node("ReduceSum", ["power", "axes"], "sum", keepdims=1), [numpy_helper.from_array(np.array([1]), "axes")]),
            node("Div", ["power", "sum"], "y"),
        ],
        [("y", ("N", 3))],
    )
    write("number", [dense("y", 1)], [("y", ("N", 1))])
    write("positive_numbers", [dense("fc", 2), node("Relu", ["fc"], "y")], [("y", ("N", 2))])
    write("projection", [dense("output", 24)], [("output", ("N", 24))])
    write("square_projection", [dense("output", 8)], [("output", ("N", 8))])
    write("named_logits", [dense("logits", 24)], [("logits", ("N", 24))])
    write("two_heads", [dense("msi", 2), dense("grade", 3)], [("msi", ("N", 2)), ("grade", ("N", 3))])
    write(
        "logits_and_probabilities",
        [dense("logits", 3), node("Softmax", ["logits"], "probabilities", axis=1)],
        [("logits", ("N", 3)), ("probabilities", ("N", 3))],
    )
    write(
        "softmax_beside_embedding",
        [dense("embedding", 16), dense("fc", 2, "embedding", 16), node("Softmax", ["fc"], "y", axis=1)],
        [("embedding", ("N", 16)), ("y", ("N", 2))],
    )
    # As converters leave it, which fold the change of sign into the weights.
    write(
        "folded_sigmoid",
        [
            dense("negated", 3),
            node("Exp", ["negated"], "power"),
            (node("Add", ["power", "one"], "sum"), [constant("one", 1)]),
            node("Div", ["one", "sum"], "y"),
        ],
        [("y", ("N", 3))],
    )
    write(
        "joined_heads",
        [
            dense("first", 2),
            node("Softmax", ["first"], "first_softmax", axis=1),
            dense("second", 3),
            node("Softmax", ["second"], "second_softmax", axis=1),
            node("Concat", ["first_softmax", "second_softmax"], "y", axis=1),
        ],
        [("y", ("N", 5))],
    )
    write(
        "both_sides",
        [
            dense("fc", 1),
            node("Sigmoid", ["fc"], "p"),
            (node("Sub", ["one", "p"], "q"), [constant("one", 1)]),
            node("Concat", ["q", "p"], "y", axis=1),
        ],
        [("y", ("N", 2))],
    )
    write(
        "age_and_classes",
        [dense("age", 1), dense("fc", 3), node("Softmax", ["fc"], "tissue", axis=1)],
        [("age", ("N", 1)), ("tissue", ("N", 3))],
    )
    expected = {}
    y, x, c = np.meshgrid(np.arange(SIDE), np.arange(SIDE), np.arange(3), indexing="ij")
    tile = ((7 * y + 13 * x + 101 * c + 3 * y * x) % 256).astype(np.float32) / 127.5 - 1
    for path in sorted(FOLDER.glob("*.onnx")):
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        names = [o.name for o in session.get_outputs()]
        values = session.run(names, {"input": tile.transpose(2, 0, 1)[None]})
        expected[path.stem] = {n: v.astype(float).ravel().tolist() for n, v in zip(names, values)}
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
