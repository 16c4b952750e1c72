/// Why a file of NumPy's is not a list of pairs of whole numbers.
enum NumPyFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// `what` is a clause, such as "it is not a zip archive".
  case damaged(what: String)
  /// A kind of file that is not read, such as an array of floating-point numbers.
  case unsupported(what: String)
  /// More rows than there can be records.
  case tooLarge(rowCount: Int)

  /// A clause without a full stop.
  var description: String {
    switch self {
    case .damaged(let what), .unsupported(let what): what
    case .tooLarge(let rowCount): "it lists \(rowCount) records, more than fit into the file"
    }
  }
}

/// The header of a `.npy` array of shape `n × 2` of whole numbers.
///
/// Source: NEP 1, "A Simple File Format for NumPy Arrays", versions 1 to 3.
struct NumPyHeader: Equatable {
  /// Enough for the header of any array of pairs.
  static let longest = 1024

  let rowCount: Int
  /// Bytes of one number: 4 or 8.
  let itemByteCount: Int
  /// Where the numbers begin.
  let byteCount: Int

  var dataByteCount: Int { rowCount * 2 * itemByteCount }

  /// - Parameters:
  ///   - bytes: the beginning of the array, at most `longest` bytes.
  ///   - maximumRowCount: an array of more rows is refused before memory is taken for it.
  init(_ bytes: [UInt8], maximumRowCount: Int) throws(NumPyFault) {
    guard bytes.count > 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw .damaged(what: "it holds no array of NumPy's")
    }
    guard (1...3).contains(bytes[6]) else { throw .unsupported(what: "its array is of version \(bytes[6])") }
    let lengthByteCount = bytes[6] == 1 ? 2 : 4
    let length = (0..<lengthByteCount).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    let start = 8 + lengthByteCount
    guard length <= Self.longest, bytes.count >= start + length else {
      throw .damaged(what: "the header of its array is cut off or too long")
    }
    let text = String(decoding: bytes[start..<start + length], as: UTF8.self).filter { $0 != " " }
    switch Self.value(of: "descr", in: text) {
    case "'<i8'"?: itemByteCount = 8
    case "'<i4'"?: itemByteCount = 4
    case let kind?: throw .unsupported(what: "its numbers are of the kind \(kind.prefix(20))")
    case nil: throw .damaged(what: "the header of its array cannot be read")
    }
    guard text.contains("'fortran_order':False") else {
      throw .unsupported(what: "its array is stored column by column")
    }
    guard let shapeText = text.split(separator: "(").last?.split(separator: ")").first else {
      throw .damaged(what: "the header of its array cannot be read")
    }
    let shape = shapeText.split(separator: ",").map { Int($0) }
    guard shape.count == 2, let rows = shape[0], shape[1] == 2, rows >= 0 else {
      throw .unsupported(what: "its array has the shape (\(shapeText.prefix(40))) and not (n, 2)")
    }
    guard rows <= maximumRowCount else { throw .tooLarge(rowCount: rows) }
    rowCount = rows
    byteCount = start + length
  }

  private static func value(of key: String, in text: String) -> String? {
    guard let range = text.firstRange(of: "'\(key)':") else { return nil }
    return text[range.upperBound...].split(separator: ",").first.map(String.init)
  }

  /// The numbers behind the header, row by row.
  func numbers(_ data: some RandomAccessCollection<UInt8>) -> [Int] {
    let bytes = Array(data)
    return bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / itemByteCount).map { index in
        itemByteCount == 8
          ? Int(Int64(littleEndian: buffer.loadUnaligned(fromByteOffset: index * 8, as: Int64.self)))
          : Int(Int32(littleEndian: buffer.loadUnaligned(fromByteOffset: index * 4, as: Int32.self)))
      }
    }
  }
}
