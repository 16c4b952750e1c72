"""Writes the ONNX models that tests compute in eight bits.

    python make_eight_bits.py          (needs numpy, onnx)

kinds.onnx has a layer of each kind that becomes one of whole numbers, and what may stand between them: a convolution with
its batch normalisation, a padding and a maximum pooling before a depthwise convolution, a sum of two branches, a fully
connected layer. In uneven.onnx half of the channels of one tensor are 100,000 times as large as the others, and features
are made of both: one range for all leaves nothing of the small ones.
"""

import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent
SIDE = 16
RANDOM = np.random.default_rng(11)


def numbers(name, *shape, scale=0.3, shift=0.0):
    return numpy_helper.from_array((RANDOM.standard_normal(shape) * scale + shift).astype(np.float32), name)


def convolution(result, source, *parameters, side=3, padding=1, **more):
    return helper.make_node(
        "Conv", [source, *parameters], [result], name=result, kernel_shape=[side, side], pads=[padding] * 4, **more)


def head(source, width):
    nodes = [
        helper.make_node("GlobalAveragePool", [source], ["pooled_map"], name="gap"),
        helper.make_node("Flatten", ["pooled_map"], ["pooled"], name="flatten", axis=1),
        helper.make_node("Gemm", ["pooled", "fc.weight", "fc.bias"], ["fc"], name="fc", transB=1),
        helper.make_node("Softmax", ["fc"], ["probs"], name="softmax", axis=1),
    ]
    return nodes, [numbers("fc.weight", 2, width), numbers("fc.bias", 2)]


def write(name, nodes, initializers):
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ("N", 3, SIDE, SIDE))],
        [helper.make_tensor_value_info("probs", TensorProto.FLOAT, ("N", 2))],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, FOLDER / f"{name}.onnx")


def kinds():
    nodes = [
        convolution("c1", "input", "w1"),
        helper.make_node("BatchNormalization", ["c1", "scale", "shift", "mean", "variance"], ["norm"], name="norm"),
        helper.make_node("Relu", ["norm"], ["r1"], name="r1"),
        helper.make_node("MaxPool", ["r1"], ["m1"], name="m1", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Pad", ["m1", "margins"], ["p1"], name="p1"),
        convolution("c2", "p1", "w2", "b2", padding=0, group=8),
        helper.make_node("Relu", ["c2"], ["r2"], name="r2"),
        convolution("c3", "r2", "w3", side=1, padding=0),
        helper.make_node("Add", ["c3", "m1"], ["sum"], name="sum"),
        helper.make_node("Relu", ["sum"], ["r3"], name="r3"),
        convolution("c4", "r3", "w4", "b4"),
        helper.make_node("Relu", ["c4"], ["r4"], name="r4"),
    ]
    last, weights = head("r4", 24)
    variance = numpy_helper.from_array(RANDOM.uniform(0.05, 3, 8).astype(np.float32), "variance")
    margins = numpy_helper.from_array(np.array([0, 0, 1, 1, 0, 0, 1, 1], dtype=np.int64), "margins")
    write("kinds", nodes + last, weights + [
        numbers("w1", 8, 3, 3, 3), numbers("scale", 8, shift=1), numbers("shift", 8), numbers("mean", 8), variance, margins,
        numbers("w2", 8, 1, 3, 3), numbers("b2", 8), numbers("w3", 8, 8, 1, 1), numbers("w4", 24, 8, 3, 3),
        numbers("b4", 24)])


def uneven():
    nodes = [
        convolution("c1", "input", "w1"),
        helper.make_node("Relu", ["c1"], ["r1"], name="r1"),
        convolution("c2", "r1", "w2"),
        helper.make_node("Relu", ["c2"], ["r2"], name="r2"),
    ]
    first = RANDOM.standard_normal((8, 3, 3, 3)) * 0.3
    second = RANDOM.standard_normal((12, 8, 3, 3)) * 0.3
    size = np.where(np.arange(8) % 2 == 0, 1000, 0.01)
    first *= size[:, None, None, None]
    # Each feature is of the large channels alone, or of the small ones alone.
    second /= size[None, :, None, None]
    second *= (np.arange(12)[:, None] % 2 == np.arange(8)[None, :] % 2)[:, :, None, None]
    last, weights = head("r2", 12)
    write("uneven", nodes + last, weights + [
        numpy_helper.from_array(first.astype(np.float32), "w1"), numpy_helper.from_array(second.astype(np.float32), "w2")])


kinds()
uneven()
