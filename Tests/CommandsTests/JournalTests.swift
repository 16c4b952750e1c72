import CommandLanguage
import Foundation
import Commands
import Testing

@Suite("What made a value, after a restart")
struct JournalTests {
  let study: SmallStudy
  private var path: String { study.folder + "/tessera/journal.jsonl" }

  init() throws { study = try SmallStudy() }

  /// Another session on the same project.
  private struct Restarted: SessionStudy {
    let folder: String
    let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles())
  }

  private func restarted() -> Restarted { Restarted(folder: study.folder) }

  @Test("a name that is not bound is answered with the statement that made it, once its project is open")
  func answered() throws {
    study.open()
    study.run("u = slide_map df n_neighbors=10\nstats df\ns = stats df")
    let next = restarted()
    let before = try #require(next.run("u").failure)
    #expect(before.contains("There is no command and no value `u`"))
    next.run("project '\(study.folder)'\ndf = features models/small.onnx outcomes=HPV_status")
    let map = try #require(next.run("label u by=site").failure)
    #expect(map.contains("There is no `u` yet. It was made by the statement below; its result is in the store."))
    #expect(map.contains("u = slide_map df n_neighbors=10") && !map.contains("df = features"))
    let table = try #require(next.run("s").failure)
    #expect(table.contains("It was made by the statement below.") && table.contains("s = stats df"))
  }

  @Test("what it was made from comes before it, in order, and can be run as it is shown")
  func chain() throws {
    study.run("project '\(study.folder)'\ndataset filters={site: [A]}")
    study.run("df = features models/small.onnx outcomes=HPV_status\nu = slide_map df n_neighbors=10\nm = mosaic u")
    let next = restarted()
    // On the lines below the one that opens the project too, before anything runs.
    let open = "project '\(study.folder)'"
    let found = next.language.check(open + "\nm").diagnostics
    #expect(
      found.map(\.remedy) == [
        """
        dataset filters={site: [A]}
        df = features models/small.onnx outcomes=HPV_status
        u = slide_map df n_neighbors=10
        m = mosaic u
        """
      ])
    #expect(found.first?.sentence == "There is no `m` yet. It was made by the statements below.")
    #expect(next.run(open + "\n" + (found.first?.remedy ?? "")).failure == nil)
    #expect(next.run("df").text.contains("3 slides, 36 tiles"))
  }

  @Test("a damaged line and one that was cut short cost only themselves; the last statement of a name counts")
  func damaged() throws {
    study.open()
    study.run("a = df\nb = df\na = dataset")
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    data.append(Data("not JSON\n\u{0}\n{\"version\":9}\n{\"name\":\"c\",\"statem".utf8))
    try data.write(to: URL(fileURLWithPath: path))
    study.run("d = df")
    let next = restarted()
    next.run("project '\(study.folder)'")
    for (name, statement) in [("a", "a = dataset"), ("b", "b = df"), ("d", "d = df")] {
      #expect(next.run(name).failure?.contains(statement) == true)
    }
    #expect(next.run("c").failure?.contains("There is no command and no value `c`") == true)
  }

  @Test("two sessions append to one journal, and it does not grow without bound")
  func together() async throws {
    study.open()
    let other = restarted()
    other.run("project '\(study.folder)'\ndf = features models/small.onnx outcomes=HPV_status")
    let sessions: [any SessionStudy] = [study, other]
    await withTaskGroup(of: Void.self) { group in
      for (number, session) in sessions.enumerated() {
        group.addTask { for index in 0..<20 { session.run("x\(number)_\(index) = df") } }
      }
    }
    let next = restarted()
    next.run("project '\(study.folder)'")
    for number in 0..<2 { #expect(next.run("x\(number)_19").failure?.contains("x\(number)_19 = df") == true) }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    // Each of the two opens its project and makes its features, of which begin and end are noted.
    #expect(lines.count == 44)

    let filler = String(repeating: lines[0] + "\n", count: (1 << 20) / lines[0].count + 1)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    handle.write(Data(filler.utf8))
    try handle.close()
    study.run("last = df")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count < 1 << 16)
    let after = restarted()
    after.run("project '\(study.folder)'")
    for name in ["x0_3", "x1_7", "last"] { #expect(after.run(name).failure?.contains("\(name) = df") == true) }
  }

  @Test("a statement without a name leaves nothing, and one that failed no recipe")
  func nothing() throws {
    study.open()
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    study.run("slide_map df n_neighbors=10\ndataset")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    study.run("x = stats df outcomes=age test=kruskal")
    study.run("y = stats df\ny = stats df outcomes=age test=kruskal")
    let next = restarted()
    next.run("project '\(study.folder)'")
    #expect(next.run("x").failure?.contains("There is no command and no value `x`") == true)
    #expect(next.run("y").failure?.contains("y = stats df\n") == true)
    #expect(next.run("y").failure?.contains("outcomes=age") == false)
  }

  @Test("a name whose newer statement was interrupted is answered with that one, and it is said")
  func interrupted() throws {
    study.open()
    study.run("df = features models/small.onnx outcomes=site max_tiles=3", monitor: Stopped())
    // In the same session the name still has the value that it had.
    #expect(study.run("df").text.contains("HPV_status"))
    let next = restarted()
    next.run("project '\(study.folder)'")
    let found = try #require(next.run("df").failure)
    #expect(found.contains("There is no `df` yet. It is made by the statement below; it was interrupted."))
    #expect(found.contains("instead: df = features models/small.onnx outcomes=site max_tiles=3"))
    // Once it has succeeded, nothing is left of that.
    next.run("df = features models/small.onnx outcomes=site max_tiles=3")
    let last = restarted()
    last.run("project '\(study.folder)'")
    #expect(last.run("df").failure?.contains("It was made by the statement below; its result is in the store.") == true)
  }

  @Test("a statement that a killed session had begun is answered with, and said not to have ended")
  func killed() throws {
    study.open()
    // What a session leaves that is killed in the middle: the begin of its last statement.
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    study.run("df = features models/small.onnx outcomes=site", monitor: Stopped())
    let lines = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: UInt8(ascii: "\n"))
    let begun = try #require(lines.dropFirst(whole.split(separator: UInt8(ascii: "\n")).count).first)
    try (whole + begun + Data("\n".utf8)).write(to: URL(fileURLWithPath: path))
    let next = restarted()
    next.run("project '\(study.folder)'")
    let found = try #require(next.run("df").failure)
    #expect(found.contains("it was begun and did not end: its session was stopped, or runs it still."))
    #expect(found.contains("instead: df = features models/small.onnx outcomes=site"))
    // A later one that fails leaves that.
    next.run("df = features models/small.onnx batch_size=1 normalizer=macenko outcomes=site dataset=none max_tiles=9")
    next.run("df = features models/small.onnx standardization=torch mean=3")
    #expect(restarted().run("project '\(study.folder)'\ndf").failure?.contains("dataset=none max_tiles=9") == true)
  }
}

/// Stopped before the work begins.
private struct Stopped: ProgressMonitor {
  var isInterrupted: Bool { true }
  func report(phase: String, unit: String, done: Int, total: Int) {}
}
