import Testing

@Suite struct SubjectDiagnosticTests {
  @Test(arguments: Self.subjects)
  func `A command finds what it works on`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let subjects: [WrongCell] = [
    WrongCell(
      "⟦stats⟧", in: .twoFeatures,
      "`stats` works on features, and there are two: df, df2.",
      instead: "stats df2"),
    WrongCell(
      "⟦stats⟧ top=5", in: .twoFeatures,
      "`stats` works on features, and there are two: df, df2.",
      instead: "stats df2 top=5"),
    WrongCell(
      "⟦box_plots⟧ features=0..<100", in: .twoFeatures,
      "`box_plots` works on features, and there are two: df, df2.",
      instead: "box_plots df2 features=0..<100"),
    WrongCell(
      "⟦stats⟧", in: .empty,
      "`stats` works on features, and there are none yet.",
      instead: "features MODEL|PATH"),
    WrongCell(
      "⟦label⟧ by=age", in: .empty,
      "`label` works on a map, and there is none yet.",
      instead: "slide_map FEATURES"),
    WrongCell(
      "⟦features⟧", in: .empty,
      "`features` works on a model, and there is none yet.",
      instead: "features PATH"),
    WrongCell(
      "stats ⟦m⟧",
      "`stats` works on features, and `m` is a map.",
      instead: "stats df"),
    WrongCell(
      "stats ⟦mo⟧",
      "`stats` works on features, and `mo` is a mosaic.",
      instead: "stats df"),
    WrongCell(
      "stats ⟦p⟧ top=5",
      "`stats` works on features, and `p` is a project.",
      instead: "stats df top=5"),
    WrongCell(
      "label ⟦df⟧ by=age",
      "`label` works on a map, and `df` holds features.",
      instead: "label m by=age"),
    WrongCell(
      "label [m, ⟦df⟧] by=age",
      "`label` works on a map, and `df` holds features.",
      instead: "label m by=age"),
    WrongCell(
      "stats ⟦[df, m]⟧",
      "`stats` works on one value at a time.",
      instead: "stats df"),
    WrongCell(
      "stats ⟦'df'⟧",
      "`stats` works on features, and `\"df\"` is not the name of a value.",
      instead: "stats df"),
    WrongCell(
      "stats ⟦/x⟧",
      "`stats` works on features, and `/x` is not the name of a value.",
      instead: "stats df"),
    WrongCell(
      "stats ⟦{site: A}⟧",
      "`stats` works on features, and `{site: A}` is not the name of a value.",
      instead: "stats df"),
    WrongCell(
      "stats df ⟦m⟧",
      "`stats` has no use for `m` without a parameter's name.",
      instead: "stats FEATURES"),
    WrongCell(
      "features ⟦m⟧",
      "`features` works on a model, and `m` is a map.",
      instead: "features PATH"),
    WrongCell(
      "features ⟦mdel.onnx⟧",
      "There is no file and no value `mdel.onnx`.",
      instead: "./model.onnx"),
    WrongCell(
      "features ⟦out⟧",
      "There is no value `out`; a folder of this name exists.",
      instead: "./out/FILE"),
    WrongCell(
      "features ⟦nothing⟧",
      "There is no value `nothing`; there is p, d, df, m and mo.",
      instead: nil),
    WrongCell(
      "dataset ⟦d⟧",
      "`dataset` works on a project, and `d` is a dataset.",
      instead: "dataset p"),
    WrongCell(
      "drop ⟦mo.map⟧",
      "Only whole values are dropped, and `mo.map` is a part of `mo`.",
      instead: "mo"),
  ]
}
