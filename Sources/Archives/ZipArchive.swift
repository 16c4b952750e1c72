import CChecksums
import Glibc

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
      checksum_crc32(0, bytes.baseAddress, bytes.count) == checksum
    }
  }

  /// As they stand in the archive's directory.
  package let entries: [Entry]
  private let descriptor: Int32
  private let fileByteCount: Int

  private static let maximumDirectoryByteCount = 1 << 22
  /// Deflate makes nothing more than 1032 times smaller.
  private static let mostDeflation = 1040

  /// Reads the archive's directory.
  package init(path: String) throws(ArchiveFault) {
    // A pipe would be waited for until somebody writes to it; of a regular file the flag changes nothing.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(reason: String(cString: strerror(errno))) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .system(reason: "it is not a regular file")
    }
    do throws(ArchiveFault) {
      entries = try Self.directory(descriptor, fileByteCount: Int(status.st_size))
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    fileByteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  package func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  /// The whole content of an entry, of which no more than `limit` bytes may be there; its checksum is compared.
  package func contents(of entry: Entry, limit: Int) throws(ArchiveFault) -> [UInt8] {
    guard entry.byteCount <= limit else {
      throw .unsupported(what: "its part \(entry.name) has \(entry.byteCount) bytes, and at most \(limit) are read")
    }
    let content: [UInt8]
    if entry.isDeflated {
      guard entry.byteCount / Self.mostDeflation <= entry.storedByteCount else {
        throw .damaged(what: "its part \(entry.name) claims an impossible size")
      }
      let start = try dataOffset(entry)
      content = try Inflation.bytes(
        of:
          Self.bytes(descriptor, at: start, count: entry.storedByteCount, fileByteCount), byteCount: entry.byteCount)
    } else {
      content = try Self.bytes(descriptor, at: try dataOffset(entry), count: entry.byteCount, fileByteCount)
    }
    guard checksum_crc32(0, content, content.count) == entry.checksum else {
      throw .damaged(what: "the checksum of its part \(entry.name) does not match")
    }
    return content
  }

  /// Fills a buffer with bytes of a stored entry, from an offset on.
  package func read(
    _ entry: Entry, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(ArchiveFault) {
    guard !entry.isDeflated else { throw .unsupported(what: "its part \(entry.name) is compressed") }
    guard offset >= 0, offset <= entry.byteCount, buffer.count <= entry.byteCount - offset else {
      throw .damaged(what: "its part \(entry.name) is too short")
    }
    try Self.fill(buffer, from: descriptor, at: try dataOffset(entry) + offset)
  }

  // MARK: Parts

  /// The local header repeats the name, and may have other extra fields than the directory.
  private func dataOffset(_ entry: Entry) throws(ArchiveFault) -> Int {
    let local = try Self.bytes(descriptor, at: entry.headerOffset, count: 30, fileByteCount)
    guard local.number(at: 0, 4) == 0x0403_4B50 else { throw .damaged(what: "its directory is damaged") }
    let start = entry.headerOffset + 30 + local.number(at: 26, 2) + local.number(at: 28, 2)
    guard start <= fileByteCount, entry.storedByteCount <= fileByteCount - start else {
      throw .damaged(what: "it is cut off")
    }
    return start
  }

  private static func directory(_ descriptor: Int32, fileByteCount: Int) throws(ArchiveFault) -> [Entry] {
    let tailOffset = max(0, fileByteCount - 70_000)
    let tail = try bytes(descriptor, at: tailOffset, count: fileByteCount - tailOffset, fileByteCount)
    guard tail.count >= 22,
      let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: { tail.number(at: $0, 4) == 0x0605_4B50 }
      )
    else { throw .damaged(what: "it is not a whole zip archive") }
    var (count, byteCount, offset) = (
      tail.number(at: end + 10, 2), tail.number(at: end + 12, 4), tail.number(at: end + 16, 4)
    )
    if end >= 20, tail.number(at: end - 20, 4) == 0x0706_4B50 {
      let record = try bytes(descriptor, at: tail.number(at: end - 12, 8), count: 56, fileByteCount)
      guard record.number(at: 0, 4) == 0x0606_4B50 else { throw .damaged(what: "its directory is damaged") }
      (count, byteCount, offset) = (
        record.number(at: 32, 8), record.number(at: 40, 8), record.number(at: 48, 8)
      )
    }
    guard (0...maximumDirectoryByteCount).contains(byteCount), (0...byteCount / 46).contains(count) else {
      throw .damaged(what: "its directory is damaged or very long")
    }
    return try entries(try bytes(descriptor, at: offset, count: byteCount, fileByteCount), count: count)
  }

  private static func entries(_ bytes: [UInt8], count: Int) throws(ArchiveFault) -> [Entry] {
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
  ) throws(ArchiveFault) {
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
    _ descriptor: Int32, at offset: Int, count: Int, _ fileByteCount: Int
  ) throws(ArchiveFault) -> [UInt8] {
    guard offset >= 0, offset <= fileByteCount, count <= fileByteCount - offset else {
      throw .damaged(what: "it is cut off")
    }
    var fault: ArchiveFault?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(ArchiveFault) {
        try fill(
          UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]), from: descriptor,
          at: offset)
        filled = count
      } catch { fault = error }
    }
    if let fault { throw fault }
    return bytes
  }

  private static func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int
  ) throws(ArchiveFault) {
    var filled = 0
    while filled < buffer.count {
      let got = pread(
        descriptor, buffer.baseAddress.map { $0 + filled }, min(buffer.count - filled, 1 << 30), off_t(offset + filled))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw .system(reason: String(cString: strerror(errno))) }
      guard got > 0 else { throw .damaged(what: "it is cut off") }
      filled += got
    }
  }
}

extension [UInt8] {
  /// A little-endian number, which must be there; one of eight bytes that no file can reach becomes negative or huge.
  package func number(at offset: Int, _ byteCount: Int) -> Int {
    Int(truncatingIfNeeded: (0..<byteCount).reduce(0 as UInt64) { $0 | UInt64(self[offset + $1]) << (8 * UInt64($1)) })
  }
}
