import Testing

@Suite struct ParameterDiagnosticTests {
  @Test(arguments: Self.parameters)
  func `Parameters are known, given once, and have an effect`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let parameters: [WrongCell] = [
    // Names of parameters.
    WrongCell(
      "stats df ⟦methd⟧=mean",
      "`stats` has no parameter `methd`; it has method, threshold, top and outdir.",
      instead: "method=mean"),
    WrongCell(
      "stats df ⟦m⟧=mean",
      "`stats` has no parameter `m`; it has method, threshold, top and outdir.",
      instead: "stats?"),
    WrongCell(
      "stats df ⟦tiles⟧=5",
      "`stats` has no parameter `tiles`; it has method, threshold, top and outdir.",
      instead: "stats?"),
    WrongCell(
      "tiles df ⟦neer⟧=S1:3",
      "`tiles` has no parameter `neer`; it has near, slide and n.",
      instead: "near=S1:3"),
    WrongCell(
      "session ⟦top⟧=5",
      "`session` has no parameter `top`; it has none at all.",
      instead: "session?"),
    // Given twice.
    WrongCell(
      "stats df method=mean ⟦method=mean⟧",
      "`method` is given twice.",
      instead: "stats df method=mean"),
    WrongCell(
      "stats df method=mean top=5 ⟦method=threshold⟧",
      "`method` is given twice.",
      instead: "stats df method=mean top=5"),
    WrongCell(
      "save m ⟦x.png⟧ path=y.png",
      "`path` is given twice, once without its name.",
      instead: "save m path=y.png"),
    // Missing.
    WrongCell(
      "⟦labels⟧",
      "`labels` needs `column`.",
      instead: "labels HPV_status"),
    WrongCell(
      "⟦labels⟧ d",
      "`labels` needs `column`.",
      instead: "labels d column=HPV_status"),
    WrongCell(
      "⟦project⟧",
      "`project` needs `path`.",
      instead: "project PATH"),
    WrongCell(
      "⟦save⟧ m",
      "`save` needs `path`.",
      instead: "save m m.png"),
    WrongCell(
      "⟦label⟧ m",
      "`label` needs `by`.",
      instead: "label m by=HPV_status"),
    WrongCell(
      "⟦box_plots⟧ df",
      "`box_plots` needs `features`.",
      instead: "box_plots df features=0..<100"),
    WrongCell(
      "⟦model⟧", in: .empty,
      "`model` needs `path`.",
      instead: "model PATH"),
    // Without a name.
    WrongCell(
      "stats method=mean ⟦df⟧",
      "`df` stands behind a named argument; a text with blanks is quoted, other values come first.",
      instead: "stats df method=mean"),
    WrongCell(
      "label by=age ⟦m⟧",
      "`m` stands behind a named argument; a text with blanks is quoted, other values come first.",
      instead: "label m by=age"),
    WrongCell(
      "stats df ⟦mean⟧",
      "`stats` has no use for `mean` without a parameter's name.",
      instead: "method=mean"),
    WrongCell(
      "stats df ⟦m⟧ x",
      "`stats` has no use for `m` without a parameter's name.",
      instead: "stats FEATURES"),
    WrongCell(
      "save m 'my file.png' ⟦extra.png⟧",
      "`save` has no use for `extra.png` without a parameter's name.",
      instead: "save m \"my file.png\""),
    WrongCell(
      "session ⟦df⟧",
      "`session` has no use for `df` without a parameter's name.",
      instead: "session"),
    WrongCell(
      "labels d age ⟦site⟧",
      "`labels` has no use for `site` without a parameter's name.",
      instead: "labels d age"),
    // Options of a shell.
    WrongCell(
      "stats ⟦--method mean⟧",
      "`--method` is an option of a shell; here a parameter is written `name=value`.",
      instead: "method=mean"),
    WrongCell(
      "stats df ⟦--method=mean⟧",
      "`--method=mean` is an option of a shell; here a parameter is written `name=value`.",
      instead: "method=mean"),
    WrongCell(
      "stats df ⟦-v⟧",
      "`-v` is an option of a shell; here a parameter is written `name=value`.",
      instead: "stats?"),
    WrongCell(
      "activations df ⟦--slide S1⟧",
      "`--slide` is an option of a shell; here a parameter is written `name=value`.",
      instead: "slide=S1"),
    // Without effect.
    WrongCell(
      "stats df ⟦threshold=0.7⟧",
      "`threshold` has no effect without `method=threshold`.",
      instead: "stats df method=threshold threshold=0.7"),
    WrongCell(
      "stats df method=mean ⟦threshold=0.7⟧",
      "`threshold` has no effect without `method=threshold`.",
      instead: "stats df method=threshold threshold=0.7"),
    WrongCell(
      "mosaic m ⟦n_neighbors=20⟧",
      "`n_neighbors` has an effect only on features, and `m` is a map.",
      instead: "mosaic m"),
    WrongCell(
      "mosaic mo ⟦n_neighbors=20⟧",
      "`n_neighbors` has an effect only on features, and `mo` is a map.",
      instead: "mosaic mo"),
    WrongCell(
      "mosaic df map_slide=average ⟦n_neighbors=20⟧",
      "`n_neighbors` has no effect beside `map_slide`.",
      instead: "mosaic df map_slide=average"),
    WrongCell(
      "features models/hpv.onnx ⟦scale=log⟧",
      "`scale` has no effect without `outcomes`.",
      instead: "features models/hpv.onnx outcomes=HPV_status scale=log"),
    WrongCell(
      "label m by=⟦[]⟧",
      "The list given for `by` is empty.",
      instead: "[feature:0]"),
    WrongCell(
      "dataset filters=⟦{}⟧",
      "The map given for `filters` is empty.",
      instead: "{COLUMN: [VALUE]}"),
    WrongCell(
      "dataset filters={site: ⟦[]⟧}",
      "The list given for `site` is empty.",
      instead: "[VALUE]"),
    WrongCell(
      "dataset filters={site: A, ⟦site⟧: B}",
      "`site` is given twice.",
      instead: "{site: [A, B]}"),
    WrongCell(
      "drop m ⟦m⟧",
      "`m` is in the list twice.",
      instead: "drop m"),
    WrongCell(
      "features models/hpv.onnx layers=[postconv, ⟦postconv⟧]",
      "`postconv` is in the list twice.",
      instead: "[postconv]"),
    // Written in other ways.
    WrongCell(
      "stats df ⟦method: mean⟧",
      "Names and parameters are written with one `=`.",
      instead: "method=mean"),
    WrongCell(
      "stats df ⟦method:mean⟧",
      "Names and parameters are written with one `=`.",
      instead: "method=mean"),
    WrongCell(
      "stats df ⟦method:⟧",
      "Names and parameters are written with one `=`.",
      instead: "method=mean"),
    WrongCell(
      "stats df ⟦>⟧ out.csv",
      "There are no pipes; a result is given a name and used on the next line.",
      instead: "m = COMMAND"),
    WrongCell(
      "stats df ⟦&&⟧ mosaic df",
      "There are no pipes; a result is given a name and used on the next line.",
      instead: "stats df\nmosaic df"),
  ]
}
