import Files
import FeatureData
import Foundation
import GoldenData
import Testing

@testable import Slides

@Suite struct TFRecordFileTests {
  private static let tiles = (0..<5).map { number in
    TileExample(
      slide: "A.1", image: [UInt8](repeating: UInt8(number), count: 100 + 37 * number),
      location: TileLocation(x: 302 + 604 * number, y: 302))
  }

  private func written(to scratch: ScratchFolder) throws -> [UInt8] {
    var writer = try TFRecordWriter(folder: scratch.path, slideName: "A.1")
    for tile in Self.tiles { try writer.append(tile) }
    try writer.finish()
    return try scratch.read("A.1.tfrecords")
  }

  /// The file with some bytes changed, opened.
  private func damaged(_ change: (inout [UInt8], _ offsets: [Int]) -> Void) throws -> (TFRecordFile, ScratchFolder) {
    let scratch = try ScratchFolder()
    var bytes = try written(to: scratch)
    let offsets = try TFRecordFile(path: scratch.path + "/A.1.tfrecords", indexes: TFRecordIndexes(folder: nil)).records
      .map(\.offset)
    change(&bytes, offsets)
    return (
      try TFRecordFile(path: try scratch.write(bytes, as: "B.tfrecords"), indexes: TFRecordIndexes(folder: nil)),
      scratch
    )
  }

  private func fault(_ file: TFRecordFile, _ record: Int) -> RecordFault? {
    do throws(SlidesError) {
      _ = try file.example(record)
      return nil
    } catch {
      guard case .record(let position, let fault) = error else { return nil }
      #expect(position == RecordPosition(path: file.path, record: record, byteOffset: file.records[record].offset))
      return fault
    }
  }

  @Test func `what was written is read, and nothing else is left in the folder`() throws {
    let scratch = try ScratchFolder()
    let bytes = try written(to: scratch)
    let file = try TFRecordFile(path: scratch.path + "/A.1.tfrecords", indexes: TFRecordIndexes(folder: nil))
    #expect(file.slideName == "A.1")
    #expect(file.byteCount == bytes.count)
    #expect(file.withMappedBytes { Array($0) } == bytes)
    #expect(file.count == 5)
    for record in [4, 0, 2, 1, 3] {
      #expect(try file.example(record) == Self.tiles[record])
      #expect(try file.location(record) == Self.tiles[record].location)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).count == 2)
  }

  @Test func `an unfinished file leaves nothing`() throws {
    let scratch = try ScratchFolder()
    do {
      var writer = try TFRecordWriter(folder: scratch.path, slideName: "A")
      try writer.append(Self.tiles[0])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }

  @Test func `a missing file and a missing folder are named`() {
    #expect(throws: SlidesError.cannotOpen(path: "/nowhere/a", reason: "No such file or directory")) {
      try TFRecordFile(path: "/nowhere/a", indexes: TFRecordIndexes(folder: nil))
    }
    #expect(throws: SlidesError.cannotWrite(path: "/nowhere/a.tfrecords", reason: "No such file or directory")) {
      _ = try TFRecordWriter(folder: "/nowhere", slideName: "a")
    }
    #expect(throws: SlidesError.cannotOpen(path: "/dev/null", reason: "not a regular file")) {
      try TFRecordFile(path: "/dev/null", indexes: TFRecordIndexes(folder: nil))
    }
  }

  @Test func `an empty file has no records`() throws {
    let scratch = try ScratchFolder()
    #expect(
      try TFRecordFile(path: try scratch.write([], as: "a.tfrecords"), indexes: TFRecordIndexes(folder: nil)).count == 0
    )
  }

  @Test func `any flipped bit of a payload or its checksum costs that record alone`() throws {
    for (position, bit) in [(12, 0), (40, 7), (-1, 3), (-4, 0)] {
      let (file, _) = try damaged { bytes, offsets in
        bytes[position > 0 ? offsets[2] + position : offsets[3] + position] ^= 1 << bit
      }
      #expect((0..<5).map { fault(file, $0) } == [nil, nil, .payloadChecksum, nil, nil])
    }
  }

  @Test(arguments: 0..<12) func `a flipped bit in a length or its checksum costs that record alone`(byte: Int) throws {
    let (file, _) = try damaged { bytes, offsets in bytes[offsets[1] + byte] ^= 0x10 }
    #expect(file.count == 5)
    #expect((0..<5).map { fault(file, $0) } == [nil, .lengthChecksum, nil, nil, nil])
    #expect(try file.example(4) == Self.tiles[4])
  }

  @Test func `a cut last record is truncated, wherever the cut is`() throws {
    for kept in [1, 8, 11, 12, 13, 100] {
      let (file, _) = try damaged { bytes, offsets in bytes.removeSubrange((offsets[4] + kept)...) }
      #expect(file.count == 5)
      #expect((0..<4).allSatisfy { fault(file, $0) == nil })
      guard case .truncated(let expected, let available)? = fault(file, 4) else {
        Issue.record("not truncated")
        continue
      }
      #expect(available == kept)
      #expect(expected == (kept < 12 ? 16 : TFRecordWriter.frame(Self.tiles[4].encoded()).count))
    }
  }

  @Test func `a length beyond every file is truncated, not allocated`() throws {
    let scratch = try ScratchFolder()
    let length = [UInt8](repeating: 0xFF, count: 8)
    let crc = length.withUnsafeBytes(CRC32C.masked)
    let bytes = length + (0..<4).map { UInt8(truncatingIfNeeded: crc >> ($0 * 8)) } + [1, 2, 3]
    let file = try TFRecordFile(
      path: try scratch.write(bytes, as: "a.tfrecords"), indexes: TFRecordIndexes(folder: nil))
    #expect(fault(file, 0) == .truncated(expectedByteCount: .max, availableByteCount: 15))
  }

  @Test func `bytes that are no TFRecords are one damaged record`() throws {
    let scratch = try ScratchFolder()
    let bytes = Array(String(repeating: "patient,slide\n", count: 200).utf8)
    let file = try TFRecordFile(
      path: try scratch.write(bytes, as: "a.tfrecords"), indexes: TFRecordIndexes(folder: nil))
    #expect(file.count == 1)
    #expect(fault(file, 0) == .lengthChecksum)
  }

  @Test func `a file cut while it is open is an error and not a crash`() throws {
    let scratch = try ScratchFolder()
    _ = try written(to: scratch)
    let file = try TFRecordFile(path: scratch.path + "/A.1.tfrecords", indexes: TFRecordIndexes(folder: nil))
    #expect(truncate(file.path, 10) == 0)
    #expect(fault(file, 3) == .fileChanged)
  }

  @Test func `a sound record without a picture is an example fault`() throws {
    let scratch = try ScratchFolder()
    let file = try TFRecordFile(
      path: try scratch.write(TFRecordWriter.frame([0x0A, 0]), as: "a.tfrecords"), indexes: TFRecordIndexes(folder: nil)
    )
    #expect(fault(file, 0) == .example(.noImage))
  }

  @Test func `the manifest is slideflow's`() throws {
    let scratch = try ScratchFolder()
    try TFRecordManifest.write(counts: [("a.tfrecords", 60), ("b \"q\".tfrecords", 2)], to: scratch.path)
    let text = String(decoding: try scratch.read("manifest.json"), as: UTF8.self)
    #expect(
      text == "{\n \"a.tfrecords\": {\n  \"total\": 60\n },\n \"b \\\"q\\\".tfrecords\": {\n  \"total\": 2\n }\n}")
  }

  @Test func `the index holds offsets, lengths and locations`() throws {
    let scratch = try ScratchFolder()
    let bytes = try written(to: scratch)
    let index = try scratch.read("A.1.index.npz")
    let file = try TFRecordFile(path: scratch.path + "/A.1.tfrecords", indexes: TFRecordIndexes(folder: nil))
    var frames: [UInt8] = []
    var locations: [UInt8] = []
    for (record, tile) in zip(file.records, Self.tiles) {
      frames.append(littleEndian: UInt64(record.offset), byteCount: 8)
      frames.append(littleEndian: UInt64(record.byteCount), byteCount: 8)
      locations.append(littleEndian: UInt64(tile.location?.x ?? 0), byteCount: 8)
      locations.append(littleEndian: UInt64(tile.location?.y ?? 0), byteCount: 8)
    }
    #expect(Data(index).range(of: Data(frames)) != nil)
    #expect(Data(index).range(of: Data(locations)) != nil)
    #expect(file.records.last.map { $0.offset + $0.byteCount } == bytes.count)
  }

  @Test func `slideflow's own records are read and written again to the same bytes`() throws {
    try rewrite(GoldenData.records, recordCount: 1)
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `slideflow's own files are read and written again to the same bytes`() throws {
    try rewrite(SharedData.goldenRecords, recordCount: 60)
  }

  private func rewrite(_ paths: [String], recordCount: Int) throws {
    let scratch = try ScratchFolder()
    for path in paths {
      let golden = try TFRecordFile(path: path, indexes: TFRecordIndexes(folder: nil))
      #expect(golden.count == recordCount)
      var writer = try TFRecordWriter(folder: scratch.path, slideName: golden.slideName)
      for record in 0..<golden.count {
        let example = try golden.example(record)
        #expect(example.slide == golden.slideName)
        try writer.append(example)
      }
      try writer.finish()
      let again = try scratch.read(golden.slideName + ".tfrecords")
      #expect(golden.withMappedBytes { Array($0) } == again)
    }
  }
}
