import FeatureData
import Glibc

/// Frames of a TFRecord file in the order in which they were made, before they are brought into the order of the file.
///
/// They lie in a file without a name in the same folder, which the system removes when the program ends, however it
/// ends.
struct StagedRecords: ~Copyable {
  /// Where one frame lies, and what it is.
  private struct Entry {
    let offset: Int
    let byteCount: Int
    let location: TileLocation
    let cell: TileGrid.Cell
  }

  private let folder: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var written = 0
  private var entries: [Entry] = []

  private static let bufferByteCount = 1 << 20

  init(folder: String) throws(SlidesError) {
    self.folder = folder
    let path = "\(folder)/.\(UInt64.random(in: 0...UInt64.max)).staged"
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotWrite(path: folder, reason: String(cString: strerror(errno))) }
    unlink(path)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  var count: Int { entries.count }

  mutating func append(frame: [UInt8], location: TileLocation, cell: TileGrid.Cell) throws(SlidesError) {
    entries.append(
      Entry(offset: written + pending.count, byteCount: frame.count, location: location, cell: cell))
    pending += frame
    if pending.count >= Self.bufferByteCount { try flush() }
  }

  /// Writes the frames to a TFRecord file: by rows of the grid, or shuffled by a seed.
  mutating func write(
    to writer: inout TFRecordWriter, shuffledBy seed: UInt64?, monitor: any WorkMonitor
  ) throws {
    try flush()
    entries.sort { ($0.cell.row, $0.cell.column) < ($1.cell.row, $1.cell.column) }
    if let seed {
      var random = SplitMix64(seed: seed)
      entries.shuffle(using: &random)
    }
    for (index, entry) in entries.enumerated() {
      if index % 256 == 0 { try monitor.checkInterrupted() }
      try writer.append(frame: try frame(entry), location: entry.location)
    }
  }

  private func frame(_ entry: Entry) throws(SlidesError) -> [UInt8] {
    var problem: Int32?
    let bytes = [UInt8](unsafeUninitializedCapacity: entry.byteCount) { buffer, count in
      while count < entry.byteCount {
        let read = pread(
          descriptor, buffer.baseAddress.map { $0 + count }, entry.byteCount - count, entry.offset + count)
        if read < 0, errno == EINTR { continue }
        guard read > 0 else {
          problem = read < 0 ? errno : EIO
          return
        }
        count += read
      }
    }
    if let problem { throw .cannotWrite(path: folder, reason: String(cString: strerror(problem))) }
    return bytes
  }

  private mutating func flush() throws(SlidesError) {
    try pending.writeAll(to: descriptor, path: folder)
    written += pending.count
    pending.removeAll(keepingCapacity: true)
  }
}
