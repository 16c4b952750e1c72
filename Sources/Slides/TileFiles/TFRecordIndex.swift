import Files

/// Where the records of one tile file lie: offset and length of each frame, in file order.
struct TFRecordIndex: Sendable {
  /// Offset and length of the first frame, of the second, and so on.
  private var frames: [Int]
  private let faults: [Int: RecordFault]

  var count: Int { frames.count / 2 }
  var faultCount: Int { faults.count }
  /// True if the file ends inside its last record.
  var isTruncated: Bool { if case .truncated? = faults[count - 1] { true } else { false } }

  /// - Parameter frames: offsets and lengths by turns, sound and one behind the other.
  init(frames: [Int]) {
    self.frames = frames
    faults = [:]
  }

  init(records: [TFRecord]) {
    frames = records.flatMap { [$0.offset, $0.byteCount] }
    faults = Dictionary(
      uniqueKeysWithValues: records.enumerated().compactMap { index, record in
        record.fault.map { (index, $0) }
      })
  }

  subscript(_ record: Int) -> TFRecord {
    TFRecord(offset: frames[2 * record], byteCount: frames[2 * record + 1], fault: faults[record])
  }

  /// As `NumPyArchive.write` takes them.
  var pairs: [(Int, Int)] { (0..<count).map { (frames[2 * $0], frames[2 * $0 + 1]) } }
}

/// Why an index is not the one of its file.
enum IndexMisfit: Error, Sendable, Equatable, CustomStringConvertible {
  case unreadable(clause: String)
  /// The first record does not begin at the file's beginning, or one not where the one before it ends.
  case gap(record: Int)
  /// It ends before the file does, or behind its end.
  case wrongEnd(indexed: Int, byteCount: Int)

  /// A clause without a full stop.
  var description: String {
    switch self {
    case .unreadable(let clause): clause
    case .gap(let record): "record \(record) does not begin where the one before it ends"
    case .wrongEnd(let indexed, let byteCount):
      "its records end at byte \(indexed), and the file has \(byteCount) bytes"
    }
  }

  /// Throws unless the frames fill a file from its first byte to its last.
  static func check(_ frames: [Int], byteCount: Int) throws(IndexMisfit) {
    var end = 0
    for record in 0..<frames.count / 2 {
      let (offset, length) = (frames[2 * record], frames[2 * record + 1])
      let next = offset.addingReportingOverflow(length)
      guard offset == end, length >= TFRecord.headerByteCount + TFRecord.footerByteCount, length <= byteCount,
        !next.overflow
      else { throw .gap(record: record) }
      end = next.partialValue
    }
    guard end == byteCount else { throw .wrongEnd(indexed: end, byteCount: byteCount) }
  }
}
