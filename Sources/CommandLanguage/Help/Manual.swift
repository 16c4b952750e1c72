/// The manual, made from the declarations.
package struct Manual: Sendable {
  let commands: [Command]
  let valueTypes: [ValueTypeDeclaration]
  let reference: Reference

  package init(commands: [Command], valueTypes: [ValueTypeDeclaration], reference: Reference) {
    self.commands = commands
    self.valueTypes = valueTypes
    self.reference = reference
  }

  var declarations: [CommandDeclaration] { commands.map(\.declaration) }

  /// The form of a command: its subject and positional parameters, and the required ones by name.
  static func usage(_ declaration: CommandDeclaration) -> String {
    var parts = [declaration.name]
    if let subject = declaration.subject { parts.append(subjectPlaceholder(subject)) }
    for parameter in declaration.parameters where parameter.isPositional {
      let placeholder =
        if case .list(let item) = parameter.type { item.placeholder + "…" } else { parameter.type.placeholder }
      parts.append(parameter.isRequired ? placeholder : "(\(placeholder))")
    }
    for parameter in declaration.parameters where parameter.isRequired && !parameter.isPositional {
      parts.append("\(parameter.name)=\(parameter.type.placeholder)")
    }
    return parts.joined(separator: " ")
  }

  static func subjectPlaceholder(_ subject: SubjectDeclaration) -> String {
    let types = subject.types.isEmpty ? "VALUE" : subject.types.map { $0.name.uppercased() }.joined(separator: "|")
    return subject.path == nil ? types : types + "|PATH"
  }

  /// All commands with their summaries, by topic in the order declared.
  package func list() -> RichOutput {
    var topics: [String] = []
    for declaration in declarations where !topics.contains(declaration.topic) { topics.append(declaration.topic) }
    let width = declarations.map(\.name.count).max() ?? 0
    var text: [String] = []
    var markdown: [String] = []
    for topic in topics {
      let commands = declarations.filter { $0.topic == topic }
      text.append(topic)
      markdown.append("**\(Markdown.escape(topic))**\n\n| command | does |\n|---|---|")
      for command in commands {
        text.append("  " + command.name.padded(to: width) + "  " + command.summary)
        markdown.append("| `\(command.name)` | \(Markdown.cell(command.summary)) |")
      }
      text.append("")
      markdown.append("")
    }
    let table = reference.name.isEmpty ? "" : " Coming from \(reference.name): `help \(reference.name)`."
    let hint = "The page of a command: `COMMAND?` or `help COMMAND`." + table
    text.append(hint)
    markdown.append(hint)
    return RichOutput(text: Markdown.plain(text.joined(separator: "\n")), markdown: markdown.joined(separator: "\n"))
  }

  /// The page of a command; nil if there is no such command.
  package func page(of command: String) -> RichOutput? {
    declarations.first { $0.name == command }.map { RichOutput(text: text($0), markdown: markdown($0)) }
  }

  /// The entry of one parameter, or of the subject.
  package func page(of command: String, parameter name: String) -> RichOutput? {
    guard let declaration = declarations.first(where: { $0.name == command }) else { return nil }
    if let parameter = declaration.parameters.first(where: { $0.name == name }) {
      let facts = Self.facts(parameter)
      let title = "\(name)=\(Self.placeholder(parameter))"
      return RichOutput(
        text: Markdown.plain(
          ([title, parameter.documentation] + (facts.isEmpty ? [] : [facts]) + ["Parameter of \(command)."])
            .joined(separator: "\n")),
        markdown: "`\(title)`\n\n\(parameter.documentation)"
          + (facts.isEmpty ? "" : "\n\n\(Markdown.escape(facts))") + "\n\nParameter of `\(command)`.")
    }
    guard let subject = declaration.subject, subject.name == name else { return nil }
    let title = Self.subjectPlaceholder(subject)
    return RichOutput(
      text: Markdown.plain("\(title)\n\(subject.documentation)\nWhat \(command) works on."),
      markdown: "`\(title)`\n\n\(subject.documentation)\n\nWhat `\(command)` works on.")
  }

  /// - Parameter isInGroup: the conditions of its group are said above it.
  static func facts(_ parameter: ParameterDeclaration, isInGroup: Bool = false) -> String {
    var facts: [String] = []
    if parameter.isRequired { facts.append("required") }
    if let text = parameter.defaultText { facts.append("default \(text)") }
    if let unit = parameter.unit { facts.append("in \(unit)") }
    if let bounds = bounds(parameter) { facts.append(bounds) }
    facts += conditions(isInGroup ? parameter.ownEffects : parameter.effects)
    if let meaning = leftOut(parameter) { facts.append("left out, " + meaning) }
    return facts.joined(separator: ", ")
  }

  /// What a parameter means when it is left out, where that is a value of the session: "the only Dataset of the session;
  /// without one, all tiles".
  static func leftOut(_ parameter: ParameterDeclaration) -> String? {
    guard let implication = parameter.implication else { return nil }
    let only = "the only \(implication.type.name) of the session"
    return (implication.broughtAlong.map { $0 + ", else " } ?? "") + only
      + (implication.otherwise.map { "; without one, " + $0 } ?? "")
  }

  /// What is meant by the parameter: its documentation, with what leaving it out means.
  static func meaning(_ parameter: ParameterDeclaration) -> String {
    parameter.documentation + (leftOut(parameter).map { " Left out, \($0)." } ?? "")
  }

  /// "DATASET|none": what may be given.
  static func placeholder(_ parameter: ParameterDeclaration) -> String {
    parameter.type.placeholder + (parameter.implication != nil && !parameter.isRequired ? "|none" : "")
  }

  /// "not with predict_on_axes": when a parameter changes anything.
  static func conditions(_ effects: [ParameterEffect]) -> [String] {
    effects.map { effect in
      switch effect {
      case .with(let other, let values):
        "only with " + (values.isEmpty ? other : "\(other)=\(values.joined(separator: "|"))")
      case .without(let other): "not with \(other)"
      case .on(let types): "only on \(types.map(\.name).joined(separator: " or "))"
      }
    }
  }

  /// Parameters in the order declared, those in a row with conditions in common together.
  static func groups(
    _ parameters: [ParameterDeclaration]
  ) -> [(condition: String?, parameters: [ParameterDeclaration])] {
    var groups: [(condition: String?, parameters: [ParameterDeclaration])] = []
    for parameter in parameters {
      let shared = conditions(parameter.groupEffects).joined(separator: ", ")
      // Below a condition, what needs none has to say so.
      let none = groups.last?.condition == nil ? nil : "Always"
      let condition = shared.isEmpty ? none : shared.prefix(1).uppercased() + shared.dropFirst()
      if let last = groups.indices.last, groups[last].condition == condition {
        groups[last].parameters.append(parameter)
      } else {
        groups.append((condition, [parameter]))
      }
    }
    return groups
  }

  /// A Markdown table for each of these groups, below its conditions.
  static func tables(_ parameters: [ParameterDeclaration]) -> [String] {
    groups(parameters).flatMap { group in
      (group.condition.map { [$0 + ":"] } ?? [])
        + [
          (["| parameter | values | default | meaning |", "|---|---|---|---|"] + group.parameters.map(row))
            .joined(separator: "\n")
        ]
    }
  }

  private static func row(_ parameter: ParameterDeclaration) -> String {
    let fallback = parameter.isRequired ? "required" : parameter.defaultText.map { "`\($0)`" } ?? ""
    var values = "`\(Self.placeholder(parameter))`"
    if let bounds = Self.bounds(parameter) { values += ", " + bounds }
    if let unit = parameter.unit { values += ", \(unit)" }
    let title = "`\(parameter.name)`"
    let meaning =
      ([Self.meaning(parameter)]
      + Self.conditions(parameter.ownEffects).map { $0.prefix(1).uppercased() + $0.dropFirst() + "." })
      .joined(separator: " ")
    return
      "| \(title) | \(Markdown.cell(values)) | \(Markdown.cell(fallback)) | \(Markdown.cell(meaning)) |"
  }

  /// "from 1 to 20"; nil for what has no bounds.
  static func bounds(_ parameter: ParameterDeclaration) -> String? {
    switch parameter.type {
    case .integer(let bounds):
      return bound(
        bounds.lowerBound == .min ? nil : "\(bounds.lowerBound)",
        bounds.upperBound == .max ? nil : "\(bounds.upperBound)")
    case .number(let bounds):
      let low = bounds.lowerBound <= -Double.greatestFiniteMagnitude ? nil : number(bounds.lowerBound)
      let high = bounds.upperBound >= Double.greatestFiniteMagnitude ? nil : number(bounds.upperBound)
      return bound(low, high)
    default: return nil
    }
  }

  private static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? String(value) }

  private static func bound(_ low: String?, _ high: String?) -> String? {
    switch (low, high) {
    case (let low?, let high?): "from \(low) to \(high)"
    case (let low?, nil): "at least \(low)"
    case (nil, let high?): "at most \(high)"
    case (nil, nil): nil
    }
  }

  func text(_ declaration: CommandDeclaration) -> String {
    var lines = [Self.usage(declaration) + (declaration.parameters.contains { !$0.isPositional } ? " key=value …" : "")]
    lines.append(declaration.summary)
    if !declaration.discussion.isEmpty { lines += ["", declaration.discussion] }
    if let subject = declaration.subject {
      lines += ["", "Works on", "  \(Self.subjectPlaceholder(subject))  \(subject.documentation)"]
      if let sentence = Self.defaultSentence(subject) { lines.append("  " + sentence) }
    }
    if !declaration.parameters.isEmpty {
      lines += ["", "Parameters"]
      let width = min(34, declaration.parameters.map { "\($0.name)=\(Self.placeholder($0))".count }.max() ?? 0)
      for group in Self.groups(declaration.parameters) {
        if let condition = group.condition { lines += ["", condition + ":"] }
        for parameter in group.parameters {
          let title = "\(parameter.name)=\(Self.placeholder(parameter))"
          let facts = Self.facts(parameter, isInGroup: true)
          lines.append(
            "  " + title.padded(to: width) + "  " + parameter.documentation + (facts.isEmpty ? "" : " (\(facts))"))
        }
      }
    }
    if let result = declaration.result { lines += ["", "Gives", "  \(result.name)"] }
    if !declaration.examples.isEmpty { lines += ["", "Examples"] + declaration.examples.map { "  " + $0 } }
    if !declaration.referenceNames.isEmpty, !reference.name.isEmpty {
      lines += ["", "In \(reference.name): " + declaration.referenceNames.joined(separator: ", ")]
    }
    return Markdown.plain(lines.joined(separator: "\n"))
  }

  private func markdown(_ declaration: CommandDeclaration) -> String {
    let more = declaration.parameters.contains { !$0.isPositional } ? " key=value …" : ""
    var parts = ["```tessera\n\(Self.usage(declaration))\(more)\n```", declaration.summary]
    if !declaration.discussion.isEmpty { parts.append(declaration.discussion) }
    if let subject = declaration.subject {
      let sentence = Self.defaultSentence(subject).map { " " + $0 } ?? ""
      parts.append("**Works on** `\(Self.subjectPlaceholder(subject))`: \(subject.documentation)\(sentence)")
    }
    if !declaration.parameters.isEmpty {
      parts += Self.tables(declaration.parameters)
    }
    if let result = declaration.result {
      let summary = valueTypes.first { $0.type == result }?.summary ?? ""
      parts.append("**Gives** \(result.name)" + (summary.isEmpty ? "" : ": " + summary))
    }
    if !declaration.examples.isEmpty {
      parts.append("**Examples**\n\n```tessera\n\(declaration.examples.joined(separator: "\n"))\n```")
    }
    if !declaration.referenceNames.isEmpty, !reference.name.isEmpty {
      parts.append("In \(reference.name): " + declaration.referenceNames.map { "`\($0)`" }.joined(separator: ", "))
    }
    return parts.joined(separator: "\n\n")
  }

  static func defaultSentence(_ subject: SubjectDeclaration) -> String? {
    guard let type = subject.types.first else { return "Left out, it is the only value of the session." }
    let others = subject.types.dropFirst().map(\.name)
    return "Left out, it is the only \(type.name) of the session"
      + (others.isEmpty ? "" : "; without one, the only " + LanguageError.enumerate(others, last: "or"))
      + (subject.isOptional ? "; without one, there is none." : ".")
  }
}

/// Text inside Markdown.
enum Markdown {
  /// What it says without the marks of code.
  static func plain(_ text: String) -> String { text.filter { $0 != "`" } }

  static func escape(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_[]<>#$".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  /// Markdown as one cell of a table.
  static func cell(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "|": result += "\\|"
      case "\n", "\r": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension String {
  /// With blanks at the end, up to a number of columns of a terminal.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - DisplayWidth.columns(of: self)))
  }
}
