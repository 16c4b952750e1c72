import CommandLanguage
import Testing

@Suite struct HabitsTests {
  @Test(arguments: [
    ("df.stats('/out', method='mean')", "stats df outdir=/out method=mean"),
    ("t = df.activations(slide='S1', tiles=range(0, 5))", "t = activations df slide=S1 tiles=0..<5"),
    (
      "d2 = P.dataset(299, 302, filters={'HPV_status': ['positive', 'negative']})",
      "d2 = dataset tile_px=299 tile_um=302 filters={HPV_status: [positive, negative]}"
    ),
    (
      "x = sf.DatasetFeatures(\n  model='/a/b.onnx',\n  layers=['postconv'],\n)",
      "x = features /a/b.onnx layers=[postconv]"
    ),
    ("df.stats(top=None)", "stats df top=none"), ("stats(df)", "stats df"),
    ("df.stats(\"/my out\")", "stats df outdir=\"/my out\""),
  ])
  func `A call of the reference is answered with the same line in this language`(_ python: String, _ line: String) {
    let found = SmallLanguage.session().check(python).diagnostics
    #expect(found.map(\.remedy) == [line])
    #expect(Parser.parse(line).errors.isEmpty)
  }

  @Test func `What cannot be carried over whole is only hinted at`() {
    let found = SmallLanguage.session().check("df.stats(method=lambda x: x)").diagnostics
    #expect(found.map(\.remedy) == ["stats FEATURES"])
    #expect(found.allSatisfy { $0.sentence.hasPrefix("This is a call in Python; here it is the command `stats`") })
  }

  @Test func `A call over several lines is one error and the next line is checked`() {
    let found = SmallLanguage.session().check("x = DatasetFeatures(\n  'a/b.onnx',\n)\nstatss df").diagnostics
    #expect(found.count == 2)
    #expect(found.map(\.line) == [1, 4])
  }
}
