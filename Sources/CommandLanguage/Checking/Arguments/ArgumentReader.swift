/// Reads the arguments of one statement by their declared types. There is no fallback: what does not fit is an error.
struct ArgumentReader {
  let source: SourceText
  let scope: Scope
  let registry: Registry
  let paths: PathSearch
  let missingFiles: MissingFiles
  /// The line of the statement.
  let line: Int
  /// What the command works on, after which a file may be called.
  var subjectName: String?
  /// The names that are valid in the statement.
  var names = KnownNames()
  private(set) var usedSlots: [ValueSlot] = []
  /// What is known of a value given for a parameter, or meant by leaving it out.
  private(set) var knownByParameter: [String: KnownNames] = [:]
  /// The values used that belong to a project, in the order read.
  private(set) var owned: [OwnedValue] = []
  /// The folder in which results made from the first of the values used are kept.
  private(set) var store: String?
  var outputPaths: [String] = []

  init(
    source: SourceText, scope: Scope, registry: Registry, paths: PathSearch, missingFiles: MissingFiles, line: Int
  ) {
    self.source = source
    self.scope = scope
    self.registry = registry
    self.paths = paths
    self.missingFiles = missingFiles
    self.line = line
  }

  func failure(_ problem: LanguageError, _ span: Range<Int>) -> Diagnostic { Diagnostic(problem, at: span, in: source) }

  /// A value that belongs to a project.
  struct OwnedValue {
    /// As written, or the display name of what was left out.
    let name: String
    let type: ValueType?
    /// Its folder.
    let project: String
    let span: Range<Int>
  }

  mutating func use(_ slot: ValueSlot, _ known: KnownValue, at span: Range<Int>) {
    if !usedSlots.contains(slot) { usedSlots.append(slot) }
    store = store ?? known.names?.names(of: .store)?.first
    guard let project = owner(of: known) else { return }
    owned.append(OwnedValue(name: slot.displayName, type: known.type, project: project, span: span))
  }

  /// Notes what is known of a value that is given or meant for a parameter.
  mutating func know(_ names: KnownNames?, for parameter: String) {
    if let names { knownByParameter[parameter] = names }
  }

  /// The folder of the project that a value belongs to.
  func owner(of known: KnownValue) -> String? { known.names?.names(of: .project)?.first }

  /// Notes a value that the statement means without naming it.
  mutating func imply(_ entry: Scope.Entry, for parameter: String?, at span: Range<Int>) {
    use(entry.slot, entry.known, at: span)
    if let parameter { know(entry.known.names, for: parameter) }
  }

  /// True for a path and for a session value where a name could stand too: they are read without knowing any names.
  func isSelfContained(_ scalar: ScalarSyntax, as type: ParameterType) -> Bool {
    switch type {
    case .nameOrPath(let kind, _):
      scalar.isQuoted || PathSearch.looksLikePath(scalar.text) || standing(scalar, for: kind) != nil
    case .valueOrName(let types, _): !scalar.isQuoted && isValue(scalar.text, of: types)
    case .optional(let other): isSelfContained(scalar, as: other)
    default: false
    }
  }

  /// True if a word is the name of a value that fits, or a member of one.
  private func isValue(_ word: String, of types: [ValueType]) -> Bool {
    guard let parts = WordReading.reference(word), let known = scope[parts[0]] else { return false }
    return parts.count > 1 || known.type.map { registry.fits($0, types) } ?? true
  }

  /// The type of a value that stands for a name of a kind; nil if a word is no such value.
  func standing(_ scalar: ScalarSyntax, for kind: NameKind) -> ValueType? {
    guard !scalar.isQuoted, let type = scope[scalar.text]?.type, registry.stands(type, for: kind) else { return nil }
    return type
  }

  // MARK: Any type

  mutating func read(
    _ value: ValueSyntax, as type: ParameterType, for parameter: ParameterDeclaration
  ) throws(Diagnostic) -> BoundValue {
    switch type {
    case .optional(let other):
      if case .scalar(let scalar) = value, !scalar.isQuoted, WordReading.isNone(scalar.text) { return .none }
      do throws(Diagnostic) {
        return try read(value, as: other, for: parameter)
      } catch {
        throw error.widened(from: other.described(in: registry), to: type.described(in: registry))
      }
    case .either(let types): return try either(value, types, for: parameter)
    case .list(let item):
      guard case .list(let scalars, let span) = value else {
        return .list([try read(value, as: item, for: parameter)])
      }
      return .list(try items(scalars, span, as: item, for: parameter))
    case .categoriesByColumn:
      guard case .map(let pairs, let span) = value else {
        throw unfit(value, type, parameter, instead: map(from: value))
      }
      if pairs.isEmpty { throw failure(.empty(parameter.name, noun: "map", instead: "{COLUMN: [VALUE]}"), span) }
      return try categories(pairs, for: parameter)
    case .numbersByName(let kind, let bounds):
      guard case .map(let pairs, let span) = value else { throw unfit(value, type, parameter) }
      if pairs.isEmpty {
        throw failure(.empty(parameter.name, noun: "map", instead: "{\(kind.noun.uppercased()): NUMBER}"), span)
      }
      return .numbers(try numbers(pairs, by: kind, in: bounds, for: parameter))
    case .textsByName:
      guard case .map(let pairs, let span) = value else { throw unfit(value, type, parameter) }
      if pairs.isEmpty { throw failure(.empty(parameter.name, noun: "map", instead: type.placeholder), span) }
      return .categories(try texts(pairs, for: parameter).map { ($0.name, [$0.text]) })
    case .rangesByName(let kind):
      guard case .map(let pairs, let span) = value else { throw unfit(value, type, parameter) }
      if pairs.isEmpty {
        throw failure(.empty(parameter.name, noun: "map", instead: "{\(kind.noun.uppercased()): 0..<100}"), span)
      }
      return .ranges(try ranges(pairs, by: kind, for: parameter))
    case .conditionsByName(let kind):
      guard case .map(let pairs, let span) = value else {
        throw unfit(value, type, parameter, instead: map(from: value, by: kind))
      }
      if pairs.isEmpty {
        throw failure(.empty(parameter.name, noun: "map", instead: type.sample ?? type.placeholder), span)
      }
      return .conditions(try conditions(pairs, by: kind))
    case .conditionsByQuantity:
      guard case .map(let pairs, let span) = value else {
        throw unfit(value, type, parameter, instead: Self.comparisons(value.scalars) ?? map(from: value))
      }
      if pairs.isEmpty {
        throw failure(.empty(parameter.name, noun: "map", instead: type.sample ?? type.placeholder), span)
      }
      return .list(try asked(pairs, for: parameter))
    default:
      guard case .scalar(let scalar) = value else {
        throw unfit(value, type, parameter, instead: type.isName || type.isChoice ? value.scalars.first?.printed : nil)
      }
      return try read(scalar, as: type, for: parameter)
    }
  }

  private mutating func items(
    _ scalars: [ScalarSyntax], _ span: Range<Int>, as item: ParameterType, for parameter: ParameterDeclaration
  ) throws(Diagnostic) -> [BoundValue] {
    if scalars.isEmpty {
      throw failure(.empty(parameter.name, noun: "list", instead: Self.sampleList(item, parameter)), span)
    }
    var items: [BoundValue] = []
    var seen: Set<String> = []
    for scalar in scalars {
      if item.isName, !seen.insert(scalar.text).inserted {
        let once = scalars.map(\.printed).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        throw failure(.repeatedItem(scalar.printed, instead: "[" + once.joined(separator: ", ") + "]"), scalar.span)
      }
      do throws(Diagnostic) {
        items.append(try read(.scalar(scalar), as: item, for: parameter))
      } catch {
        throw error.asItem
      }
    }
    return items
  }

  /// The default where there is one, else a list that shows the form.
  private static func sampleList(_ item: ParameterType, _ parameter: ParameterDeclaration) -> String {
    if let text = parameter.defaultText, text.hasPrefix("[") { return text }
    return "[" + (item.sample ?? item.placeholder) + "]"
  }

  /// `{site: A}` for `site:A`, `site=A` or a list of such words, and `{site: [VALUE]}` for a column alone.
  private func map(from value: ValueSyntax, by kind: NameKind = .column) -> String? {
    let words = value.scalars
    if words.count == 1, let column = words.first?.text, names.names(of: kind)?.contains(column) == true {
      return "{\(ScalarSyntax.keySpelling(of: column)): [VALUE]}"
    }
    var pairs: [String] = []
    for word in words {
      guard !word.isQuoted, let sign = word.text.firstIndex(where: { $0 == ":" || $0 == "=" }),
        sign != word.text.startIndex
      else { return nil }
      let category = word.text[word.text.index(after: sign)...].drop { $0 == "=" }
      guard !category.isEmpty else { return nil }
      pairs.append(word.text[..<sign] + ": " + category)
    }
    return pairs.isEmpty ? nil : "{" + pairs.joined(separator: ", ") + "}"
  }

  private mutating func either(
    _ value: ValueSyntax, _ types: [ParameterType], for parameter: ParameterDeclaration
  ) throws(Diagnostic) -> BoundValue {
    if value.isScalar, value.printed.contains(".."), types.contains(.range), WordReading.range(value.printed) == nil {
      // Nothing that is written so is a name.
      if let range = WordReading.dashedRange(value.printed) {
        throw failure(.dashInRange(value.printed, instead: range), value.span)
      }
      if let range = WordReading.meantRange(value.printed) {
        throw unfit(value, .either(types), parameter, instead: range)
      }
    }
    var telling: Diagnostic?
    for type in types {
      let bound: BoundValue
      do throws(Diagnostic) {
        bound = try read(value, as: type, for: parameter)
      } catch {
        // An error about the content says more than that the form does not fit.
        if case .unfit(_, let expected, _, _, _) = error.problem {
          if expected == type.described(in: registry) || type.isList && !value.isList { continue }
        } else if case .dashInRange(let word, _) = error.problem, isKnownName(word, types) {
          continue
        } else if type == .range {
          throw error
        }
        telling = telling ?? error
        continue
      }
      if case .range(let range) = bound { try check(range, at: value.span, against: types) }
      return bound
    }
    let range = value.isScalar && types.contains(.range) ? WordReading.meantRange(value.printed) : nil
    // Of several names where one is taken, the first.
    let first = value.isList && types.contains(where: \.isName) && !types.contains(where: \.isList)
    throw telling
      ?? unfit(value, .either(types), parameter, instead: range ?? (first ? value.scalars.first?.printed : nil))
  }

  /// True for a class that is called `1-2`.
  private func isKnownName(_ word: String, _ types: [ParameterType]) -> Bool {
    types.contains { type in
      guard case .list(.indexOrName(let kind)) = type else { return false }
      return names.names(of: kind)?.contains(word) == true
    }
  }

  /// A range of what may be given by number as well.
  private func check(_ range: Range<Int>, at span: Range<Int>, against types: [ParameterType]) throws(Diagnostic) {
    for case .list(.indexOrName(let kind)) in types {
      guard let count = count(of: kind), range.upperBound > count else { continue }
      let index = max(range.lowerBound, count)
      let instead = range.lowerBound < count ? "\(range.lowerBound)..<\(count)" : "0..<\(count)"
      throw failure(.rangeBeyond(index, noun: kind.noun, count: count, instead: instead), span)
    }
  }

  /// How many there are of a kind, as far as it is known.
  private func count(of kind: NameKind) -> Int? { names.names(of: kind)?.count ?? names.widths[kind.key + "s"] }

  func unfit(
    _ value: ValueSyntax, _ type: ParameterType, _ parameter: ParameterDeclaration, instead: String? = nil
  ) -> Diagnostic {
    failure(
      .unfit(
        parameter: parameter.name, expected: type.described(in: registry), found: value.printed,
        // A word to fill in says no more than the sentence.
        instead: instead ?? type.sample.flatMap { RemedyTrial.isForm($0) ? nil : $0 }),
      value.span)
  }

  /// True for what tiles can be ranked by.
  private func isNumber(_ quantity: Quantity) -> Bool {
    switch quantity {
    case .feature, .logit: true
    case .column(let name):
      names.mayHaveQuantities || names.names(of: .column) == nil || names.names(of: .quantity)?.contains(name) == true
    case .probability, .prediction, .cluster, .uncertainty, .slide, .region: false
    }
  }

  // MARK: Scalars

  private mutating func read(
    _ scalar: ScalarSyntax, as type: ParameterType, for parameter: ParameterDeclaration
  ) throws(Diagnostic) -> BoundValue {
    let word = scalar.isQuoted ? nil : scalar.text
    switch type {
    case .integer(let bounds): return .integer(try integer(scalar, in: bounds, type, parameter))
    case .number(let bounds): return .number(try number(scalar, in: bounds, type, parameter))
    case .boolean:
      if let value = word.flatMap(WordReading.boolean) { return .boolean(value) }
    case .text: return .text(scalar.text)
    case .choice(let choices):
      if choices.contains(scalar.text) { return .text(scalar.text) }
      throw failure(
        .notAChoice(
          parameter: parameter.name, found: scalar.text, choices: choices,
          nearest: NearestName.nearest(to: scalar.text, in: choices)), scalar.span)
    case .choiceOrCount(let choices, let counted, let bounds):
      if choices.contains(scalar.text) { return .text(scalar.text) }
      let rest = scalar.text.dropFirst(counted.count + 1)
      if scalar.text.hasPrefix(counted + ":"), let number = WordReading.integer(String(rest)), bounds.contains(number) {
        return .text(scalar.text)
      }
      let sample = "\(counted):\(min(max(20, bounds.lowerBound), bounds.upperBound))"
      let isMeant = scalar.text.lowercased().hasPrefix(counted)
      throw failure(
        .notAChoice(
          parameter: parameter.name, found: scalar.text, choices: choices + [sample],
          nearest: isMeant ? sample : NearestName.nearest(to: scalar.text, in: choices)), scalar.span)
    case .path(let role): return .path(try path(scalar, role, parameter: parameter.name))
    case .tile: return try tile(scalar, parameter)
    case .value(let types): return try value(scalar, types, for: parameter, role: nil)
    case .valueOrSlot:
      if let slot = try slot(scalar) { return slot }
      return try value(scalar, [], for: parameter, role: nil)
    case .valueOrPath(let types, let role): return try value(scalar, types, for: parameter, role: role)
    case .valueOrName(let types, let kind):
      if let word, isValue(word, of: types) { return try value(scalar, types, for: parameter, role: nil) }
      return .text(try name(scalar, kind))
    case .nameOrPath(let kind, let role):
      if scalar.isQuoted || PathSearch.looksLikePath(scalar.text) {
        return .path(try path(scalar, role, parameter: parameter.name))
      }
      if let type = standing(scalar, for: kind) { return try value(scalar, [type], for: parameter, role: nil) }
      return .text(try nameUnlessFile(scalar, kind))
    case .name(let kind): return .text(try name(try named(scalar, kind), kind))
    case .indexOrName(let kind):
      guard let index = word.flatMap(WordReading.integer) else { return .text(try name(scalar, kind)) }
      if let count = count(of: kind), !(0..<count).contains(index) {
        throw failure(.unknownIndex(index, noun: kind.noun, count: count), scalar.span)
      }
      return .integer(index)
    case .quantity:
      if let type = standing(scalar, for: .column) { return try value(scalar, [type], for: parameter, role: nil) }
      if let only = try onlyValue(meantBy: scalar, for: parameter) { return only }
      return try quantity(scalar, parameter)
    case .measure:
      if standing(scalar, for: .column) != nil { throw unfit(.scalar(scalar), type, parameter) }
      let quantity = try quantity(scalar, parameter)
      if case .quantity(let quantity) = quantity, !isNumber(quantity) { throw unfit(.scalar(scalar), type, parameter) }
      return quantity
    case .range: return .range(try range(scalar, parameter))
    case .percentile:
      if let word, WordReading.percentile(word) != nil { return .text(word) }
    case .microns:
      if let magnification = word.flatMap(WordReading.magnification) { return .magnification(magnification) }
      if let meant = WordReading.meantMagnification(scalar.text) {
        throw failure(.magnificationWritten(scalar.printed, instead: meant), scalar.span)
      }
      return .number(
        try number(scalar, in: Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude, type, parameter))
    case .sortKey(let kind): return .text(try sortKey(scalar, kind))
    case .comparison: return try comparison(scalar, parameter)
    case .list, .categoriesByColumn, .numbersByName, .rangesByName, .textsByName, .conditionsByName,
      .conditionsByQuantity,
      .optional, .either:
      break
    }
    throw unfit(.scalar(scalar), type, parameter)
  }
}
