/// Why a line of Python has no counterpart that can be written out.
enum Untranslatable: Error, CustomStringConvertible {
  /// It does not look like another language after all.
  case notPython
  case notYet(ReferenceCall)
  case noPlace(CommandDeclaration)
  case unknown(String)

  var description: String {
    switch self {
    case .notPython: "it is not Python"
    case .notYet(let call): "\(call.name) has no command"
    case .noPlace(let command): "\(command.name) has no place for an argument"
    case .unknown(let name): "\(name) is not known"
    }
  }
}

/// Writes an expression of Python as lines of this language, a command a call.
struct PythonTranslator {
  let registry: Registry
  let scope: Scope
  var names: PythonNames
  var lines: [String] = []
  var remarks: [String] = []
  var bound: [Habits.Answer.Bound] = []
  /// What the line is, and the command that it is here.
  var sentence = ""

  typealias Value = PythonNames.Value

  init(registry: Registry, scope: Scope, names: PythonNames) {
    self.registry = registry
    self.scope = scope
    self.names = names
  }

  private var reference: Reference { registry.reference }

  /// Writes a statement; false if it does nothing but name a value.
  mutating func statement(_ value: PythonExpression, target: String?) throws(Untranslatable) -> Bool {
    switch value {
    case .call, .attribute, .item: break
    default: throw .notPython
    }
    let result = try self.value(of: value, target: target)
    if lines.isEmpty {
      guard let spelling = result.spelling, !spelling.isEmpty else { throw .notPython }
      let name = target.map { newName(for: $0, result.type) }
      lines = [name.map { $0 + " = " + spelling } ?? spelling]
      if sentence.isEmpty { sentence = "This is Python; a value is shown by its name alone." }
      if let target, let name {
        names.values[target] = Value(spelling: name, type: result.type, call: result.call, kept: result.kept)
        bound.append(Habits.Answer.Bound(name: name, type: result.type))
      }
    }
    return true
  }

  // MARK: Values

  /// What an expression stands for; its commands are written first.
  mutating func value(of expression: PythonExpression, target: String? = nil) throws(Untranslatable) -> Value {
    switch expression {
    case .name(let name):
      if let constant = names.constants[name], case .name(let other) = constant, other != name {
        return value(named: other)
      }
      return value(named: name)
    case .attribute(let base, let name):
      if let value = try member(name, of: base) { return value }
      let (call, command) = find(name, owner: nil)
      guard let command else {
        guard let call else { throw .notPython }
        throw .notYet(call)
      }
      return try write(command, call, receiver: try receiver(base), arguments: [], target: target)
    case .call(let callee, let arguments): return try self.call(callee, arguments, target: target)
    case .item: return try item(expression, target: target)
    default: throw .notPython
    }
  }

  private func value(named name: String) -> Value {
    if let value = names.values[name] { return value }
    if let known = scope[name] { return Value(spelling: name, type: known.type) }
    if reference.modules.contains(name) || name == "self" { return Value(spelling: nil, type: nil, call: "") }
    if let type = registry[name]?.declaration.result { return only(type, called: name) }
    let known = Array(names.values.keys).sorted() + scope.valueNames
    if name.count >= 4, let nearest = NearestName.nearest(to: name, in: known + registry.commandNames.sorted()) {
      return nearest == name ? Value(spelling: name) : value(named: nearest)
    }
    return Value(spelling: name, type: nil)
  }

  /// The only value of a type, or what a value of the name would be called here.
  private func only(_ type: ValueType, called name: String) -> Value {
    let entries = scope.values(of: type)
    if entries.count == 1 { return Value(spelling: entries[0].isNamed ? entries[0].displayName : nil, type: type) }
    if let named = entries.last(where: \.isNamed) { return Value(spelling: named.displayName, type: type) }
    return Value(spelling: nil, type: type)
  }

  /// `mosaic.slide_map` as `m.map`; nil if it is no member.
  private mutating func member(_ name: String, of base: PythonExpression) throws(Untranslatable) -> Value? {
    let documented = reference.calls.first { $0.shortName == name && $0.member != nil }
    if case .name(let root) = base, reference.modules.contains(root) { return nil }
    guard documented != nil || isMember(name, of: base) else { return nil }
    var value = try operand(base)
    let member = documented?.member ?? name
    let owner = value.type ?? documented?.owner.map { ValueType($0) }
    if value.spelling == nil, let owner { value.spelling = freshName(owner, of: nil) }
    guard let spelling = value.spelling else { return nil }
    sentence = "This is Python; the part of the value is called `\(member)` here."
    return Value(
      spelling: spelling + "." + member, type: owner.flatMap { registry.declaration(of: $0)?.members[member] },
      call: documented?.name)
  }

  private func isMember(_ name: String, of base: PythonExpression) -> Bool {
    guard case .name(let root) = base, let type = value(named: root).type else { return false }
    return registry.declaration(of: type)?.members[name] != nil
  }

  /// A value that a command can be given: what is made on the way gets a name.
  private mutating func operand(_ expression: PythonExpression) throws(Untranslatable) -> Value {
    switch expression {
    case .call, .item: break
    default: return try value(of: expression)
    }
    return try value(of: expression, target: "")
  }

  // MARK: Calls

  private mutating func call(
    _ callee: PythonExpression, _ arguments: [PythonArgument], target: String?
  ) throws(Untranslatable) -> Value {
    switch callee {
    case .name(let name):
      if let object = names.values[name], let made = object.call.flatMap(documented), !made.instances.isEmpty {
        return try callObject(object, made, arguments, target: target)
      }
      return try call(name, owner: nil, receiver: nil, arguments, target: target)
    case .attribute(let base, let name):
      let path = base.path
      let owner = path?.last
      let isUnbound = owner.map { owner in reference.calls.contains { $0.owner == owner } } ?? false
      if isUnbound || path.map({ reference.modules.contains($0[0]) && scope[$0[0]] == nil }) == true {
        let isProject = path?.count == 1 && !isUnbound
        return try call(
          name, owner: isUnbound ? owner : nil, receiver: isProject ? Value() : nil, arguments, target: target)
      }
      return try call(name, owner: nil, receiver: try receiver(base), arguments, target: target)
    case .call(let inner, let first):
      // `Features(layer='postconv')(batch)`
      let object = try call(inner, first, target: "")
      guard let made = object.call.flatMap(documented), !made.instances.isEmpty else { throw .notPython }
      return try callObject(object, made, arguments, target: target)
    default: throw .notPython
    }
  }

  private mutating func receiver(_ base: PythonExpression) throws(Untranslatable) -> Value {
    // A method of something unknown is still a method.
    if case .name = base { return try value(of: base) }
    return try operand(base)
  }

  private mutating func call(
    _ name: String, owner: String?, receiver: Value?, _ arguments: [PythonArgument], target: String?
  ) throws(Untranslatable) -> Value {
    let (call, command) = find(name, owner: owner)
    guard let command else {
      guard let call else { throw .unknown(name) }
      if let target { names.values[target] = Value(spelling: target, type: nil, call: call.name, kept: arguments) }
      throw .notYet(call)
    }
    return try write(command, call, receiver: receiver, arguments: arguments, target: target)
  }

  /// `interface(slide)`: which call it is depends on what it is given.
  private mutating func callObject(
    _ object: Value, _ made: ReferenceCall, _ arguments: [PythonArgument], target: String?
  ) throws(Untranslatable) -> Value {
    let calls = made.instances.compactMap(documented)
    let given = arguments.first.flatMap { $0.value.path }.map { value(named: $0[0]) }
    let call =
      calls.first { call in
        guard let maker = call.maker else { return false }
        let type = self.command(claiming: maker)?.declaration.result
        return given?.call == maker || type != nil && given?.type == type
      } ?? calls.first { $0.maker == nil }
    guard let call else { throw .notPython }
    guard let command = command(claiming: call.name) else { throw .notYet(call) }
    return try write(command, call, receiver: object, arguments: arguments + object.kept, target: target)
  }

  private func documented(_ name: String) -> ReferenceCall? { reference.calls.first { $0.name == name } }

  private func command(claiming call: String) -> Command? {
    registry.commands.first { $0.declaration.referenceNames.contains(call) }
  }

  /// The documented call of a name, and the command that does it.
  private func find(_ name: String, owner: String?) -> (ReferenceCall?, Command?) {
    let calls = reference.calls.filter { $0.name == name || $0.shortName == name && $0.member == nil }
    let call = calls.first { owner != nil && $0.owner == owner } ?? calls.first
    if let call { return (call, command(claiming: call.name)) }
    return (nil, Self.command(named: name, registry))
  }

  /// The command of a name, or that claims a call of the name.
  static func command(named name: String, _ registry: Registry) -> Command? {
    let short = name.split(separator: ".").last.map(String.init) ?? name
    return registry.commands.first { command in
      command.declaration.referenceNames.contains { $0 == name || $0 == short || $0.hasSuffix("." + short) }
    } ?? registry[short]
  }

  // MARK: Items

  /// `df.activations['S1'][0:5]`
  private mutating func item(_ expression: PythonExpression, target: String?) throws(Untranslatable) -> Value {
    var base = expression
    var indices: [PythonExpression] = []
    while case .item(let inner, let items) = base {
      indices = items + indices
      base = inner
    }
    let name: String?
    let owner: PythonExpression?
    switch base {
    case .attribute(let inner, let attribute), .call(.attribute(let inner, let attribute), _):
      (owner, name) = (inner, attribute)
    default: (owner, name) = (nil, nil)
    }
    guard let name, let owner else { return try namedItem(base, indices, target: target) }
    let (call, command) = find(name, owner: nil)
    guard let call, !call.items.isEmpty else { throw .notPython }
    guard let command else { throw .notYet(call) }
    var arguments: [PythonArgument] = []
    var places = call.items[...]
    for index in indices {
      switch index {
      case .slice(nil, nil): _ = places.popFirst()
      case .text, .name:
        guard let place = places.popFirst() else { throw .noPlace(command.declaration) }
        arguments.append(PythonArgument(name: place, value: index))
      case .slice(let lower, let upper?):
        guard let place = nextRows(&places), let range = range(lower, upper) else {
          throw .noPlace(command.declaration)
        }
        arguments.append(PythonArgument(name: place, value: range))
      case .number(let digits):
        guard let place = nextRows(&places), WordReading.integer(digits).map({ $0 >= 0 }) == true else {
          throw .noPlace(command.declaration)
        }
        arguments.append(PythonArgument(name: place, value: .list([index])))
      default: throw .noPlace(command.declaration)
      }
    }
    return try write(command, call, receiver: try receiver(owner), arguments: arguments, target: target)
  }

  /// The next place for numbers: the first is for a name.
  private func nextRows(_ places: inout ArraySlice<String>) -> String? {
    if places.startIndex == 0 { places = places.dropFirst() }
    return places.popFirst()
  }

  private func range(_ lower: PythonExpression?, _ upper: PythonExpression) -> PythonExpression? {
    let start = lower.map(constant) ?? .number("0")
    guard case .number(let first)? = start, case .number(let last)? = constant(upper),
      let low = WordReading.integer(first), let high = WordReading.integer(last), 0 <= low, low < high
    else { return nil }
    return .call(
      .name("range"),
      [PythonArgument(name: nil, value: .number(first)), PythonArgument(name: nil, value: .number(last))])
  }

  /// `df['S1']` or `dataset['HPV_status']`: the command that takes such a name of such a value.
  private mutating func namedItem(
    _ base: PythonExpression, _ indices: [PythonExpression], target: String?
  ) throws(Untranslatable) -> Value {
    guard case .name(let root) = base, indices.count == 1, case .text(let text) = indices[0] else { throw .notPython }
    let value = value(named: root)
    guard let type = value.type else { throw .notPython }
    let known = value.spelling.flatMap { scope[$0]?.names }
    for kind in [NameKind.slide, .column] where known?.names(of: kind)?.contains(text) ?? (kind == .column) {
      for command in registry.commands {
        let declaration = command.declaration
        guard let subject = declaration.subject,
          let parameter = declaration.parameters.first(where: { $0.type == .name(kind) }),
          parameter.isRequired || kind == .slide
        else { continue }
        let fits = registry.fits(type, subject.types)
        guard fits || kind == .column && !subject.types.isEmpty else { continue }
        return try write(
          command, nil, receiver: fits ? value : Value(),
          arguments: [PythonArgument(name: parameter.name, value: .text(text))], target: target)
      }
    }
    throw .notPython
  }

  // MARK: Names

  /// A name of Python as a value can be called here.
  func newName(for name: String, _ type: ValueType?) -> String {
    guard registry.commandNames.contains(name) || name.isEmpty else { return name }
    return freshName(type, of: name)
  }

  /// A letter, with a number where the letter is taken.
  private func freshName(_ type: ValueType?, of name: String?) -> String {
    let word = name.flatMap { $0.isEmpty ? nil : $0 } ?? type?.name.lowercased() ?? "x"
    let letter = word.first.map(String.init) ?? "x"
    var candidates = [letter]
    candidates += (2...9).map { letter + String($0) }
    let others = names.values.filter { $0.key != name }.compactMap(\.value.spelling)
    return candidates.first { candidate in
      !registry.commandNames.contains(candidate) && !others.contains(candidate)
        && (scope[candidate].map { name != nil && $0.type == type } ?? true)
    } ?? word + "_1"
  }
}
