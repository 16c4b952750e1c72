import Files

/// An index beside a tile file: `.index.npz` of slideflow 3, `.index.npy`, or the text `.index` of slideflow 1.
enum TFRecordIndexFile {
  /// In the order in which they are looked for.
  static let endings = [".index.npz", ".index.npy", ".index"]
  static let frameArray = "arr_0"
  static let locationArray = "locations"

  /// The index beside a tile file, if there is one.
  static func path(besides tfrecord: String) -> String? {
    guard tfrecord.hasSuffix(TFRecordIndexes.ending) else { return nil }
    let base = String(tfrecord.dropLast(TFRecordIndexes.ending.count))
    return endings.map { base + $0 }.first { (try? ReadableFile(path: $0)) != nil }
  }

  /// The frames, checked against the tile file.
  static func frames(_ path: String, tileByteCount: Int) throws(IndexMisfit) -> [Int] {
    let limit = maximumRowCount(tileByteCount)
    let frames = try reading { () throws(FileFault) in
      if path.hasSuffix(".npz") { return try IndexArchive(path: path, maximumRowCount: limit).pairs(frameArray) }
      return try path.hasSuffix(".npy") ? array(path, limit) : text(path, limit)
    }
    try IndexMisfit.check(frames, byteCount: tileByteCount)
    return frames
  }

  /// How many records it lists, after a look at its last one alone where the form allows.
  static func count(_ path: String, tileByteCount: Int) throws(IndexMisfit) -> Int {
    guard path.hasSuffix(".npz") else { return try frames(path, tileByteCount: tileByteCount).count / 2 }
    let (count, last) = try reading { () throws(FileFault) in
      try IndexArchive(path: path, maximumRowCount: maximumRowCount(tileByteCount)).summary(of: frameArray)
    }
    let end = last.count == 2 ? last[0].addingReportingOverflow(last[1]).partialValue : 0
    guard end == tileByteCount else { throw .wrongEnd(indexed: end, byteCount: tileByteCount) }
    return count
  }

  /// The locations of slideflow 3's index, x and y by turns; nil where it has none.
  static func locations(_ path: String, tileByteCount: Int) -> [Int]? {
    guard path.hasSuffix(".npz"),
      let index = try? IndexArchive(path: path, maximumRowCount: maximumRowCount(tileByteCount))
    else { return nil }
    return index.contains(locationArray) ? try? index.pairs(locationArray) : nil
  }

  private static func reading<Result>(
    _ body: () throws(FileFault) -> Result
  ) throws(IndexMisfit) -> Result {
    do throws(FileFault) { return try body() } catch {
      switch error {
      case .damaged, .unsupported: throw .unreadable(clause: error.description)
      case .system, .notRegular, .tooLarge: throw .unreadable(clause: "it cannot be opened")
      }
    }
  }

  private static func array(_ path: String, _ limit: Int) throws(FileFault) -> [Int] {
    let file = try ReadableFile(path: path)
    let header = try NumPyHeader(file.bytes(at: 0, count: NumPyHeader.longest))
    let dataByteCount = try IndexArchive.checkedByteCount(header, maximumRowCount: limit)
    guard file.byteCount == header.byteCount + dataByteCount else {
      throw .damaged(what: "the size of its array does not fit its shape")
    }
    return NumPyPairs.numbers(try file.bytes(at: header.byteCount, count: dataByteCount), kind: header.kind)
  }

  /// "offset length" a line.
  private static func text(_ path: String, _ limit: Int) throws(FileFault) -> [Int] {
    let file = try ReadableFile(path: path)
    guard file.byteCount / 4 <= limit else { throw IndexArchive.tooLarge(rowCount: file.byteCount / 4) }
    var numbers: [Int] = []
    let bytes = try file.bytes(at: 0, count: file.byteCount)
    for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let parts = line.split(separator: 0x20).map { Int(String(decoding: $0, as: UTF8.self)) }
      guard parts.count == 2, let offset = parts[0], let length = parts[1] else {
        throw .damaged(what: "its line \(numbers.count / 2 + 1) is no offset and length")
      }
      numbers += [offset, length]
    }
    return numbers
  }

  /// No record is shorter than its frame.
  private static func maximumRowCount(_ tileByteCount: Int) -> Int {
    tileByteCount / (TFRecord.headerByteCount + TFRecord.footerByteCount)
  }
}

/// The arrays of pairs in an `.index.npz`, of no more rows than can be.
struct IndexArchive: ~Copyable {
  private let archive: NumPyArchive
  private let maximumRowCount: Int

  /// - Parameter maximumRowCount: an array of more rows is refused before memory is taken for it.
  init(path: String, maximumRowCount: Int) throws(FileFault) {
    archive = try NumPyArchive(path: path)
    self.maximumRowCount = maximumRowCount
  }

  func contains(_ name: String) -> Bool { archive.contains(name) }

  /// The numbers of an array, row by row.
  func pairs(_ name: String) throws(FileFault) -> [Int] {
    let header = try header(name)
    return NumPyPairs.numbers(try archive.bytes(of: name)[header.byteCount...], kind: header.kind)
  }

  /// How many rows an array has, and its last row; reads little of a stored array.
  func summary(of name: String) throws(FileFault) -> (rowCount: Int, last: [Int]) {
    let header = try header(name)
    guard header.shape[0] > 0, let itemByteCount = header.itemByteCount else { return (0, []) }
    let last = try archive.lastBytes(2 * itemByteCount, of: name)
    return (header.shape[0], NumPyPairs.numbers(last, kind: header.kind))
  }

  private func header(_ name: String) throws(FileFault) -> NumPyHeader {
    let header = try archive.header(of: name)
    _ = try Self.checkedByteCount(header, maximumRowCount: maximumRowCount)
    return header
  }

  /// Bytes of the numbers of an array of pairs.
  static func checkedByteCount(_ header: NumPyHeader, maximumRowCount: Int) throws(FileFault) -> Int {
    try NumPyPairs.check(header)
    guard header.shape[0] <= maximumRowCount else { throw tooLarge(rowCount: header.shape[0]) }
    return header.shape[0] * 2 * (header.itemByteCount ?? 0)
  }

  static func tooLarge(rowCount: Int) -> FileFault {
    .unsupported(what: "it lists \(rowCount) records, more than fit into the file")
  }
}
