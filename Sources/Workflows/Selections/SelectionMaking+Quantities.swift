import FeatureData
import FeatureStore
import Slides

/// What a tile has of a quantity: a text, "" for none, and a number where it is one.
private typealias TileValue = (text: String, number: Double?)

extension SelectionMaking {
  /// Rules of what is known of the tiles and their slides.
  func chooseByQuantities() throws {
    for condition in request.conditions { try choose(condition, "by") }
    for condition in request.comparisons { try choose(condition, "conditions", said: condition.phrase) }
    if let classes = request.predictions { try choose(predictions: classes) }
    if let clusters = request.clusters { try choose(clusters) }
  }

  /// - Parameter said: what is asked, where the rule has no name of its own.
  private func choose(_ condition: SelectionRequest.Condition, _ parameter: String, said: String? = nil) throws {
    let name = condition.aspect.written
    let values = try Reporting.run(parameter: parameter) { try tileValues(of: condition.aspect, parameter) }
    // An attention that came with the features was made of them.
    if condition.aspect.isOfFeatures || features.quantityNames.contains(name) { noteFeatures() }
    try narrow(
      parameter, "\(name) \(condition.phrase)", said: said.map { "\(name) \($0)" },
      reason: { self.reason(condition, $0, values) }
    ) { mask in
      for slide in mask.slides {
        let value = values(slide)
        mask.keep(in: slide) { row in
          let (text, number) = value(row)
          return condition.holds(text, number)
        }
      }
    }
  }

  /// What there is of the quantity, where nothing fits.
  private func reason(
    _ condition: SelectionRequest.Condition, _ mask: TileMask, _ values: (_ slide: Int) -> (_ row: Int) -> TileValue
  ) -> String? {
    var counts: [String: Int] = [:]
    var numbers = ClosedRangeSpan()
    for slide in mask.slides {
      let value = values(slide)
      for row in mask.rows(of: slide) {
        let (text, number) = value(row)
        if let number { numbers.add(number) }
        if number == nil || condition.aspect.hasCategories { counts[text, default: 0] += 1 }
      }
    }
    let name = condition.aspect.written
    if !condition.aspect.hasCategories, let text = numbers.text { return "\(name) is \(text) there." }
    let known = NaturalOrder.sorted(counts.keys.filter { !$0.isEmpty })
    guard !known.isEmpty else { return "None has a value of \(name)." }
    return "Of \(name) there \(known.count == 1 ? "is" : "are") "
      + known.prefix(8).map { "\($0) (\((counts[$0] ?? 0).counted("tile")))" }.joined(separator: ", ")
      + (known.count > 8 ? ", …." : ".")
  }

  // MARK: Predictions and clusters

  private func choose(predictions classes: [String]) throws {
    let outputs = features.outputs
    noteFeatures()
    let columns = try Reporting.run(parameter: "prediction") {
      guard outputs.count > 0, !outputs.headsWithClasses.isEmpty else {
        throw outputs.noClasses("prediction", of: features.modelName, parameter: "prediction")
      }
      return try classes.map { name in
        let column = try features.outcome(name, isIndex: true)
        let head = outputs.head(ofColumn: column)
        _ = try outputs.headWithClasses(
          outputs.heads.count == 1 ? nil : outputs.heads[head].name, for: "prediction", of: features.modelName,
          parameter: "prediction")
        return column
      }
    }
    let heads = Set(columns.map { outputs.head(ofColumn: $0) }).sorted()
    let wanted = Set(columns)
    let names = wanted.sorted().map { outputs.names[$0] }.joined(separator: " or ")
    let title = heads.count == 1 ? outputs.predictionTitle(of: heads[0]) : "prediction"
    try narrow(
      "prediction", "\(title) \(names)", reason: { mask in self.predictedCounts(heads, mask) }
    ) { mask in
      for slide in mask.slides {
        let own = features.slides[slide]
        mask.keep(in: slide) { row in
          let numbers = own.outputs(row)
          return heads.contains { outputs.predictedColumn(of: $0, in: numbers).map(wanted.contains) ?? false }
        }
      }
    }
  }

  private func predictedCounts(_ heads: [Int], _ mask: TileMask) -> String? {
    var counts: [String: Int] = [:]
    for slide in mask.slides {
      for row in mask.rows(of: slide) {
        for head in heads {
          guard let column = features.outputs.predictedColumn(of: head, in: features.slides[slide].outputs(row)) else {
            continue
          }
          counts[features.outputs.names[column], default: 0] += 1
        }
      }
    }
    guard !counts.isEmpty else { return nil }
    return "Predicted are "
      + counts.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.counted("tile")))" }.joined(separator: ", ")
      + "."
  }

  private func choose(_ asked: SelectionRequest.Clusters) throws {
    let groups = asked.clusters.groups
    noteFeatures()
    let places = try asked.names.map { name throws -> Int in
      if let place = groups.names.firstIndex(of: name) { return place }
      // A cluster that has a name was a number before.
      let numbered = groups.names.firstIndex { $0.lowercased() == "cluster \(name.lowercased())" }
      guard let numbered else {
        throw WorkflowFailure(
          "There is no cluster \(name); the clusters are \(groups.names.prefix(12).joined(separator: ", "))"
            + (groups.names.count > 12 ? ", …." : "."), parameter: "cluster")
      }
      return numbered
    }
    let wanted = Set(places.map(Int32.init))
    let numbers = try Reporting.run(parameter: "cluster") { try groups.numbers(on: features, parameter: "cluster") }
    try narrow("cluster", "cluster " + places.map { groups.names[$0] }.joined(separator: " or ")) { mask in
      for slide in mask.slides { mask.keep(in: slide) { wanted.contains(numbers[slide][$0]) } }
    }
  }

  // MARK: Values

  /// By slide, and for that by row.
  private func tileValues(
    of aspect: TileAspect, _ parameter: String
  ) throws -> (_ slide: Int) -> (_ row: Int) -> TileValue {
    let features = features
    func number(_ value: Float) -> TileValue { value.isFinite ? ("·", Double(value)) : ("", nil) }
    func ofSlide(_ text: @escaping (Int) -> String) -> (Int) -> (Int) -> TileValue {
      { slide in
        let text = text(slide)
        let value: TileValue = (text, Double(text))
        return { _ in value }
      }
    }
    func matrix(_ column: Int, _ of: @escaping (StoredSlideFeatures) -> MappedMatrix?) -> (Int) -> (Int) -> TileValue {
      { slide in
        guard let matrix = of(features.slides[slide].stored) else { return { _ in ("", nil) } }
        let values = matrix.withValues { values in
          (0..<matrix.rowCount).map { values[$0 * matrix.columnCount + column] }
        }
        return { number(values[$0]) }
      }
    }
    switch aspect {
    case .slide: return ofSlide { features.slides[$0].name }
    case .labels(let labels, _):
      let texts = features.slides.map { slide -> String in
        switch labels.values {
        case .categorical(let bySlide, _): bySlide[slide.name] ?? ""
        case .continuous(let bySlide): bySlide[slide.name].map { "\($0)" } ?? ""
        }
      }
      return ofSlide { texts[$0] }
    case .column(let column):
      if let numbers = features.quantity(column) { return { slide in { number(numbers[slide, $0]) } } }
      let annotations = features.study.project.annotations
      let texts = try features.slides.map { slide -> String in
        let value = try annotations.value(of: column, slide: slide.name) ?? ""
        return Annotations.isBlank(value) ? "" : value
      }
      return ofSlide { texts[$0] }
    case .feature(let layer, let index):
      return matrix(try features.column(layer: layer, index: index)) { $0.features }
    case .logit(let name): return matrix(try features.logit(name)) { $0.logits }
    case .probability(let name):
      let column = try features.probability(name)
      return { slide in
        let own = features.slides[slide]
        return { number(features.outputs.probabilities(of: own.outputs($0))[column]) }
      }
    case .uncertainty(let name):
      if let numbers = features.keptUncertainty(name) {
        return { slide in { number(numbers[slide, $0]) } }
      }
      let outputs = features.outputs
      let head = try outputs.headWithUncertainty(
        name, for: "\(parameter)=uncertainty", of: features.modelName, parameter: parameter)
      return { slide in
        let own = features.slides[slide]
        return { number(outputs.uncertainty(of: head, in: own.outputs($0))) }
      }
    case .prediction(let name, let among):
      let outputs = features.outputs
      let head = try outputs.headWithClasses(
        name, for: "\(parameter)=prediction", of: features.modelName, parameter: parameter)
      let allowed = try among.map { try features.classColumns($0, of: head) }
      return { slide in
        let own = features.slides[slide]
        return { row in
          outputs.predictedColumn(of: head, in: own.outputs(row), among: allowed).map {
            (outputs.names[$0], Double(outputs.names[$0]))
          }
            ?? ("", nil)
        }
      }
    case .region:
      let regions = try TileRegionLabels(features, parameter: parameter)
      return { slide in { (regions.labels[slide][$0] ?? "", nil) } }
    case .groups(let groups, _):
      let numbers = try groups.numbers(on: features, parameter: parameter)
      return { slide in
        { row in
          let number = numbers[slide][row]
          return number < 0 ? ("", nil) : (groups.names[Int(number)], Double(groups.names[Int(number)]))
        }
      }
    }
  }
}

extension TileAspect {
  /// True for what the features or the model say, and not the slide.
  fileprivate var isOfFeatures: Bool {
    switch self {
    case .feature, .logit, .probability, .prediction, .uncertainty, .groups: true
    case .column, .slide, .region, .labels: false
    }
  }

  fileprivate var hasCategories: Bool {
    switch self {
    case .prediction, .slide, .region, .groups: true
    case .column, .labels, .feature, .logit, .probability, .uncertainty: false
    }
  }
}
