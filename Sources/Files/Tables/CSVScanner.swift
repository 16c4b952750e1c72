/// The grammar of CSV (RFC 4180) over bytes that may come in pieces: it ends fields and rows, and takes quotes off.
///
/// Rows end with LF, CR LF or CR. A quote counts where nothing of a field stands before it. A line end in quotes becomes
/// LF.
struct CSVScanner {
  enum Event {
    case field
    /// The last field of a row ended.
    case row
    /// A field is longer than may be.
    case tooLong
    /// All bytes were read, and the field may go on.
    case input
  }

  let separator: UInt8
  let fieldLimit: Int
  /// The line that the row began on which is being read, or was read last; from 1.
  private(set) var rowLine = 1
  /// Where the quote stands that is open.
  private(set) var quoteLine: Int?
  /// Whether a quote stands in the row.
  private(set) var rowHasQuotes = false

  private var line = 1
  private var beginsRow = false
  private var fieldByteCount = 0
  /// A quote within quotes was read: the next byte tells whether it ends them.
  private var mayEndQuote = false
  private var mayPassLineFeed = false

  init(separator: UInt8, fieldLimit: Int) {
    self.separator = separator
    self.fieldLimit = fieldLimit
  }

  /// The byte between fields: a comma, or a semicolon or tab where the header, outside of its quotes, has more of those.
  static func separator(of bytes: some Sequence<UInt8>) -> UInt8 {
    var (commas, semicolons, tabs) = (0, 0, 0)
    var (isQuoted, hasBegun) = (false, false)
    for byte in bytes {
      let isLineEnd = byte == 0x0A || byte == 0x0D
      if isLineEnd, !hasBegun { continue }
      hasBegun = true
      if byte == 0x22 { isQuoted.toggle() }
      guard !isQuoted else { continue }
      if isLineEnd { break }
      switch byte {
      case 0x2C: commas += 1
      case 0x3B: semicolons += 1
      case 0x09: tabs += 1
      default: break
      }
    }
    return max(semicolons, tabs) <= commas ? 0x2C : semicolons >= tabs ? 0x3B : 0x09
  }

  /// True at the end of a file that ends within quotes.
  var isUnclosed: Bool { quoteLine != nil && !mayEndQuote }

  /// Reads on, up to the end of a field or of the input.
  ///
  /// - Parameters:
  ///   - input: bytes, read from `position` to `end`.
  ///   - output: takes the fields' bytes from `written` on, and has room for all of the input. It may be the input's own
  ///     memory, for no more is written than was read.
  mutating func next(
    _ input: UnsafePointer<UInt8>, position: inout Int, end: Int, output: UnsafeMutablePointer<UInt8>,
    written: inout Int
  ) -> Event {
    if beginsRow {
      (rowLine, rowHasQuotes, beginsRow) = (line, false, false)
    }
    while position < end {
      let byte = input[position]
      if mayPassLineFeed {
        mayPassLineFeed = false
        if byte == 0x0A {
          position += 1
          continue
        }
      }
      var content = byte
      if mayEndQuote, byte != 0x22 { (mayEndQuote, quoteLine) = (false, nil) }
      position += 1
      if quoteLine != nil {
        if byte == 0x22 {
          mayEndQuote.toggle()
          if mayEndQuote { continue }
        } else if byte == 0x0A || byte == 0x0D {
          line += 1
          mayPassLineFeed = byte == 0x0D
          content = 0x0A
        }
      } else if byte == separator {
        fieldByteCount = 0
        return .field
      } else if byte == 0x0A || byte == 0x0D {
        line += 1
        mayPassLineFeed = byte == 0x0D
        fieldByteCount = 0
        beginsRow = true
        return .row
      } else if byte == 0x22, fieldByteCount == 0 {
        quoteLine = line
        rowHasQuotes = true
        continue
      }
      output[written] = content
      written += 1
      fieldByteCount += 1
      if fieldByteCount > fieldLimit { return .tooLong }
    }
    return .input
  }
}
