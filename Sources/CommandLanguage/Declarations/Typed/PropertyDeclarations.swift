/// What the properties of a command declare, in the order in which they stand there.
struct PropertyDeclarations {
  private struct Property {
    let name: String
    let parameter: any ParameterProperty
    /// The command, and the groups down to the one that the parameter is in.
    let owners: [Any]
    let sharedConditions: [ParameterCondition]
  }

  private var properties: [Property] = []
  private var subject: (name: String, property: any SubjectProperty)?

  init<Typed: TypedCommand>(of type: Typed.Type) {
    let (command, entries) = PropertyCollector.collecting { Typed() }
    add(entries, of: command, owners: [command], [])
  }

  var names: PropertyNames { PropertyNames(parameters: properties.map(\.name), subject: subject?.name) }

  /// - Parameter owner: the command or the group whose properties they are.
  private mutating func add(
    _ entries: [PropertyCollector.Entry], of owner: Any, owners: [Any], _ conditions: [ParameterCondition]
  ) {
    // The storage of a wrapped property begins so, and nothing else of a command does.
    let labels = Mirror(reflecting: owner).children.compactMap(\.label).filter { $0.hasPrefix("_") }
    precondition(labels.count == entries.count, "a stored property of a command begins with an underscore")
    for (label, entry) in zip(labels, entries) {
      let name = Self.name(ofProperty: label)
      switch entry {
      case .parameter(let parameter):
        properties.append(
          Property(
            name: parameter.declared.name ?? name, parameter: parameter, owners: owners, sharedConditions: conditions))
      case .subject(let property): subject = (name, property)
      case .group(let group, let shared, let entries):
        add(entries, of: group, owners: owners + [group], conditions + shared)
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

  /// - Parameter applies: asks a command to which some arguments were given whether an implied value has a use.
  func declaration(
    _ page: CommandPage, result: ValueType?,
    applies: @escaping @Sendable (BoundArguments, (Any) -> Bool?) -> Bool
  ) -> CommandDeclaration {
    CommandDeclaration(
      name: page.name, referenceNames: page.referenceNames, synonyms: page.synonyms, topic: page.topic,
      summary: page.summary,
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
}
