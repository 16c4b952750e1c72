/// A `.npy` array of one or two dimensions, its numbers widened.
///
/// Source: NEP 1, "A Simple File Format for NumPy Arrays", versions 1 to 3.
package struct NumPyArray: Sendable, Equatable {
  /// One or two sizes.
  package let shape: [Int]
  /// Row by row.
  package let values: [Double]

  /// - Parameter maximumCount: an array of more numbers is refused before memory is taken for it.
  package init(_ bytes: [UInt8], maximumCount: Int) throws(ArchiveFault) {
    guard bytes.count > 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw .damaged(what: "it holds no array of NumPy's")
    }
    guard (1...3).contains(bytes[6]) else { throw .unsupported(what: "its array is of version \(bytes[6])") }
    let lengthByteCount = bytes[6] == 1 ? 2 : 4
    let start = 8 + lengthByteCount
    let length = bytes.number(at: 8, lengthByteCount)
    guard length <= 1024, bytes.count >= start + length else {
      throw .damaged(what: "the header of its array is cut off or too long")
    }
    let text = String(decoding: bytes[start..<start + length], as: UTF8.self).filter { $0 != " " }
    guard let kind = Self.value(of: "descr", in: text)?.filter({ $0 != "'" }),
      let shapeText = text.split(separator: "(").last?.split(separator: ")").first
    else { throw .damaged(what: "the header of its array cannot be read") }
    guard text.contains("'fortran_order':False") else {
      throw .unsupported(what: "its array is stored column by column")
    }
    let sizes = shapeText.split(separator: ",").map { Int($0) ?? -1 }
    guard (1...2).contains(sizes.count), sizes.allSatisfy({ $0 >= 0 }) else {
      throw .unsupported(what: "its array has the shape (\(shapeText.prefix(40)))")
    }
    let (count, overflow) = sizes.reduce((1, false)) { product, size in
      let (next, overflow) = product.0.multipliedReportingOverflow(by: size)
      return (next, product.1 || overflow)
    }
    guard !overflow, count <= maximumCount else { throw .unsupported(what: "its array has too many numbers") }
    shape = sizes
    values = try Self.values(bytes[(start + length)...], kind: kind, count: count)
  }

  private static func value(of key: String, in text: String) -> String? {
    guard let range = text.firstRange(of: "'\(key)':") else { return nil }
    return text[range.upperBound...].split(separator: ",").first.map(String.init)
  }

  private static func values(
    _ data: ArraySlice<UInt8>, kind: String, count: Int
  ) throws(ArchiveFault) -> [Double] {
    func convert<Item: BitwiseCopyable>(_: Item.Type, _ number: (Item) -> Double) -> [Double]? {
      guard data.count == count * MemoryLayout<Item>.size else { return nil }
      return data.withUnsafeBytes { bytes in
        (0..<count).map { number(bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Item>.size, as: Item.self)) }
      }
    }
    let converted: [Double]? =
      switch kind {
      case "<i8": convert(Int64.self) { Double(Int64(littleEndian: $0)) }
      case "<i4": convert(Int32.self) { Double(Int32(littleEndian: $0)) }
      case "<u4": convert(UInt32.self) { Double(UInt32(littleEndian: $0)) }
      case "<i2": convert(Int16.self) { Double(Int16(littleEndian: $0)) }
      case "<u2": convert(UInt16.self) { Double(UInt16(littleEndian: $0)) }
      case "<f8": convert(UInt64.self) { Double(bitPattern: UInt64(littleEndian: $0)) }
      case "<f4": convert(UInt32.self) { Double(Float(bitPattern: UInt32(littleEndian: $0))) }
      default: throw .unsupported(what: "its numbers are of the kind \(kind.prefix(20))")
      }
    guard let converted else { throw .damaged(what: "the size of its array does not fit its shape") }
    return converted
  }
}

/// The bytes of `.npy` arrays.
package enum NumPyFormat {
  /// An int64 array of shape `pairs.count × 2`.
  package static func array(pairs: [(Int, Int)]) -> [UInt8] {
    var text = "{'descr': '<i8', 'fortran_order': False, 'shape': (\(pairs.count), 2), }"
    // Magic, version and length take 10 bytes; the array must start at a multiple of 64.
    while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
    text += "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.append(littleEndian: UInt64(text.utf8.count), byteCount: 2)
    bytes += Array(text.utf8)
    bytes.reserveCapacity(bytes.count + pairs.count * 16)
    for pair in pairs {
      bytes.append(littleEndian: UInt64(bitPattern: Int64(pair.0)), byteCount: 8)
      bytes.append(littleEndian: UInt64(bitPattern: Int64(pair.1)), byteCount: 8)
    }
    return bytes
  }
}
