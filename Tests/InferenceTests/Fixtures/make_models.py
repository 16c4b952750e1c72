"""Writes the small ONNX models of the tests, and what ONNX Runtime makes of a fixed tile with them.

    python make_models.py          (needs numpy, onnx, onnxruntime)

The tile of side s has at row y, column x, channel c the byte (7 y + 13 x + 101 c + 3 y x) mod 256.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent
SIDE = 16
RANDOM = np.random.default_rng(7)


def tile(side=SIDE):
    y, x, c = np.meshgrid(np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    return ((7 * y + 13 * x + 101 * c + 3 * y * x) % 256).astype(np.uint8)


def weights(name, *shape):
    return numpy_helper.from_array((RANDOM.standard_normal(shape) * 0.3).astype(np.float32), name)


def convolution(result, source, weight, bias=None, **more):
    inputs = [source, weight] + ([bias] if bias else [])
    return helper.make_node("Conv", inputs, [result], name=result, kernel_shape=[3, 3], pads=[1, 1, 1, 1], **more)


def write(name, nodes, initializers, outputs, shape=("N", 3, SIDE, SIDE)):
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, FOLDER / f"{name}.onnx")


def trunk(prefix="/m"):
    """Two stages, named as torch's exporter names them."""
    first, second = f"{prefix}/layer1/conv/Conv_output_0", f"{prefix}/layer2/conv/Conv_output_0"
    nodes = [
        convolution(first, "input", "w1", "b1"),
        helper.make_node("Relu", [first], [f"{prefix}/layer1/relu/Relu_output_0"], name="r1"),
        convolution(second, f"{prefix}/layer1/relu/Relu_output_0", "w2", "b2", strides=[2, 2]),
        helper.make_node("Relu", [second], [f"{prefix}/layer2/relu/Relu_output_0"], name="r2"),
        helper.make_node("GlobalAveragePool", [f"{prefix}/layer2/relu/Relu_output_0"], ["pooled_map"], name="gap"),
        helper.make_node("Flatten", ["pooled_map"], ["pooled"], name="flatten", axis=1),
    ]
    return nodes, [weights("w1", 8, 3, 3, 3), weights("b1", 8), weights("w2", 12, 8, 3, 3), weights("b2", 12)]


def dense(result, source, inputs, outputs):
    w, b = f"{result}.weight", f"{result}.bias"
    node = helper.make_node("Gemm", [source, w, b], [result], name=result, transB=1)
    return [node], [weights(w, outputs, inputs), weights(b, outputs)]


def main():
    nodes, init = trunk()
    more, w = dense("fc", "pooled", 12, 2)
    softmax = [helper.make_node("Softmax", ["fc"], ["probs"], name="softmax", axis=1)]
    write("classifier", nodes + more + softmax, init + w, [("probs", ("N", 2))])

    nodes, init = trunk()
    hidden, w1 = dense("fc0", "pooled", 12, 6)
    relu = [helper.make_node("Relu", ["fc0"], ["fc0_relu"], name="fc0_relu")]
    last, w2 = dense("fc1", "fc0_relu", 6, 3)
    write("hidden_layers", nodes + hidden + relu + last, init + w1 + w2, [("fc1", ("N", 3))])

    nodes, init = trunk("")
    write("features_only", nodes, init, [("pooled", ("N", 12))])

    nodes, init = trunk("")
    write(
        "all_convolutional",
        nodes[:4]
        + [
            convolution("classes", "/layer2/relu/Relu_output_0", "w3", "b3"),
            helper.make_node("GlobalAveragePool", ["classes"], ["class_map"], name="pool"),
            helper.make_node("Flatten", ["class_map"], ["flat"], name="flat", axis=1),
            helper.make_node("Softmax", ["flat"], ["probs"], name="softmax", axis=1),
        ],
        init + [weights("w3", 4, 12, 3, 3), weights("b3", 4)],
        [("probs", ("N", 4))],
    )

    nodes, init = trunk("")
    more, w = dense("scores", "pooled", 12, 2)
    squash = [
        helper.make_node("Clip", ["scores", "zero", "one"], ["probabilities"], name="clip"),
    ]
    ends = [numpy_helper.from_array(np.float32(v), n) for n, v in (("zero", 0), ("one", 1))]
    write("probabilities_only", nodes + more + squash, init + w + ends, [("probabilities", ("N", 2))])

    nodes, init = trunk("")
    transpose = [helper.make_node("Transpose", ["input"], ["first"], name="transpose", perm=[0, 3, 1, 2])]
    nodes[0].input[0] = "first"
    write("channels_last", transpose + nodes, init, [("pooled", ("N", 12))], shape=("N", SIDE, SIDE, 3))

    nodes, init = trunk("")
    write("fixed_batch", nodes, init, [("pooled", (1, 12))], shape=(1, 3, SIDE, SIDE))

    write(
        "not_square",
        [helper.make_node("Relu", ["input"], ["out"], name="out")],
        [],
        [("out", ("N", 3, 8, 4))],
        shape=("N", 3, 8, 4),
    )
    expectations()


def run(name, batch, outputs):
    model = onnx.load(FOLDER / f"{name}.onnx")
    have = {o.name for o in model.graph.output}
    model.graph.output.extend(helper.make_empty_tensor_value_info(o) for o in outputs if o not in have)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return [o.astype(np.float64) for o in session.run(outputs, {"input": batch.astype(np.float32)})]


def expectations():
    image = tile().astype(np.float64)
    nchw = lambda a: a.transpose(2, 0, 1)[None]
    mean, scale = np.array([0.485, 0.456, 0.406]) * 255, np.array([0.229, 0.224, 0.225]) * 255
    per_image = (image - image.mean()) / max(image.std(), 1 / np.sqrt(image.size))
    standardized = {
        "torch": image / 127.5 - 1,
        "imagenet": (image - mean) / scale,
        "tensorflow": per_image,
        "bgr": image[:, :, ::-1] - np.array([103.939, 116.779, 123.68]),
    }
    expected = {}
    for kind, values in standardized.items():
        pooled, logits, stage = run("classifier", nchw(values), ["pooled", "fc", "/m/layer1/relu/Relu_output_0"])
        expected[kind] = {
            "pooled": pooled[0].tolist(),
            "logits": logits[0].tolist(),
            "layer1": stage[0].mean(axis=(1, 2)).tolist(),
        }
    (pooled,) = run("channels_last", standardized["torch"][None], ["pooled"])
    expected["channels_last"] = {"pooled": pooled[0].tolist()}
    (stage,) = run("all_convolutional", nchw(standardized["torch"]), ["/layer2/relu/Relu_output_0"])
    expected["all_convolutional"] = {"pooled": stage[0].mean(axis=(1, 2)).tolist()}
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
