import FeatureData
import Files
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
  private let file: OpenFile
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
    file = OpenFile(descriptor)
  }

  deinit { close(file.descriptor) }

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
    let bytes = try SlidesError.writing(folder) { () throws(FileFault) in
      try file.read(UInt8.self, count: entry.byteCount, at: entry.offset)
    }
    guard let bytes else { throw .cannotWrite(path: folder, reason: FileFault.system(code: EIO).description) }
    return bytes
  }

  private mutating func flush() throws(SlidesError) {
    try SlidesError.writing(folder) { () throws(FileFault) in try file.write(pending) }
    written += pending.count
    pending.removeAll(keepingCapacity: true)
  }
}
