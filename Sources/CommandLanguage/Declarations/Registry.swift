/// A kind of value, declared so that statements can be checked before they run.
package struct ValueTypeDeclaration: Sendable {
  package let type: ValueType
  /// In a sentence after "works on": "features", "a map".
  package let phrase: String
  /// One sentence.
  package let summary: String
  /// Other types in whose place it may be given (a mosaic for a map), the one to be tried first before others.
  package let coercesTo: [ValueType]
  /// The types of its members, by name; empty if they are not known before the value exists.
  package let members: [String: ValueType]
  /// Before its name where a result says what it was made from: "on" dataset d.
  package let preposition: String
  /// The kind of name that it can stand for: a slide for its own, labels for a column to look at.
  package let standsFor: NameKind?
  /// The quantity by which its only value is meant, too: "cluster".
  package let quantity: String?
  /// True for the project itself, which other values belong to.
  package let isProject: Bool
  /// The extensions of files that it is saved to, the one to suggest first; none if it is not saved, or if that differs.
  package let savedAs: [String]

  package init(
    _ type: ValueType, phrase: String, summary: String = "", coercesTo: [ValueType] = [],
    members: [String: ValueType] = [:], preposition: String = "on", standsFor: NameKind? = nil,
    quantity: String? = nil, isProject: Bool = false, savedAs: [String] = []
  ) {
    self.type = type
    self.phrase = phrase
    self.summary = summary
    self.coercesTo = coercesTo
    self.members = members
    self.preposition = preposition
    self.standsFor = standsFor
    self.quantity = quantity
    self.isProject = isProject
    self.savedAs = savedAs
  }
}

/// All commands and kinds of values that a session knows.
package struct Registry: Sendable {
  /// In the order declared; the commands of the language itself are last.
  package let commands: [Command]
  package let valueTypes: [ValueTypeDeclaration]
  package let commandNames: Set<String>
  /// The tool that users come from.
  package let reference: Reference
  /// Words of the field that are no command, and name none.
  let terms: [FieldTerm]
  /// Called when a statement that gives a name begins and when it ends, with the folder in which results made from the
  /// values it uses are kept; what it gives is a warning.
  let record: @Sendable (PastStatement, _ store: String) -> String?
  private let commandsByName: [String: Command]
  private let typesByName: [ValueType: ValueTypeDeclaration]

  /// Adds `help`, `session`, `drop` and `echo` unless commands of these names are given; of two commands with the
  /// same name the first counts. The kinds of values are those given, and those that the commands make.
  package init(
    commands: [Command], valueTypes: [ValueTypeDeclaration] = [], reference: Reference? = nil, terms: [FieldTerm] = [],
    record: @escaping @Sendable (PastStatement, _ store: String) -> String? = { _, _ in nil }
  ) {
    self.record = record
    self.terms = terms
    let given = Set(commands.map(\.declaration.name))
    let own = LanguageCommands.all(reference ?? .none)
    self.commands = commands + own.filter { !given.contains($0.declaration.name) }
    var types = valueTypes
    for made in commands.compactMap(\.makes) where !types.contains(where: { $0.type == made.type }) {
      types.append(made)
    }
    self.valueTypes = types
    self.reference = reference ?? .none
    commandsByName = Dictionary(self.commands.map { ($0.declaration.name, $0) }) { first, _ in first }
    commandNames = Set(commandsByName.keys)
    typesByName = Dictionary(types.map { ($0.type, $0) }) { first, _ in first }
  }

  package subscript(name: String) -> Command? { commandsByName[name] }

  /// What a word that is no command most likely means: by the reference's names for commands, by the words of the field,
  /// or by likeness to any of them.
  func meaning(of word: String) -> WordMeaning? {
    let known = commands.map(\.declaration)
    func named(_ fits: (String) -> Bool) -> WordMeaning? {
      known.first { $0.referenceNames.contains(where: fits) }.map { .command($0.name, isSynonym: false) }
    }
    if let exact = named({ $0 == word }) { return exact }
    // What a bare word of the field means is told better than by a method that happens to be called so.
    if let meaning = meaning(ofTerm: word.lowercased()) ?? named({ $0.hasSuffix("." + word) }) { return meaning }
    let words = known.map(\.name) + known.flatMap(\.synonyms) + terms.flatMap(\.words)
    guard let nearest = NearestName.nearest(to: word, in: words) else { return nil }
    return commandsByName[nearest] == nil ? meaning(ofTerm: nearest) : .command(nearest, isSynonym: false)
  }

  private func meaning(ofTerm word: String) -> WordMeaning? {
    if let command = commands.first(where: { $0.declaration.synonyms.contains(word) }) {
      return .command(command.declaration.name, isSynonym: true)
    }
    return terms.first { $0.words.contains(word) }.map(WordMeaning.term)
  }

  package var manual: Manual { Manual(commands: commands, valueTypes: valueTypes, reference: reference) }

  package func declaration(of type: ValueType) -> ValueTypeDeclaration? { typesByName[type] }

  /// True if a value of the type may stand where one of the others is wanted; no types means any.
  func fits(_ type: ValueType, _ wanted: [ValueType]) -> Bool {
    wanted.isEmpty || wanted.contains(type) || !coercions(of: type, to: wanted).isEmpty
  }

  func isProject(_ type: ValueType) -> Bool { declaration(of: type)?.isProject == true }

  func stands(_ type: ValueType, for kind: NameKind) -> Bool { declaration(of: type)?.standsFor == kind }

  func types(standingFor kind: NameKind) -> [ValueType] { valueTypes.filter { $0.standsFor == kind }.map(\.type) }

  /// Of the types in whose place a value may be given, those that are wanted, the first to be tried first.
  func coercions(of type: ValueType, to wanted: [ValueType]) -> [ValueType] {
    (declaration(of: type)?.coercesTo ?? []).filter(wanted.contains)
  }

  /// "features", "features or a map", "a value".
  func phrase(for types: [ValueType]) -> String {
    let phrases = types.map { type in
      declaration(of: type)?.phrase ?? LanguageError.article(type.name) + " " + type.name.lowercased()
    }
    return phrases.isEmpty ? "a value" : LanguageError.enumerate(phrases, last: "or")
  }
}
