import CommandLanguage
import SmallLanguage
import Synchronization
import Testing

/// What is noted of statements that make a name, and what a name is said to be.
@Suite struct RecipeTests {
  /// What was noted: name, ending and store.
  private final class Notes: Sendable {
    let lines = Mutex<[String]>([])
    func add(_ past: PastStatement, _ store: String) {
      lines.withLock { $0.append("\(past.name) \(past.ending.rawValue) \(store)") }
    }
  }

  private let notes = Notes()
  let recorder = Recorder()
  let session: CommandInterpreter

  init() {
    let notes = notes
    session = SmallLanguage.interpreter { past, store in
      notes.add(past, store)
      return nil
    }
    let stored = SmallLanguage.columns.merging(KnownNames(names: ["store": ["/store"]]))
    session.workspace.bind(SmallLanguage.value(SmallLanguage.project, stored), to: "p", statement: "p", seconds: 0)
  }

  private func run(_ cell: String) -> CellOutcome { session.run(cell, output: recorder, monitor: recorder) }

  @Test func `The begin of a statement is noted before it runs, and how it ended`() {
    #expect(run("d = dataset p") == .completed)
    #expect(notes.lines.withLock { $0 } == ["d unfinished /store", "d completed /store"])
    #expect(run("e = d\ndataset") == .completed)
    #expect(notes.lines.withLock { $0.dropFirst(2) } == ["e completed /store"])
    _ = run("d = recompute p now")
    _ = run("d = recompute p stop")
    #expect(
      notes.lines.withLock { $0.dropFirst(3) } == [
        "d unfinished /store", "d failed /store", "d unfinished /store", "d interrupted /store",
      ])
  }

  @Test func `A statement that was stopped before it could begin was interrupted as well`() {
    recorder.interrupt()
    _ = run("d = dataset p")
    #expect(notes.lines.withLock { $0.last } == "d interrupted /store")
  }

  @Test func `A name whose statement was interrupted says so, and one whose statement failed does not`() {
    _ = run("d = recompute p stop")
    let found = session.check("labels d site").diagnostics
    #expect(found.map(\.sentence) == ["There is no `d` yet. It is made by the statement below; it was interrupted."])
    #expect(found.map(\.remedy) == ["d = recompute p stop"])
    _ = run("e = recompute p now")
    #expect(session.check("labels e site").diagnostics.map(\.sentence) == ["There is no value `e`."])
    #expect(run("d = dataset p\ndrop d") == .completed)
    #expect(session.check("labels d site").diagnostics.map(\.sentence) == ["There is no value `d`."])
  }

  @Test func `A statement that did not end is said to be so`() {
    session.workspace.add(past: [
      PastStatement(
        name: "v", statement: "v = slide_map df", isStored: false,
        sources: [.init(name: "df", statement: "df = features m.onnx")], ending: .unfinished)
    ])
    #expect(
      session.check("v").diagnostics.map(\.sentence) == [
        "There is no `v` yet. It is made by the statements below; the last was begun and did not end: its session was "
          + "stopped, or runs it still."
      ])
  }
}
