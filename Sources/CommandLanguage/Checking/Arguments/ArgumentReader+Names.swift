/// Reads what refers to names: columns and their values, slides, layers, features and tiles.
extension ArgumentReader {
  func name(_ scalar: ScalarSyntax, _ kind: NameKind, inList: Bool = false) throws(Diagnostic) -> String {
    if kind == .command { return try command(scalar) }
    let known = names.names(of: kind)
    let isCategory = kind.key.hasPrefix(NameKind.categoryPrefix)
    if isCategory, !scalar.isQuoted, let first = scalar.text.first, "<>≤≥!".contains(first),
      known?.contains(scalar.text) != true
    {
      let fitting = Self.fitting(scalar.text, among: known ?? []).map(ScalarSyntax.spelling).joined(separator: ", ")
      let instead = fitting.isEmpty ? nil : inList ? fitting : "[\(fitting)]"
      throw failure(.comparison(scalar.text, instead: instead), scalar.span)
    }
    guard let known, !known.contains(scalar.text) else { return scalar.text }
    let nearest = NearestName.nearest(to: scalar.text, in: known)
    if isCategory {
      let counts = names.counts[kind.key]
      throw failure(
        .unknownCategory(
          scalar.text, column: String(kind.key.dropFirst(NameKind.categoryPrefix.count)),
          known: known.map { LanguageError.CountedName(name: $0, count: counts?[$0]) }, nearest: nearest), scalar.span)
    }
    throw failure(.unknownName(scalar.text, noun: kind.noun, known: known, nearest: nearest), scalar.span)
  }

  /// The values that a comparison such as `>60` stands for; none if they are many.
  private static func fitting(_ comparison: String, among known: [String]) -> [String] {
    let sign = String(comparison.prefix { "<>≤≥!=".contains($0) })
    let operand = String(comparison.dropFirst(sign.count))
    if sign.hasPrefix("!"), known.contains(operand), (2...7).contains(known.count) {
      return known.filter { $0 != operand }
    }
    guard let bound = WordReading.number(operand) else { return [] }
    let fitting = known.filter { name in
      guard let value = WordReading.number(name) else { return false }
      return switch sign {
      case ">": value > bound
      case "<": value < bound
      case ">=", "≥": value >= bound
      case "<=", "≤": value <= bound
      default: value != bound
      }
    }
    return fitting.count <= 6 ? fitting : []
  }

  /// A name where a path may stand too: a word that is only a file's name is answered with that file's path.
  func nameUnlessFile(_ scalar: ScalarSyntax, _ kind: NameKind) throws(Diagnostic) -> String {
    let isKnown = names.names(of: kind)?.contains(scalar.text)
    if isKnown != true, let found = paths.find(scalar.text), !paths.files.isDirectory(found) {
      throw failure(.fileNotName(scalar.text, noun: kind.noun), scalar.span)
    }
    return try name(scalar, kind)
  }

  private func command(_ scalar: ScalarSyntax) throws(Diagnostic) -> String {
    guard let problem = noPage(of: scalar.text) else { return scalar.text }
    throw failure(problem, scalar.span)
  }

  /// Why a word has no page in the manual; nil if it has one.
  func noPage(of word: String) -> LanguageError? {
    guard registry[word] == nil, word != registry.reference.name || word.isEmpty else { return nil }
    let declarations = registry.commands.map(\.declaration)
    if let parts = WordReading.reference(word), let root = parts.first, scope[root] != nil { return .helpOnValue(word) }
    let owners = declarations.filter { $0.parameters.contains { $0.name == word } }
    if !owners.isEmpty { return .helpOnParameter(word, commands: owners.map(\.name)) }
    switch registry.meaning(of: word) {
    case .command(let name, isSynonym: true): return .synonym(word, command: name, instead: name)
    case .command(let name, isSynonym: false): return .unknownCommand(word, nearest: name)
    case .term(let term): return .habit(sentence: term.sentence, instead: term.page.map { "help " + $0 })
    case nil: return .unknownCommand(word, nearest: nil)
    }
  }

  /// `feature:12` for `feature12`, if there is such a feature.
  private func meantQuantity(_ word: String) -> String? {
    guard let (noun, index) = WordReading.meantQuantity(word), index < names.widths[noun + "s"] ?? .max else {
      return nil
    }
    return "\(noun):\(index)"
  }

  mutating func tile(_ scalar: ScalarSyntax, _ parameter: ParameterDeclaration) throws(Diagnostic) -> BoundValue {
    guard let (word, index) = WordReading.tile(scalar.text), index >= 0 else {
      let slide = scalar.text.split(separator: ":").first.map(String.init)
      let isKnown = slide.map { names.names(of: .slide)?.contains($0) == true } ?? false
      throw unfit(.scalar(scalar), .tile, parameter, instead: isKnown ? slide.map { $0 + ":0" } : nil)
    }
    let slide = try named(ScalarSyntax(text: word, isQuoted: scalar.isQuoted, span: scalar.span), .slide).text
    if let known = names.names(of: .slide), !known.contains(slide) {
      let nearest = NearestName.nearest(to: slide, in: known).map { "\($0):\(index)" }
      throw failure(.unknownName(slide, noun: "slide", known: known, nearest: nearest), scalar.span)
    }
    if let count = names.counts[NameKind.slide.key]?[slide], index >= count {
      throw failure(.unknownTile(slide: slide, index: index, count: count), scalar.span)
    }
    return .tile(slide: slide, index: index)
  }

  func quantity(_ scalar: ScalarSyntax, _ parameter: ParameterDeclaration) throws(Diagnostic) -> BoundValue {
    guard let quantity = WordReading.quantity(scalar.text, isQuoted: scalar.isQuoted) else {
      throw unfit(.scalar(scalar), .quantity, parameter)
    }
    switch quantity {
    case .column(let column):
      if let known = names.names(of: .column), !known.contains(column),
        !names.mayHaveQuantities, !(names.names(of: .quantity)?.contains(column) ?? false)
      {
        let nearest =
          meantQuantity(column) ?? WordReading.integer(column).map { "feature:\($0)" }
          ?? NearestName.nearest(to: column, in: known + names.specialQuantities)
        throw failure(.unknownName(column, noun: "column", known: known, nearest: nearest), scalar.span)
      }
    case .feature(let layer, let index):
      if let layer {
        let measured = names.widths.keys.filter { $0.hasPrefix("features/") }.map { String($0.dropFirst(9)) }.sorted()
        let known = names.names(of: .layer) ?? (measured.isEmpty ? nil : measured)
        if let known, !known.contains(layer) {
          throw failure(
            .unknownName(
              layer, noun: "layer", known: known,
              nearest: NearestName.nearest(to: layer, in: known).map { "feature:\($0)/\(index)" }),
            scalar.span)
        }
        if let width = names.widths["features/" + layer] {
          try check(index, "feature", width, scalar, after: "feature:\(layer)/")
        }
      } else {
        let layers = names.widths.keys.filter { $0.hasPrefix("features/") }.map {
          String($0.dropFirst("features/".count))
        }
        if layers.count > 1 { throw failure(.severalLayers("\(index)", layers: layers.sorted()), scalar.span) }
        if let width = names.widths["features"] { try check(index, "feature", width, scalar, after: "feature:") }
      }
    case .logit(let word): try outcome(word, "logit", scalar)
    case .probability(let word): try outcome(word, "probability", scalar)
    case .region:
      // Annotations may have a column of that name, which was there first.
      let columns = (names.names(of: .column) ?? []) + (names.names(of: .quantity) ?? [])
      if columns.contains(scalar.text) { return .quantity(.column(scalar.text)) }
    case .prediction, .cluster, .uncertainty, .slide: break
    }
    return .quantity(quantity)
  }

  /// What stands behind `logit:` or `probability:`.
  private func outcome(_ word: String, _ noun: String, _ scalar: ScalarSyntax) throws(Diagnostic) {
    if let index = WordReading.integer(word) {
      if let width = names.widths["logits"] ?? names.names(of: .outcome)?.count {
        try check(index, noun, width, scalar, after: noun + ":")
      }
    } else if let known = names.names(of: .outcome), !known.contains(word) {
      throw failure(
        .unknownName(
          word, noun: "outcome", known: known,
          nearest: NearestName.nearest(to: word, in: known).map { "\(noun):\($0)" }),
        scalar.span)
    }
  }

  private func check(
    _ index: Int, _ noun: String, _ count: Int, _ scalar: ScalarSyntax, after prefix: String
  ) throws(Diagnostic) {
    guard !(0..<count).contains(index) else { return }
    throw failure(.unknownIndex(index, noun: noun, count: count, prefix: prefix), scalar.span)
  }

  func range(_ scalar: ScalarSyntax, _ parameter: ParameterDeclaration) throws(Diagnostic) -> Range<Int> {
    guard !scalar.isQuoted, let (lower, upper) = WordReading.range(scalar.text) else {
      if !scalar.isQuoted, let range = WordReading.colonRange(scalar.text) {
        throw failure(.colonInRange(range), scalar.span)
      }
      if !scalar.isQuoted, let range = WordReading.dashedRange(scalar.text) {
        throw failure(.dashInRange(scalar.text, instead: range), scalar.span)
      }
      throw unfit(.scalar(scalar), .range, parameter, instead: WordReading.meantRange(scalar.text))
    }
    guard lower >= 0 else {
      let instead = upper > 0 ? "0..<\(upper)" : ParameterType.range.sample
      throw failure(.rangeBelowZero(scalar.text, lower: lower, instead: instead), scalar.span)
    }
    guard lower < upper else {
      let instead = upper < lower && upper >= 0 ? "\(upper)..<\(lower)" : "\(lower)..<\(lower + 1)"
      throw failure(.backwardsRange(scalar.text, instead: instead), scalar.span)
    }
    return lower..<upper
  }

  /// A map with each column once, with all the values that it was given.
  static func merged(_ pairs: [PairSyntax]) -> String {
    var columns: [(key: String, values: [String])] = []
    for pair in pairs {
      let values = pair.value?.scalars.map(\.printed) ?? []
      if let index = columns.firstIndex(where: { $0.key == pair.key.printed }) {
        columns[index].values += values
      } else {
        columns.append((pair.key.printed, values))
      }
    }
    return "{" + columns.map { "\($0.key): [" + $0.values.joined(separator: ", ") + "]" }.joined(separator: ", ") + "}"
  }

  /// A text for each name, as they are spelled.
  func texts(
    _ pairs: [PairSyntax], for parameter: ParameterDeclaration
  ) throws(Diagnostic) -> [(name: String, text: String)] {
    var result: [(name: String, text: String)] = []
    for pair in pairs {
      if result.contains(where: { $0.name == pair.key.text }) {
        throw failure(.repeatedItem(pair.key.printed, instead: nil), pair.key.span)
      }
      guard let value = pair.value else { throw failure(.missingMapValue(key: pair.key.printed), pair.key.span) }
      guard case .scalar(let scalar) = value else { throw unfit(value, .text, parameter) }
      result.append((pair.key.text, scalar.text))
    }
    return result
  }

  mutating func categories(
    _ pairs: [PairSyntax], for parameter: ParameterDeclaration
  ) throws(Diagnostic) -> BoundValue {
    var result: [(column: String, categories: [String])] = []
    var seen: Set<String> = []
    for pair in pairs {
      let column = try name(pair.key, .column)
      if !seen.insert(column).inserted {
        throw failure(.columnGivenTwice(column, instead: Self.merged(pairs)), pair.key.span)
      }
      var categories: [String] = []
      switch pair.value {
      case .scalar(let scalar)?: categories = [try name(scalar, .category(of: column))]
      case .list(let scalars, let span)?:
        if scalars.isEmpty { throw failure(.empty(column, noun: "list", instead: "[VALUE]"), span) }
        for scalar in scalars { categories.append(try name(scalar, .category(of: column), inList: true)) }
      case .map?, nil: throw failure(.missingMapValue(key: column), pair.key.span)
      }
      result.append((column, categories))
    }
    return .categories(result)
  }
}
