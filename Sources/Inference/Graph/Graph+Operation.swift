extension Graph {
  /// What a node does, in words of no engine: those kinds by which layers, heads and their activations are told. An
  /// engine translates its own names into these.
  package enum Operation: Sendable, Hashable {
    // The ends of the graph.
    case input, output
    /// Weights.
    case constant
    /// The size of a tensor.
    case shapeOf

    // Layers with weights, and sums of products.
    case convolution, groupConvolution, matrixProduct
    case batchNormalization, layerNormalization

    // Arithmetic by elements.
    case add, subtract, multiply, divide, power, negate, exponential, logarithm
    /// Any other function of single numbers: absolute value, root, rounding, softplus, maximum and minimum of two.
    case elementwise

    // Activations. `clamp` is a ReLU with an upper limit as well.
    case relu, clamp, gelu, elu, swish, hardSwish, tanh, prelu
    case sigmoid, softmax, logSoftmax
    /// A sigmoid made of straight lines.
    case hardSigmoid

    // Over axes, and over windows.
    case reduceMean, reduceMaximum, reduceSum
    case averagePooling, adaptiveAveragePooling, maximumPooling

    // The same numbers in another arrangement or type.
    case reshape, squeeze, unsqueeze, transpose, cast, identity
    /// Some columns of several: gather, slice, split.
    case selection
    case concatenation, padding

    /// Nothing that a role of a layer depends on.
    case other
  }
}
