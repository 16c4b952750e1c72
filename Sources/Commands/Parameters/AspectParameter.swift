import CommandLanguage
import Workflows

/// What tiles are looked at by: a quantity, or labels of the session.
enum AspectParameter: ParameterValue {
  case quantity(Quantity)
  case labels(LabelSet, name: String)
  case groups(TileGroups, name: String)

  static let parameterType = ParameterType.quantity
  init?(argument: BoundValue) {
    switch argument {
    case .quantity(let quantity): self = .quantity(quantity)
    case .value(let name, let labels as LabelSet): self = .labels(labels, name: name)
    case .value(let name, let clusters as TileClusters): self = .groups(clusters.groups, name: name)
    case .value(let name, let selection as SelectedTiles): self = .groups(selection.groups(name: name), name: name)
    default: return nil
    }
  }

  /// - Parameters:
  ///   - parameter: what it was given for.
  ///   - missing: why there are no clusters, or no uncertainty, by the quantity's word.
  func aspect(for parameter: String, missing: (String) -> WorkflowFailure) throws -> TileAspect {
    switch self {
    case .quantity(.cluster): throw missing("cluster")
    case .quantity(let quantity): TileAspect(quantity)
    case .groups(let groups, let name): .groups(groups, name: name)
    case .labels(let labels, let name): .labels(try labels.single(for: parameter), name: name)
    }
  }
}

extension TileAspect {
  init(_ quantity: Quantity) {
    self =
      switch quantity {
      case .column(let column): .column(column)
      case .feature(let layer, let index): .feature(layer: layer, index: index)
      case .logit(let name): .logit(name)
      case .probability(let name): .probability(name)
      case .prediction(let head): .prediction(head: head)
      case .slide: .slide
      case .region: .region
      case .cluster: .column("cluster")
      case .uncertainty(let head): .uncertainty(head: head)
      }
  }
}
