/// Why bytes are not a table; lines are counted from 1.
package enum CSVFault: Error, Sendable, Equatable {
  case unclosedQuote(line: Int)
  case wrongFieldCount(line: Int, found: Int, expected: Int)
  case empty
  /// A field longer than any of a table; `isQuoted` if a quote stands before it.
  case fieldTooLong(line: Int, isQuoted: Bool)
  case tooManyColumns(line: Int, limit: Int)
  /// `before` is the text in front of the byte that is no UTF-8.
  case notUTF8(line: Int, byte: UInt8, before: String)
  case zeroByte(line: Int)
}

extension CSVFault: CustomStringConvertible {
  /// A clause without a full stop.
  package var description: String { line.map { "line \($0): \(clause)" } ?? "it \(clause)" }

  /// Where it is; nil for what is wrong with a whole file.
  package var line: Int? {
    switch self {
    case .unclosedQuote(let line), .wrongFieldCount(let line, _, _), .fieldTooLong(let line, _),
      .tooManyColumns(let line, _), .notUTF8(let line, _, _), .zeroByte(let line):
      line
    case .empty: nil
    }
  }

  /// What is wrong: said of a line, or of the file.
  package var clause: String {
    switch self {
    case .unclosedQuote: "a quoted field is not closed"
    case .wrongFieldCount(_, let found, let expected): "\(found) fields where the header has \(expected)"
    case .empty: "holds no rows"
    case .fieldTooLong(_, let isQuoted):
      "a field of more than 1 MB"
        + (isQuoted ? " begins with a quote that seems never to be closed" : " is no field of a table")
    case .tooManyColumns(_, let limit): "there are more than \(limit) fields"
    case .notUTF8(_, let byte, let before):
      "the text is not UTF-8: byte 0x\(String(byte, radix: 16, uppercase: true))"
        + (before.isEmpty ? "" : " after \"\(before)\"")
    case .zeroByte: "there is a zero byte, so this is no text file"
    }
  }

  /// What to do about it; nil where the description says it.
  package var remedy: String? {
    switch self {
    case .unclosedQuote, .fieldTooLong(_, true):
      "Close it with a double quote; a quote inside a field is written twice."
    case .wrongFieldCount: "Put fields that hold a comma in double quotes."
    case .notUTF8: "Save the table as UTF-8 (in Excel: \"CSV UTF-8 (comma delimited)\")."
    case .zeroByte: "Save the table as CSV (in Excel: \"CSV UTF-8 (comma delimited)\")."
    case .empty, .fieldTooLong, .tooManyColumns: nil
    }
  }
}
