import Foundation
import Testing

@testable import Files

@Suite("Files written whole") struct WholeFileTests {
  private struct Stop: Error {}

  @Test("a file gets its name with all that was appended, and nothing else is left")
  func finished() throws {
    let scratch = try ScratchFolder()
    _ = try scratch.write(Array("old".utf8), as: "a")
    var file = try UnfinishedFile(path: scratch.path + "/a")
    let piece = [UInt8](repeating: 7, count: 700_000)
    for _ in 0..<3 { try file.append(piece) }
    #expect(try scratch.read("a") == Array("old".utf8))
    try file.finish()
    #expect(try scratch.read("a") == piece + piece + piece)
    #expect(try scratch.names == ["a"])
  }

  @Test("what is not finished, or fails under its temporary name, leaves the old file alone")
  func unfinished() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(Array("old".utf8), as: "a")
    do {
      var file = try UnfinishedFile(path: path)
      try file.append([1, 2, 3])
    }
    #expect(throws: Stop.self) {
      try WholeFile.write(to: path, failure: { _ in Stop() }) { temporary throws(Stop) in
        try? Data([1]).write(to: URL(filePath: temporary))
        throw Stop()
      }
    }
    #expect(try scratch.read("a") == Array("old".utf8))
    #expect(try scratch.names == ["a"])
  }

  @Test("a library that writes by itself gets another name in the same folder")
  func byName() throws {
    let scratch = try ScratchFolder()
    try WholeFile.write(to: scratch.path + "/a", failure: { $0 }) { temporary throws(FileFault) in
      #expect(temporary.hasPrefix(scratch.path + "/a."))
      try? Data([1, 2]).write(to: URL(filePath: temporary))
    }
    #expect(try scratch.read("a") == [1, 2])
    #expect(try scratch.names == ["a"])
  }

  @Test("why a file cannot be written is said as the system has it")
  func reasons() throws {
    let scratch = try ScratchFolder()
    #expect(throws: FileFault.system(code: ENOENT)) { try WholeFile.write("x", to: scratch.path + "/no/a") }
    #expect(throws: FileFault.system(code: EISDIR)) { try WholeFile.write("x", to: scratch.path) }
    #expect(FileFault.system(code: EISDIR).description == "it is a folder")
    #expect(try scratch.names == [])
  }

  @Test("names as long as a file system takes them are written, also two of one beginning at a time")
  func longNames() throws {
    let scratch = try ScratchFolder()
    let stem = String(repeating: "x", count: 250)
    var one = try UnfinishedFile(path: "\(scratch.path)/\(stem)1")
    var two = try UnfinishedFile(path: "\(scratch.path)/\(stem)2")
    try one.append([1])
    try two.append([2])
    try one.finish()
    try two.finish()
    #expect(try scratch.read(stem + "1") == [1] && scratch.read(stem + "2") == [2])
  }

  @Test("leftovers of one file are removed where their writer is dead, and those of others are not")
  func leftovers() throws {
    let scratch = try ScratchFolder()
    let dead = "a.tfrecords.\(FileOwner.host)-4194303.partial"
    let kept = [
      "a.tfrecords.\(FileOwner.host)-\(getpid()).partial", "a.tfrecords.elsewhere-4194303.partial",
      "b.tfrecords.\(FileOwner.host)-4194303.partial",
    ]
    for name in kept + [dead] { _ = try scratch.write([], as: name) }
    WholeFile.removeLeftovers(in: scratch.path, of: "a.tfrecords")
    #expect(try scratch.names == kept.sorted())
  }
}
