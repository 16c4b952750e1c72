/// The header of a `.npy` array.
///
/// Source: NEP 1, "A Simple File Format for NumPy Arrays", versions 1 to 3.
package struct NumPyHeader: Sendable, Equatable {
  /// Enough for the header of any array that is read.
  package static let longest = 1024

  /// NumPy's name of the type of the numbers, such as `<i8`.
  package let kind: String
  package let shape: [Int]
  /// Whether the numbers are stored column by column.
  package let isColumnMajor: Bool
  /// Where the numbers begin.
  package let byteCount: Int

  /// - Parameter bytes: the beginning of the array, at least `longest` of them where it has so many.
  package init(_ bytes: [UInt8]) throws(FileFault) {
    guard bytes.count > 12, bytes.starts(with: Self.magic) else { throw .damaged(what: "it holds no array of NumPy's") }
    guard (1...3).contains(bytes[6]) else { throw .unsupported(what: "its array is of version \(bytes[6])") }
    let lengthByteCount = bytes[6] == 1 ? 2 : 4
    let start = 8 + lengthByteCount
    let length = bytes.number(at: 8, lengthByteCount)
    guard length <= Self.longest, bytes.count >= start + length else {
      throw .damaged(what: "the header of its array is cut off or too long")
    }
    let text = String(decoding: bytes[start..<start + length], as: UTF8.self).filter { $0 != " " }
    guard let kind = Self.value(of: "descr", in: text)?.filter({ $0 != "'" }),
      let open = text.lastIndex(of: "("), let end = text[open...].firstIndex(of: ")")
    else { throw .damaged(what: "the header of its array cannot be read") }
    let shapeText = text[text.index(after: open)..<end]
    let sizes = shapeText.split(separator: ",").map { Int($0) ?? -1 }
    guard sizes.allSatisfy({ $0 >= 0 }) else {
      throw .unsupported(what: "its array has the shape (\(shapeText.prefix(40)))")
    }
    self.kind = kind
    shape = sizes
    isColumnMajor = text.contains("'fortran_order':True")
    guard !isColumnMajor || sizes.count <= 2 else {
      throw .unsupported(what: "its array of \(sizes.count) dimensions is stored column by column")
    }
    byteCount = start + length
  }

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The shape as Python writes it: `(3,)`, `(3, 2)`.
  package var shapeText: String {
    "(" + shape.map { "\($0)" }.joined(separator: ",") + (shape.count == 1 ? ",)" : ")")
  }

  /// How many numbers there are; nil for more than can be.
  package var count: Int? {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    return count
  }

  package var isFloat: Bool { kind.dropFirst().first == "f" }

  /// Bytes of one number; nil for a kind that is not read.
  package var itemByteCount: Int? {
    switch kind {
    case "<i8", "<f8": 8
    case "<i4", "<u4", "<f4": 4
    case "<i2", "<u2", "<f2": 2
    case "|i1", "|u1", "|b1": 1
    default: nil
    }
  }

  /// Bytes of all numbers of an array that may be read.
  ///
  /// - Throws: `unsupported` for more numbers than a limit, or a kind that is not read.
  func dataByteCount(maximumCount: Int) throws(FileFault) -> Int {
    guard let count, count <= maximumCount else { throw .unsupported(what: "its array has too many numbers") }
    guard let itemByteCount else {
      throw .unsupported(
        what: kind.hasSuffix("O")
          ? "it holds objects of Python, not numbers" : "its numbers are of the kind \(kind.prefix(20))")
    }
    return count * itemByteCount
  }

  private static func value(of key: String, in text: String) -> String? {
    guard let range = text.firstRange(of: "'\(key)':") else { return nil }
    return text[range.upperBound...].split(separator: ",").first.map(String.init)
  }
}
