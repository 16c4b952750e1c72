import Foundation

/// The few things about a 64-bit little-endian ELF file that matter to its copying: its own name, and where it looks
/// for its libraries.
///
/// Source: System V Application Binary Interface, chapters 4 and 5 (ELF header, program header, dynamic section).
struct ELFFile {
  private(set) var bytes: [UInt8]
  private var dynamic: [(tag: UInt64, value: UInt64)] = []
  private var segments: [(address: UInt64, offset: UInt64, size: UInt64)] = []

  /// nil if the bytes are no such file.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]), let table = number(at: 32, size: 8),
      let entrySize = number(at: 54, size: 2), let count = number(at: 56, size: 2)
    else { return nil }
    var dynamicRange: (offset: UInt64, size: UInt64)?
    for index in 0..<count {
      let header = table + index * entrySize
      guard let type = number(at: header, size: 4), let offset = number(at: header + 8, size: 8),
        let address = number(at: header + 16, size: 8), let size = number(at: header + 32, size: 8)
      else { return nil }
      if type == 1 { segments.append((address, offset, size)) }
      if type == 2 { dynamicRange = (offset, size) }
    }
    guard let dynamicRange else { return }
    for offset in stride(from: dynamicRange.offset, to: dynamicRange.offset &+ dynamicRange.size, by: 16) {
      guard let tag = number(at: offset, size: 8), let value = number(at: offset + 8, size: 8) else { return nil }
      if tag == 0 { break }
      dynamic.append((tag, value))
    }
  }

  private static let stringTable: UInt64 = 5
  private static let sharedName: UInt64 = 14
  private static let runPath: UInt64 = 29

  /// The name by which others ask for this library.
  var sharedName: String? { text(Self.sharedName).map { String(decoding: bytes[$0], as: UTF8.self) } }
  /// Where it looks for its libraries first.
  var runPath: String? { text(Self.runPath).map { String(decoding: bytes[$0], as: UTF8.self) } }

  /// Replaces the run path by one that is no longer; false if there is none or it has no room.
  mutating func setRunPath(_ path: String) -> Bool {
    guard let range = text(Self.runPath), path.utf8.count <= range.count else { return false }
    let padded = Array(path.utf8) + [UInt8](repeating: 0, count: range.count - path.utf8.count)
    bytes.replaceSubrange(range, with: padded)
    return true
  }

  private func text(_ tag: UInt64) -> Range<Int>? {
    guard let table = dynamic.first(where: { $0.tag == Self.stringTable })?.value,
      let entry = dynamic.first(where: { $0.tag == tag })?.value,
      let segment = segments.first(where: { $0.address <= table && table &- $0.address < $0.size }),
      let start = Int(exactly: table - segment.address + segment.offset + entry), start < bytes.count,
      let end = bytes[start...].firstIndex(of: 0)
    else { return nil }
    return start..<end
  }

  private func number(at offset: UInt64, size: Int) -> UInt64? {
    guard let start = Int(exactly: offset), start <= bytes.count - size else { return nil }
    return (0..<size).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
  }
}
