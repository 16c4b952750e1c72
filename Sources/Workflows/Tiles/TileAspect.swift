import FeatureData

/// What tiles are looked at by: a quantity of theirs, or labels that were given as a value.
enum TileAspect {
  case quantity(Quantity)
  /// Under the name of the value.
  case labels(SlideLabels, name: String)

  /// Of one item of an argument.
  init?(_ item: BoundValue, parameter: String) throws(WorkflowFailure) {
    switch item {
    case .quantity(let quantity): self = .quantity(quantity)
    case .value(let name, let value?):
      guard let labels = value as? LabelSet else { return nil }
      self = .labels(try labels.single(for: parameter), name: name)
    default: return nil
    }
  }

  /// Of a list of them.
  static func all(_ parameter: String, of arguments: BoundArguments) throws(WorkflowFailure) -> [TileAspect] {
    var aspects: [TileAspect] = []
    for item in arguments[parameter]?.items ?? [] {
      if let aspect = try TileAspect(item, parameter: parameter) { aspects.append(aspect) }
    }
    return aspects
  }

  /// As it is written in the language; labels with the column that they were read from.
  var written: String {
    switch self {
    case .quantity(let quantity): quantity.written
    case .labels(let labels, let name): "\(labels.column) (labels \(name))"
    }
  }
}
