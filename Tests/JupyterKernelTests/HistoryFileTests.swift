import Files
import Foundation
import JupyterWire
import Testing

@testable import JupyterKernel

@Suite(.serialized) struct HistoryFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)")
  private var path: String { folder.appending(path: "deep/er/history.jsonl").path }

  private func history(_ front: FakeFrontEnd, _ content: String) throws -> [JSONValue] {
    front.send("history_request", content)
    guard case .array(let entries)? = try front.receive(.shell).content["history"] else { return [] }
    return entries
  }

  private func entry(_ session: Int, _ line: Int, _ input: String) -> JSONValue {
    .array([.integer(session), .integer(line), .string(input)])
  }

  @Test func cellsAndTheirOutputsAreThereAfterARestart() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    for session in 1...2 {
      let front = try FakeFrontEnd(history: .file(path: path))
      _ = try front.execute("result \(session)")
      _ = try front.execute("echo é\nsame")
      front.kernel.shutDown()
      #expect(front.status() == .success(0))
    }
    let front = try FakeFrontEnd(history: .file(path: path))
    _ = try front.execute("echo third")
    #expect(
      try history(front, #"{"hist_access_type":"tail","n":3}"#)
        == [entry(2, 1, "result 2"), entry(2, 2, "echo é\nsame"), entry(3, 1, "echo third")])
    #expect(
      try history(front, #"{"hist_access_type":"range","session":-2,"start":1,"stop":2,"output":true}"#)
        == [.array([.integer(1), .integer(1), .array([.string("result 1"), .string("1")])])])
    #expect(
      try history(front, #"{"hist_access_type":"range","session":2,"start":2}"#) == [entry(2, 2, "echo é\nsame")])
    #expect(
      try history(front, #"{"hist_access_type":"search","pattern":"*sam?","unique":true,"n":5}"#)
        == [entry(2, 2, "echo é\nsame")])
    #expect(try history(front, #"{"hist_access_type":"range","session":0,"start":0}"#) == [entry(3, 1, "echo third")])
  }

  @Test func severalKernelsShareOneFile() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let histories = (0..<4).map { _ in History(file: HistoryFile(path: path)) }
    for line in 1...50 { for history in histories { history.append(line: line, input: "c\(line)", output: nil) } }
    let all = History(file: HistoryFile(path: path)).entries(.tail(count: 1000))
    #expect(all.count == 200 && Set(all.map(\.session)) == [1, 2, 3, 4])
    #expect(all.map(\.line) == Array(repeating: Array(1...50), count: 4).flatMap { $0 })
  }

  @Test func damagedLinesArePassedOverAndAForeignFileIsLeftAlone() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    History(file: HistoryFile(path: path)).append(line: 1, input: "good", output: nil)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data("\n[1,2,\"torn".utf8))
    try file.close()
    let next = History(file: HistoryFile(path: path))
    next.append(line: 1, input: "after", output: nil)
    #expect(next.entries(.tail(count: 9)).map(\.input) == ["good", "after"])

    let foreign = folder.appending(path: "notes.txt")
    try Data("these are my own notes, and they are longer than a header".utf8).write(to: foreign)
    let before = try Data(contentsOf: foreign)
    let log = LogLines()
    let history = History(file: HistoryFile(path: foreign.path), log: { log.append($0) })
    history.append(line: 1, input: "a", output: nil)
    #expect(history.entries(.tail(count: 9)).map(\.input) == ["a"])
    #expect(try Data(contentsOf: foreign) == before)
    #expect(log.all.count == 1)
  }

  @Test func aFileThatGrowsTooLargeLosesItsOldestHalf() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = History(file: HistoryFile(path: path, limit: 4000))
    for line in 1...200 { first.append(line: line, input: "a cell of some length \(line)", output: nil) }
    let entries = History(file: HistoryFile(path: path, limit: 4000)).entries(.tail(count: 1000))
    #expect((20..<100).contains(entries.count) && entries.last?.line == 200)
  }

  @Test func oneLongSessionKeepsTheFileInItsLimitAndOthersNoticeThatItWasShortened() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let reader = History(file: HistoryFile(path: path, limit: 4000))
    let writer = History(file: HistoryFile(path: path, limit: 4000))
    for line in 1...1000 {
      writer.append(line: line, input: "a cell of some length \(line)", output: nil)
      if line % 10 == 0 { #expect(reader.entries(.tail(count: 1)).map(\.line) == [line]) }
    }
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(size.map { $0 < 8200 } == true)
  }

  @Test func aFileOfAGigabyteIsNotRead() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    History(file: HistoryFile(path: path)).append(line: 1, input: "a", output: nil)
    #expect(truncate(path, 1 << 30) == 0)
    let start = ContinuousClock.now
    let history = History(file: HistoryFile(path: path))
    history.append(line: 1, input: "b", output: nil)
    #expect(history.entries(.tail(count: 5)).map(\.input) == ["b"])
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test func withoutAPlaceToWriteTheSessionGoesOn() throws {
    let front = try FakeFrontEnd(history: .file(path: "/proc/nowhere/history.jsonl"))
    _ = try front.execute("echo a")
    #expect(try history(front, #"{"hist_access_type":"tail","n":3}"#) == [entry(1, 1, "echo a")])
    #expect(front.log.contains("history is not kept"))
  }
}
