/// The properties of a command that are declared as parameters, in the order in which they stand there.
struct CommandProperties {
  private struct Property {
    let name: String
    let parameter: any ParameterProperty
    /// The command, and the groups down to the one that the parameter is in.
    let owners: [Any]
    let sharedConditions: [ParameterCondition]
  }

  private var properties: [Property] = []
  private var subject: (name: String, property: any SubjectProperty)?
  private let command: Any

  init(of command: some TypedCommand) {
    self.command = command
    add(Mirror(reflecting: command), owners: [command], [])
  }

  private mutating func add(_ mirror: Mirror, owners: [Any], _ conditions: [ParameterCondition]) {
    for child in mirror.children {
      let name = Self.name(ofProperty: child.label ?? "")
      if let parameter = child.value as? any ParameterProperty {
        properties.append(
          Property(
            name: parameter.declared.name ?? name, parameter: parameter, owners: owners, sharedConditions: conditions))
      } else if let group = child.value as? any GroupProperty {
        add(
          Mirror(reflecting: group.parameters), owners: owners + [group.parameters],
          conditions + group.sharedConditions)
      } else if let property = child.value as? any SubjectProperty {
        subject = (name, property)
      }
    }
  }

  /// `_tilePx`, the storage of the property `tilePx`, is `tile_px`.
  private static func name(ofProperty label: String) -> String {
    var name = ""
    for character in label.drop(while: { $0 == "_" }) {
      if character.isUppercase { name.append("_") }
      name += character.lowercased()
    }
    return name
  }

  // MARK: Declaration

  /// - Parameter applies: asks a command to which some arguments were given whether an implied value has a use.
  func declaration(
    _ page: CommandPage, result: ValueType?,
    applies: @escaping @Sendable (BoundArguments, (Any) -> Bool?) -> Bool
  ) -> CommandDeclaration {
    CommandDeclaration(
      name: page.name, referenceNames: page.referenceNames, topic: page.topic, summary: page.summary,
      discussion: page.discussion, subject: subject.map { $0.property.declaration(name: $0.name) },
      parameters: properties.map { declaration(of: $0, applies) }, result: result, examples: page.examples,
      writesFiles: page.writesFiles, forgetsValues: page.forgetsValues)
  }

  private func declaration(
    of property: Property, _ applies: @escaping @Sendable (BoundArguments, (Any) -> Bool?) -> Bool
  ) -> ParameterDeclaration {
    let facts = property.parameter.declared
    return ParameterDeclaration(
      property.name, facts.type, positional: facts.isPositional, required: facts.isRequired,
      default: facts.defaultText, unit: facts.unit, referenceNames: facts.referenceNames,
      groupEffects: property.sharedConditions.map { effect($0, owners: property.owners) },
      effects: facts.conditions.map { effect($0, owners: property.owners) },
      implies: facts.implied.map { implied in
        let condition = implied.applies
        return Implication(implied.type, broughtAlong: implied.broughtAlong, otherwise: implied.otherwise) {
          arguments in
          condition.map { condition in applies(arguments) { condition($0) } } ?? true
        }
      }, acrossProjects: facts.acrossProjects, facts.documentation)
  }

  private func effect(_ condition: ParameterCondition, owners: [Any]) -> ParameterEffect {
    if case .on(let types) = condition.kind { return .on(types) }
    let other = owners.reversed().lazy.compactMap { condition.other($0) }.first
    let name = properties.first { $0.parameter.declaredIdentity === other }?.name
    guard let name else { preconditionFailure("a condition names a parameter that the command has not") }
    if case .with(let values) = condition.kind { return .with(name, values: values) }
    return .without(name)
  }

  // MARK: Reading

  /// Gives the properties what was given for them.
  ///
  /// - Parameter names: what is known of session values that were given or are meant, by parameter.
  /// - Returns: the first parameter whose argument the property cannot hold.
  func read(_ arguments: BoundArguments, names: [String: KnownNames]) -> String? {
    var unreadable: String?
    for property in properties
    where !property.parameter.read(arguments[property.name], name: property.name, names: names[property.name]) {
      unreadable = unreadable ?? property.name
    }
    if let subject { subject.property.note(path: path(of: subject.name, arguments)) }
    return unreadable
  }

  /// - Returns: the name of the subject if it is of another type than the property.
  func readSubject(_ subjects: [any SessionValue], _ arguments: BoundArguments) -> String? {
    guard let subject else { return nil }
    return subject.property.read(subjects, path: path(of: subject.name, arguments)) ? nil : subject.name
  }

  private func path(of name: String, _ arguments: BoundArguments) -> String? {
    if case .path(let path)? = arguments[name] { path } else { nil }
  }
}
