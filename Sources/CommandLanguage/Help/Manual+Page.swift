extension Manual {
  /// The complete reference page, as Markdown.
  package func completePage() -> String {
    var parts = [
      """
      # Commands

      Made from the declarations of the commands by `tessera manual`; change those, and make it anew.

      A cell holds one statement a line: `[name =] command [subject] [positional] [key=value …]`. It is checked as a \
      whole before anything runs.
      """,
      contents(), "## The language\n\n" + Self.rules,
    ]
    for topic in topics {
      parts.append("## \(Markdown.escape(topic))")
      for declaration in declarations where declaration.topic == topic { parts.append(section(declaration)) }
    }
    if !reference.name.isEmpty {
      parts.append("## Coming from \(reference.name)\n\n" + referenceMarkdown(referenceRows()))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var topics: [String] {
    declarations.reduce(into: []) { if !$0.contains($1.topic) { $0.append($1.topic) } }
  }

  private func contents() -> String {
    var anchors = Anchors()
    var lines = ["- [The language](#\(anchors.next("The language")))"]
    for topic in topics {
      let title = "- [\(Markdown.escape(topic))](#\(anchors.next(topic))): "
      let names = declarations.filter { $0.topic == topic }.map { "[`\($0.name)`](#\(anchors.next($0.name)))" }
      lines.append(title + names.joined(separator: ", "))
    }
    if !reference.name.isEmpty {
      lines.append("- [Coming from \(reference.name)](#\(anchors.next("Coming from \(reference.name)")))")
    }
    return lines.joined(separator: "\n")
  }

  private static let rules = """
    - **Names.** `m = mosaic df` names the result; without a name it is the unnamed one of its type. A name alone on a \
    line shows its value. Values never change: a command makes a new one.
    - **Subject.** What a command works on comes first. Left out, it is the only value of its type in the session, \
    named or not, whenever it was made. With several, the error names them; with none, the command's page says what is \
    meant. So it is with every parameter whose page says so (`dataset=`, `slide=`, `outcomes=`, `project=`), where \
    `none` goes without. The result says what it was made from: `on dataset d`.
    - **One value.** The same project, model or file opened twice is one value with two names, as long as its files \
    stay as they are. A value belongs to its project: with values of another it is refused, and where another is worked \
    on it is not meant. The unnamed value of a type is forgotten by `drop TYPE`.
    - **Values for names.** Where the name of a slide can stand, a slide can too (`slide=w`); where a column can be \
    looked at or compared by, labels can (`by=l`, `outcomes=l`).
    - **Words.** `2.0`, `20x`, `HPV+` and `~/a/b.csv` are a word each, and keep their spelling. `'a b'` and `"a b"` are \
    texts. Where a value or a file can stand, a bare word is a value, and what has a `/` or is quoted is a file.
    - **Lists, maps, ranges.** `[a, b]`, `{column: [a, b]}`, `0..<100` or `0...99`. A single item stands for a list of \
    one. A list draws a panel for each of its items.
    - **Lines.** An open bracket or a `\\` at the end continues a line, `#` begins a comment, `;` at the end hides the \
    output.
    - **Help.** `help`, `COMMAND?`, Tab and Shift-Tab.
    """

  private func section(_ declaration: CommandDeclaration) -> String {
    let more = declaration.parameters.contains { !$0.isPositional } ? " key=value …" : ""
    var parts = [
      "### \(declaration.name)", "```tessera\n\(Self.usage(declaration))\(more)\n```",
      declaration.summary + (declaration.discussion.isEmpty ? "" : "\n\n" + declaration.discussion),
    ]
    if let subject = declaration.subject {
      let sentence = Self.defaultSentence(subject).map { " " + $0 } ?? ""
      parts.append("**Works on** `\(Self.subjectPlaceholder(subject))`: \(subject.documentation)\(sentence)")
    }
    if !declaration.parameters.isEmpty {
      parts += Self.tables(declaration.parameters)
    }
    if let result = declaration.result {
      let summary = valueTypes.first { $0.type == result }?.summary ?? ""
      parts.append("**Gives** \(result.name)" + (summary.isEmpty ? "." : ": " + summary))
    }
    if !declaration.examples.isEmpty {
      parts.append("```tessera\n\(declaration.examples.joined(separator: "\n"))\n```")
    }
    return parts.joined(separator: "\n\n")
  }
}

/// Links to headings, in the order of the page: a heading that occurs again gets a number.
private struct Anchors {
  private var counts: [String: Int] = [:]

  mutating func next(_ heading: String) -> String {
    let anchor = heading.lowercased().split(separator: " ").joined(separator: "-")
    let count = counts[anchor, default: 0]
    counts[anchor] = count + 1
    return count == 0 ? anchor : "\(anchor)-\(count)"
  }
}
