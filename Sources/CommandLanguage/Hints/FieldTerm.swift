/// Words of the field that people type for something that no single command does, and what comes nearest.
package struct FieldTerm: Sendable, Equatable {
  /// In small letters.
  package let words: [String]
  /// What is said, one sentence.
  let sentence: String
  /// Lines that come nearest, the best first; the first that is right where it would stand is proposed. `$1` is the
  /// first argument that was given, `$by` the one of that name and `$pairs` all that have names; words in capitals are
  /// filled in with what the session knows.
  let lines: [String]

  package init(_ words: [String], _ sentence: String, instead lines: String...) {
    self.words = words
    self.sentence = sentence
    self.lines = lines
  }

  /// The command whose page says more.
  var page: String? { lines.first?.split(separator: " ").first.map(String.init) }
}

/// What a word that is no command stands for.
enum WordMeaning {
  /// A word of the field is a synonym; other words are other tools' names, or mistyped.
  case command(String, isSynonym: Bool)
  case term(FieldTerm)
}

extension CheckWalk {
  /// What is wrong with a statement that begins with no command and no value, and what was probably meant.
  func unknownHead(_ statement: StatementSyntax, _ name: String) -> LanguageError {
    let isAlone = statement.arguments.isEmpty
    let target = statement.target.map { $0.text + " = " } ?? ""
    let arguments = statement.arguments.map(\.printed)
    switch registry.meaning(of: name) {
    case .command(let command, let isSynonym):
      let whole = target + ([command] + arguments).joined(separator: " ")
      // What is left out may be meant, and if not, the page says what it needs.
      let candidates = isSynonym ? [whole, target + command, "help \(command)"] : [whole]
      let instead = candidates.lazy.compactMap(typable).first
      if isSynonym { return .synonym(name, command: command, instead: instead) }
      return isAlone
        ? .unknownHead(name, nearest: instead ?? command) : .unknownCommand(name, nearest: instead ?? whole)
    case .term(let term):
      let instead =
        term.lines.lazy.compactMap { filledIn($0, statement) }.compactMap { line in
          RemedyTrial.isForm(line) ? line : typable(target + line)
        }.first ?? term.page.map { "help " + $0 }
      return .habit(sentence: term.sentence, instead: instead)
    case nil:
      guard isAlone else { return .unknownCommand(name, nearest: nil) }
      return .unknownHead(name, nearest: NearestName.nearest(to: name, in: scope.valueNames))
    }
  }

  /// A line if it is right, or as its own remedy mends it; nil otherwise.
  private func typable(_ line: String) -> String? {
    let found = problems(of: line)
    guard let first = found.first else { return line }
    var budget = 20
    guard found.count == 1, let remedy = first.remedy,
      let outcome = RemedyTrial(line, problems: problems).outcome(of: remedy, at: first.span, budget: &budget),
      outcome.isRight
    else { return nil }
    return outcome.line
  }

  /// A line with the arguments that were given, and with names that the session knows; nil if an argument is missing.
  private func filledIn(_ form: String, _ statement: StatementSyntax) -> String? {
    var line = form
    let positional = statement.arguments.filter { $0.name == nil }.compactMap { $0.value?.printed }
    let pairs = statement.arguments.compactMap { argument in
      argument.name.flatMap { name in argument.value.map { "\(name.text): \($0.printed)" } }
    }
    let given = [
      "$1": positional.first, "$pairs": pairs.isEmpty ? nil : pairs.joined(separator: ", "),
      "$by": statement.arguments.first { $0.name?.text == "by" }?.value?.printed,
    ]
    for (place, value) in given where line.contains(place) {
      guard let value else { return nil }
      line = line.replacing(place, with: value)
    }
    for type in registry.valueTypes {
      guard let name = scope.newestName(of: [type.type]) else { continue }
      line = line.replacing(type.type.name.uppercased(), with: name)
    }
    if let column = scope.knownName(of: .column) {
      line = line.replacing("COLUMN", with: ScalarSyntax.keySpelling(of: column))
      if let value = scope.knownName(of: .category(of: column)) {
        line = line.replacing("VALUE", with: ScalarSyntax.spelling(of: value))
      }
    }
    if let slide = scope.knownName(of: .slide) {
      line = line.replacing("SLIDE", with: ScalarSyntax.spelling(of: slide))
    }
    return line
  }
}
