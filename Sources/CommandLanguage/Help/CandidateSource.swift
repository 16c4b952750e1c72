/// Lists what can stand for a type, given what is known at a place.
struct CandidateSource {
  typealias Candidate = Completion.Candidate

  let registry: Registry
  let scope: Scope
  let files: any FileLooker
  var names = KnownNames()
  /// What the command works on, and the extensions of files that it is saved to.
  var saved: (name: String, extensions: [String])?

  init(registry: Registry, scope: Scope, files: any FileLooker) {
    self.registry = registry
    self.scope = scope
    self.files = files
  }

  func knowing(_ names: KnownNames) -> CandidateSource {
    var source = self
    source.names = names
    return source
  }

  /// Commands, and values to show; behind `name =` only what gives a value.
  func heads(givingValues: Bool) -> [Candidate] {
    commands.filter { !givingValues || registry[$0.text]?.declaration.result != nil } + values(of: [])
  }

  private var commands: [Candidate] {
    registry.commands.map {
      Candidate(
        text: $0.declaration.name, kind: "command", detail: $0.declaration.summary,
        signature: Manual.usage($0.declaration))
    }
  }

  func members(of path: [String]) -> [Candidate] {
    guard let root = path.first, var known = scope[root] else { return [] }
    for part in path.dropFirst() {
      if let member = known.value?.member(part) {
        known = KnownValue(member)
      } else if let type = known.type, let member = registry.declaration(of: type)?.members[part] {
        known = KnownValue(type: member, names: nil)
      } else {
        return []
      }
    }
    if let value = known.value {
      return value.memberNames.map {
        Candidate(text: $0, kind: "member", detail: value.member($0)?.valueType.name ?? "")
      }
    }
    let members = known.type.flatMap { registry.declaration(of: $0)?.members } ?? [:]
    return members.sorted { $0.key < $1.key }.map { Candidate(text: $0.key, kind: "member", detail: $0.value.name) }
  }

  func subjects(_ subject: SubjectDeclaration, at place: CompletionPlace) -> [Candidate] {
    values(of: subject.types, at: place) + (subject.path.map { paths($0, place.partial, needsSlash: true) } ?? [])
  }

  /// The same with members of a value, once its name and a dot are typed.
  private func values(of types: [ValueType], at place: CompletionPlace) -> [Candidate] {
    guard !place.partial.isQuoted, let dot = place.partial.text.lastIndex(of: ".") else { return values(of: types) }
    let path = String(place.partial.text[..<dot])
    return members(of: path.split(separator: ".").map(String.init)).compactMap { member in
      let fits = member.detail.isEmpty || registry.fits(ValueType(member.detail), types)
      return fits ? Candidate(text: path + "." + member.text, kind: member.kind, detail: member.detail) : nil
    }
  }

  /// The values that can be given in place of a name: a slide for its own.
  private func values(standingFor kind: NameKind) -> [Candidate] {
    let types = registry.types(standingFor: kind)
    return types.isEmpty ? [] : values(of: types)
  }

  /// The types of which there is an unnamed value.
  private var slots: [Candidate] {
    scope.entries.filter { !$0.isNamed }.compactMap { entry in
      entry.known.type.map {
        Candidate(text: $0.name.lowercased(), kind: "type", detail: entry.displayName)
      }
    }
  }

  /// The values that fit one of some types; of any type if there are none.
  func values(of types: [ValueType]) -> [Candidate] {
    scope.entries.filter(\.isNamed).compactMap { entry in
      guard let type = entry.known.type else {
        return Candidate(text: entry.displayName, kind: "value", detail: "")
      }
      guard registry.fits(type, types) else { return nil }
      return Candidate(text: entry.displayName, kind: "value", detail: type.name)
    }
  }

  func candidates(for type: ParameterType, at place: CompletionPlace) -> [Candidate] {
    switch type {
    case .boolean: ["true", "false"].map { Candidate(text: $0, kind: "choice", detail: "") }
    case .choice(let choices): choices.map { Candidate(text: $0, kind: "choice", detail: "") }
    case .choiceOrCount(let choices, let counted, _):
      (choices + [counted + ":"]).map { Candidate(text: $0, kind: "choice", detail: "") }
    case .path(let role): paths(role, place.partial, needsSlash: false)
    case .value(let types): values(of: types, at: place)
    case .valueOrSlot: values(of: [], at: place) + slots
    case .valueOrPath(let types, let role): values(of: types, at: place) + paths(role, place.partial, needsSlash: true)
    case .valueOrName(let types, let kind): values(of: types, at: place) + known(kind)
    case .nameOrPath(let kind, let role):
      values(standingFor: kind) + known(kind) + paths(role, place.partial, needsSlash: true)
    case .name(.command): commands
    case .name(.layer): layers(beginning: place.partial.text)
    case .name(let kind), .indexOrName(let kind): values(standingFor: kind) + known(kind)
    case .tile: tiles(place.partial.text)
    case .quantity: quantities(place.partial.text) + values(standingFor: .column)
    case .measure: quantities(place.partial.text, onlyNumbers: true)
    case .list(let item): candidates(for: item, at: place)
    case .optional(let other):
      candidates(for: other, at: place)
        + (place.isInBracket ? [] : [Candidate(text: "none", kind: "choice", detail: "")])
    case .either(let types):
      distinct(
        (place.isInMap ? types.filter(\.isMap) : types).flatMap { type in
          var result = candidates(for: type, at: place)
          if !place.isInBracket, types.contains(.range), case .list(.indexOrName(let kind)) = type,
            let count = names.names(of: kind)?.count ?? names.widths[kind.key + "s"]
          {
            result.append(Candidate(text: "0..<\(count)", kind: "range", detail: "all of them"))
          }
          return result
        })
    case .categoriesByColumn: categories(at: place)
    case .numbersByName(let kind, _), .rangesByName(let kind):
      switch place.expects {
      case .key:
        (names.names(of: kind) ?? []).map {
          Candidate(text: ScalarSyntax.keySpelling(of: $0), kind: kind.noun, detail: "")
        }
      case .category: []
      default: [Candidate(text: "{", kind: "choice", detail: type.described(in: registry))]
      }
    case .textsByName:
      place.isInMap ? [] : [Candidate(text: "{", kind: "choice", detail: type.described(in: registry))]
    case .conditionsByName(let kind):
      switch place.expects {
      case .key:
        (names.names(of: kind) ?? []).map {
          Candidate(text: ScalarSyntax.keySpelling(of: $0), kind: kind.noun, detail: "")
        }
      case .category(let column): known(.category(of: column))
      default: [Candidate(text: "{", kind: "choice", detail: type.described(in: registry))]
      }
    case .conditionsByQuantity:
      switch place.expects {
      case .key: quantityKeys(place.partial.text)
      case .category(let column): known(.category(of: column))
      default: [Candidate(text: "{", kind: "choice", detail: type.described(in: registry))]
      }
    case .comparison: quantities(place.partial.text, onlyNumbers: true)
    case .sortKey(let kind):
      known(kind)
        + (place.partial.text.hasPrefix("-")
          ? (names.names(of: kind) ?? []).map {
            Candidate(text: Self.descending($0), kind: kind.noun, detail: "from high to low")
          } : [])
    case .integer, .number, .text, .range, .percentile, .microns: []
    }
  }

  private func quantityKeys(_ typed: String) -> [Candidate] {
    (quantities(typed) + values(standingFor: .column)).map { candidate in
      Candidate(
        text: ScalarSyntax.keySpelling(of: candidate.text), kind: candidate.kind, detail: candidate.detail)
    }
  }

  /// A key to sort by from high to low, in quotes only where the name needs them.
  private static func descending(_ name: String) -> String {
    ScalarSyntax.spelling(of: name) == name ? "-" + name : ScalarSyntax.spelling(of: "-" + name)
  }

  /// Slides, and the first and last tile of one that is typed already.
  private func tiles(_ typed: String) -> [Candidate] {
    if let colon = typed.lastIndex(of: ":"), let count = names.counts[NameKind.slide.key]?[String(typed[..<colon])],
      let indices = numbered(typed, through: colon, count: count, kind: "tile", "a tile")
    {
      return indices
    }
    return known(.slide).map { Candidate(text: $0.text + ":", kind: $0.kind, detail: $0.detail) }
  }

  private func distinct(_ candidates: [Candidate]) -> [Candidate] {
    var seen: Set<Candidate> = []
    return candidates.filter { seen.insert($0).inserted }
  }

  private func known(_ kind: NameKind) -> [Candidate] {
    let counts = names.counts[kind.key]
    let noun = kind.key.hasPrefix(NameKind.categoryPrefix) ? "category" : kind.noun
    return (names.names(of: kind) ?? []).map { name in
      Candidate(text: ScalarSyntax.spelling(of: name), kind: noun, detail: counts?[name].map { "(\($0))" } ?? "")
    }
  }

  private func categories(at place: CompletionPlace) -> [Candidate] {
    switch place.expects {
    case .key:
      (names.names(of: .column) ?? []).map {
        Candidate(text: ScalarSyntax.keySpelling(of: $0), kind: "column", detail: "")
      }
    case .category(let column): known(.category(of: column))
    default: [Candidate(text: "{", kind: "choice", detail: "a map such as {COLUMN: [VALUE]}")]
    }
  }

  /// The layers that begin so, at most 50: a network has many more, most of them by several names, of which the
  /// short ones are those that people use.
  private func layers(beginning typed: String) -> [Candidate] {
    let all = known(.layer)
    guard all.count > 50 else { return all }
    let fitting = all.enumerated().filter { $0.element.text.lowercased().hasPrefix(typed.lowercased()) }
    // The first is the one that is meant by leaving it out, where it has a name of its own.
    func rank(_ layer: (offset: Int, element: Candidate)) -> (Int, Int, Int) {
      let isMeant = layer.offset == 0 && !layer.element.text.contains("/")
      return (isMeant ? 0 : 1, layer.element.text.count, layer.offset)
    }
    let sorted = fitting.sorted { rank($0) < rank($1) }
    return sorted.prefix(50).map(\.element)
  }

  /// - Parameter onlyNumbers: what tiles can be ranked by.
  private func quantities(_ typed: String, onlyNumbers: Bool = false) -> [Candidate] {
    if typed.hasPrefix("feature:"), let indices = indices(typed, "feature:", "features", "an activation") {
      return indices
    }
    var result = onlyNumbers ? known(.quantity) : known(.column)
    let columns = Set(result.map(\.text))
    result += (onlyNumbers ? [] : names.specialQuantities).filter { !columns.contains($0) }.map {
      Candidate(text: $0, kind: "quantity", detail: "")
    }
    let measured = names.widths.keys.filter { $0.hasPrefix("features/") }.map {
      String($0.dropFirst("features/".count))
    }
    let layers = measured.isEmpty ? Array((names.names(of: .layer) ?? []).prefix(50)) : measured.sorted()
    if layers.count > 1 {
      result += layers.map {
        Candidate(text: ScalarSyntax.spelling(of: "feature:\($0)/"), kind: "quantity", detail: "an activation")
      }
    } else {
      result.append(Candidate(text: "feature:", kind: "quantity", detail: "an activation"))
    }
    let outcomes = names.names(of: .outcome) ?? []
    if typed.hasPrefix("prob") {
      result += (outcomes.isEmpty ? [""] : outcomes).map {
        Candidate(text: ScalarSyntax.spelling(of: "probability:" + $0), kind: "quantity", detail: "a probability")
      }
    }
    if typed.hasPrefix("logit:"), let indices = indices(typed, "logit:", "logits", "a logit") { result += indices }
    if outcomes.isEmpty, !typed.hasPrefix("logit:") {
      result.append(Candidate(text: "logit:", kind: "quantity", detail: "a logit"))
    } else {
      result += outcomes.map {
        Candidate(text: ScalarSyntax.spelling(of: "logit:" + $0), kind: "quantity", detail: "a logit")
      }
    }
    return result
  }

  /// The first and the last index, or those that begin with the digits typed; nil if the width is not known.
  private func indices(_ typed: String, _ prefix: String, _ key: String, _ detail: String) -> [Candidate]? {
    let rest = typed.dropFirst(prefix.count)
    if let slash = rest.lastIndex(of: "/") {
      guard let width = names.widths[key + "/" + rest[..<slash]] ?? names.widths[key] else { return nil }
      return numbered(typed, through: slash, count: width, kind: "quantity", detail)
    }
    guard names.widths.keys.filter({ $0.hasPrefix(key + "/") }).count <= 1, let width = names.widths[key],
      let colon = typed.firstIndex(of: ":")
    else { return nil }
    return numbered(typed, through: colon, count: width, kind: "quantity", detail)
  }

  private func numbered(
    _ typed: String, through sign: String.Index, count: Int, kind: String, _ detail: String
  ) -> [Candidate]? {
    let start = typed[...sign]
    let digits = String(typed[typed.index(after: sign)...])
    guard count > 0, digits.unicodeScalars.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
    let shown =
      digits.isEmpty
      ? [0, count - 1].prefix(min(count, 2)).map(String.init)
      : Array((0..<count).lazy.map(String.init).filter { $0.hasPrefix(digits) }.prefix(12))
    return shown.map {
      Candidate(text: start + $0, kind: kind, detail: "\(detail), numbered 0 to \(count - 1)")
    }
  }

  // MARK: Paths

  private func paths(_ role: PathRole, _ partial: ScalarSyntax, needsSlash: Bool) -> [Candidate] {
    let search = PathSearch(files: files, folders: scope.folders)
    if let extensions = role.outputExtensions, partial.text.isEmpty, !extensions.isEmpty {
      // What is there already would be replaced, and is not proposed.
      let own = saved.map { saved in saved.extensions.map { "\(saved.name).\($0)" } } ?? []
      return own.map { Candidate(text: $0, kind: "path", detail: "file") }
        + search.names(in: "").filter(\.isFolder).map {
          Candidate(text: ScalarSyntax.spelling(of: $0.name + "/"), kind: "path", detail: "folder")
        }
    }
    let (folder, name) = PathSearch.split(partial.text)
    let expanded = search.expand(folder)
    var seen: Set<String> = []
    var result: [Candidate] = []
    var within: [Candidate] = []
    for place in folder.isEmpty ? [""] + search.folders.map({ $0 + "/" }) : search.candidates(for: expanded) {
      for entry in files.list(place.isEmpty ? "." : place).sorted() {
        guard entry.lowercased().hasPrefix(name.lowercased()), name.hasPrefix(".") || !entry.hasPrefix("."),
          !seen.contains(entry)
        else { continue }
        let isFolder = files.isDirectory((place.isEmpty ? "" : place + (place.hasSuffix("/") ? "" : "/")) + entry)
        guard isFolder || Self.accepts(role, entry) else { continue }
        seen.insert(entry)
        // A bare word would be read as the name of a value.
        let start = folder.isEmpty && needsSlash && !partial.isQuoted ? "./" : folder
        let path = start + entry + (isFolder ? "/" : "")
        result.append(
          Candidate(text: ScalarSyntax.spelling(of: path), kind: "path", detail: isFolder ? "folder" : "file"))
        guard isFolder, name.isEmpty, case .existingFile(let extensions)? = role.plain, !extensions.isEmpty else {
          continue
        }
        let inside = (place.isEmpty ? "" : place + (place.hasSuffix("/") ? "" : "/")) + entry
        within += files.list(inside).sorted().filter { !$0.hasPrefix(".") && Self.accepts(role, $0) }.prefix(10).map {
          Candidate(text: ScalarSyntax.spelling(of: path + $0), kind: "path", detail: "file")
        }
      }
    }
    // What can be taken as it stands comes before the folders that it may be looked for in.
    return result.filter { $0.detail == "file" } + within.prefix(20) + result.filter { $0.detail != "file" }
  }

  private static func accepts(_ role: PathRole, _ name: String) -> Bool {
    switch role {
    case .existingDirectory, .directory: false
    case .existing: true
    case .existingFile(let extensions), .existingFileOrFolder(let extensions, _, _, _), .output(let extensions),
      .outputOrFolder(let extensions):
      extensions.isEmpty || extensions.contains { name.lowercased().hasSuffix("." + $0) }
    }
  }
}
