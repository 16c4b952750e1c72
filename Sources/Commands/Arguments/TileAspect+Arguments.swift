import CommandLanguage
import Workflows

extension TileAspect {
  /// Of a list of quantities and labels.
  ///
  /// - Parameter missing: why there are no clusters, or no uncertainty, by the quantity's word.
  static func all(
    _ parameter: String, of arguments: BoundArguments, missing: (String) -> WorkflowFailure
  ) throws -> [TileAspect] {
    try (arguments[parameter]?.items ?? []).compactMap { item in
      switch item {
      case .quantity(.cluster): throw missing("cluster")
      case .quantity(.uncertainty): throw missing("uncertainty")
      case .quantity(let quantity): TileAspect(quantity)
      case .value(let name, let value?):
        try (value as? LabelSet).map { .labels(try $0.single(for: parameter), name: name) }
      default: nil
      }
    }
  }

  init(_ quantity: Quantity) {
    self =
      switch quantity {
      case .column(let column): .column(column)
      case .feature(let layer, let index): .feature(layer: layer, index: index)
      case .logit(let name): .logit(name)
      case .prediction(let head): .prediction(head: head)
      case .slide: .slide
      case .cluster: .column("cluster")
      case .uncertainty: .column("uncertainty")
      }
  }
}
