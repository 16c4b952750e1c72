import FeatureData

/// Where points stand before the layout is optimised: the first axis from 0 to 10, the others on the same scale.
///
/// A little noise from the seed parts points that coincide.
struct InitialLayout {
  private static let extent: Float = 10
  private static let noise: Float = 1e-4

  private let parameters: EmbeddingParameters

  init(_ parameters: EmbeddingParameters) { self.parameters = parameters }

  /// - Parameter components: n × c principal components or eigenvectors, or of the first rows only: the others stand at the mean. An axis
  ///   without a component, or without variance, is random.
  func places(rowCount n: Int, components: Matrix) -> Matrix {
    let dims = parameters.dimensions
    var result = Matrix(rowCount: n, columnCount: dims)
    let unit = components.columnCount > 0 ? Self.range(components.column(0)) / Self.extent : 0
    for axis in 0..<dims {
      var generator = SplitMix64(seed: SplitMix64.mix(parameters.seed &+ UInt64(axis) &+ 1))
      let hasComponent = axis < components.columnCount
      let values = hasComponent ? components.column(axis) : []
      let low = values.min() ?? 0
      // Below this the component is rounding error.
      let isFlat = !(Self.range(values) > Self.flatness * Self.extent * unit)
      for row in 0..<n {
        let random = Float(generator.nextUnit())
        result[row, axis] =
          isFlat
          ? random * (values.isEmpty ? Self.extent : Self.extent / 100)
          : ((row < values.count ? values[row] : 0) - low) / unit + (random - 0.5) * Self.noise
      }
    }
    return result
  }

  private static let flatness: Float = 1e-5

  private static func range(_ values: [Float]) -> Float { (values.max() ?? 0) - (values.min() ?? 0) }
}
