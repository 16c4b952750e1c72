import Archives
import CChecksums

/// Reads arrays of pairs from NumPy's `.npz` format: a zip of `.npy` arrays, stored or deflated.
///
/// Sizes are checked against what the archive and the tile file can hold before memory is taken, so that a small file
/// cannot claim much. Sources: PKWARE's APPNOTE 6.3.10 and RFC 1951 (through zlib).
struct NumPyArchiveReader: ~Copyable {
  private struct Entry {
    let isDeflated: Bool
    let checksum: UInt32
    let storedByteCount: Int
    let byteCount: Int
    let headerOffset: Int
  }

  private static let maximumEntryCount = 64
  private let file: ReadableFile
  private let maximumRowCount: Int
  private var entries: [String: Entry] = [:]

  /// Reads the archive's directory.
  ///
  /// - Parameter maximumRowCount: no array may have more rows.
  init(_ file: consuming ReadableFile, maximumRowCount: Int) throws(NumPyFault) {
    self.file = file
    self.maximumRowCount = maximumRowCount
    let tailOffset = max(0, self.file.byteCount - 4096)
    guard let tail = self.file.bytes(at: tailOffset, count: 4096), tail.count >= 22,
      let end = (0...tail.count - 22).reversed().first(where: { tail.number(at: $0, 4) == 0x0605_4B50 })
    else { throw .damaged(what: "it is not a whole zip archive") }
    let count = tail.number(at: end + 10, 2)
    let directoryByteCount = tail.number(at: end + 12, 4)
    let directoryOffset = tail.number(at: end + 16, 4)
    guard count <= Self.maximumEntryCount, directoryByteCount <= 1 << 16,
      directoryOffset + directoryByteCount <= tailOffset + end
    else { throw .unsupported(what: "its directory is not that of a small archive") }
    let inTail = directoryOffset - tailOffset
    let directory =
      inTail >= 0
      ? Array(tail[inTail..<inTail + directoryByteCount])
      : self.file.bytes(at: directoryOffset, count: directoryByteCount) ?? []
    try readDirectory(directory, count: count)
  }

  private mutating func readDirectory(_ bytes: [UInt8], count: Int) throws(NumPyFault) {
    var offset = 0
    for _ in 0..<count {
      guard offset + 46 <= bytes.count, bytes.number(at: offset, 4) == 0x0201_4B50 else {
        throw .damaged(what: "its directory is damaged")
      }
      let nameByteCount = bytes.number(at: offset + 28, 2)
      let next = offset + 46 + nameByteCount + bytes.number(at: offset + 30, 2) + bytes.number(at: offset + 32, 2)
      let method = bytes.number(at: offset + 10, 2)
      guard next <= bytes.count else { throw .damaged(what: "its directory is damaged") }
      guard bytes.number(at: offset + 8, 2) & 1 == 0, method == 0 || method == 8 else {
        throw .unsupported(what: "it is compressed in a way that NumPy does not use")
      }
      let name = String(decoding: bytes[offset + 46..<offset + 46 + nameByteCount], as: UTF8.self)
      entries[name] = Entry(
        isDeflated: method == 8, checksum: UInt32(bytes.number(at: offset + 16, 4)),
        storedByteCount: bytes.number(at: offset + 20, 4), byteCount: bytes.number(at: offset + 24, 4),
        headerOffset: bytes.number(at: offset + 42, 4))
      offset = next
    }
  }

  func contains(_ name: String) -> Bool { entries[name + ".npy"] != nil }

  /// How many rows an array has, and its last row; reads little of a stored array.
  func summary(of name: String) throws(NumPyFault) -> (rowCount: Int, last: [Int]) {
    let entry = try entry(name)
    guard !entry.isDeflated else {
      let numbers = try pairs(name)
      return (numbers.count / 2, numbers.suffix(2))
    }
    let start = try dataOffset(entry)
    let header = try header(entry, beginning: file.bytes(at: start, count: min(NumPyHeader.longest, entry.byteCount)))
    let rowByteCount = 2 * header.itemByteCount
    guard header.rowCount > 0 else { return (0, []) }
    guard let row = file.bytes(at: start + entry.byteCount - rowByteCount, count: rowByteCount),
      row.count == rowByteCount
    else { throw .damaged(what: "it is cut off") }
    return (header.rowCount, header.numbers(row))
  }

  /// The numbers of an array, row by row.
  func pairs(_ name: String) throws(NumPyFault) -> [Int] {
    let entry = try entry(name)
    let start = try dataOffset(entry)
    let content: [UInt8]
    let header: NumPyHeader
    if entry.isDeflated {
      // Deflate makes nothing more than 1032 times smaller.
      guard entry.byteCount / 1040 <= entry.storedByteCount, entry.storedByteCount <= entry.byteCount + 4096,
        let stored = file.bytes(at: start, count: entry.storedByteCount), stored.count == entry.storedByteCount
      else { throw .damaged(what: "it is cut off or claims an impossible size") }
      let beginning = try Self.inflated(stored, byteCount: min(NumPyHeader.longest, entry.byteCount))
      header = try self.header(entry, beginning: beginning)
      content = try Self.inflated(stored, byteCount: entry.byteCount)
    } else {
      let beginning = file.bytes(at: start, count: min(NumPyHeader.longest, entry.byteCount))
      header = try self.header(entry, beginning: beginning)
      content = file.bytes(at: start, count: entry.byteCount) ?? []
    }
    guard content.count == entry.byteCount, checksum_crc32(0, content, content.count) == entry.checksum else {
      throw .damaged(what: "the checksum of its array \(name) does not match")
    }
    return header.numbers(content[header.byteCount...])
  }

  private func entry(_ name: String) throws(NumPyFault) -> Entry {
    guard let entry = entries[name + ".npy"] else { throw .unsupported(what: "it has no array \(name)") }
    guard entry.isDeflated || entry.storedByteCount == entry.byteCount else {
      throw .damaged(what: "its directory is damaged")
    }
    return entry
  }

  /// The local header repeats the name, and may have other extra fields than the directory.
  private func dataOffset(_ entry: Entry) throws(NumPyFault) -> Int {
    guard let local = file.bytes(at: entry.headerOffset, count: 30), local.count == 30,
      local.number(at: 0, 4) == 0x0403_4B50
    else { throw .damaged(what: "its directory is damaged") }
    return entry.headerOffset + 30 + local.number(at: 26, 2) + local.number(at: 28, 2)
  }

  private func header(_ entry: Entry, beginning: [UInt8]?) throws(NumPyFault) -> NumPyHeader {
    let header = try NumPyHeader(beginning ?? [], maximumRowCount: maximumRowCount)
    guard header.byteCount + header.dataByteCount == entry.byteCount else {
      throw .damaged(what: "the size of its array does not fit its shape")
    }
    return header
  }

  /// The first bytes of a deflated entry, as many as asked for.
  private static func inflated(_ stored: [UInt8], byteCount: Int) throws(NumPyFault) -> [UInt8] {
    do throws(ArchiveFault) { return try Inflation.bytes(of: stored, byteCount: byteCount) } catch {
      throw .damaged(what: error.description)
    }
  }
}
