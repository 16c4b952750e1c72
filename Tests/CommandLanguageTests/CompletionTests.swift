import CommandLanguage
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
        "HPV_status", "site", "age", "prediction", "cluster", "uncertainty", "slide", "feature:", "logit:negative",
        "logit:positive",
      ]
    ),
    ("label |", "", ["m", "mo", "by="]), ("label by=fea|", "fea", ["feature:"]),
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

  @Test func `Positions count Unicode scalars`() {
    let completion = SmallLanguage.session().complete("echo 🧬\nsta", at: 10)
    #expect(completion.span == 7..<10)
  }

  @Test(arguments: [
    ("st|ats df method=mean", "stats", "Does stats."), ("stats df me|thod=mean", "method", "How to sum up a slide."),
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
