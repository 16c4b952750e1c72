/// What is read otherwise than a table has it.
package enum TableNote: Sendable, Equatable {
  package enum Separator: UInt8, Sendable {
    case semicolons = 0x3B
    case tabs = 0x09
  }

  case separator(Separator)
  /// A column of a name that an earlier one has.
  case renamedColumn(String, as: String)
  /// Rows that end before the header does.
  case shortRows(lines: [Int])

  /// One sentence, without the file's name.
  package var sentence: String {
    switch self {
    case .separator(let separator):
      "\(separator == .tabs ? "Tabs" : "Semicolons") stand between the fields, and not commas."
    case .renamedColumn(let name, let new):
      "Several columns are named \(name): one of them is \(new) here, as in slideflow."
    case .shortRows(let lines):
      lines.count == 1
        ? "Line \(lines[0]) has fewer fields than the header; those that it lacks are blank."
        : "\(lines.count) rows have fewer fields than the header; those that they lack are blank "
          + "(lines \(AnnotationNote.list(lines.map(String.init))))."
    }
  }
}
