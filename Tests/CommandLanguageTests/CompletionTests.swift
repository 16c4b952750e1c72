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
        "by=",
      ]
    ), ("label by=fea|", "fea", ["feature:"]),
    ("label m by=feature:|", "feature:", ["feature:0", "feature:511"]),
    ("label m by=feature:51|", "feature:51", ["feature:51", "feature:510", "feature:511"]),
    ("label m by=[logit:|", "logit:", ["logit:0", "logit:1", "logit:negative", "logit:positive"]),
    ("dataset filters={|", "", ["HPV_status", "site", "age"]), ("dataset filters={H|", "H", ["HPV_status"]),
    ("dataset filters={HPV_status: |", "", ["positive", "negative"]),
    ("dataset filters={HPV_status: [|", "", ["positive", "negative"]),
    ("dataset filters={HPV_status: [positive, n|", "n", ["negative"]),
    ("dataset filters={HPV_status: [positive], |", "", ["HPV_status", "site", "age"]),
    ("dataset filters={site: |", "", ["A", "B"]),
    ("features models/hpv.onnx layers=[|", "", ["postconv"]), ("features models/|", "models/", ["models/hpv.onnx"]),
    ("features ./m|", "./m", ["./model.onnx"]), ("project ~/stu|", "~/stu", ["~/studies/"]),
    ("project ~/studies/|", "~/studies/", ["~/studies/hpv/"]), ("project \"~/stu|", "\"~/stu", ["\"~/studies/\""]),
    ("activations df slide=|", "", ["S1", "S2"]),
    ("labels |", "", ["p", "d", "HPV_status", "site", "age", "column=", "use_float="]),
    ("labels d ag|", "ag", ["age"]), ("labels d age use_float=T|", "T", ["true"]), ("mo.|", "", ["map"]),
    ("mo.m|", "m", ["map"]),
    ("help sl|", "sl", ["slide_map"]), ("drop m|", "m", ["m", "mo"]), ("tiles df near=|", "", ["S1:", "S2:"]),
    ("n = slide_map df\nlabel n|", "n", ["n"]), ("# sta|", "", []), ("stats df # me|", "", []), ("stats df; |", "", []),
    ("stats df method=mean\n# x\nslide|", "slide", ["slide_map"]), ("stats df method=[|", "", ["mean", "threshold"]),
    ("stats |\nmosaic df", "", ["df", "method=", "threshold=", "top=", "outdir="]),
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

  @Test func `Positions count Unicode scalars`() {
    let completion = SmallLanguage.session().complete("echo 🧬\nsta", at: 10)
    #expect(completion.span == 7..<10)
  }

  @Test(arguments: [
    ("st|ats df method=mean", "stats", "Does stats."), ("stats df |", "stats", "Does stats."),
    ("stats df | method=mean", "stats", "Does stats."),
    ("stats df me|thod=mean", "method", "How to sum up a slide."),
    ("stats df method=me|an", "method", "How to sum up a slide."), ("stats d|f", "df", "Made by: df = features m.onnx"),
    ("x = stats [df|]", "df", "Features, 3 things"), ("df|", "df", "Features, 3 things"),
    ("echo 🧬\nfeatures dataset=|d", "d", "Dataset"),
  ])
  func `What stands at the cursor is explained`(_ marked: String, _ span: String, _ part: String) throws {
    let scalars = Array(marked.unicodeScalars)
    let cell = marked.replacing("|", with: "")
    let cursor = try #require(scalars.firstIndex(of: "|"))
    let inspection = try #require(SmallLanguage.session().inspect(cell, at: cursor))
    #expect(SourceText(cell).text(in: inspection.span) == span)
    #expect(inspection.text.contains(part))
    #expect(!inspection.markdown.isEmpty)
  }

  @Test func `Nothing is said where nothing stands`() {
    #expect(SmallLanguage.session().inspect("stats df   ", at: 11) == nil)
    #expect(SmallLanguage.session().inspect("nothing", at: 3) == nil)
  }
}
