import Inference

extension Graph.Operation {
  /// - Parameter type: OpenVINO's name of an operation, such as "Convolution".
  init(openVINO type: String) { self = Self.byType[type] ?? .other }

  private static let byType: [String: Graph.Operation] = [
    "Parameter": .input, "Result": .output, "Constant": .constant, "ShapeOf": .shapeOf,
    "Convolution": .convolution, "GroupConvolution": .groupConvolution, "MatMul": .matrixProduct,
    "BatchNormInference": .batchNormalization, "MVN": .layerNormalization,
    "Add": .add, "Subtract": .subtract, "Multiply": .multiply, "Divide": .divide, "Power": .power,
    "Negative": .negate, "Exp": .exponential, "Log": .logarithm,
    "SoftPlus": .elementwise, "Abs": .elementwise, "Sqrt": .elementwise, "Maximum": .elementwise,
    "Minimum": .elementwise, "Floor": .elementwise, "Round": .elementwise,
    "Relu": .relu, "Clamp": .clamp, "Gelu": .gelu, "Elu": .elu, "Swish": .swish, "HSwish": .hardSwish, "Tanh": .tanh,
    "PRelu": .prelu, "Sigmoid": .sigmoid, "HardSigmoid": .hardSigmoid, "HSigmoid": .hardSigmoid,
    "Softmax": .softmax, "LogSoftmax": .logSoftmax,
    "ReduceMean": .reduceMean, "ReduceMax": .reduceMaximum, "ReduceSum": .reduceSum,
    "AvgPool": .averagePooling, "AdaptiveAvgPool": .adaptiveAveragePooling, "MaxPool": .maximumPooling,
    "Reshape": .reshape, "Squeeze": .squeeze, "Unsqueeze": .unsqueeze, "Transpose": .transpose, "Convert": .cast,
    "Identity": .identity, "FakeQuantize": .identity,
    "Gather": .selection, "GatherND": .selection, "StridedSlice": .selection, "Slice": .selection,
    "Split": .selection, "VariadicSplit": .selection,
    "Concat": .concatenation, "Pad": .padding,
  ]
}
