/// A zip archive that is read in pieces: entries stored or deflated, of any size (zip64).
///
/// Every size is checked against the file before memory is taken. Sources: PKWARE's APPNOTE 6.3.10 and RFC 1951 (through
/// zlib).
package struct ZipArchive: ~Copyable {
  package struct Entry: Sendable {
    package let name: String
    package let byteCount: Int
    package let isDeflated: Bool
    package let checksum: UInt32
    let storedByteCount: Int
    let headerOffset: Int

    /// Whether these bytes have the checksum that the archive gives for the entry.
    package func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
      CRC32.checksum(bytes) == checksum
    }
  }

  /// As they stand in the archive's directory.
  package let entries: [Entry]
  private let file: ReadableFile

  private static let maximumDirectoryByteCount = 1 << 22
  /// Deflate makes nothing more than 1032 times smaller.
  private static let mostDeflation = 1040

  /// Reads the archive's directory.
  package init(path: String) throws(FileFault) {
    let file = try ReadableFile(path: path)
    entries = try Self.directory(file)
    self.file = file
  }

  package func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  /// The whole content of an entry, of which no more than `limit` bytes may be there; its checksum is compared.
  package func contents(of entry: Entry, limit: Int) throws(FileFault) -> [UInt8] {
    guard entry.byteCount <= limit else {
      throw .unsupported(what: "its part \(entry.name) has \(entry.byteCount) bytes, and at most \(limit) are read")
    }
    let content = try beginning(of: entry, count: entry.byteCount)
    guard CRC32.checksum(content) == entry.checksum else {
      throw .damaged(what: "the checksum of its part \(entry.name) does not match")
    }
    return content
  }

  /// The first bytes of an entry, fewer than asked for only where it has no more; no checksum is compared.
  package func beginning(of entry: Entry, count: Int) throws(FileFault) -> [UInt8] {
    let start = try dataOffset(entry)
    let count = min(count, entry.byteCount)
    guard entry.isDeflated else { return try Self.bytes(file, at: start, count: count) }
    guard entry.byteCount / Self.mostDeflation <= entry.storedByteCount else {
      throw .damaged(what: "its part \(entry.name) claims an impossible size")
    }
    return try Inflation.bytes(
      of: Self.bytes(file, at: start, count: entry.storedByteCount), byteCount: count)
  }

  /// Fills a buffer with bytes of a stored entry, from an offset on.
  package func read(
    _ entry: Entry, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileFault) {
    guard !entry.isDeflated else { throw .unsupported(what: "its part \(entry.name) is compressed") }
    guard offset >= 0, offset <= entry.byteCount, buffer.count <= entry.byteCount - offset else {
      throw .damaged(what: "its part \(entry.name) is too short")
    }
    guard try file.read(into: buffer, at: try dataOffset(entry) + offset) == buffer.count else {
      throw .damaged(what: "it is cut off")
    }
  }

  // MARK: Parts

  /// The local header repeats the name, and may have other extra fields than the directory.
  private func dataOffset(_ entry: Entry) throws(FileFault) -> Int {
    let local = try Self.bytes(file, at: entry.headerOffset, count: 30)
    guard local.number(at: 0, 4) == 0x0403_4B50 else { throw .damaged(what: "its directory is damaged") }
    let start = entry.headerOffset + 30 + local.number(at: 26, 2) + local.number(at: 28, 2)
    guard start <= file.byteCount, entry.storedByteCount <= file.byteCount - start else {
      throw .damaged(what: "it is cut off")
    }
    return start
  }

  /// Ends of the file in which the record at its end is looked for: a short one first, for that is where it mostly lies.
  private static let tailByteCounts = [4096, 70_000]

  private static func directory(_ file: borrowing ReadableFile) throws(FileFault) -> [Entry] {
    var found: (tail: [UInt8], end: Int)?
    for count in tailByteCounts where found == nil {
      let tail = try bytes(file, at: max(0, file.byteCount - count), count: min(count, file.byteCount))
      // What may stand before the record must be in the tail as well.
      let isWhole = tail.count == file.byteCount || count == tailByteCounts.last
      let first = isWhole ? 0 : 20
      guard tail.count >= first + 22 else { continue }
      found = stride(from: tail.count - 22, through: first, by: -1).first { tail.number(at: $0, 4) == 0x0605_4B50 }
        .map { (tail, $0) }
    }
    guard let (tail, end) = found else { throw .damaged(what: "it is not a whole zip archive") }
    var (count, byteCount, offset) = (
      tail.number(at: end + 10, 2), tail.number(at: end + 12, 4), tail.number(at: end + 16, 4)
    )
    if end >= 20, tail.number(at: end - 20, 4) == 0x0706_4B50 {
      let record = try bytes(file, at: tail.number(at: end - 12, 8), count: 56)
      guard record.number(at: 0, 4) == 0x0606_4B50 else { throw .damaged(what: "its directory is damaged") }
      (count, byteCount, offset) = (
        record.number(at: 32, 8), record.number(at: 40, 8), record.number(at: 48, 8)
      )
    }
    guard (0...maximumDirectoryByteCount).contains(byteCount), (0...byteCount / 46).contains(count) else {
      throw .damaged(what: "its directory is damaged or very long")
    }
    let inTail = offset - (file.byteCount - tail.count)
    guard inTail < 0 || byteCount > tail.count - inTail else {
      return try entries(Array(tail[inTail..<inTail + byteCount]), count: count)
    }
    return try entries(try bytes(file, at: offset, count: byteCount), count: count)
  }

  private static func entries(_ bytes: [UInt8], count: Int) throws(FileFault) -> [Entry] {
    var entries: [Entry] = []
    var offset = 0
    for _ in 0..<count {
      guard offset + 46 <= bytes.count, bytes.number(at: offset, 4) == 0x0201_4B50 else {
        throw .damaged(what: "its directory is damaged")
      }
      let nameEnd = offset + 46 + bytes.number(at: offset + 28, 2)
      let extraEnd = nameEnd + bytes.number(at: offset + 30, 2)
      let next = extraEnd + bytes.number(at: offset + 32, 2)
      guard next <= bytes.count else { throw .damaged(what: "its directory is damaged") }
      let name = String(decoding: bytes[offset + 46..<nameEnd], as: UTF8.self)
      let method = bytes.number(at: offset + 10, 2)
      guard bytes.number(at: offset + 8, 2) & 1 == 0, method == 0 || method == 8 else {
        throw .unsupported(what: "its part \(name) is encrypted or compressed in an uncommon way")
      }
      var fields = [(offset + 24, 4), (offset + 20, 4), (offset + 42, 4)].map { bytes.number(at: $0.0, $0.1) }
      try extend(&fields, bytes, from: nameEnd, to: extraEnd)
      guard fields.allSatisfy({ $0 >= 0 && $0 < 1 << 46 }), method == 8 || fields[0] == fields[1] else {
        throw .damaged(what: "its directory is damaged")
      }
      entries.append(
        Entry(
          name: name, byteCount: fields[0], isDeflated: method == 8, checksum: UInt32(bytes.number(at: offset + 16, 4)),
          storedByteCount: fields[1], headerOffset: fields[2]))
      offset = next
    }
    return entries
  }

  /// Takes sizes and place from the zip64 field where 32 bits did not hold them.
  private static func extend(
    _ fields: inout [Int], _ bytes: [UInt8], from start: Int, to end: Int
  ) throws(FileFault) {
    var place = start
    while place + 4 <= end {
      let (kind, fieldEnd) = (bytes.number(at: place, 2), place + 4 + bytes.number(at: place + 2, 2))
      guard fieldEnd <= end else { throw .damaged(what: "its directory is damaged") }
      if kind == 1 {
        var value = place + 4
        for index in fields.indices where fields[index] == 0xFFFF_FFFF {
          guard value + 8 <= fieldEnd else { throw .damaged(what: "its directory is damaged") }
          fields[index] = bytes.number(at: value, 8)
          value += 8
        }
      }
      place = fieldEnd
    }
  }

  private static func bytes(
    _ file: borrowing ReadableFile, at offset: Int, count: Int
  ) throws(FileFault) -> [UInt8] {
    guard offset >= 0, offset <= file.byteCount, count <= file.byteCount - offset else {
      throw .damaged(what: "it is cut off")
    }
    let bytes = try file.bytes(at: offset, count: count)
    guard bytes.count == count else { throw .damaged(what: "it is cut off") }
    return bytes
  }
}
