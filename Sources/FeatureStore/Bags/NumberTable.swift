import FeatureData
import Glibc

/// Reads a CSV file of any size row by row: fields between commas, semicolons or tabs, quoted or not, in UTF-8.
///
/// It holds one row at a time, so that a table of numbers takes no more memory than the numbers.
struct NumberTable: ~Copyable {
  let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var place = 0
  private var isAtEnd = false
  private var separator = UInt8(ascii: ",")
  /// The line that the last row began in, from 1.
  private(set) var line = 0
  private var nextLine = 1
  /// The bytes of the last row's fields, quotes taken off, one after the other.
  private(set) var text: [UInt8] = []
  /// Where each field of the last row ends in `text`.
  private(set) var ends: [Int] = []

  static let maximumFieldCount = 1 << 20
  private static let maximumRowByteCount = 1 << 26

  init(path: String) throws(BagError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    self.path = path
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotRead(path: path, reason: "it is not a regular file")
    }
    try fill()
    if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    if buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF]) || buffer.prefix(1000).contains(0) {
      throw .unsupported(path: path, what: "it is not text in UTF-8; save it as CSV UTF-8")
    }
    let header = buffer[min(place, buffer.count)...].prefix { $0 != 0x0A && $0 != 0x0D }
    let counts = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].map { mark in (mark, header.count { $0 == mark }) }
    if let best = counts.max(by: { $0.1 < $1.1 }), best.1 > counts[0].1 { separator = best.0 }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// A field of the last row.
  func field(_ index: Int) -> ArraySlice<UInt8> { text[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

  /// - Throws: `damaged` for a text of another encoding: as it stands it would be another name.
  func string(_ index: Int) throws(BagError) -> String {
    let bytes = field(index)
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    throw .unsupported(
      path: path,
      what: "line \(line) is not text in UTF-8 (\"\(String(decoding: bytes.prefix(40), as: UTF8.self))\"); "
        + "save it as CSV UTF-8")
  }

  /// A field as it can be shown.
  func shown(_ index: Int) -> String { String(decoding: field(index).prefix(160), as: UTF8.self) }

  /// True if the last row has so many fields, separators at its end apart that nothing follows.
  func hasFields(_ count: Int) -> Bool {
    ends.count == count || (ends.count > count && count > 0 && ends[count - 1] == ends.last)
  }

  /// True where numbers have a decimal comma, as programs write them that put semicolons between fields.
  var mayHaveDecimalCommas: Bool { separator != UInt8(ascii: ",") }

  /// Reads the next row that is not empty; false at the end.
  mutating func next() throws(BagError) -> Bool {
    while true {
      text.removeAll(keepingCapacity: true)
      ends.removeAll(keepingCapacity: true)
      line = nextLine
      guard try readRow() else { return false }
      if ends.count > 1 || !text.isEmpty { return true }
    }
  }

  private mutating func readRow() throws(BagError) -> Bool {
    var isQuoted = false
    var wasRead = false
    while let byte = try nextByte() {
      wasRead = true
      if byte == 0x0A { nextLine += 1 }
      if isQuoted {
        if byte != 0x22 {
          text.append(byte)
        } else if try peek() == 0x22 {
          text.append(0x22)
          place += 1
        } else {
          isQuoted = false
        }
      } else if byte == separator {
        ends.append(text.count)
        guard ends.count < Self.maximumFieldCount else {
          throw .tooLarge(path: path, what: "more columns", limit: "at most \(Self.maximumFieldCount)")
        }
      } else if byte == 0x0A || byte == 0x0D {
        if byte == 0x0D {
          if try peek() == 0x0A { place += 1 }
          nextLine += 1
        }
        break
      } else if byte == 0x22, text.count == (ends.last ?? 0) {
        isQuoted = true
      } else {
        text.append(byte)
      }
      guard text.count <= Self.maximumRowByteCount else {
        throw .damaged(path: path, what: "line \(line) does not end; a quotation mark may be missing")
      }
    }
    guard wasRead else { return false }
    ends.append(text.count)
    return true
  }

  private mutating func nextByte() throws(BagError) -> UInt8? {
    if place >= buffer.count { try fill() }
    guard place < buffer.count else { return nil }
    defer { place += 1 }
    return buffer[place]
  }

  private mutating func peek() throws(BagError) -> UInt8? {
    if place >= buffer.count { try fill() }
    return place < buffer.count ? buffer[place] : nil
  }

  private mutating func fill() throws(BagError) {
    guard !isAtEnd else { return }
    place = 0
    var count = 0
    buffer = [UInt8](unsafeUninitializedCapacity: 1 << 18) { bytes, filled in
      repeat { count = read(descriptor, bytes.baseAddress, 1 << 18) } while count < 0 && errno == EINTR
      filled = max(count, 0)
    }
    guard count >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
    isAtEnd = count == 0
  }

  // MARK: Numbers

  /// A field of the last row as a number: nan for a blank one, as where NA stands there; nil for what is none.
  func number(_ index: Int) -> Double? {
    let field = field(index)
    guard mayHaveDecimalCommas, field.contains(0x2C), !field.contains(0x2E) else { return Self.number(field) }
    return Self.number(ArraySlice(field.map { $0 == 0x2C ? 0x2E : $0 }))
  }

  /// A field as a number: nan for a blank one; nil for what is none.
  ///
  /// Exact for up to 15 digits and small powers of ten; other texts go through Swift's own conversion.
  static func number(_ field: ArraySlice<UInt8>) -> Double? {
    var bytes = field
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    guard !bytes.isEmpty else { return .nan }
    return plain(bytes) ?? slow(bytes)
  }

  private static let powers: [Double] = (0...22).map { exponent in (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }

  private static func plain(_ bytes: ArraySlice<UInt8>) -> Double? {
    var mantissa = 0
    var (digits, exponent) = (0, 0)
    var (isNegative, hasPoint) = (false, false)
    var index = bytes.startIndex
    if bytes[index] == 0x2D || bytes[index] == 0x2B {
      isNegative = bytes[index] == 0x2D
      index += 1
    }
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == 0x2E, !hasPoint {
        hasPoint = true
      } else if byte >= 0x30, byte <= 0x39 {
        mantissa = mantissa * 10 + Int(byte - 0x30)
        digits += 1
        if hasPoint { exponent -= 1 }
        guard digits <= 15 else { return nil }
      } else {
        break
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    if index < bytes.endIndex {
      guard bytes[index] | 0x20 == 0x65, bytes.endIndex - index <= 4,
        let power = Int(String(decoding: bytes[(index + 1)...], as: UTF8.self))
      else { return nil }
      exponent += power
    }
    guard abs(exponent) <= 22 else { return nil }
    let value = exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
    return isNegative ? -value : value
  }

  private static func slow(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard bytes.count <= 64 else { return nil }
    let written = String(decoding: bytes, as: UTF8.self)
    let text = written.lowercased()
    switch text {
    case _ where written.isBlankCell: return .nan
    case "nan", "na", "null", "none": return .nan
    case "inf", "+inf", "infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return bytes.allSatisfy { $0 < 0x80 && $0 | 0x20 != 0x78 } ? Double(text) : nil
    }
  }
}
