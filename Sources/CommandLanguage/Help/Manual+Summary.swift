extension Manual {
  /// A command in short: its form with every parameter, and its summary; nil if there is no such command.
  package func summary(of command: String) -> RichOutput? {
    guard let declaration = declarations.first(where: { $0.name == command }) else { return nil }
    let signature = Self.signature(declaration)
    let hint = "The whole page: \(declaration.name)?"
    return RichOutput(
      text: Markdown.plain([signature, declaration.summary, hint].joined(separator: "\n")),
      markdown: ["```tessera\n\(signature)\n```", declaration.summary, "The whole page: `\(declaration.name)?`"]
        .joined(separator: "\n\n"))
  }

  /// The form of a command with all its parameters, those that need not be given in parentheses, on lines of at most
  /// 72 columns.
  static func signature(_ declaration: CommandDeclaration) -> String {
    var parts = [usage(declaration)]
    for parameter in declaration.parameters where !parameter.isPositional && !parameter.isRequired {
      parts.append("(\(parameter.name)=\(parameter.defaultText ?? parameter.type.placeholder))")
    }
    var lines: [String] = []
    for part in parts {
      if let last = lines.last, last.count + 1 + part.count <= 72 {
        lines[lines.count - 1] = last + " " + part
      } else {
        lines.append((lines.isEmpty ? "" : "  ") + part)
      }
    }
    return lines.joined(separator: "\n")
  }
}
