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

  /// As `NumPyArchive` writes them.
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

/// An index beside a tile file: `.index.npz` of slideflow 3, `.index.npy`, or the text `.index` of slideflow 1.
enum TFRecordIndexFile {
  /// In the order in which they are looked for.
  static let endings = [".index.npz", ".index.npy", ".index"]
  private static let frameArray = "arr_0"
  private static let locationArray = "locations"

  /// The index beside a tile file, if there is one.
  static func path(besides tfrecord: String) -> String? {
    guard tfrecord.hasSuffix(TFRecordIndexes.ending) else { return nil }
    let base = String(tfrecord.dropLast(TFRecordIndexes.ending.count))
    return endings.map { base + $0 }.first { (try? ReadableFile(path: $0)) != nil }
  }

  /// The frames, checked against the tile file.
  static func frames(_ path: String, tileByteCount: Int) throws(IndexMisfit) -> [Int] {
    let frames = try read(path, tileByteCount: tileByteCount) { archive throws(NumPyFault) in
      try archive.pairs(frameArray)
    }
    try IndexMisfit.check(frames, byteCount: tileByteCount)
    return frames
  }

  /// How many records it lists, after a look at its last one alone where the form allows.
  static func count(_ path: String, tileByteCount: Int) throws(IndexMisfit) -> Int {
    guard path.hasSuffix(".npz") else { return try frames(path, tileByteCount: tileByteCount).count / 2 }
    let (count, last) = try read(path, tileByteCount: tileByteCount) { archive throws(NumPyFault) in
      try archive.summary(of: frameArray)
    }
    let end = last.count == 2 ? last[0].addingReportingOverflow(last[1]).partialValue : 0
    guard end == tileByteCount else { throw .wrongEnd(indexed: end, byteCount: tileByteCount) }
    return count
  }

  /// The locations of slideflow 3's index, x and y by turns; nil where it has none.
  static func locations(_ path: String, tileByteCount: Int) -> [Int]? {
    guard path.hasSuffix(".npz") else { return nil }
    return try? read(path, tileByteCount: tileByteCount) { archive throws(NumPyFault) in
      archive.contains(locationArray) ? try archive.pairs(locationArray) : nil
    }
  }

  private static func read<R>(
    _ path: String, tileByteCount: Int, archive body: (borrowing NumPyArchiveReader) throws(NumPyFault) -> R
  ) throws(IndexMisfit) -> R {
    do throws(NumPyFault) {
      return try body(try NumPyArchiveReader(try open(path), maximumRowCount: maximumRowCount(tileByteCount)))
    } catch {
      throw .unreadable(clause: error.description)
    }
  }

  private static func read(
    _ path: String, tileByteCount: Int, archive body: (borrowing NumPyArchiveReader) throws(NumPyFault) -> [Int]
  ) throws(IndexMisfit) -> [Int] {
    let limit = maximumRowCount(tileByteCount)
    do throws(NumPyFault) {
      if path.hasSuffix(".npz") {
        return try body(try NumPyArchiveReader(try open(path), maximumRowCount: limit))
      }
      return try path.hasSuffix(".npy") ? array(path, limit) : text(path, limit)
    } catch {
      throw .unreadable(clause: error.description)
    }
  }

  private static func array(_ path: String, _ limit: Int) throws(NumPyFault) -> [Int] {
    let file = try open(path)
    let header = try NumPyHeader(file.bytes(at: 0, count: NumPyHeader.longest) ?? [], maximumRowCount: limit)
    guard file.byteCount == header.byteCount + header.dataByteCount,
      let data = file.bytes(at: header.byteCount, count: header.dataByteCount)
    else { throw .damaged(what: "the size of its array does not fit its shape") }
    return header.numbers(data)
  }

  /// "offset length" a line.
  private static func text(_ path: String, _ limit: Int) throws(NumPyFault) -> [Int] {
    let file = try open(path)
    guard file.byteCount / 4 <= limit else { throw .tooLarge(rowCount: file.byteCount / 4) }
    var numbers: [Int] = []
    for line in (file.bytes(at: 0, count: file.byteCount) ?? []).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let parts = line.split(separator: 0x20).map { Int(String(decoding: $0, as: UTF8.self)) }
      guard parts.count == 2, let offset = parts[0], let length = parts[1] else {
        throw .damaged(what: "its line \(numbers.count / 2 + 1) is no offset and length")
      }
      numbers += [offset, length]
    }
    return numbers
  }

  private static func open(_ path: String) throws(NumPyFault) -> ReadableFile {
    do throws(SlidesError) { return try ReadableFile(path: path) } catch { throw .damaged(what: "it cannot be opened") }
  }

  /// No record is shorter than its frame.
  private static func maximumRowCount(_ tileByteCount: Int) -> Int {
    tileByteCount / (TFRecord.headerByteCount + TFRecord.footerByteCount)
  }
}
