/// A `.npy` array of any shape.
package struct NumPyArray: Sendable, Equatable {
  package let header: NumPyHeader
  /// The numbers, row by row.
  private let data: ArraySlice<UInt8>

  /// - Parameter maximumCount: an array of more numbers is refused.
  package init(_ bytes: [UInt8], maximumCount: Int) throws(FileFault) {
    header = try NumPyHeader(bytes)
    let dataByteCount = try header.dataByteCount(maximumCount: maximumCount)
    data = bytes[header.byteCount...]
    guard data.count == dataByteCount else {
      throw .damaged(what: "the size of its array does not fit its shape")
    }
  }

  package var shape: [Int] { header.shape }

  /// Row by row, widened.
  package var doubles: [Double] {
    switch header.kind {
    case "<i8": convert(Int64.self) { Double(Int64(littleEndian: $0)) }
    case "<i4": convert(Int32.self) { Double(Int32(littleEndian: $0)) }
    case "<u4": convert(UInt32.self) { Double(UInt32(littleEndian: $0)) }
    case "<i2": convert(Int16.self) { Double(Int16(littleEndian: $0)) }
    case "<u2": convert(UInt16.self) { Double(UInt16(littleEndian: $0)) }
    case "|i1": convert(Int8.self) { Double($0) }
    case "|u1", "|b1": convert(UInt8.self) { Double($0) }
    case "<f2": convert(UInt16.self) { Double(Float(half: UInt16(littleEndian: $0))) }
    case "<f8": convert(UInt64.self) { Double(bitPattern: UInt64(littleEndian: $0)) }
    default: convert(UInt32.self) { Double(Float(bitPattern: UInt32(littleEndian: $0))) }
    }
  }

  /// Row by row, in single precision.
  package var floats: [Float] {
    switch header.kind {
    case "<f4": convert(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
    case "<f2": convert(UInt16.self) { Float(half: UInt16(littleEndian: $0)) }
    default: doubles.map { Float($0) }
    }
  }

  private func convert<Item: BitwiseCopyable, Number>(_: Item.Type, _ number: (Item) -> Number) -> [Number] {
    let rowCount = shape.first ?? 1
    let columnCount = header.isColumnMajor && shape.count == 2 ? shape[1] : 1
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / MemoryLayout<Item>.size).map { index in
        let place = columnCount == 1 ? index : index % columnCount * rowCount + index / columnCount
        return number(bytes.loadUnaligned(fromByteOffset: place * MemoryLayout<Item>.size, as: Item.self))
      }
    }
  }
}

/// Arrays of shape `n × 2` of whole numbers, as slideflow's indexes have them.
package enum NumPyPairs {
  /// - Throws: `unsupported` for any other array.
  package static func check(_ header: NumPyHeader) throws(FileFault) {
    guard ["<i8", "<i4"].contains(header.kind) else {
      throw .unsupported(what: "its numbers are of the kind '\(header.kind.prefix(20))'")
    }
    guard !header.isColumnMajor else { throw .unsupported(what: "its array is stored column by column") }
    guard header.shape.count == 2, header.shape[1] == 2 else {
      throw .unsupported(what: "its array has the shape \(header.shapeText) and not (n, 2)")
    }
  }

  /// The numbers of some rows of such an array, row by row.
  package static func numbers(_ data: some Collection<UInt8>, kind: String) -> [Int] {
    let bytes = Array(data)
    return bytes.withUnsafeBytes { buffer in
      kind == "<i8"
        ? (0..<buffer.count / 8).map {
          Int(Int64(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self)))
        }
        : (0..<buffer.count / 4).map {
          Int(Int32(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self)))
        }
    }
  }

  /// The bytes of an int64 array of shape `pairs.count × 2`.
  package static func array(_ pairs: [(Int, Int)]) -> [UInt8] {
    var text = "{'descr': '<i8', 'fortran_order': False, 'shape': (\(pairs.count), 2), }"
    // Magic, version and length take 10 bytes; the array must start at a multiple of 64.
    while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
    text += "\n"
    var bytes: [UInt8] = NumPyHeader.magic + [1, 0]
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
