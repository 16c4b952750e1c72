import Synchronization

/// What a command can work on.
package protocol SubjectValue: Sendable {
  /// The accepted types, or none for any type; the first is the one to look for when the subject is left out.
  static var subjectTypes: [ValueType] { get }
  static var isOptionalSubject: Bool { get }
  static var acceptsSeveral: Bool { get }
  /// - Parameter path: what was given in place of a value, where a path may stand there.
  init?(subjects: [any SessionValue], path: String?)
}

extension SubjectValue {
  package static var isOptionalSubject: Bool { false }
  package static var acceptsSeveral: Bool { false }
}

extension Optional: SubjectValue where Wrapped: SubjectValue {
  package static var subjectTypes: [ValueType] { Wrapped.subjectTypes }
  package static var isOptionalSubject: Bool { true }
  package init?(subjects: [any SessionValue], path: String?) {
    guard !subjects.isEmpty || path != nil else {
      self = .none
      return
    }
    guard let value = Wrapped(subjects: subjects, path: path) else { return nil }
    self = .some(value)
  }
}

extension Array: SubjectValue where Element: SubjectValue {
  package static var subjectTypes: [ValueType] { Element.subjectTypes }
  package static var acceptsSeveral: Bool { true }
  package init?(subjects: [any SessionValue], path: String?) {
    var values: [Element] = []
    for subject in subjects {
      guard let value = Element(subjects: [subject], path: nil) else { return nil }
      values.append(value)
    }
    self = values
  }
}

/// A value of any kind.
package struct AnyValue: SubjectValue {
  package let value: any SessionValue

  package static var subjectTypes: [ValueType] { [] }
  package init?(subjects: [any SessionValue], path: String?) {
    guard let value = subjects.first else { return nil }
    self.value = value
  }
}

/// What a command works on: its first positional argument, or the only value of the type.
@propertyWrapper
package struct Subject<Value: SubjectValue>: Sendable {
  private let documentation: String
  private let path: PathRole?
  private let slot = Slot<Value>()
  private let given = Slot<SubjectState>()

  /// - Parameter path: set when a path is accepted in its place (`features models/hpv.onnx`).
  package init(_ documentation: String, orPath path: PathRole? = nil) {
    self.documentation = documentation
    self.path = path
    PropertyCollector.add(.subject(self))
  }

  /// - Precondition: the command runs. A look at what it will know finds what is known of the subject in `PeekInput`.
  package var wrappedValue: Value {
    guard let value = slot.value else { preconditionFailure("read before the command runs") }
    return value
  }

  package var projectedValue: SubjectState { given.value ?? SubjectState(path: nil) }
}

/// What was given as the subject.
package struct SubjectState: Sendable {
  /// Of what was given in place of a value.
  package let path: String?
}

extension Subject: SubjectProperty {
  func declaration(name: String) -> SubjectDeclaration {
    SubjectDeclaration(
      name: name, types: Value.subjectTypes, path: path, isOptional: Value.isOptionalSubject,
      acceptsList: Value.acceptsSeveral, documentation: documentation)
  }

  func note(path: String?) { given.value = SubjectState(path: path) }

  func read(_ subjects: [any SessionValue], path: String?) -> Bool {
    note(path: path)
    guard let value = Value(subjects: subjects, path: path) else { return false }
    slot.value = value
    return true
  }
}

/// The property of a command that is its subject.
protocol SubjectProperty: Sendable {
  func declaration(name: String) -> SubjectDeclaration
  /// For a look before the command runs, when there may be no value yet.
  func note(path: String?)
  /// False if the value is of another type.
  func read(_ subjects: [any SessionValue], path: String?) -> Bool
}

/// What a property holds from when its argument has been read.
final class Slot<Value: Sendable>: Sendable {
  private let state = Mutex<Value?>(nil)

  var value: Value? {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
