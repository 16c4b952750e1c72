/// A command that was made to be filled with what was given for it.
struct CommandProperties<Typed: TypedCommand> {
  let command: Typed
  private var parameters: [any ParameterProperty] = []
  private var subject: (any SubjectProperty)?
  private let names: PropertyNames

  init(names: PropertyNames) {
    let (command, entries) = PropertyCollector.collecting { Typed() }
    self.command = command
    self.names = names
    add(entries)
  }

  private mutating func add(_ entries: [PropertyCollector.Entry]) {
    for entry in entries {
      switch entry {
      case .parameter(let parameter): parameters.append(parameter)
      case .subject(let property): subject = property
      case .group(_, _, let entries): add(entries)
      }
    }
  }

  /// Gives the properties what was given for them.
  ///
  /// - Parameter known: what is known of session values that were given or are meant, by parameter.
  /// - Returns: the first parameter whose argument the property cannot hold.
  func read(_ arguments: BoundArguments, known: [String: KnownNames] = [:]) -> String? {
    var unreadable: String?
    for (name, parameter) in zip(names.parameters, parameters)
    where !parameter.read(arguments[name], name: name, names: known[name]) {
      unreadable = unreadable ?? name
    }
    subject?.note(path: path(of: names.subject, arguments))
    return unreadable
  }

  /// - Returns: the name of the subject if it is of another type than the property.
  func readSubject(_ subjects: [any SessionValue], _ arguments: BoundArguments) -> String? {
    guard let subject else { return nil }
    return subject.read(subjects, path: path(of: names.subject, arguments)) ? nil : names.subject
  }

  private func path(of name: String?, _ arguments: BoundArguments) -> String? {
    if let name, case .path(let path)? = arguments[name] { path } else { nil }
  }
}

/// The names that the properties of a command have in the language, in the order in which they are collected.
struct PropertyNames: Sendable {
  let parameters: [String]
  let subject: String?
}
