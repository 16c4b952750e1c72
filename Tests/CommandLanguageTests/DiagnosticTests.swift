import CommandLanguage
import SmallLanguage
import Testing

@Suite struct DiagnosticTests {
  @Test func `Several values of the type are named`() {
    let session = SmallLanguage.session([("df2", SmallLanguage.features)])
    let found = session.check("stats").diagnostics
    #expect(found.map(\.sentence) == ["`stats` works on features, and there are two: df, df2."])
    #expect(found.map(\.remedy) == ["stats df2"])
  }

  @Test func `An unnamed value among several is not proposed`() {
    let session = SmallLanguage.session([("df2", SmallLanguage.features)])
    session.workspace.bind(
      SmallLanguage.value(SmallLanguage.features), to: nil, statement: "features m.onnx", seconds: 0)
    #expect(session.check("stats").diagnostics.map(\.remedy) == ["stats df2"])
    let other = SmallLanguage.interpreter()
    for type in [SmallLanguage.map, SmallLanguage.table] {
      other.workspace.bind(SmallLanguage.value(type), to: nil, statement: "slide_map df", seconds: 0)
    }
    #expect(other.check("save a.png").diagnostics.map(\.remedy) == [nil])
  }

  @Test func `A long list of names is cut and says how many there are`() {
    let session = SmallLanguage.interpreter()
    let names = KnownNames(names: ["column": (1...20).map { "c\($0)" }])
    session.workspace.bind(SmallLanguage.value(SmallLanguage.dataset, names), to: "d", statement: "d", seconds: 0)
    #expect(
      session.check("labels d quite").diagnostics.map(\.sentence) == [
        "There is no column `quite`; the columns are c1, c2, c3, c4, c5, c6, c7, c8, … (20 in all)."
      ])
  }

  @Test func `With several layers a feature needs its layer`() {
    let session = SmallLanguage.interpreter()
    let names = KnownNames(widths: ["features/layer3": 256, "features/layer4": 512])
    session.workspace.bind(SmallLanguage.value(SmallLanguage.map, names), to: "m", statement: "m", seconds: 0)
    #expect(session.check("label m by=feature:7").diagnostics.map(\.remedy) == ["feature:layer3/7"])
    #expect(session.check("label m by=feature:layer4/511").isValid)
    #expect(session.check("label m by=feature:layer3/256").diagnostics.map(\.remedy) == ["feature:layer3/255"])
  }

  @Test func `Line two is checked against the project opened on line one`() {
    let found = SmallLanguage.interpreter().check("project ~/studies/hpv\nlabels HPV_stat").diagnostics
    #expect(found.map(\.remedy) == ["HPV_status"])
    #expect(found.map(\.line) == [2])
  }

  @Test func `One mistake is told once`() {
    let found = SmallLanguage.interpreter().check("featurs models/hpv.onnx\nstats\nx = mosaik\nlabel x by=q")
      .diagnostics
    #expect(found.map(\.line) == [1, 3])
    #expect(
      SmallLanguage.interpreter().check("stats").diagnostics.map(\.sentence) == [
        "`stats` works on features, and there are none yet."
      ])
  }

  @Test func `A size is above nothing`() {
    let found = SmallLanguage.session().check("dataset tile_um=0").diagnostics
    #expect(found.map(\.sentence) == ["`tile_um` is above 0 µm, and `0` is not."])
    #expect(found.map(\.remedy) == ["1"])
  }

  @Test func `Carets stand under wide scalars and behind tabs`() {
    let session = SmallLanguage.session()
    let checked = session.check("echo 日本\t; x")
    #expect(
      checked.diagnostics.map { $0.rendered(in: checked.source, .plain) } == [
        """
        Line 1: One line holds one statement, and `;` ends it.
            echo 日本 ; x
                        ^
            instead: echo 日本
                     x
        """
      ])
  }

  @Test func `A very long line is shown around the place only`() {
    let session = SmallLanguage.session()
    let cell = "echo " + String(repeating: "a ", count: 5000) + "$b " + String(repeating: "c ", count: 5000)
    let checked = session.check(cell)
    #expect(checked.diagnostics.count == 1)
    #expect(checked.diagnostics.allSatisfy { $0.rendered(in: checked.source, .plain).count < 500 })
  }
}
