/// Writes a zip archive of stored entries to an open file, each content at a multiple of an alignment.
///
/// The bytes depend on the contents alone: every entry has the earliest date a zip can hold. Source: PKWARE's APPNOTE
/// 6.3.10. Padding stands in an extra field of the kind "FB", as PyTorch's writer has it.
package struct ZipWriter: ~Copyable {
  /// A zip without the extensions for large files holds no more.
  package static let maximumByteCount = 0xFFFF_FFFF - (1 << 20)

  private let file: OpenFile
  private let alignment: Int
  private var offset = 0
  private var directory: [UInt8] = []
  private var entryCount = 0

  /// - Parameter descriptor: of a file open for writing, which stays the caller's.
  package init(_ descriptor: Int32, alignment: Int = 1) {
    file = OpenFile(descriptor)
    self.alignment = alignment
  }

  package mutating func add(_ name: String, _ content: [UInt8]) throws(FileFault) {
    try content.withUnsafeBufferPointer { bytes throws(FileFault) in
      try add(name, UnsafeRawBufferPointer(bytes))
    }
  }

  package mutating func add(_ name: String, _ content: UnsafeRawBufferPointer) throws(FileFault) {
    guard offset + content.count <= Self.maximumByteCount else { throw .unsupported(what: "it would pass 4 GB") }
    var common: [UInt8] = []
    common.append(littleEndian: 20, byteCount: 2)
    common.append(littleEndian: 0, byteCount: 4)
    common.append(littleEndian: 0x0021_0000, byteCount: 4)
    common.append(littleEndian: UInt64(CRC32.checksum(content)), byteCount: 4)
    common.append(littleEndian: UInt64(content.count), byteCount: 4)
    common.append(littleEndian: UInt64(content.count), byteCount: 4)
    common.append(littleEndian: UInt64(name.utf8.count), byteCount: 2)
    let padding = padding(afterHeaderOf: 30 + name.utf8.count)
    var header: [UInt8] = []
    header.append(littleEndian: 0x0403_4B50, byteCount: 4)
    header += common
    header.append(littleEndian: UInt64(padding.count), byteCount: 2)
    header += Array(name.utf8) + padding
    directory.append(littleEndian: 0x0201_4B50, byteCount: 4)
    directory.append(littleEndian: 20, byteCount: 2)
    directory += common
    directory.append(littleEndian: 0, byteCount: 2 + 2 + 2 + 2 + 4)
    directory.append(littleEndian: UInt64(offset), byteCount: 4)
    directory += Array(name.utf8)
    entryCount += 1
    try write(header)
    try write(content)
  }

  /// Writes the directory; nothing can be added after it.
  package mutating func finish() throws(FileFault) {
    let start = offset
    var end = directory
    end.append(littleEndian: 0x0605_4B50, byteCount: 4)
    end.append(littleEndian: 0, byteCount: 4)
    end.append(littleEndian: UInt64(entryCount), byteCount: 2)
    end.append(littleEndian: UInt64(entryCount), byteCount: 2)
    end.append(littleEndian: UInt64(directory.count), byteCount: 4)
    end.append(littleEndian: UInt64(start), byteCount: 4)
    end.append(littleEndian: 0, byteCount: 2)
    try write(end)
  }

  /// An extra field takes at least its four bytes of kind and length.
  private func padding(afterHeaderOf byteCount: Int) -> [UInt8] {
    guard alignment > 1 else { return [] }
    let start = offset + byteCount + 4
    let count = (alignment - start % alignment) % alignment
    var field: [UInt8] = Array("FB".utf8)
    field.append(littleEndian: UInt64(count), byteCount: 2)
    return field + [UInt8](repeating: UInt8(ascii: "Z"), count: count)
  }

  private mutating func write(_ bytes: [UInt8]) throws(FileFault) {
    try file.write(bytes)
    offset += bytes.count
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileFault) {
    try file.write(bytes)
    offset += bytes.count
  }
}
