import FeatureData
import FeatureStore

/// A column of activations or logits that tiles are ranked by.
struct RankedColumn: Sendable {
  let name: String
  private let column: Int
  private let isLogit: Bool

  init(_ aspect: TileAspect, _ features: FeatureSet) throws(WorkflowFailure) {
    switch aspect {
    case .feature(let layer, let index):
      column = try features.column(layer: layer, index: index)
      isLogit = false
      name = "feature \(layer.map { $0 + "/" } ?? "")\(index)"
    case .logit(let outcome):
      column = try features.logit(outcome)
      isLogit = true
      name = features.outputs.heading(column)
    case .labels:
      throw WorkflowFailure(
        "The tiles at both ends are those of an activation or a logit, and labels have no ends.",
        remedy: "extremes=feature:0", parameter: "extremes")
    case .column, .prediction, .slide:
      let known = features.layers.count == 1 ? "feature:0" : "feature:\(features.layers.first?.layer ?? "LAYER")/0"
      throw WorkflowFailure(
        "`extremes` ranks tiles by an activation or a logit, and \(aspect.written) is neither.",
        remedy: "extremes=\(known)", parameter: "extremes")
    }
  }

  var numbers: FeatureSet.Numbers { isLogit ? .logits : .activations }

  func matrix(of slide: FeatureSet.Slide) -> MappedMatrix? { isLogit ? slide.stored.logits : slide.stored.features }

  func value(_ row: Int, in values: UnsafeBufferPointer<Float>, width: Int) -> Float { values[row * width + column] }
}
