/// What can be said of a name at its place: a value, a column, a category, a slide, a layer, an outcome, a quantity.
struct NameFacts {
  let registry: Registry
  let scope: Scope

  /// - Parameter column: the column whose category the word is.
  func page(of scalar: ScalarSyntax, as type: ParameterType?, column: String?, among names: KnownNames) -> RichOutput? {
    guard let type else { return scalar.isQuoted ? nil : value(scalar.text) }
    switch type {
    case .list(let item), .optional(let item): return page(of: scalar, as: item, column: column, among: names)
    case .either(let types):
      return types.lazy.compactMap { page(of: scalar, as: $0, column: column, among: names) }.first
    case .value, .valueOrSlot, .valueOrPath: return scalar.isQuoted ? nil : value(scalar.text)
    case .valueOrName(_, let kind):
      return (scalar.isQuoted ? nil : value(scalar.text)) ?? name(scalar.text, kind, names)
    case .nameOrPath(let kind, _):
      return scalar.isQuoted ? nil : standing(scalar.text, kind) ?? name(scalar.text, kind, names)
    case .name(.command): return registry.manual.summary(of: scalar.text)
    case .name(let kind), .indexOrName(let kind):
      return (scalar.isQuoted ? nil : standing(scalar.text, kind)) ?? name(scalar.text, kind, names)
    case .categoriesByColumn: return name(scalar.text, column.map(NameKind.category) ?? .column, names)
    case .numbersByName(let kind, _), .rangesByName(let kind): return name(scalar.text, kind, names)
    case .conditionsByName(let kind):
      return name(scalar.text, column.map(NameKind.category) ?? kind, names)
        ?? (column == nil ? name(scalar.text, .column, names) : nil)
    case .conditionsByQuantity:
      return (scalar.isQuoted ? nil : standing(scalar.text, .column))
        ?? column.map { name(scalar.text, .category(of: $0), names) } ?? quantity(scalar, names)
    case .comparison: return nil
    case .sortKey(let kind):
      let column = scalar.text.hasPrefix("-") ? String(scalar.text.dropFirst()) : scalar.text
      return name(column, .column, names) ?? name(column, kind, names)
    case .tile: return WordReading.tile(scalar.text).flatMap { name($0.slide, .slide, names) }
    case .quantity, .measure: return (scalar.isQuoted ? nil : standing(scalar.text, .column)) ?? quantity(scalar, names)
    case .integer, .number, .boolean, .text, .choice, .choiceOrCount, .path, .range, .percentile, .microns,
      .textsByName:
      return nil
    }
  }

  /// What is known of a value that stands for a name of a kind.
  private func standing(_ word: String, _ kind: NameKind) -> RichOutput? {
    scope[word]?.type.map { registry.stands($0, for: kind) } == true ? value(word) : nil
  }

  private func quantity(_ scalar: ScalarSyntax, _ names: KnownNames) -> RichOutput? {
    switch WordReading.quantity(scalar.text, isQuoted: scalar.isQuoted) {
    case .column(let column)?: return name(column, .column, names)
    case .feature(let layer, let index)?:
      let width = layer.flatMap { names.widths["features/" + $0] } ?? names.widths["features"]
      return entry(
        scalar.text, "activation \(index)" + (layer.map { " of the layer \($0)" } ?? ""),
        width.map { ["One of \($0), numbered 0 to \($0 - 1)."] } ?? [])
    case .logit(let outcome)?, .probability(let outcome)?:
      let known = names.names(of: .outcome) ?? []
      return entry(
        scalar.text,
        (scalar.text.hasPrefix("logit") ? "logit of " : "probability of ")
          + (WordReading.integer(outcome).flatMap { known.indices.contains($0) ? known[$0] : nil } ?? outcome),
        known.isEmpty ? [] : ["The outcomes are \(LanguageError.enumerate(known))."])
    case .prediction(let head)?:
      return entry(scalar.text, "the outcome with the largest logit" + (head.map { " of the head \($0)" } ?? ""), [])
    case .uncertainty(let head)?:
      return entry(scalar.text, "the uncertainty of the prediction" + (head.map { " of the head \($0)" } ?? ""), [])
    case .cluster?: return entry(scalar.text, "the cluster that a tile belongs to", [])
    case .region?: return entry(scalar.text, "the region of interest that a tile lies in", [])
    case .slide?: return entry(scalar.text, "the slide that a tile belongs to", [])
    case nil: return nil
    }
  }

  private func name(_ name: String, _ kind: NameKind, _ names: KnownNames) -> RichOutput? {
    guard names.names(of: kind)?.contains(name) == true else { return nil }
    let count = names.counts[kind.key]?[name]
    switch kind {
    case .column:
      let category = NameKind.category(of: name)
      let values = (names.names(of: category) ?? []).map { value in
        value + (names.counts[category.key]?[value].map { " (\($0))" } ?? "")
      }
      return entry(
        name, "column of the annotations", values.isEmpty ? [] : ["Values: \(LanguageError.enumerate(values))."])
    case .slide:
      return entry(name, "slide", count.map { ["\($0) tiles, numbered 0 to \($0 - 1)."] } ?? [])
    case .layer:
      let width =
        names.widths["features/" + name] ?? (names.names(of: .layer)?.count == 1 ? names.widths["features"] : nil)
      return entry(name, "layer of the model", width.map { ["\($0) features."] } ?? [])
    default:
      return entry(name, kind.noun, count.map { ["\($0) slides."] } ?? [])
    }
  }

  /// What a reference such as `df` or `m.map` stands for.
  func value(_ reference: String) -> RichOutput? {
    guard let parts = WordReading.reference(reference), let root = parts.first, let known = scope[root] else {
      return nil
    }
    guard let binding = scope.workspace.binding(named: root), known.value != nil else {
      // A line above makes it, when it has run.
      guard parts.count == 1, let type = known.type else { return nil }
      let line = scope.targetLines[root]?.first
      return entry(reference, type.name, line.map { ["Made on line \($0)."] } ?? [])
    }
    var value = binding.value
    for part in parts.dropFirst() {
      guard let member = value.member(part) else { return nil }
      value = member
    }
    var title = "\(value.valueType.name), \(value.shape)"
    let size = SessionListing.size(value.byteCount)
    if !size.isEmpty { title += ", " + size }
    var facts = scope.workspace.earlierSources(of: .named(root)).map { "Made from an earlier \($0.displayName)." }
    if !value.memberNames.isEmpty { facts.append("It has \(LanguageError.enumerate(value.memberNames)).") }
    return entry(reference, title, facts, statement: binding.statement)
  }

  private func entry(_ name: String, _ title: String, _ facts: [String], statement: String? = nil) -> RichOutput {
    let made = statement.map { ["Made by: \($0)"] } ?? []
    var markdown = ["**`\(name)`**: \(Markdown.escape(title))"]
    if let statement { markdown.append("```tessera\n\(statement)\n```") }
    markdown += facts.map(Markdown.escape)
    return RichOutput(
      text: (["\(name): \(title)"] + made + facts).joined(separator: "\n"),
      markdown: markdown.joined(separator: "\n\n"))
  }
}
