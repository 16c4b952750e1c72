import CommandLanguage
import SmallLanguage
import Testing

/// What fuzzing has found.
@Suite struct HopelessCellTests {
  let session = SmallLanguage.session()

  func printedAgain(_ cell: String) -> CellSyntax {
    Parser.parse(Parser.parse(cell).syntax.printed).syntax
  }

  @Test(arguments: ["a b\\\\", "a b\\ # c\nd", "a = b c\\ ", "a b\\;"])
  func `A word that ends in a backslash does not continue the line when it is printed`(_ cell: String) {
    let again = printedAgain(cell)
    #expect(again.statements.count == Parser.parse(cell).syntax.statements.count)
    #expect(again.printed == Parser.parse(cell).syntax.printed)
  }

  @Test(arguments: ["print(x\u{0})", "stats df\u{1B}[31m", "stats method=\"a\u{85}\"", "é;\u{7F}~"])
  func `No control character reaches the terminal`(_ cell: String) throws {
    let checked = session.check(cell)
    let diagnostic = try #require(checked.diagnostics.first)
    let said = diagnostic.rendered(in: checked.source, .plain)
    #expect(!said.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
  }

  @Test(arguments: ["dataset filters={sitea \\: x", "dataset filters={site \"\\q\": A}"])
  func `What is read twice is told once`(_ cell: String) {
    let sentences = Parser.parse(cell).errors.map(\.diagnostic)
    #expect(sentences.count == Set(sentences.map { "\($0.span) \($0.sentence)" }).count)
  }

  @Test func `A cell with very many errors is left after two hundred`() {
    let recorder = Recorder()
    let cell = String(repeating: "stats df method=mode\n", count: 1_000)
    #expect(session.check(cell).diagnostics.count == 200)
    guard case .failed(let failure) = session.run(cell, output: recorder, monitor: recorder) else {
      Issue.record("It ran.")
      return
    }
    #expect(failure.progress == "At least 200 errors. Nothing was run.")
    #expect(recorder.texts.isEmpty)
  }

  @Test func `A statement with very many errors tells twenty`() {
    let cell = "stats df method=mean" + String(repeating: " x", count: 1_000)
    #expect(session.check(cell).diagnostics.count == 20)
  }

  @Test func `A path longer than any system knows is refused`() throws {
    let cell = "stats df outdir=" + String(repeating: "a/", count: 3_000)
    let diagnostic = try #require(session.check(cell).diagnostics.first)
    #expect(diagnostic.sentence.hasPrefix("`outdir` is a path of at most 4096 bytes, and `a/a/"))
    #expect(session.check("stats df outdir=" + String(repeating: "a/", count: 2_000)).isValid)
  }

  @Test func `Of very many values a few are named`() throws {
    let cell = (0..<50).map { "a\($0) = slide_map df\n" }.joined() + "label by=site"
    let diagnostic = try #require(session.check(cell).diagnostics.first)
    #expect(diagnostic.sentence == "`label` works on a map, and there are 50: a0, a1, a2, a3, a4, a5, a6, a7, ….")
    #expect(diagnostic.remedy == "label a49 by=site")
  }

  @Test func `What is known of a value is asked for once`() {
    final class Counter: Sendable {
      let recorder = Recorder()
    }
    struct CountingValue: SessionValue {
      let counter: Counter
      var valueType: ValueType { SmallLanguage.features }
      var shape: String { "1" }
      var knownNames: KnownNames {
        counter.recorder.note("asked")
        return SmallLanguage.columns
      }
      func show(in output: any OutputSink) {}
    }
    let counter = Counter()
    let session = SmallLanguage.interpreter()
    session.workspace.bind(CountingValue(counter: counter), to: "df", statement: "df", seconds: 1)
    #expect(session.check("u = slide_map df\nlabel u by=site").isValid)
    #expect(session.complete("mosaic df filters={s", at: 20).candidates.map(\.text) == ["site"])
    #expect(counter.recorder.notes == ["asked"])
  }
}
