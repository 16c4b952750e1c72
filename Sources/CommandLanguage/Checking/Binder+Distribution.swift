/// Gives each argument to its parameter.
extension Binder {
  mutating func distribute() {
    var arguments = withoutBrokenRanges(statement.arguments)
    arguments = withoutOptions(arguments)
    arguments = withoutComparisons(arguments)
    arguments = withoutBrokenPaths(arguments)
    var positionals: [ValueSyntax] = []
    var named: Set<String> = []
    var proposesLine = false
    var hasNamed = false
    var reorderedLine: String?
    var lastNamed: ArgumentSyntax?
    for argument in arguments {
      guard let name = argument.name else {
        guard let value = argument.value else { continue }
        if hasNamed, tellsNoMore { continue }
        if hasNamed {
          guard let before = lastNamed else { continue }
          let parameter = declaration.parameters.first { $0.name == before.name?.text }
          // What follows a parameter that there is not belongs to it.
          if parameter == nil, before.name?.text != declaration.subject?.name { continue }
          let instead = reorderedLine ?? joined(arguments, from: before, as: parameter?.type) ?? reordered(arguments)
          reorderedLine = instead
          fail(.positionalAfterNamed(value.printed, instead: instead), value.span)
        } else {
          positionals.append(value)
        }
        continue
      }
      hasNamed = true
      lastNamed = argument
      if !named.insert(name.text).inserted {
        if !tellsNoMore { fail(.givenTwice(name.text, instead: without(argument.span)), argument.span) }
      } else if let parameter = declaration.parameters.first(where: { $0.name == name.text }) {
        if let value = argument.value { given.append((parameter, value)) }
      } else if let subject = declaration.subject, subject.name == name.text {
        subjectSyntax = argument.value
      } else {
        let problem = unknownParameter(name.text, argument.value)
        guard case .unknownParameter(_, _, nil, _) = problem, let lines = commandAfter(taking: name.text) else {
          fail(problem, name.span)
          continue
        }
        // One answer has all that is for the other command.
        if !proposesLine { fail(.habit(sentence: problem.sentence, instead: lines), name.span) }
        proposesLine = true
      }
    }
    if reorderedLine != nil { failedParameters.formUnion(declaration.parameters.filter(\.isPositional).map(\.name)) }
    distribute(positionals, named: named)
    let names = Set(given.map(\.parameter.name)).union(failedParameters)
    for parameter in declaration.parameters
    where parameter.isRequired && parameter.implication == nil && !names.contains(parameter.name) {
      refuse(missing: parameter)
    }
  }

  private mutating func distribute(_ positionals: [ValueSyntax], named: Set<String>) {
    let open = declaration.parameters.filter {
      $0.isPositional && !named.contains($0.name) && !failedParameters.contains($0.name)
    }
    let required = open.filter(\.isRequired)
    var rest = positionals[...]
    if declaration.subject != nil, subjectSyntax == nil, rest.count > required.count { subjectSyntax = rest.popFirst() }
    for (index, parameter) in open.enumerated() {
      guard let first = rest.first else { break }
      if index == open.count - 1, case .list = parameter.type, rest.count > 1 {
        given.append((parameter, gathered(Array(rest))))
        rest = []
      } else {
        given.append((parameter, first))
        rest.removeFirst()
      }
    }
    if let surplus = rest.first {
      if let twice = declaration.parameters.first(where: { $0.isPositional && named.contains($0.name) }) {
        let extra = statement.arguments.first { $0.value?.span == surplus.span }
        fail(.parameterIsPositional(twice.name, instead: extra.map { without($0.span) }), surplus.span)
      } else if [">", ">>", "<", "&", "&&", "||"].contains(surplus.printed) {
        fail(.pipe, surplus.span)
      } else {
        fail(
          .tooManyArguments(command: declaration.name, found: surplus.printed, usage: usage(for: surplus)), surplus.span
        )
      }
    }
  }

  /// The statement with the parameter that it lacks.
  mutating func refuse(missing parameter: ParameterDeclaration) {
    let value = known(parameter.type) ?? parameter.type.sample ?? parameter.type.placeholder
    let isBare = parameter.isPositional && !statement.arguments.contains { $0.name != nil }
    fail(
      .missingParameter(
        parameter.name, command: declaration.name,
        usage: statement.printed + " " + (isBare ? "" : parameter.name + "=") + value), statement.headSpan)
  }

  /// Something that a parameter could be given.
  func sampleValue(of name: String) -> String {
    guard let type = declaration.parameters.first(where: { $0.name == name })?.type else { return "VALUE" }
    return known(type) ?? type.sample ?? "VALUE"
  }

  /// A name that could be given, of those that the session knows.
  func known(_ type: ParameterType) -> String? {
    switch type {
    case .name(let kind), .nameOrPath(let kind, _), .valueOrName(_, let kind):
      reader.scope.knownName(of: kind).map(ScalarSyntax.spelling)
    case .quantity: reader.scope.knownName(of: .column).map(ScalarSyntax.spelling)
    case .list(let item), .optional(let item): known(item)
    default: nil
    }
  }

  /// Several positional arguments as the one list that they stand for.
  mutating func gathered(_ values: [ValueSyntax]) -> ValueSyntax {
    var scalars: [ScalarSyntax] = []
    for value in values {
      switch value {
      case .scalar(let scalar): scalars.append(scalar)
      case .list(let items, _): scalars += items
      case .map(_, let span): fail(.nestedList, span)
      }
    }
    let lower = values.first?.span.lowerBound ?? 0
    return .list(scalars, span: lower..<max(lower, values.last?.span.upperBound ?? lower))
  }

  /// `method=mean` for a `mean` that stands alone, or else the form of the command.
  func usage(for surplus: ValueSyntax) -> String {
    if case .scalar(let scalar) = surplus {
      let fitting = declaration.parameters.filter { $0.type.choices.contains(scalar.text) }
      if fitting.count == 1 { return "\(fitting[0].name)=\(scalar.printed)" }
    }
    return Manual.usage(declaration)
  }

  /// The statement without a parameter, and behind it the only command that works on its result and has one of that name.
  private func commandAfter(taking name: String) -> String? {
    guard !tellsNoMore, let result = declaration.result else { return nil }
    let others = reader.registry.commands.map(\.declaration).filter { other in
      other.subject?.types.contains(result) == true && other.parameters.contains { $0.name == name }
    }
    // What stands behind a parameter without a name of its own belongs to it, and the line is no whole one.
    let named = statement.arguments.drop { $0.name == nil }
    guard others.count == 1, named.allSatisfy({ $0.name != nil }) else { return nil }
    let known = Set(declaration.parameters.map(\.name))
    var first = statement
    first.arguments.removeAll { argument in argument.name.map { !known.contains($0.text) } ?? false }
    let rest = statement.arguments.filter { argument in
      argument.name.map { name in others[0].parameters.contains { $0.name == name.text } && !known.contains(name.text) }
        ?? false
    }
    let target = statement.target?.text ?? "x"
    first.target = NameSyntax(text: target, span: 0..<0)
    return "\(first.printed)\n" + ([others[0].name, target] + rest.map(\.printed)).joined(separator: " ")
  }

  func unknownParameter(_ name: String, _ value: ValueSyntax?) -> LanguageError {
    let all = declaration.parameters.map(\.name)
    let nearest =
      declaration.parameters.first { $0.referenceNames.contains(name) }?.name
      ?? NearestName.nearest(to: name, in: all)
    return .unknownParameter(
      name, command: declaration.name, nearest: nearest.map { $0 + "=" + (value?.printed ?? "") }, all: all)
  }

  /// `title="My map"` for `title=My map`; nil if the parameter takes no text.
  private func joined(_ arguments: [ArgumentSyntax], from first: ArgumentSyntax, as type: ParameterType?) -> String? {
    guard type?.takesText == true, let start = arguments.firstIndex(where: { $0.span == first.span }),
      let value = first.value, value.isScalar
    else { return nil }
    let words = arguments[(start + 1)...].prefix { $0.name == nil && $0.value?.isScalar == true }
    guard let last = words.last, let name = first.name?.text else { return nil }
    let text = reader.source.text(in: value.span.lowerBound..<last.span.upperBound)
    guard !text.contains("\"") else { return nil }
    var changed = statement
    changed.arguments.removeAll { argument in words.contains { $0.span == argument.span } }
    guard let index = changed.arguments.firstIndex(where: { $0.span == first.span }) else { return nil }
    changed.arguments[index] = ArgumentSyntax(
      name: NameSyntax(text: name, span: 0..<0),
      value: .scalar(ScalarSyntax(text: text, isQuoted: true, span: 0..<0)), span: first.span)
    return changed.printed
  }

  /// The statement without the argument of a span.
  func without(_ span: Range<Int>) -> String {
    var rest = statement
    rest.arguments.removeAll { $0.span == span }
    return rest.printed
  }

  func reordered(_ arguments: [ArgumentSyntax]) -> String {
    let ordered = arguments.filter { $0.name == nil } + arguments.filter { $0.name != nil }
    return ([declaration.name] + ordered.map(\.printed)).joined(separator: " ")
  }

  /// Reports ranges written with blanks, as in `0 ..< 100`, and leaves their parts out.
  mutating func withoutBrokenRanges(_ arguments: [ArgumentSyntax]) -> [ArgumentSyntax] {
    func word(_ index: Int) -> String? {
      guard arguments.indices.contains(index), case .scalar(let scalar)? = arguments[index].value, !scalar.isQuoted
      else {
        return nil
      }
      return scalar.text
    }
    var result: [ArgumentSyntax] = []
    var index = 0
    while index < arguments.count {
      var end = index + 1
      if var joined = word(index) {
        // A range has a lower bound, a sign and an upper bound.
        while end < index + 3, let next = word(end), arguments[end].name == nil {
          let isSplit = ["..<", "..."].contains { joined.hasSuffix($0) || next.hasPrefix($0) }
          guard isSplit else { break }
          joined += next
          end += 1
        }
        if end > index + 1, WordReading.range(joined) != nil,
          let first = arguments[index].value, let last = arguments[end - 1].value
        {
          fail(.blanksInRange(joined), first.span.lowerBound..<last.span.upperBound)
          if let name = arguments[index].name { failedParameters.insert(name.text) }
          index = end
          continue
        }
      }
      result.append(arguments[index])
      index += 1
    }
    return result
  }

  /// What `--` becomes under the hands of a word processor.
  private static let dashes: Set<Character> = ["-", "–", "—"]

  /// Reports options in the manner of a shell, as in `--method mean`, and leaves them out.
  mutating func withoutOptions(_ arguments: [ArgumentSyntax]) -> [ArgumentSyntax] {
    var result: [ArgumentSyntax] = []
    var skipsNext = false
    for (index, argument) in arguments.enumerated() {
      if skipsNext {
        skipsNext = false
        continue
      }
      guard argument.name == nil, case .scalar(let scalar)? = argument.value, !scalar.isQuoted,
        let sign = scalar.text.first, Self.dashes.contains(sign), WordReading.number(scalar.text) == nil,
        scalar.text.count > 1
      else {
        result.append(argument)
        continue
      }
      let parts = scalar.text.drop { Self.dashes.contains($0) }.split(separator: "=", maxSplits: 1).map(String.init)
      let name = (parts.first ?? "").split(separator: "-").joined(separator: "_")
      var value = parts.count > 1 ? parts[1] : nil
      var end = argument.span.upperBound
      if value == nil, index + 1 < arguments.count, arguments[index + 1].name == nil,
        let next = arguments[index + 1].value, !next.printed.hasPrefix("-")
      {
        value = next.printed
        end = next.span.upperBound
        skipsNext = true
      }
      let parameter = declaration.parameters.first { $0.name == name }
      let isSwitch = parameter?.type == .boolean
      let instead = parameter.map { "\($0.name)=\(value ?? (isSwitch ? "true" : "VALUE"))" }
      fail(.option(scalar.text, instead: instead ?? "\(declaration.name)?"), argument.span.lowerBound..<end)
      if let parameter { failedParameters.insert(parameter.name) }
    }
    return result
  }

  /// Reports `method==mean`, `method:mean` and `method: mean`, and leaves them out.
  private mutating func withoutComparisons(_ arguments: [ArgumentSyntax]) -> [ArgumentSyntax] {
    var result: [ArgumentSyntax] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      guard argument.name == nil, case .scalar(let scalar)? = argument.value, !scalar.isQuoted,
        let parameter = declaration.parameters.first(where: {
          scalar.text.hasPrefix($0.name + "==") || scalar.text.hasPrefix($0.name + ":")
        })
      else {
        result.append(argument)
        continue
      }
      var value = String(scalar.text.dropFirst(parameter.name.count).drop { $0 == "=" || $0 == ":" })
      var end = scalar.span.upperBound
      if value.isEmpty, index < arguments.count, arguments[index].name == nil, let next = arguments[index].value {
        value = next.printed
        end = next.span.upperBound
        index += 1
      }
      let instead = parameter.name + "=" + (value.isEmpty ? sampleValue(of: parameter.name) : value)
      fail(.doubleEquals(instead: instead), scalar.span.lowerBound..<end)
      failedParameters.insert(parameter.name)
    }
    return result
  }

  /// Reports `my model.onnx` without quotes where a file of this name exists, and leaves it out.
  private mutating func withoutBrokenPaths(_ arguments: [ArgumentSyntax]) -> [ArgumentSyntax] {
    let parameters = declaration.parameters.filter { if case .path = $0.type { true } else { false } }
    guard !parameters.isEmpty || declaration.subject?.path != nil else { return arguments }
    func isWord(_ index: Int) -> Bool {
      guard arguments.indices.contains(index), case .scalar(let scalar)? = arguments[index].value else { return false }
      return !scalar.isQuoted && (index == 0 || arguments[index].name == nil)
    }
    // A name of a file has few blanks; more words are not put together.
    for start in arguments.indices.prefix(4) where isWord(start) {
      guard let first = arguments[start].value else { continue }
      for end in (start + 1)..<max(start + 1, min(start + 4, arguments.count)) {
        guard isWord(end), arguments[end].name == nil else { break }
        let span = first.span.lowerBound..<arguments[end].span.upperBound
        let path = reader.source.text(in: span)
        guard reader.paths.find(reader.paths.expand(path)) != nil else { continue }
        fail(.blanksInPath(ScalarSyntax.spelling(of: path)), span)
        failedParameters.formUnion(
          parameters.filter { $0.isPositional || $0.name == arguments[start].name?.text }.map(\.name))
        hasFailedSubject = declaration.subject?.path != nil
        return Array(arguments[..<start]) + arguments[(end + 1)...]
      }
    }
    return withoutBrokenOutput(arguments)
  }

  /// The same for a file that is to be written: too many words, of which the last ones together could be its name.
  private mutating func withoutBrokenOutput(_ arguments: [ArgumentSyntax]) -> [ArgumentSyntax] {
    let positional = declaration.parameters.filter(\.isPositional)
    let start = (declaration.subject == nil ? 0 : 1) + positional.count - 1
    let words = arguments.filter { $0.name == nil }
    guard case .path(let role)? = positional.last?.type, let extensions = role.outputExtensions, start >= 0,
      words.count > start + 1,
      words[start...].allSatisfy({ $0.value?.scalars.first?.isQuoted == false && $0.value?.isScalar == true })
    else { return arguments }
    let span = words[start].span.lowerBound..<words[words.count - 1].span.upperBound
    let path = reader.source.text(in: span)
    // `save m to mosaic.png` is meant otherwise.
    guard let own = PathSearch.fileExtension(of: path), extensions.contains(own), !words[start].printed.contains("."),
      !LineRepair.fillers.contains(words[start].printed)
    else { return arguments }
    fail(.blanksInPath(ScalarSyntax.spelling(of: path)), span)
    failedParameters.insert(positional[positional.count - 1].name)
    return arguments.filter { !span.overlaps($0.span) }
  }
}
