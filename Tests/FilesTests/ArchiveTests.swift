import FeatureData
import Foundation
import Testing

@testable import Files

@Suite("Archives and arrays") struct ArchiveTests {
  /// Source: the check value of the CRC catalogue.
  @Test("the checksum of zip archives has the published value, in one piece and in several") func checksum() {
    let bytes = Array("123456789".utf8)
    #expect(CRC32.checksum(bytes) == 0xCBF4_3926)
    #expect(CRC32.checksum(Array(bytes[4...]), after: CRC32.checksum(Array(bytes[..<4]))) == 0xCBF4_3926)
    #expect(CRC32.checksum([]) == 0)
  }

  @Test("what is written to an archive is read from it, aligned as asked") func roundTrip() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/a.zip"
    let contents: [(String, [UInt8])] = [
      ("one", Array("1".utf8)), ("folder/two", []), ("three", [UInt8](repeating: 3, count: 100_000)),
    ]
    var file = try UnfinishedFile(path: path)
    var zip = ZipWriter(file.descriptor, alignment: 64)
    for (name, content) in contents { try zip.add(name, content) }
    try zip.finish()
    try file.finish()
    let archive = try ZipArchive(path: path)
    #expect(archive.entries.map(\.name) == contents.map(\.0))
    for (name, content) in contents {
      let entryFound = archive.entry(name)
      let entry = try #require(entryFound)
      #expect(try archive.contents(of: entry, limit: 1 << 20) == content)
      #expect(try archive.beginning(of: entry, count: 5) == Array(content.prefix(5)))
    }
    let largeFound = archive.entry("three")
    let large = try #require(largeFound)
    #expect(throws: FileFault.self) { try archive.contents(of: large, limit: 99_999) }
    let bytes = try scratch.read("a.zip")
    let place = try #require(Data(bytes).firstRange(of: [UInt8](repeating: 3, count: 64)))
    #expect(place.lowerBound % 64 == 0)
  }

  @Test("an archive whose directory begins before the end that is looked at first is read") func longDirectory() throws
  {
    let scratch = try ScratchFolder()
    for count in [80, 100, 2000] {
      let path = scratch.path + "/a.zip"
      var file = try UnfinishedFile(path: path)
      var zip = ZipWriter(file.descriptor)
      for number in 0..<count { try zip.add("entry \(number)", [UInt8(truncatingIfNeeded: number)]) }
      try zip.finish()
      try file.finish()
      let archive = try ZipArchive(path: path)
      #expect(archive.entries.count == count)
      let lastFound = archive.entry("entry \(count - 1)")
      let last = try #require(lastFound)
      #expect(try archive.contents(of: last, limit: 1) == [UInt8(truncatingIfNeeded: count - 1)])
    }
  }

  @Test("no changed byte and no cut of an archive of arrays makes reading it fail otherwise than by its error")
  func damaged() throws {
    let scratch = try ScratchFolder()
    let pairs = (0..<40).map { ($0 * 10, 10) }
    let path = scratch.path + "/a.npz"
    try NumPyArchive.write([("arr_0", pairs)], to: path)
    let whole = try scratch.read("a.npz")
    let expected = pairs.flatMap { [Double($0.0), Double($0.1)] }
    #expect(try NumPyArchive(path: path).array("arr_0", maximumCount: 80).doubles == expected)
    #expect(throws: FileFault.unsupported(what: "its array has too many numbers")) {
      try NumPyArchive(path: path).array("arr_0", maximumCount: 79)
    }
    var random = SplitMix64(seed: 4)
    for trial in 0..<400 {
      var bytes = whole
      if trial.isMultiple(of: 3) { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      for _ in 0...trial % 3 where !bytes.isEmpty {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = try scratch.write(bytes, as: "a.npz")
      let array = try? NumPyArchive(path: path).array("arr_0", maximumCount: 80)
      #expect(array == nil || array?.doubles == expected)
    }
  }
}

@Suite("NumPy's headers") struct NumPyHeaderTests {
  /// An archive of one array, whose header says what it holds.
  private func archive(_ header: String, dataByteCount: Int, in scratch: ScratchFolder) throws -> String {
    let path = scratch.path + "/a.npz"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.append(littleEndian: UInt64(header.utf8.count), byteCount: 2)
    bytes += Array(header.utf8) + [UInt8](repeating: 0, count: dataByteCount)
    var file = try UnfinishedFile(path: path)
    var zip = ZipWriter(file.descriptor)
    try zip.add("a.npy", bytes)
    try zip.finish()
    try file.finish()
    return path
  }

  @Test("a kind that is not read, and a shape that the archive does not hold, are refused by the header alone")
  func refused() throws {
    let scratch = try ScratchFolder()
    func fault(_ kind: String, _ shape: String) -> FileFault? {
      do throws(FileFault) {
        let header = "{'descr': '\(kind)', 'fortran_order': False, 'shape': \(shape), }"
        guard let path = try? archive(header, dataByteCount: 64, in: scratch) else { return nil }
        _ = try NumPyArchive(path: path).array("a", maximumCount: 1000)
        return nil
      } catch { return error }
    }
    #expect(fault("<f8", "(8,)") == nil && fault("<u2", "(4, 8)") == nil && fault("<i4", "(2, 2, 4)") == nil)
    #expect(fault("<c8", "(8,)") == .unsupported(what: "its numbers are of the kind <c8"))
    #expect(fault("<f8", "(9,)") == .damaged(what: "the size of its array does not fit its shape"))
    #expect(fault("<f8", "(4294967296, 4294967296)") == .damaged(what: "the size of its array does not fit its shape"))
    #expect(fault("<c8", "(1001,)") == .unsupported(what: "its array has too many numbers"))
    #expect(fault("<f8", "(-8,)") == .unsupported(what: "its array has the shape (-8,)"))
  }
}

@Suite("Protocol buffers") struct ProtobufReaderTests {
  private func fault(_ bytes: [UInt8]) -> ProtobufReader.Fault? {
    bytes.withUnsafeBytes { buffer in
      var reader = ProtobufReader(buffer)
      do throws(ProtobufReader.Fault) {
        while try reader.nextField() != nil {}
        return nil
      } catch { return error }
    }
  }

  @Test("fields of every wire type are passed over, and a field that goes beyond the end says where it would end")
  func faults() {
    #expect(fault([0x08, 0x96, 0x01, 0x12, 2, 1, 2, 0x1D, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 0, 0, 0]) == nil)
    #expect(fault([0x08, 1, 0x3A, 100, 1]) == .cutOff(byteOffset: 2, field: 7, end: 104))
    #expect(fault([0x0D, 1, 2]) == .cutOff(byteOffset: 1, field: 1, end: 5))
    #expect(fault([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) == .malformed(byteOffset: 0))
    #expect(fault([0x08, 0x80]) == .malformed(byteOffset: 1))
    #expect(fault([0x0B]) == .malformed(byteOffset: 0))
    #expect(fault([0x00, 1]) == .malformed(byteOffset: 0))
    #expect(fault([0x08] + [UInt8](repeating: 0xFF, count: 9) + [2]) == .malformed(byteOffset: 1))
  }
}
