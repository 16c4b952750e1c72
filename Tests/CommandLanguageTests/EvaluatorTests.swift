import CommandLanguage
import SmallLanguage
import Testing

@Suite struct EvaluatorTests {
  let session = SmallLanguage.session()
  let recorder = Recorder()

  func run(_ cell: String) -> CellOutcome { session.run(cell, output: recorder, monitor: recorder) }

  @Test func `A whole notebook runs, and every result has its name`() {
    let interpreter = SmallLanguage.interpreter()
    let outcome = interpreter.run(
      """
      project ~/studies/hpv
      dataset tile_px=299 tile_um=302 filters={HPV_status: [positive, negative]}
      df = features models/hpv.onnx layers=[postconv] outcomes=HPV_status
      stats df method=mean top=20 outdir=stats
      box_plots df features=0..<100
      activations df slide=S1 tiles=0..<5 columns=[0, 1, 2]
      m = mosaic df map_slide=centroid resolution=high
      save m mosaic.png
      v = label m by=[HPV_status, feature:497];
      labels HPV_status
      """, output: recorder, monitor: recorder)
    #expect(outcome == .completed)
    #expect(
      recorder.texts == [
        "project", "dataset on the unnamed Project", "features on the unnamed Dataset", "stats on df",
        "box_plots on df", "activations on df",
        "mosaic on df", "save on m", "labels on the unnamed Dataset",
      ])
    #expect(
      interpreter.workspace.bindings.map(\.displayName) == [
        "the unnamed Project", "the unnamed Dataset", "df", "the unnamed Picture", "the unnamed Table", "m", "v",
        "the unnamed Labels",
      ])
  }

  @Test func `Nothing runs if one line is wrong`() throws {
    guard case .failed(let failure) = run("x = slide_map df\nstats df method=mode\nbox_plot df") else {
      Issue.record("It ran.")
      return
    }
    #expect(failure.progress == "2 errors. Nothing was run.")
    #expect(failure.name == "CheckFailed")
    #expect(recorder.texts.isEmpty)
    #expect(
      failure.rendered(.plain) == """
        Line 2: `method` is mean or threshold, not `mode`.
            stats df method=mode
                            ^^^^

        Line 3: There is no command `box_plot`.
            box_plot df
            ^^^^^^^^
            instead: box_plots df features=0..<100

        2 errors. Nothing was run.
        """)
    #expect(failure.rendered(.ansi).contains("\u{1B}[1m^^^^\u{1B}[0m"))
  }

  @Test func `What ran before a failure is kept`() throws {
    guard case .failed(let failure) = run("x = slide_map df\ny = slide_map df\nfail because\n# no\necho a\necho b")
    else {
      Issue.record("It ran.")
      return
    }
    #expect(failure.progress == "Line 3 did not run. Lines 1–2 ran and are kept; lines 5–6 were not started.")
    #expect(failure.summary == "The record 7 is corrupt.")
    #expect(failure.diagnostics.map(\.span) == [39..<46])
    #expect(failure.diagnostics.map(\.remedy) == [nil])
    #expect(failure.diagnostics.map(\.advice) == ["leave it out"])
    #expect(session.workspace.value(named: "y") != nil)
    #expect(recorder.texts == ["slide_map on df", "slide_map on df"])
  }

  @Test func `An interruption says where it stopped`() {
    guard case .interrupted(let failure) = run("echo a\nfail stop\necho b") else {
      Issue.record("It was not interrupted.")
      return
    }
    #expect(failure.progress == "Line 2 was interrupted. Line 1 ran and is kept; line 3 was not started.")
    #expect(failure.name == "Interrupted")
    recorder.interrupt()
    guard case .interrupted(let second) = run("echo a") else {
      Issue.record("It was not interrupted.")
      return
    }
    #expect(second.progress == "Line 1 was interrupted.")
    #expect(recorder.notes == ["a"])
  }

  @Test func `A bare name shows its value, and a semicolon hides it`() {
    #expect(run("df\ndf;\nm = mosaic df;\nm.map\nn = m.map\nn") == .completed)
    #expect(recorder.texts == ["a Features", "a Map", "a Map"])
  }

  @Test func `A value made from an earlier one says so when it is used`() {
    #expect(run("m = mosaic df\nv = label m by=age") == .completed)
    #expect(recorder.notes.isEmpty)
    #expect(run("df = features models/hpv.onnx\nlabel m by=age") == .completed)
    #expect(recorder.notes == ["m was made from an earlier df."])
    #expect(session.workspace.earlierSources(of: .named("v")) == [.named("df")])
    #expect(run("m = mosaic df\nlabel m by=slide") == .completed)
    #expect(recorder.notes.count == 1)
  }

  @Test func `Unnamed results share one slot a type`() {
    #expect(run("slide_map df\nslide_map df n_neighbors=5\nlabel by=age") == .completed)
    #expect(session.workspace.bindings(of: SmallLanguage.map).map(\.statement) == ["slide_map df n_neighbors=5"])
    #expect(recorder.texts.last == "label on the unnamed Map")
  }

  @Test func `Running the same unnamed statement again casts no doubt on what was made from it`() {
    #expect(run("slide_map df\nv = label by=age\nslide_map df\nv") == .completed)
    #expect(recorder.notes.isEmpty)
    #expect(run("slide_map df n_neighbors=9\nv") == .completed)
    #expect(recorder.notes == ["v was made from an earlier unnamed Map."])
  }

  @Test func `Completion may look while a statement binds`() async {
    let session = session
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<20 {
        group.addTask {
          session.workspace.bind(
            SmallLanguage.value(SmallLanguage.map), to: "m\(index)", statement: "", seconds: 0, from: [.named("df")])
        }
        group.addTask { _ = session.complete("label m", at: 7) }
      }
    }
    #expect(session.workspace.bindings(of: SmallLanguage.map).count == 20)
  }

  @Test func `A mosaic stands in for its map`() {
    #expect(run("mo = mosaic df\nlabel mo by=age\nlabel by=age\nlabel [mo, mo] by=age") == .completed)
    #expect(recorder.texts == ["mosaic on df", "label on mo", "label on mo", "label on mo, mo"])
  }

  @Test func `Which argument is the subject depends on their number alone`() {
    #expect(
      run("labels age\nlabels d age\nlabels column=age\nlabels d column=age\nsave d x.csv\nsave d path=x.csv")
        == .completed)
    #expect(recorder.texts == ["labels on d", "labels on d", "labels on d", "labels on d", "save on d", "save on d"])
    let lone = SmallLanguage.interpreter()
    #expect(
      lone.run("model ~/studies/hpv/models/hpv.onnx\nsave x.csv", output: recorder, monitor: recorder) == .completed)
    #expect(recorder.texts.last == "save on the unnamed Model")
  }

  @Test func `Dropped values are gone, also while checking`() {
    #expect(run("e = slide_map df\ndrop e d") == .completed)
    #expect(session.workspace.bindings.map(\.displayName) == ["p", "df"])
    #expect(recorder.texts.last == "Dropped e and d.")
    #expect(session.check("drop df\ndf").diagnostics.map(\.span) == [8..<10])
  }

  @Test func `The session is a table of its values`() {
    #expect(run("session") == .completed)
    #expect(
      recorder.texts.first == """
        name  type      shape     size  seconds  from      statement
        p     Project   3 things        1.0      computed  p = project hpv
        d     Dataset   3 things        1.0      computed  d = dataset
        df    Features  3 things        1.0      computed  df = features m.onnx
        """)
  }

  @Test func `The manual comes from the declarations`() {
    #expect(run("help\nhelp stats\nstats?\necho two \"words here\"") == .completed)
    #expect(recorder.texts[0].contains("Things\n  demo") && recorder.texts[0].contains("Session\n  help"))
    #expect(recorder.texts[1] == recorder.texts[2])
    #expect(
      recorder.texts[1].contains("method=mean|threshold")
        && recorder.texts[1].contains("(default 0.5, from 0 to 1, only with method=threshold)"))
    #expect(recorder.texts[1].contains("In slideflow: DatasetFeatures.stats"))
    #expect(recorder.notes == ["two words here"])
  }

  @Test func `A file that an earlier line makes is looked for when its line runs`() {
    #expect(session.check("demo new\nmodel new/a.onnx").isValid)
    #expect(session.check("stats df outdir=made\nproject made").isValid)
    #expect(!session.check("stats df outdir=made\nproject other").isValid)
    guard case .failed(let failure) = run("demo new\nmodel new/a.onnx") else {
      Issue.record("It ran.")
      return
    }
    #expect(failure.progress == "Line 2 did not run. Line 1 ran and is kept.")
  }
}
