import Foundation

extension String {
  /// Without blanks around it; a text that has none is given back as it is, which nearly all cells of a table are.
  var withoutOuterBlanks: String {
    guard let first = utf8.first, let last = utf8.last else { return self }
    let isPlain = { (byte: UInt8) in byte > 0x20 && byte < 0x7F }
    return isPlain(first) && isPlain(last) ? self : trimmingCharacters(in: .whitespaces)
  }

  /// Blank is what slideflow 3 takes for blank: nothing, blanks, or "nan".
  var isBlankCell: Bool {
    guard let first = utf8.first else { return true }
    // What begins with a letter or digit is blank only as "nan".
    if first > 0x20, first < 0x7F, utf8.count != 3, first != 0x6E, first != 0x4E { return false }
    let trimmed = withoutOuterBlanks
    return trimmed.isEmpty || (trimmed.utf8.count == 3 && trimmed.lowercased() == "nan")
  }
}
