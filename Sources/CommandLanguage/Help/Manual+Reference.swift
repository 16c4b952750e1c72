extension Manual {
  /// A documented call and what it is here.
  package struct ReferenceRow: Sendable, Equatable {
    /// As documented, with its class.
    package let call: String
    package let example: String
    package let summary: String
    /// The same in this language; nil if there is no command for it yet.
    package let lines: [String]?
    /// What comes nearest meanwhile.
    package let nearest: String?
  }

  /// A row for each call of the reference; each line is the answer that the call gets in a cell.
  package func referenceRows() -> [ReferenceRow] {
    let registry = Registry(commands: commands, valueTypes: valueTypes, reference: reference)
    let scope = Scope(Workspace())
    var translator = PythonTranslator(registry: registry, scope: scope, names: PythonNames())
    var rows = reference.calls.map { call in
      translator.lines = []
      let lines = translator.written(call.example)
      return ReferenceRow(
        call: call.name, example: call.example, summary: call.summary, lines: lines,
        nearest: lines == nil ? call.nearest : nil)
    }
    // What a command claims beyond the list.
    for declaration in declarations {
      for name in declaration.referenceNames where !reference.calls.contains(where: { $0.name == name }) {
        rows.append(
          ReferenceRow(
            call: name, example: name, summary: "", lines: [declaration.name + "?"], nearest: nil))
      }
    }
    return rows
  }

  /// The table for those who come from the other tool.
  package func referenceTable() -> RichOutput {
    let rows = referenceRows()
    let width = min(64, rows.map { DisplayWidth.columns(of: $0.example) }.max() ?? 0)
    var text = ["Coming from \(reference.name)"]
    for row in rows {
      let here = row.lines ?? ["not yet; nearest: \(row.nearest ?? "help")"]
      text.append("  " + row.example.padded(to: width) + "  " + here[0])
      for line in here.dropFirst() { text.append("  " + "".padded(to: width) + "  " + line) }
    }
    text += ["", "A line of Python in a cell is answered with the same line in this language."]
    return RichOutput(text: text.joined(separator: "\n"), markdown: referenceMarkdown(rows))
  }

  func referenceMarkdown(_ rows: [ReferenceRow]) -> String {
    var lines = ["| in \(reference.name) | here | |", "|---|---|---|"]
    for row in rows {
      let here =
        row.lines.map { $0.map { "`\(Markdown.cell($0))`" }.joined(separator: "<br>") }
        ?? "not yet; nearest: `\(Markdown.cell(row.nearest ?? "help"))`"
      lines.append("| `\(Markdown.cell(row.example))` | \(here) | \(Markdown.cell(row.summary)) |")
    }
    lines += ["", "A line of Python in a cell is answered with the same line in this language."]
    return lines.joined(separator: "\n")
  }
}

extension PythonTranslator {
  /// A line of Python as it is written here; nil where a command is missing.
  fileprivate mutating func written(_ text: String) -> [String]? {
    let (targets, value): ([String], PythonExpression)
    switch PythonReader.statement(text) {
    case .expression(let expression)?: (targets, value) = ([], expression)
    case .assignment(let names, let expression)?: (targets, value) = (names, expression)
    default: return nil
    }
    guard (try? statement(value, target: targets.first)) == true else { return nil }
    return lines
  }
}
