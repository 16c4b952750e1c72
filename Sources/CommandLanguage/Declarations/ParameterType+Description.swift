extension ParameterType {
  /// In a sentence after "is": "a whole number".
  func described(in registry: Registry) -> String {
    switch self {
    case .integer: "a whole number"
    case .number: "a number"
    case .boolean: "true or false"
    case .text: "a text"
    case .choice(let choices): LanguageError.enumerate(choices, last: "or")
    case .choiceOrCount(let choices, let counted, _): LanguageError.enumerate(choices + [counted + ":N"], last: "or")
    case .path: "a path"
    case .tile: "a tile such as SLIDE:0"
    case .value(let types): registry.phrase(for: types)
    case .valueOrSlot: "a value or a type"
    case .valueOrPath(let types, _): registry.phrase(for: types) + " or a path"
    case .valueOrName(let types, let kind): registry.phrase(for: types) + " or the name of " + Self.one(kind)
    case .nameOrPath(let kind, _): "the name of " + Self.one(kind) + " or a path"
    case .name(let kind): "the name of " + Self.one(kind)
    case .indexOrName(let kind): Self.one(kind) + " by number or name"
    case .quantity: "a column, feature:INDEX, logit:CLASS, prediction, cluster, uncertainty or slide"
    case .measure: "feature:INDEX, logit:CLASS or a number that came with the tiles"
    case .range: "a range such as 0..<100"
    case .percentile: "a percentile such as p99"
    case .microns: "a size in microns such as 302 or a magnification such as 20x"
    case .list(.integer): "a list of whole numbers"
    case .list(.number): "a list of numbers"
    case .list(.name(let kind)): "a list of \(LanguageError.plural(kind.noun))"
    case .list(.indexOrName(let kind)): "a list of \(LanguageError.plural(kind.noun)) by number or name"
    case .list(let item): "a list whose items are each " + item.described(in: registry)
    case .categoriesByColumn: "a map such as {COLUMN: [VALUE]}"
    case .numbersByName, .rangesByName, .textsByName: "a map such as " + placeholder.replacing(", …", with: "")
    case .conditionsByName: "a map such as {COLUMN: VALUE} or {COLUMN: >0.5}"
    case .conditionsByQuantity: "a map such as {COLUMN: [VALUE]} or {\"feature:0\": >0.5}"
    case .comparison: "a comparison such as feature:0>0.5"
    case .sortKey: "a column, or -COLUMN from high to low"
    case .optional(let other): other.described(in: registry) + " or none"
    case .either(let types):
      LanguageError.enumerate(types.map { $0.described(in: registry) }, last: "or")
    }
  }

  /// In the manual: `INTEGER`, `low|medium|high`, `[COLUMN, …]`.
  package var placeholder: String {
    switch self {
    case .integer: "INTEGER"
    case .number: "NUMBER"
    case .boolean: "true|false"
    case .text: "TEXT"
    case .choice(let choices): choices.count <= 6 ? choices.joined(separator: "|") : "NAME"
    case .choiceOrCount(let choices, let counted, _): (choices + [counted + ":N"]).joined(separator: "|")
    case .path(.existingFile(let extensions)), .path(.output(let extensions)):
      extensions.count == 1 ? "PATH." + extensions[0] : "PATH"
    case .path: "PATH"
    case .tile: "SLIDE:INDEX"
    case .value(let types): Self.names(types)
    case .valueOrSlot: "VALUE|TYPE"
    case .valueOrPath(let types, _): Self.names(types) + "|PATH"
    case .valueOrName(let types, let kind): Self.names(types) + "|" + kind.noun.uppercased()
    case .nameOrPath(let kind, _): kind.noun.uppercased() + "|PATH"
    case .name(let kind): kind.noun.uppercased()
    case .indexOrName(let kind): "INDEX|" + kind.noun.uppercased()
    case .quantity, .measure: "QUANTITY"
    case .range: "0..<N"
    case .percentile: "pN"
    case .microns: "MICRONS|20x"
    case .list(let item): "[" + item.placeholder + ", …]"
    case .categoriesByColumn: "{COLUMN: [VALUE, …]}"
    case .numbersByName(let kind, _): "{\(kind.noun.uppercased()): NUMBER, …}"
    case .textsByName(let key, let text): "{\(key.uppercased()): \(text.uppercased()), …}"
    case .rangesByName(let kind): "{\(kind.noun.uppercased()): 0..<N, …}"
    case .conditionsByName(let kind): "{\(kind.noun.uppercased()): VALUE|>NUMBER, …}"
    case .conditionsByQuantity: "{QUANTITY: VALUE|>NUMBER, …}"
    case .comparison: "QUANTITY>NUMBER"
    case .sortKey(let kind): "\(kind.noun.uppercased())|-\(kind.noun.uppercased())"
    case .optional(let other): other.placeholder + "|none"
    case .either(let types): types.map(\.placeholder).joined(separator: "|")
    }
  }

  /// Something that fits, for "instead"; nil if there is nothing short.
  var sample: String? {
    switch self {
    // A number that nobody asked for helps nobody.
    case .integer, .number, .numbersByName, .rangesByName, .textsByName: nil
    case .boolean: "true"
    case .text: "TEXT"
    case .choice(let choices), .choiceOrCount(let choices, _, _): choices.first
    case .path: "PATH"
    case .tile: "SLIDE:0"
    case .value, .valueOrSlot, .valueOrPath, .valueOrName: "VALUE"
    case .name(let kind), .indexOrName(let kind), .nameOrPath(let kind, _), .sortKey(let kind): kind.noun.uppercased()
    case .conditionsByName(let kind): "{\(kind.noun.uppercased()): VALUE}"
    case .conditionsByQuantity: "{COLUMN: VALUE}"
    case .comparison: "feature:0>0.5"
    case .quantity, .measure: "feature:0"
    case .range: "0..<100"
    case .percentile: "p99"
    case .microns: "302"
    case .list(let item): item.sample.map { "[\($0)]" }
    case .categoriesByColumn: "{COLUMN: [VALUE]}"
    case .optional(let other): other.sample
    case .either(let types): types.first?.sample
    }
  }

  /// True where the same word twice would say the same thing twice.
  var isName: Bool {
    switch self {
    case .name, .value, .valueOrSlot, .valueOrName, .indexOrName, .nameOrPath: true
    case .either(let types): types.contains(where: \.isName)
    default: false
    }
  }

  /// True for what may have blanks in it, and is then quoted.
  var takesText: Bool {
    switch self {
    case .text, .path, .nameOrPath, .name, .sortKey, .valueOrPath: true
    case .optional(let other): other.takesText
    case .either(let types): types.contains(where: \.takesText)
    default: false
    }
  }

  /// True for what is written in braces.
  var isMap: Bool {
    switch self {
    case .categoriesByColumn, .numbersByName, .rangesByName, .conditionsByName, .conditionsByQuantity, .textsByName:
      true
    default: false
    }
  }

  /// True for a map whose values are what is asked of its keys.
  var hasConditions: Bool {
    switch self {
    case .conditionsByName, .conditionsByQuantity: true
    default: false
    }
  }

  var isChoice: Bool { !choices.isEmpty }

  /// The words that may be given, where there is a choice of some.
  var choices: [String] {
    switch self {
    case .choice(let choices), .choiceOrCount(let choices, _, _): choices
    default: []
    }
  }

  var isList: Bool { if case .list = self { true } else { false } }

  /// True if reading it needs names that only a look at the other arguments makes known.
  var needsNames: Bool {
    switch self {
    case .name, .indexOrName, .valueOrName, .nameOrPath, .quantity, .measure, .categoriesByColumn, .numbersByName,
      .rangesByName, .conditionsByName, .conditionsByQuantity, .comparison, .sortKey, .tile:
      true
    case .list(let item), .optional(let item): item.needsNames
    case .either(let types): types.contains(where: \.needsNames)
    default: false
    }
  }

  private static func one(_ kind: NameKind) -> String { LanguageError.article(kind.noun) + " " + kind.noun }

  private static func names(_ types: [ValueType]) -> String {
    types.isEmpty ? "VALUE" : types.map { $0.name.uppercased() }.joined(separator: "|")
  }
}
