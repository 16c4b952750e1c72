import FeatureData
import Foundation
import Testing

@testable import Slides

@Suite("Indexes of tile files")
struct TFRecordIndexTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/indexes")
    .path
  private static let frames = [0, 100, 100, 120, 220, 90]
  private static let byteCount = 310

  private func path(_ name: String) -> String { Self.folder + "/" + name }

  private func misfit(_ name: String, byteCount: Int = byteCount) -> IndexMisfit? {
    do throws(IndexMisfit) {
      _ = try TFRecordIndexFile.frames(path(name), tileByteCount: byteCount)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "every form that slideflow has had is read",
    arguments: ["stored.index.npz", "deflated.index.npz", "int32.index.npz", "array.index.npy", "text.index"])
  func forms(name: String) throws {
    #expect(try TFRecordIndexFile.frames(path(name), tileByteCount: Self.byteCount) == Self.frames)
    #expect(try TFRecordIndexFile.count(path(name), tileByteCount: Self.byteCount) == 3)
    #expect(throws: IndexMisfit.wrongEnd(indexed: 310, byteCount: 320)) {
      try TFRecordIndexFile.count(path(name), tileByteCount: 320)
    }
  }

  @Test("locations are read where there are some", arguments: ["stored.index.npz", "deflated.index.npz"])
  func locations(name: String) {
    #expect(
      TFRecordIndexFile.locations(path(name), tileByteCount: Self.byteCount) == [302, 302, 906, 302, 302, 906])
    #expect(TFRecordIndexFile.locations(path("int32.index.npz"), tileByteCount: Self.byteCount) == nil)
    #expect(TFRecordIndexFile.locations(path("text.index"), tileByteCount: Self.byteCount) == nil)
  }

  @Test("other arrays are refused by what they are")
  func otherArrays() {
    let clauses = [
      "columns.index.npz": "its array is stored column by column",
      "floats.index.npz": "its numbers are of the kind '<f8'",
      "flat.index.npz": "its array has the shape (6,) and not (n, 2)",
      "nowhere.index.npz": "it cannot be opened",
    ]
    for (name, clause) in clauses { #expect(misfit(name) == .unreadable(clause: clause)) }
  }

  @Test("a small file that claims many records is refused before memory is taken")
  func bomb() {
    #expect(misfit("bomb.index.npz") == .unreadable(clause: "it lists 500000 records, more than fit into the file"))
  }

  @Test("no changed byte and no cut of an archive makes reading it fail otherwise than by its error")
  func damaged() throws {
    let scratch = try ScratchFolder()
    var generator = SplitMix64(seed: 9)
    for name in ["stored.index.npz", "deflated.index.npz"] {
      let whole = try [UInt8](Data(contentsOf: URL(filePath: path(name))))
      for trial in 0..<240 {
        var bytes = whole
        if trial.isMultiple(of: 3) { bytes.removeLast(Int(generator.next() % UInt64(bytes.count))) }
        for _ in 0...trial % 3 where !bytes.isEmpty {
          bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
        }
        let file = try scratch.write(bytes, as: "a.index.npz")
        let frames = try? TFRecordIndexFile.frames(file, tileByteCount: Self.byteCount)
        #expect(frames == nil || frames == Self.frames)
        _ = try? TFRecordIndexFile.count(file, tileByteCount: Self.byteCount)
        _ = TFRecordIndexFile.locations(file, tileByteCount: Self.byteCount)
      }
    }
  }

  @Test("frames have to follow one another from the first byte to the last")
  func consecutive() throws {
    try IndexMisfit.check(Self.frames, byteCount: 310)
    #expect(throws: IndexMisfit.gap(record: 1)) { try IndexMisfit.check([0, 100, 101, 209], byteCount: 310) }
    #expect(throws: IndexMisfit.gap(record: 0)) { try IndexMisfit.check([16, 294], byteCount: 310) }
    #expect(throws: IndexMisfit.gap(record: 1)) { try IndexMisfit.check([0, 100, 100, .max], byteCount: 310) }
    #expect(throws: IndexMisfit.gap(record: 0)) { try IndexMisfit.check([0, -5], byteCount: 310) }
    #expect(throws: IndexMisfit.wrongEnd(indexed: 100, byteCount: 310)) {
      try IndexMisfit.check([0, 100], byteCount: 310)
    }
  }

  // MARK: Files

  private func write(_ count: Int, to scratch: ScratchFolder) throws -> String {
    var writer = try TFRecordWriter(folder: scratch.path, slideName: "A")
    for number in 0..<count {
      try writer.append(
        TileExample(slide: "A", image: [UInt8](repeating: UInt8(number), count: 50 + number), location: nil))
    }
    try writer.finish()
    return scratch.path + "/A.tfrecords"
  }

  private func misfits(_ path: String, _ indexes: TFRecordIndexes) -> [TFRecordSummary.Finding] {
    let folder = ProjectFiles.TileFolder((path as NSString).deletingLastPathComponent)
    return folder.files.flatMap { indexes.summary(of: $0, manifestCount: nil).findings }
  }

  @Test("with an index any record is read, also when the frames before it are damaged")
  func randomAccess() throws {
    let scratch = try ScratchFolder()
    let path = try write(20, to: scratch)
    var bytes = try scratch.read("A.tfrecords")
    for index in 0..<8 { bytes[index] ^= 0x55 }
    _ = try scratch.write(bytes, as: "A.tfrecords")
    let file = try TFRecordFile(path: path, indexes: TFRecordIndexes(folder: nil))
    #expect(file.count == 20)
    #expect(try file.example(17).image == [UInt8](repeating: 17, count: 67))
    #expect(throws: SlidesError.record(RecordPosition(path: path, record: 0, byteOffset: 0), .lengthChecksum)) {
      try file.example(0)
    }
  }

  @Test("an index that lists other frames of the same total length gives no wrong tile")
  func otherFrames() throws {
    let scratch = try ScratchFolder()
    let path = try write(2, to: scratch)
    let byteCount = try scratch.read("A.tfrecords").count
    _ = try scratch.write(Array("0 40\n40 \(byteCount - 40)\n".utf8), as: "A.index")
    try FileManager.default.removeItem(atPath: scratch.path + "/A.index.npz")
    let file = try TFRecordFile(path: path, indexes: TFRecordIndexes(folder: nil))
    for record in 0..<2 { #expect(throws: SlidesError.self) { try file.example(record) } }
  }

  @Test("without an index the records are counted once, and the index is kept in a folder of its own")
  func kept() throws {
    let scratch = try ScratchFolder()
    let store = try ScratchFolder()
    let path = try write(5, to: scratch)
    try FileManager.default.removeItem(atPath: scratch.path + "/A.index.npz")
    let before = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
    let folder = store.path + "/new/indexes"
    #expect(try TFRecordFile(path: path, indexes: TFRecordIndexes(folder: folder)).count == 5)
    let written = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(written.count == 1)
    #expect(written[0].hasPrefix("A.tfrecords-"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == before)
    let again = try TFRecordFile(path: path, indexes: TFRecordIndexes(folder: folder))
    #expect(try again.example(4).image.count == 54)
    // Another file under that name is counted anew.
    _ = try write(7, to: scratch)
    try FileManager.default.removeItem(atPath: scratch.path + "/A.index.npz")
    #expect(try TFRecordFile(path: path, indexes: TFRecordIndexes(folder: folder)).count == 7)
    // Where nothing can be written it is kept in memory.
    #expect(try TFRecordFile(path: path, indexes: TFRecordIndexes(folder: "/dev/null/indexes")).count == 7)
  }

  @Test("an index that does not fit is passed over, with the reason")
  func passedOver() throws {
    let scratch = try ScratchFolder()
    let path = try write(5, to: scratch)
    let indexes = TFRecordIndexes(folder: nil)
    #expect(misfits(path, indexes) == [])
    _ = try scratch.write(Array("0 66\n".utf8), as: "A.index.npz")
    #expect(try TFRecordFile(path: path, indexes: TFRecordIndexes(folder: nil)).count == 5)
    #expect(
      misfits(path, indexes) == [
        .indexMisfit(index: scratch.path + "/A.index.npz", clause: "it is not a whole zip archive")
      ])
  }

  @Test("a file of zeros, or with a hole, is given up soon; what follows a small hole is found")
  func zeros() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write([], as: "Z.tfrecords")
    #expect(truncate(path, 200 << 30) == 0)
    let clock = ContinuousClock()
    let spent = try clock.measure {
      let file = try TFRecordFile(path: path, indexes: TFRecordIndexes(folder: nil))
      #expect(file.count == 1)
    }
    #expect(spent < .seconds(2))
    // Zeros that are written, then records.
    let tail = (0..<3).flatMap { TFRecordWriter.frame([UInt8](repeating: UInt8($0), count: 70)) }
    let file = try TFRecordFile(
      path: try scratch.write([UInt8](repeating: 0, count: 9001) + tail, as: "Y.tfrecords"),
      indexes: TFRecordIndexes(folder: nil))
    #expect(file.records.map(\.byteCount) == [9001, 86, 86, 86])
    // A hole, then records.
    let holed = try scratch.write(tail, as: "X.tfrecords")
    let handle = try FileHandle(forWritingTo: URL(filePath: holed))
    try handle.seek(toOffset: 3 << 30)
    try handle.write(contentsOf: tail)
    try handle.close()
    #expect(try TFRecordFile(path: holed, indexes: TFRecordIndexes(folder: nil)).count == 7)
  }
}
