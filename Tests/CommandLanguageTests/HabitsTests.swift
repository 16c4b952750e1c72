import CommandLanguage
import SmallLanguage
import Testing

@Suite struct HabitsTests {
  /// A line as people from elsewhere write it, and what to type instead.
  struct Habit: Sendable, CustomTestStringConvertible {
    let line: String
    let instead: String
    var testDescription: String { line }

    init(_ line: String, _ instead: String) {
      self.line = line
      self.instead = instead
    }
  }

  static let python = [
    Habit("df.stats('/out', method='mean')", "stats df outdir=/out method=mean"),
    Habit("stats(df, method=\"mean\")", "stats df method=mean"), Habit("stats(df)", "stats df"),
    Habit("df.stats(top=None)", "stats df top=none"),
    Habit("df.stats(\"/my out\")", "stats df outdir=\"/my out\""),
    Habit("df.stats(‘/out’)  # compare", "stats df outdir=/out"),
    Habit(
      "t = df.activations(slide='S1', tiles=range(0, 5))", "t = activations df slide=S1 tiles=0..<5"),
    Habit(
      "d2 = P.dataset(299, 302, filters={'HPV_status': ['positive', 'negative']})",
      "d2 = dataset tile_px=299 tile_um=302 filters={HPV_status: [positive, negative]}"),
    Habit(
      "x = sf.DatasetFeatures(\n  model='~/studies/hpv/models/hpv.onnx',\n  layers=['postconv'],\n)",
      "x = features ~/studies/hpv/models/hpv.onnx layers=[postconv]"),
    Habit("labels, unique = d.labels('HPV_status')", "l = labels d HPV_status"),
    Habit("m.save('umap.png')", "save m umap.png"), Habit("mo.slide_map.save('umap.png')", "save mo.map umap.png"),
    Habit("P.generate_mosaic(df).save('a.png')", "m2 = mosaic df\nsave m2 a.png"),
    Habit("df.activations['S1'][0:5]", "activations df slide=S1 tiles=0..<5"),
    Habit("df.activations['S1'][:5, 0:3]", "activations df slide=S1 tiles=0..<5 columns=0..<3"),
    Habit("df.activations['S1'][3]", "activations df slide=S1 tiles=[3]"),
    Habit("df.activations", "activations df"), Habit("x = df.activations", "x = activations df"),
    Habit("df['S1']", "activations df slide=S1"), Habit("d['HPV_status']", "labels d HPV_status"),
    Habit("print(df)", "df"), Habit("len(df)", "df"), Habit("df.head()", "df"), Habit("df.shape", "df"),
    Habit("print(df.activations['S1'])", "activations df slide=S1"), Habit("print('done')", "echo done"),
    Habit("help(stats)", "help stats"), Habit("?df", "df"), Habit("?stats", "stats?"), Habit("del df", "drop df"),
    Habit("%matplotlib inline", ""), Habit("%time stats df", "stats df"), Habit("%who", "session"),
    Habit("!ls", ""), Habit("pip install slideflow", ""), Habit("dir()", "session"),
    Habit("plt.show()", ""),
    Habit("import slideflow as sf", "help slideflow"),
    Habit("from slideflow.model import DatasetFeatures", "help features"),
    Habit("import numpy as np", ""), Habit("for x in y:\n    print(x)\n    df.foo(x)", ""),
    Habit("for c in ['HPV_status', 'site']:\n    label(m, by=c)", "label m by=[HPV_status, site]"),
    Habit(
      "for way in ['mean', 'threshold']:\n\n    df.stats(method=way)\n",
      "stats df method=mean\nstats df method=threshold"),
    Habit("for i in range(2): df.stats(top=i)", ""), Habit("if df:\n  df.stats()\nelse:\n  pass", ""),
    Habit("def f(x):\n    return x", ""), Habit("while True: pass", ""),
    Habit("df.stats(f'/out')", "stats df outdir=/out"), Habit("df.stats('/a' + '/b')", "stats df outdir=/a/b"),
    Habit("df.stats(threshold=np.nan)", "stats df"), Habit("df.stats(method='median')", "stats df method=mean"),
    Habit("df.stats(method='mode')", "stats df"),
    Habit("df.stats(top=True)", "stats df"),
    // R
    Habit("u <- slide_map(df, n_neighbors=20L)", "u = slide_map df n_neighbors=20"),
    Habit("df$activations", "activations df"), Habit("library(ggplot2)", ""),
    Habit("label(m, by=c('age', 'site'))", "label m by=[age, site]"),
  ]

  static let shell = [
    Habit("features --layers postconv model.onnx", "features model.onnx layers=postconv"),
    Habit("stats df -o out", "stats df outdir=out"), Habit("stats —method mean", "method=mean"),
    Habit("stats df, method=mean", "stats df method=mean"), Habit("stats df, mean", "stats df method=mean"),
    Habit("save mo to mosaic.png", "save mo mosaic.png"), Habit("save mosaic to mosaic.png", "save mo mosaic.png"),
    Habit("label m by HPV_status", "label m by=HPV_status"), Habit("stats df method mean", "stats df method=mean"),
    Habit("stats df method: mean", "method=mean"), Habit("stats df method==mean", "method=mean"),
    Habit("labels d age use_float", "labels d age use_float=true"),
    Habit("stats df; slide_map df", "stats df\nslide_map df"),
    Habit("stats df && slide_map df", "stats df\nslide_map df"),
    Habit("mosaic df | save a.png", "m2 = mosaic df\nsave m2 a.png"),
    Habit("stats $df", "df"), Habit("stats\u{202F}df", "stats df"), Habit("stats df method=“mean”", "\"mean\""),
    Habit("stats method=mean df", "stats df method=mean"), Habit("slide_map df n_neighbors=None", "slide_map df"),
    Habit("activations df tiles=0:5", "0..<5"), Habit("activations df tiles=0–5", "0...5"),
    Habit("features ~/studies/hpv/models/*.onnx", "~/studies/hpv/models/hpv.onnx"),
    Habit("project ~/studies/h*", "~/studies/hpv"),
    Habit("dataset filters={“site”: “A”}", "dataset filters={\"site\": \"A\"}"),
  ]

  private var session: CommandInterpreter {
    SmallLanguage.session([("m", SmallLanguage.map), ("mo", SmallLanguage.mosaic)])
  }

  @Test(arguments: python + shell)
  func `A habit is one error, and is answered with what to type`(_ habit: Habit) {
    let found = session.check(habit.line).diagnostics
    #expect(found.map { $0.remedy ?? "" } == [habit.instead])
  }

  @Test(arguments: python + shell)
  func `What is to be typed is itself right, in the place of the error or of the line`(_ habit: Habit) throws {
    let session = session
    let problem = try #require(session.check(habit.line).diagnostics.first)
    guard let remedy = problem.remedy else {
      // Then the sentence says what to do, or that there is nothing to do.
      #expect(habit.instead.isEmpty)
      return
    }
    let scalars = Array(habit.line.unicodeScalars)
    var placed = String.UnicodeScalarView()
    placed.append(contentsOf: scalars[..<problem.span.lowerBound])
    placed.append(contentsOf: remedy.unicodeScalars)
    placed.append(contentsOf: scalars[problem.span.upperBound...])
    #expect(session.check(remedy).isValid || session.check(String(placed)).isValid)
  }

  @Test func `What cannot be carried over whole is only hinted at`() {
    let found = session.check("df.stats(method=lambda x: x)").diagnostics
    #expect(found.map(\.remedy) == ["stats FEATURES"])
    #expect(found.allSatisfy { $0.sentence.hasPrefix("This is a call in Python; here it is the command `stats`") })
  }

  @Test func `What is wrong in the line besides is said`() {
    let found = session.check("df.stats(method='mode', top=5)").diagnostics
    #expect(found.map(\.remedy) == ["stats df top=5"])
    #expect(found.allSatisfy { $0.sentence.hasSuffix("`method` is mean or threshold, not `mode`.") })
  }

  @Test func `Names and constants of the lines above are put in`() {
    let cell =
      "k = 20\nfolder = '/out'\nslide_map = sf.SlideMap.from_features(df, n_neighbors=k)\ndf.stats(f'{folder}/a')"
    #expect(
      session.check(cell).diagnostics.map(\.remedy) == [
        "k = COMMAND", "folder = COMMAND", "s = slide_map df n_neighbors=20", "stats df outdir=/out/a",
      ])
  }

  @Test func `A call over several lines is one error and the next line is checked`() {
    let found = session.check("x = DatasetFeatures(\n  'a/b.onnx',\n)\nstatss df").diagnostics
    #expect(found.count == 2)
    #expect(found.map(\.line) == [1, 4])
  }

  @Test func `A block is one error and the line behind it is checked`() {
    let found = session.check("for x in y:\n    f(x)\n\n    g(x)\nstatss df").diagnostics
    #expect(found.map(\.line) == [1, 5])
  }

  @Test(arguments: [
    "dataset filters={'HPV_status': ['positive']}", "dataset filters={\"HPV_status\": 'positive'}", "df", "df;",
    "x = df",
    "mo.map", "x = mo.map", "stats df top=None", "label m by=logit:1", "tiles df near=S1:0", "stats?",
    "echo for x in y",
    "echo 'a: b'", "save m 'import.png'", "for_ = stats df", "import = stats df",
  ])
  func `What is right is no habit`(_ cell: String) {
    #expect(session.check(cell).isValid)
  }

  @Test func `Pieces of foreign lines in any order neither trap nor take long`() {
    let pieces = [
      "df", "stats", "mosaic", ".", "(", ")", "[", "]", "{", "}", "'a'", "\"", ":", ",", "=", "<-", "$", "|", "&&", ";",
      "for x in y:", "\n", "\n  ", "import ", "f'{a}'", "--by", "-o", "“", "”", "0:5", "...", "*", "lambda", "\u{202F}",
      "print", "activations", "save", " ", " ", "range(3)", "==", "#", "\\", "None", "%", "!", "?",
    ]
    var generator = Seeded(seed: 23)
    let session = session
    for _ in 0..<1500 {
      let text = (0..<(1 + generator.below(14))).map { _ in pieces[generator.below(pieces.count)] }.joined()
      let checked = session.check(text)
      for diagnostic in checked.diagnostics { _ = diagnostic.rendered(in: checked.source, .plain) }
    }
  }
}
