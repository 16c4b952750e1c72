/// A command of the language: what it is called with, and what it does.
///
/// A command is a synchronous function: it runs on the evaluation thread, may use threads of its own, and
/// checks `Invocation.monitor` often.
package struct Command: Sendable {
  package let declaration: CommandDeclaration
  /// The kind of value that it makes, where that is a type of its own.
  let makes: ValueTypeDeclaration?
  /// The first parameter that cannot hold what is given for it: a fault of the declaration.
  let unreadable: @Sendable (BoundArguments) -> String?
  /// A quick read-only look, before anything runs, at what the result will know; also at what the arguments
  /// themselves make known (columns of the project at a path, layers of a model file). It must not write
  /// and must take well under a second. Errors are left for `run` to report: return nil.
  package let peek: @Sendable (PeekInput) -> KnownNames?
  /// What the result will be, where the same statement gives the same value again (a project at a path); nil where each
  /// statement makes another. Like a peek it is asked before anything runs.
  package let identify: @Sendable (PeekInput) -> String?
  package let run: @Sendable (Invocation) throws -> (any SessionValue)?

  package init(
    _ declaration: CommandDeclaration, makes: ValueTypeDeclaration? = nil,
    unreadable: @escaping @Sendable (BoundArguments) -> String? = { _ in nil },
    peek: @escaping @Sendable (PeekInput) -> KnownNames? = { $0.subjectNames },
    identify: @escaping @Sendable (PeekInput) -> String? = { _ in nil },
    run: @escaping @Sendable (Invocation) throws -> (any SessionValue)?
  ) {
    self.declaration = declaration
    self.makes = makes
    self.unreadable = unreadable
    self.peek = peek
    self.identify = identify
    self.run = run
  }
}

/// What a peek can see: literal arguments, and what is known of the values named.
package struct PeekInput: Sendable {
  package let arguments: BoundArguments
  /// What is known of the subject (nil without one, or when nothing is known).
  package let subjectNames: KnownNames?
  /// What is known of a value given for another parameter, or meant by leaving it out.
  package let parameterNames: [String: KnownNames]
  /// The statement without the name of its result, in one form whatever the order of its arguments, and what it uses.
  package let statement: String

  package init(
    arguments: BoundArguments, subjectNames: KnownNames?, parameterNames: [String: KnownNames], statement: String = ""
  ) {
    self.arguments = arguments
    self.subjectNames = subjectNames
    self.parameterNames = parameterNames
    self.statement = statement
  }
}

/// One statement about to run: its arguments with real values, and where its output goes.
package struct Invocation: Sendable {
  package let arguments: BoundArguments
  /// The value or values the command works on; empty without a subject (or when a path stands in its place).
  package let subjects: [any SessionValue]
  /// "df", or for an unnamed value "the unnamed Features"; nil without subject. Used in "on df".
  package let subjectName: String?
  /// The values that were not named, the subject's first.
  package let implied: [ImpliedValue]
  /// The text of the statement.
  package let statement: String
  /// The name the result will be bound to, if one is given.
  package let resultName: String?
  package let output: any OutputSink
  package let monitor: any ProgressMonitor
  package let workspace: Workspace
  let registry: Registry

  init(
    arguments: BoundArguments, subjects: [any SessionValue], subjectName: String?, implied: [ImpliedValue] = [],
    statement: String, resultName: String?, output: any OutputSink, monitor: any ProgressMonitor, workspace: Workspace,
    registry: Registry
  ) {
    self.arguments = arguments
    self.subjects = subjects
    self.subjectName = subjectName
    self.implied = implied
    self.statement = statement
    self.resultName = resultName
    self.output = output
    self.monitor = monitor
    self.workspace = workspace
    self.registry = registry
  }

  /// "on dataset d, by labels l": what the statement worked on without naming it, to be said in the result itself; nil
  /// if it named everything.
  package var basis: String? { implied.isEmpty ? nil : implied.map(\.phrase).joined(separator: ", ") }

  /// The same as a sentence.
  package var basisSentence: String? { basis.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." } }

  /// What was worked on, whether it was named or not: "on df, by labels l".
  package var fullBasis: String? {
    let named = implied.contains { $0.parameter == nil } ? nil : subjectName.map { "on " + $0 }
    let parts = [named, basis].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

/// Progress and interruption as the language sees them (it has no dependency, so it has its own protocol).
package protocol ProgressMonitor: Sendable {
  var isInterrupted: Bool { get }
  func report(phase: String, unit: String, done: Int, total: Int)
}

/// A value of the session. Values never change.
package protocol SessionValue: Sendable {
  var valueType: ValueType { get }
  /// "10 slides × 2 labels", for the session table.
  var shape: String { get }
  /// Bytes held in memory or on disk for it; 0 when that does not matter.
  var byteCount: Int { get }
  /// True if the result came from the store and was not computed now.
  var isFromStore: Bool { get }
  /// True if the statement that made it, run again, is answered from the store.
  var isKept: Bool { get }
  /// What the value is: of one type, equal texts are one value, as where a project is opened twice. Nil if no statement
  /// makes it again.
  var valueIdentity: String? { get }
  /// What it is called where no name is bound to it, such as a project's own name; nil if it has none.
  var title: String? { get }
  var knownNames: KnownNames { get }
  /// What a cell shows when the value's name stands alone.
  func show(in output: any OutputSink)
  /// The same thing as another type (a mosaic gives its map), or nil.
  func coerced(to type: ValueType) -> (any SessionValue)?
  /// A member such as `mosaic.map` or `clusters.composition`; nil if there is none of that name.
  func member(_ name: String) -> (any SessionValue)?
  var memberNames: [String] { get }
}

extension SessionValue {
  package var byteCount: Int { 0 }
  package var isFromStore: Bool { false }
  package var isKept: Bool { false }
  package var valueIdentity: String? { nil }
  package var title: String? { nil }
  package var knownNames: KnownNames { KnownNames() }
  package func coerced(to type: ValueType) -> (any SessionValue)? { nil }
  package func member(_ name: String) -> (any SessionValue)? { nil }
  package var memberNames: [String] { [] }
}

/// What a command throws when it cannot do what was asked: a sentence, and what to type instead.
package struct CommandFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence or more that name the file, record, column or layer.
  package let message: String
  /// What to type or do instead.
  package let remedy: String?
  /// The parameter (or the subject's name) at fault, so that the caret stands under it.
  package let parameter: String?

  package init(_ message: String, remedy: String? = nil, parameter: String? = nil) {
    self.message = message
    self.remedy = remedy
    self.parameter = parameter
  }

  package var description: String { message }
}

/// The user stopped the statement.
package struct StatementInterrupted: Error, Sendable, Equatable, CustomStringConvertible {
  package init() {}

  package var description: String { "It was interrupted." }
}
