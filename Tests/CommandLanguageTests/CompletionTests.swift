import CommandLanguage
import SmallLanguage
import Testing

@Suite struct CompletionTests {
  /// Completes at the `|` and gives what is replaced and the candidates.
  func complete(_ marked: String) -> (typed: String, texts: [String]) {
    let session = SmallLanguage.session([("m", SmallLanguage.map), ("mo", SmallLanguage.mosaic)])
    let scalars = Array(marked.unicodeScalars)
    let cursor = scalars.firstIndex(of: "|") ?? scalars.count
    let completion = session.complete(marked.replacing("|", with: ""), at: cursor)
    let source = SourceText(marked.replacing("|", with: ""))
    return (source.text(in: completion.span), completion.candidates.map(\.text))
  }

  @Test(arguments: [
    ("sta|", "sta", ["stats"]), ("# 🧬\nx = mos|", "mos", ["mosaic"]),
    ("d|", "d", ["demo", "dataset", "drop", "d", "df"]),
    ("stats d|", "d", ["df"]), ("stats df me|", "me", ["method="]), ("stats df method=|", "", ["mean", "threshold"]),
    ("stats df method=t|", "t", ["threshold"]), ("stats df method = me|", "me", ["mean"]),
    ("stats df method=mean |", "", ["threshold=", "top=", "outdir="]), ("stats df top=n|", "n", ["none"]),
    ("label m by=a|", "a", ["age"]), ("label m by=[age, s|", "s", ["site", "slide"]),
    (
      "label m by=[|", "",
      [
        "HPV_status", "site", "age", "prediction", "slide", "feature:", "logit:negative", "logit:positive",
      ]
    ),
    (
      "label |", "",
      [
        "m", "mo", "HPV_status", "site", "age", "prediction", "slide", "feature:", "logit:negative", "logit:positive",
        "by=", "title=",
      ]
    ), ("label by=fea|", "fea", ["feature:"]),
    ("label m by=feature:|", "feature:", ["feature:0", "feature:511"]),
    ("label m by=feature:51|", "feature:51", ["feature:51", "feature:510", "feature:511"]),
    ("label m by=[logit:|", "logit:", ["logit:0", "logit:1", "logit:negative", "logit:positive"]),
    ("dataset filters={|", "", ["HPV_status", "site", "age"]), ("dataset filters={H|", "H", ["HPV_status"]),
    ("dataset filters={HPV_status: |", "", ["positive", "negative"]),
    ("dataset filters={HPV_status: [|", "", ["positive", "negative"]),
    ("dataset filters={HPV_status: [positive, n|", "n", ["negative"]),
    ("dataset filters={HPV_status: [positive], |", "", ["site", "age"]),
    ("dataset filters={site: |", "", ["A", "B"]),
    ("features models/hpv.onnx layers=[|", "", ["postconv"]), ("features models/|", "models/", ["models/hpv.onnx"]),
    ("features ./m|", "./m", ["./model.onnx", "\"./my net.onnx\""]), ("project ~/stu|", "~/stu", ["~/studies/"]),
    ("project ~/studies/|", "~/studies/", ["~/studies/hpv/"]), ("project \"~/stu|", "\"~/stu", ["\"~/studies/\""]),
    ("activations df slide=|", "", ["S1", "S2"]),
    ("labels |", "", ["p", "d", "HPV_status", "site", "age", "column=", "use_float="]),
    ("labels d ag|", "ag", ["age"]), ("labels d age use_float=T|", "T", ["true"]), ("mo.|", "", ["map"]),
    ("mo.m|", "m", ["map"]),
    ("help sl|", "sl", ["slide_map"]), ("drop m|", "m", ["m", "mo"]), ("tiles df near=|", "", ["S1:", "S2:"]),
    ("n = slide_map df\nlabel n|", "n", ["n"]), ("# sta|", "", []), ("stats df # me|", "", []), ("stats df; |", "", []),
    ("stats df method=mean\n# x\nslide|", "slide", ["slide_map"]), ("stats df method=[|", "", ["mean", "threshold"]),
    ("stats |\nmosaic df", "", ["df", "method=", "threshold=", "top=", "outdir="]),
    // The rest of the word goes with it.
    ("st|ats df", "stats", ["stats"]), ("x = st|a;", "sta", ["stats"]),
    ("m|o.map", "mo", ["model", "mosaic", "m", "mo"]),
    ("mo.m|ap", "map", ["map"]), ("stats d|f method=mean", "df", ["df"]),
    ("stats df me|thod=mean", "method=", ["method="]),
    ("stats df method=m|ode top=5", "mode", ["mean"]), ("label m by=[a|ge, site]", "age", ["age"]),
    ("dataset filters={HPV_s|t: positive}", "HPV_st", ["HPV_status"]),
    ("dataset filters={HPV_status: p|os}", "pos", ["positive"]), ("features mod|els/x", "mod", []),
    ("project ~/stu|dies/hpv", "~/studies/", ["~/studies/"]),
    ("project \"~/stu|dies\"", "\"~/studies\"", ["\"~/studies/\""]),
    ("tiles df near=S|1:300", "S1:", ["S1:", "S2:"]),
    ("label m by=feature:51|0", "feature:510", ["feature:51", "feature:510", "feature:511"]),
    ("stats df |method=mean", "", ["threshold=", "top=", "outdir="]),
    // What is given already is not offered again, wherever it stands.
    ("stats df | method=mean top=5", "", ["threshold=", "outdir="]), ("mosaic m n|", "n", []),
    ("mosaic df n|", "n", ["n_neighbors="]), ("dataset filters={site: [A, |", "", ["B"]),
    ("drop m |", "", ["p", "d", "df", "mo"]), ("features models/hpv.onnx layers=[postconv, |", "", []),
    // Behind `name =` stands what gives a value.
    ("x = s|", "s", ["stats", "slide_map"]), ("x = d|", "d", ["demo", "dataset", "d", "df"]),
    // Members of a value that is given to a command.
    ("label mo.|", "mo.", ["mo.map"]), ("stats mo.|", "mo.", []), ("tiles df near=S1:|", "S1:", ["S1:0", "S1:411"]),
    (
      "tiles df near=S2:7|", "S2:7",
      [
        "S2:7", "S2:70", "S2:71", "S2:72", "S2:73", "S2:74", "S2:75", "S2:76", "S2:77",
        "S2:78", "S2:79",
      ]
    ),
    ("box_plots df features=|", "", ["0..<512"]),
    // In the midst of what is not finished, or wrong.
    ("stats df \\\n  me|", "me", ["method="]), ("label m by=[age,\n  si|", "si", ["site"]),
    ("dataset filters={site: \"|", "\"", ["\"A\"", "\"B\""]),
    ("stats dff\nx = (3)\nmosaic df res|\nstat", "res", ["resolution="]),
    ("dataset filters={site: |}\nstats df", "", ["A", "B"]), ("nothing df me|", "me", []),
    ("project ~/studies/hpv\nlabels d |", "", ["HPV_status", "site", "age", "column=", "use_float="]),
  ])
  func `The candidates fit the place`(_ marked: String, _ typed: String, _ texts: [String]) {
    let completion = complete(marked)
    #expect(completion.typed == typed)
    #expect(completion.texts == texts)
  }

  @Test func `What only some values know is offered for those alone, and nothing twice`() {
    let session = SmallLanguage.interpreter()
    let names = KnownNames(names: ["column": ["slide", "site"]], widths: ["clusters": 4, "uncertainty": 1])
    session.workspace.bind(SmallLanguage.value(SmallLanguage.map, names), to: "m", statement: "m", seconds: 0)
    #expect(
      session.complete("label m by=[", at: 12).candidates.map(\.text) == [
        "slide", "site", "prediction", "cluster", "uncertainty", "feature:", "logit:",
      ])
  }

  @Test func `Of many layers the short names come first`() {
    let aliases = (0..<60).map { "/features/block/layer.\($0)/Relu_output" } + (0..<60).map { "layer\($0)" }
    let command = Command(
      CommandDeclaration(
        name: "cut", topic: "Things", summary: "Cuts.",
        parameters: [ParameterDeclaration("layers", .list(.name(.layer)), "The layers.")]),
      peek: { _ in KnownNames(names: ["layer": aliases]) }, run: { _ in nil })
    let session = CommandInterpreter(registry: Registry(commands: [command], valueTypes: []), files: SmallFiles())
    let texts = session.complete("cut layers=[", at: 12).candidates.map(\.text)
    #expect(texts == (0..<50).map { "layer\($0)" })
    #expect(session.complete("cut layers=[layer5", at: 18).candidates.map(\.text).count == 11)
  }

  @Test func `Names that are no words are quoted, and found by their letters`() {
    let session = SmallLanguage.interpreter()
    let names = KnownNames(
      names: [
        "column": ["tumor site", "T:N", "tumour"], "category:tumor site": ["left lung", "lymph node", "liver", "#1"],
      ])
    session.workspace.bind(SmallLanguage.value(SmallLanguage.project, names), to: "p", statement: "p", seconds: 0)
    func texts(_ cell: String) -> [String] {
      session.complete(cell, at: cell.unicodeScalars.count).candidates.map(\.text)
    }
    #expect(texts("dataset filters={") == ["\"tumor site\"", "\"T:N\"", "tumour"])
    #expect(texts("dataset filters={tu") == ["\"tumor site\"", "tumour"])
    #expect(texts("dataset filters={\"tumor s") == ["\"tumor site\""])
    #expect(texts("dataset filters={'tumor site': l") == ["\"left lung\"", "\"lymph node\"", "liver"])
    #expect(texts("dataset filters={\"tumor site\": [liver, ") == ["\"left lung\"", "\"lymph node\"", "\"#1\""])
    #expect(texts("labels p T") == ["T:N"])
  }

  @Test func `A candidate says what it is, and how it is called`() {
    let session = SmallLanguage.session()
    let commands = session.complete("stat", at: 4).candidates
    #expect(commands.map(\.kind) == ["command"])
    #expect(commands.map(\.signature) == ["stats FEATURES"])
    let parameters = session.complete("stats df me", at: 11).candidates
    #expect(parameters.map(\.kind) == ["parameter"])
    #expect(parameters.map(\.signature) == ["mean|threshold"])
    #expect(parameters.map(\.detail) == ["How to sum up a slide."])
    let others: [(String, String)] = [
      ("stats d", "value"), ("stats df method=m", "choice"), ("labels d a", "column"),
      ("dataset filters={site: A", "category"), ("activations df slide=S1", "slide"),
      ("features models/hpv.onnx layers=p", "layer"), ("project ~/st", "path"), ("label m by=pred", "quantity"),
    ]
    for (cell, kind) in others {
      #expect(session.complete(cell, at: cell.unicodeScalars.count).candidates.first?.kind == kind, "\(cell)")
    }
  }

  @Test(arguments: ["dataset filters={site: [A, 'B'], age: 61} tile_um=20x", "x = mosaic mo.map resolution=hi  # 🧬"])
  func `At every place the span is around the cursor and the candidates begin with what was typed`(_ cell: String) {
    let session = SmallLanguage.session([("mo", SmallLanguage.mosaic)])
    let source = SourceText("# 🧬🧬\n" + cell + "\nstats [df")
    for cursor in 0...source.scalars.count {
      let completion = session.complete(source.text(in: 0..<source.scalars.count), at: cursor)
      #expect(completion.span.lowerBound <= cursor && cursor <= completion.span.upperBound)
      #expect(completion.span.upperBound <= source.scalars.count)
      let typed = source.text(in: completion.span.lowerBound..<cursor).lowercased().replacing("'", with: "\"")
      for candidate in completion.candidates {
        #expect(candidate.text.lowercased().hasPrefix(typed) || candidate.text.lowercased().hasPrefix("\"" + typed))
      }
    }
  }

  @Test func `Positions count Unicode scalars`() {
    let completion = SmallLanguage.session().complete("echo 🧬\nsta", at: 10)
    #expect(completion.span == 7..<10)
  }
}
