import FeatureData
import FeatureStore

/// A number that tiles are ranked by: a column of activations or logits, or a number of their own.
struct RankedColumn: Sendable {
  private enum Source: Sendable {
    case activation(Int)
    case logit(Int)
    case quantity(TileNumbers)
  }

  let name: String
  private let source: Source

  init(_ aspect: TileAspect, _ features: FeatureSet) throws(WorkflowFailure) {
    (name, source) = try Self.column(aspect, of: features)
  }

  private static func column(
    _ aspect: TileAspect, of features: FeatureSet
  ) throws(WorkflowFailure) -> (name: String, source: Source) {
    switch aspect {
    case .feature(let layer, let index):
      return (
        "feature \(layer.map { $0 + "/" } ?? "")\(index)", .activation(try features.column(layer: layer, index: index))
      )
    case .logit(let outcome):
      let column = try features.logit(outcome)
      return (features.outputs.heading(column), .logit(column))
    case .labels, .groups:
      throw WorkflowFailure(
        "The tiles at both ends are those of an activation or a logit, and \(aspect.written) has no ends.",
        remedy: "extremes=feature:0", parameter: "extremes")
    case .probability(let outcome):
      throw WorkflowFailure(
        "`extremes` ranks tiles by an activation or a logit, and \(aspect.written) is neither.",
        remedy: "extremes=logit:\(outcome)", parameter: "extremes")
    case .column, .prediction, .uncertainty, .slide, .region:
      if case .column(let column) = aspect, let numbers = features.quantity(column) {
        return (column, .quantity(numbers))
      }
      let known = features.layers.count == 1 ? "feature:0" : "feature:\(features.layers.first?.layer ?? "LAYER")/0"
      throw WorkflowFailure(
        "`extremes` ranks tiles by an activation or a logit, and \(aspect.written) is neither.",
        remedy: "extremes=\(known)", parameter: "extremes")
    }
  }

  /// Which numbers of a tile must be finite; nil for those of its own.
  var numbers: FeatureSet.Numbers? {
    switch source {
    case .activation: .activations
    case .logit: .logits
    case .quantity: nil
    }
  }

  /// The values of some rows of a slide; nil where it has none.
  // The optimiser of Swift 6.3.1 fails on it where it is put into its caller.
  @inline(never)
  func values(of rows: [Int], _ slide: Int, in features: FeatureSet) -> [Float]? {
    let matrix: MappedMatrix?
    let column: Int
    switch source {
    case .activation(let index): (matrix, column) = (features.slides[slide].stored.features, index)
    case .logit(let index): (matrix, column) = (features.slides[slide].stored.logits, index)
    case .quantity(let numbers): return rows.map { numbers[slide, $0] }
    }
    guard let matrix else { return nil }
    return matrix.withValues { values in rows.map { values[$0 * matrix.columnCount + column] } }
  }
}
