import CommandLanguage
import SmallLanguage
import Testing

/// What a session keeps, whatever happens in its cells.
@Suite struct SessionTests {
  let session = SmallLanguage.session()
  let recorder = Recorder()

  func run(_ cell: String) -> CellOutcome { session.run(cell, output: recorder, monitor: recorder) }

  func failure(_ cell: String) -> CellFailure? {
    switch run(cell) {
    case .completed: nil
    case .failed(let failure), .interrupted(let failure): failure
    }
  }

  /// The statement that a name's value was made by, as the value itself knows it.
  func origin(_ name: String) -> String? { (session.workspace.value(named: name) as? SmallValue)?.origin }

  // MARK: Values never change

  @Test func `Binding a name anew leaves what other names hold`() {
    #expect(run("df = features models/hpv.onnx\nkept = df\nm = mosaic df") == .completed)
    #expect(run("df = features models/hpv.onnx layers=[postconv]") == .completed)
    #expect(origin("df") == "df = features models/hpv.onnx layers=[postconv]")
    #expect(origin("kept") == "df = features models/hpv.onnx")
    #expect(origin("m") == "m = mosaic df")
  }

  @Test func `Running a cell again leaves what other cells made`() {
    #expect(run("m = mosaic df") == .completed)
    #expect(run("m2 = mosaic df resolution=high") == .completed)
    #expect(run("m = mosaic df") == .completed)
    #expect(origin("m2") == "m2 = mosaic df resolution=high")
  }

  @Test func `A name may be made from its own earlier value, and says nothing of it`() {
    #expect(run("x = mosaic df\nx = x.map\nlabel x by=age") == .completed)
    #expect(session.workspace.value(named: "x")?.valueType == SmallLanguage.map)
    #expect(recorder.notes.isEmpty)
  }

  // MARK: Subjects

  @Test func `The output says which value was taken, named or not`() {
    #expect(run("stats\nslide_map df\nlabel by=age\nx = slide_map df\nlabel x by=age") == .completed)
    #expect(
      recorder.texts == ["stats on df", "slide_map on df", "label on the unnamed Map", "slide_map on df", "label on x"])
  }

  @Test func `The only value counts at its line, not at the end of the cell`() {
    #expect(run("stats\ndf2 = features models/hpv.onnx\nstats df2") == .completed)
    #expect(failure("stats")?.diagnostics.map(\.remedy) == ["stats df2"])
    #expect(run("drop df2\nstats") == .completed)
    #expect(failure("df3 = features models/hpv.onnx\nstats")?.diagnostics.map(\.line) == [2])
    #expect(session.workspace.value(named: "df3") == nil)
  }

  @Test func `A new unnamed result takes the place of the one before, of its type alone`() {
    #expect(run("slide_map df\nstats df\nslide_map df n_neighbors=9") == .completed)
    #expect(
      session.workspace.bindings.map(\.displayName) == ["p", "d", "df", "the unnamed Table", "the unnamed Map"])
    #expect(session.workspace.unnamed(SmallLanguage.map)?.statement == "slide_map df n_neighbors=9")
  }

  // MARK: Where values come from

  @Test func `A change is noticed however far away it was`() {
    #expect(run("m = mosaic df\nu = m.map\nv = label u by=age") == .completed)
    #expect(run("df = features models/hpv.onnx\nv\nlabel u by=site") == .completed)
    #expect(recorder.notes == ["v was made from an earlier df.", "u was made from an earlier df."])
    #expect(run("u = slide_map df\nlabel u by=age") == .completed)
    #expect(recorder.notes.count == 2)
    #expect(run("v") == .completed)
    #expect(recorder.notes.suffix(2) == ["v was made from an earlier df.", "v was made from an earlier u."])
  }

  @Test func `A source that is dropped and made again is another one`() {
    #expect(run("m = mosaic df\ndrop df\nlabel m by=age") == .completed)
    #expect(recorder.notes.isEmpty)
    #expect(run("df = features models/hpv.onnx\nlabel m by=age") == .completed)
    #expect(recorder.notes == ["m was made from an earlier df."])
  }

  @Test func `Dropping asks nothing and tells nothing else`() {
    #expect(run("m = mosaic df\ndf = features models/hpv.onnx\ndrop m") == .completed)
    #expect(recorder.notes.isEmpty)
    #expect(
      session.check("label m by=age").diagnostics.map(\.sentence) == ["There is no value `m`; there is p, d and df."])
  }

  @Test func `The table of the session shows the unnamed, the store, and earlier sources`() {
    #expect(run("m = mosaic df") == .completed)
    session.workspace.bind(
      SmallValue(valueType: SmallLanguage.map, isFromStore: true), to: nil, statement: "slide_map df", seconds: 12.4,
      from: [.named("df")])
    #expect(run("df = features models/hpv.onnx\ndrop p d\nsession") == .completed)
    let lines = recorder.texts.last?.split(separator: "\n").map(String.init) ?? []
    #expect(lines.count == 4)
    #expect(lines.first?.hasPrefix("name       type      shape") == true)
    #expect(lines.dropFirst().map { $0.prefix { $0 != " " } } == ["m", "(unnamed)", "df"])
    #expect(lines.filter { $0.contains("computed, from an earlier df") }.count == 1)
    #expect(lines.filter { $0.contains("12") && $0.contains("the store, from an earlier df") }.count == 1)
  }

  @Test func `An empty session says so`() {
    let empty = SmallLanguage.interpreter()
    #expect(empty.run("session", output: recorder, monitor: recorder) == .completed)
    #expect(recorder.texts == ["The session holds no values yet."])
  }

  // MARK: Failures

  @Test(arguments: [
    "df = recompute now", "df = recompute stop", "x = slide_map df\ndf = recompute now\ndf = slide_map df",
  ])
  func `A statement that fails or is stopped leaves the earlier value of its name`(_ cell: String) {
    #expect(failure(cell) != nil)
    #expect(session.workspace.binding(named: "df")?.statement == "df = features m.onnx")
    #expect(session.workspace.value(named: "df")?.valueType == SmallLanguage.features)
  }

  @Test func `What a failed statement would have named is not there, and nothing behind it ran`() {
    let found = failure("a = slide_map df\nb = recompute now\nc = slide_map df\nsave a x.png\ndrop df")
    #expect(found?.progress == "Line 2 did not run. Line 1 ran and is kept; lines 3–5 were not started.")
    #expect(session.workspace.bindings.map(\.displayName) == ["p", "d", "df", "a"])
    #expect(recorder.texts == ["slide_map on df"])
  }

  @Test func `A cell with an error changes nothing at all`() {
    #expect(
      failure("df = features models/hpv.onnx\ndrop p\nstats df method=mode")?.progress == "1 error. Nothing was run.")
    #expect(session.workspace.bindings.map(\.displayName) == ["p", "d", "df"])
    #expect(session.workspace.binding(named: "df")?.statement == "df = features m.onnx")
    #expect(recorder.texts.isEmpty)
  }

  @Test func `Lines are counted as they are written, also where a statement takes several`() {
    let cell = "# made first\n\nx = slide_map \\\n  df\nlabel x by=[\n  age,\n]\n\nfail because\necho a \\\n  b\n# end"
    #expect(
      failure(cell)?.progress == "Line 9 did not run. Lines 3–7 ran and are kept; lines 10–11 were not started.")
    #expect(failure("fail because")?.progress == "Line 1 did not run.")
    #expect(failure("fail because\necho a")?.progress == "Line 1 did not run. Line 2 was not started.")
  }

  @Test func `What only the run could know is told with its place as well`() {
    let found = failure("demo new\nx = model new/a.onnx")
    #expect(found?.name == "StatementFailed")
    #expect(found?.diagnostics.map(\.sentence) == ["There is no file `new/a.onnx`."])
    #expect(found?.diagnostics.map(\.span) == [19..<29])
    #expect(found?.progress == "Line 2 did not run. Line 1 ran and is kept.")
  }

  // MARK: Errors as output

  @Test func `Colours are for the traceback, and what a cell holds cannot bring its own`() {
    let found = failure("stats df method='\u{1B}[31mred\u{7}'\nlabels d \"\u{9B}31m\"\nfail")
    #expect(found?.summary == "`method` is mean or threshold, not ` [31mred `.")
    func controls(_ text: String?) -> [Unicode.Scalar] {
      (text ?? "").unicodeScalars.filter { ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value) }
    }
    #expect(controls(found?.summary) == [])
    #expect(controls(found?.rendered(.plain)) == [])
    let coloured = found?.rendered(.ansi) ?? ""
    var stripped = coloured
    for code in ["\u{1B}[1m", "\u{1B}[1;31m", "\u{1B}[32m", "\u{1B}[0m"] {
      stripped = stripped.replacing(code, with: "")
    }
    #expect(stripped == found?.rendered(.plain))
    #expect(coloured != stripped)
    #expect(failure("fail because")?.rendered(.plain).hasPrefix("Line 1: The record 7 is corrupt.") == true)
  }

  @Test func `Of very many errors twenty are shown, and all are counted`() {
    let found = failure(String(repeating: "statss df\n", count: 50))
    #expect(found?.diagnostics.count == 50)
    #expect(found?.progress == "50 errors. Nothing was run.")
    #expect(found?.rendered(.plain).contains("and 30 more errors\n\n50 errors. Nothing was run.") == true)
  }
}
