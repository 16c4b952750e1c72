/// The table of the session's values.
enum SessionListing {
  static func output(_ workspace: Workspace) -> RichOutput {
    let bindings = workspace.bindings
    guard !bindings.isEmpty else { return RichOutput(text: "The session holds no values yet.") }
    let titles = ["name", "type", "shape", "size", "seconds", "from", "statement"]
    let rows = bindings.map { binding in
      let earlier = workspace.earlierSources(of: binding.slot).map(\.displayName)
      let origin = binding.origin == .store ? "the store" : "computed"
      return [
        binding.name ?? "(unnamed)", binding.value.valueType.name, binding.value.shape, size(binding.value.byteCount),
        seconds(binding.seconds),
        earlier.isEmpty ? origin : origin + ", from an earlier " + earlier.joined(separator: ", "),
        LanguageError.clip(binding.statement),
      ]
    }
    let widths = titles.indices.map { column in
      ([titles] + rows).map { DisplayWidth.columns(of: $0[column]) }.max() ?? 0
    }
    let text = ([titles] + rows).map { row in
      var line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    var markdown = ["| " + titles.joined(separator: " | ") + " |", "|---|---|---|--:|--:|---|---|"]
    for row in rows {
      let cells = row.enumerated().map {
        $0.offset == 6 ? "`\(Markdown.cell($0.element))`" : Markdown.cell(Markdown.escape($0.element))
      }
      markdown.append("| " + cells.joined(separator: " | ") + " |")
    }
    return RichOutput(text: text.joined(separator: "\n"), markdown: markdown.joined(separator: "\n"))
  }

  /// "3.4 MB", with a blank that does not break; nothing for 0.
  static func size(_ bytes: Int) -> String {
    guard bytes > 0 else { return "" }
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return (value < 10 && unit > 0 ? tenths(value) : String(Int(value.rounded()))) + "\u{A0}" + units[unit]
  }

  static func seconds(_ seconds: Double) -> String { seconds < 10 ? tenths(seconds) : String(Int(seconds.rounded())) }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
