/// A command as a type: its properties are its parameters, and it runs when they have been read.
///
/// A command is a synchronous function: it runs on the evaluation thread, may use threads of its own, and checks
/// `Invocation.monitor` often.
package protocol TypedCommand: Sendable {
  /// The value that it makes, or nothing (`Void`) where it only shows.
  associatedtype Made
  static var page: CommandPage { get }
  init()
  /// A quick read-only look, before anything runs, at what the result will know; also at what the arguments themselves
  /// make known (columns of the project at a path, layers of a model file). It must not write and must take well under a
  /// second. Required parameters may be missing: it reads `given`. Errors are left for `run` to report: return nil.
  func peek(_ input: PeekInput) -> KnownNames?
  /// What the result will be, where the same statement gives the same value again (a project at a path); nil where each
  /// statement makes another. Like a peek it is asked before anything runs.
  func identify(_ input: PeekInput) -> String?
  func run(_ invocation: Invocation) throws -> Made
}

extension TypedCommand {
  package func peek(_ input: PeekInput) -> KnownNames? { input.subjectNames }
  package func identify(_ input: PeekInput) -> String? { nil }
}

/// What the manual says of a command besides its parameters.
package struct CommandPage: Sendable {
  let name: String
  let topic: String
  let summary: String
  let discussion: String
  let referenceNames: [String]
  let synonyms: [String]
  let examples: [String]
  let writesFiles: Bool
  let forgetsValues: Bool

  /// The parameters are those of `CommandDeclaration`.
  package init(
    _ name: String, topic: String, summary: String, discussion: String = "", reference referenceNames: [String] = [],
    synonyms: [String] = [], examples: [String] = [], writesFiles: Bool = false, forgetsValues: Bool = false
  ) {
    self.name = name
    self.topic = topic
    self.summary = summary
    self.discussion = discussion
    self.referenceNames = referenceNames
    self.synonyms = synonyms
    self.examples = examples
    self.writesFiles = writesFiles
    self.forgetsValues = forgetsValues
  }
}

/// An argument that is read otherwise than its property is declared: a fault of the command's declaration.
struct UnreadableArgument: Error, CustomStringConvertible {
  let name: String

  var description: String { "The argument \(name) is of another form than the command expects." }
}

extension Command {
  /// A typed command as the language sees it.
  package init<Typed: TypedCommand>(_ type: Typed.Type) { self.init(type, page: Typed.page) }

  init<Typed: TypedCommand>(_ type: Typed.Type, page: CommandPage) {
    let made = (Typed.Made.self as? any TypedValue.Type)?.declaration
    let properties = PropertyDeclarations(of: type)
    let names = properties.names
    @Sendable func filled(_ input: PeekInput) -> Typed {
      let properties = CommandProperties<Typed>(names: names)
      _ = properties.read(input.arguments, known: input.parameterNames)
      return properties.command
    }
    self.init(
      properties.declaration(page, result: made?.type) { arguments, applies in
        let properties = CommandProperties<Typed>(names: names)
        _ = properties.read(arguments)
        return applies(properties.command) ?? true
      }, makes: made,
      unreadable: { CommandProperties<Typed>(names: names).read($0) },
      peek: { filled($0).peek($0) },
      identify: { filled($0).identify($0) },
      run: { invocation in
        let properties = CommandProperties<Typed>(names: names)
        if let name = properties.read(invocation.arguments) { throw UnreadableArgument(name: name) }
        if let name = properties.readSubject(invocation.subjects, invocation.arguments) {
          throw UnreadableArgument(name: name)
        }
        return try properties.command.run(invocation) as? any SessionValue
      })
  }
}
