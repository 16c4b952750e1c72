import SmallLanguage
import Testing

/// What people type first, and by mistake: the answer that a colleague would give.
@Suite struct SlipTests {
  @Test(arguments: Self.slips)
  func `A slip is answered as by a colleague`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let slips: [WrongCell] = [
    WrongCell(
      "activations df columns=⟦10-19⟧",
      "The range `10-19` is written `10...19` with its last number, and with `..<` without it.",
      instead: "10...19"),
    WrongCell(
      "activations df columns=⟦10..19⟧",
      "The range `10..19` is written `10...19` with its last number, and with `..<` without it.",
      instead: "10...19"),
    WrongCell(
      "⟦save⟧ df",
      "`save` needs `path`.",
      instead: "save df df.csv"),
    WrongCell(
      "save df ⟦f.parquet⟧",
      "`f.parquet` should end in .csv, .png or .svg.",
      instead: "f.csv"),
    WrongCell(
      "X = ⟦S3⟧",
      "There is no command and no value `S3`; `help` lists the commands.",
      instead: nil),
    WrongCell(
      "⟦X = S-1⟧",
      "There is no command, value or slide `S-1`.",
      instead: "X = wsi S1"),
    WrongCell(
      "⟦S-1⟧",
      "There is no command, value or slide `S-1`.",
      instead: "wsi S1"),
    WrongCell(
      "label m by=site title=My ⟦map⟧",
      "`map` stands behind a named argument; a text with blanks is quoted, other values come first.",
      instead: "label m by=site title=\"My map\""),
    WrongCell(
      "slide_map df ⟦title⟧=My map",
      "`slide_map` has no parameter `title`; it has n_neighbors.",
      instead: "slide_map?"),
    WrongCell(
      "⟦df.activations[S-1][0:5]⟧",
      "This is Python; here a command is followed by its arguments, without parentheses. There is no slide `S-1`; the slides are S1 and S2.",
      instead: "activations df slide=S1 tiles=0..<5"),
    WrongCell(
      "df ⟦range(100)⟧",
      "`df` is a value, and only commands take arguments.",
      instead: "df"),
    WrongCell(
      "⟦for c in [site, age]:\n  label m by=c⟧",
      "There are no loops; a command works on all of what it is given; a list draws a panel for each of its items.",
      instead: "label m by=[site, age]"),
    WrongCell(
      "contrast df outcomes=⟦[site, age]⟧",
      "`outcomes` is labels or the name of a column, and `[site, age]` is not.",
      instead: "site"),
    WrongCell(
      "tiles ⟦S1⟧",
      "`S1` is a slide, and `tiles` takes it by a parameter's name.",
      instead: "tiles slide=S1"),
    WrongCell(
      "label m by=⟦97⟧",
      "There is no column `97`; the columns are HPV_status, site and age.",
      instead: "feature:97"),
    WrongCell(
      "dataset tile_um=⟦'20x'⟧",
      "A magnification is written `20x`, without quotes and blanks, and not `\"20x\"`.",
      instead: "20x"),
    WrongCell(
      "dataset tile_um=⟦20×⟧",
      "A magnification is written `20x`, without quotes and blanks, and not `20×`.",
      instead: "20x"),
    WrongCell(
      "dataset tile_um=⟦'20 x'⟧",
      "A magnification is written `20x`, without quotes and blanks, and not `\"20 x\"`.",
      instead: "20x"),
    WrongCell(
      "model ⟦hpv.onnx⟧",
      "There is no file `hpv.onnx`.",
      instead: "models/hpv.onnx"),
    WrongCell(
      "project ⟦~studies/hpv⟧",
      "There is no user `studies`; your home folder is `~/`.",
      instead: "~/studies/hpv"),
    WrongCell(
      "project ⟦~w/hpv⟧",
      "There is no user `w`; your home folder is `~/`.",
      instead: nil),
    WrongCell(
      "⟦%time stats df⟧",
      "There are no magic commands; `session` lists the seconds that each statement took.",
      instead: "stats df"),
    WrongCell(
      "⟦%%time⟧",
      "There are no magic commands; `session` lists the seconds that each statement took.",
      instead: "session"),
    WrongCell(
      "⟦import numpy⟧",
      "Nothing has to be imported: every command is at hand, and the line can be left out.",
      instead: nil),
    WrongCell(
      "⟦umap⟧",
      "There is no command `umap`; the nearest is `slide_map`.",
      instead: "slide_map"),
    WrongCell(
      "⟦umap⟧ df n_neighbors=5",
      "There is no command `umap`; the nearest is `slide_map`.",
      instead: "slide_map df n_neighbors=5"),
    WrongCell(
      "m2 = ⟦umap⟧ df",
      "There is no command `umap`; the nearest is `slide_map`.",
      instead: "m2 = slide_map df"),
    WrongCell(
      "help ⟦umap⟧",
      "There is no command `umap`; the nearest is `slide_map`.",
      instead: "slide_map"),
    WrongCell(
      "⟦umpa⟧ df",
      "There is no command `umpa`; the nearest is `slide_map`.",
      instead: "slide_map df"),
    WrongCell(
      "⟦kmeans⟧ df k=4",
      "There are no clusters; a map shows which tiles lie together.",
      instead: "slide_map"),
    WrongCell(
      "⟦nearest⟧ S1:5",
      "The nearest tiles are shown by `tiles near=`.",
      instead: "tiles df near=S1:5"),
    WrongCell(
      "⟦filter⟧",
      "Slides are chosen by a dataset's `filters`.",
      instead: "dataset filters={HPV_status: [positive]}"),
    WrongCell(
      "⟦filter⟧ site=A",
      "Slides are chosen by a dataset's `filters`.",
      instead: "dataset filters={site: A}"),
    WrongCell(
      "⟦head⟧ df",
      "A name alone on a line shows its value.",
      instead: "df"),
    WrongCell(
      "⟦create_project⟧",
      "A project is opened by `project`.",
      instead: "project PATH"),
    WrongCell(
      "help ⟦filter⟧",
      "Slides are chosen by a dataset's `filters`.",
      instead: "help dataset"),
    WrongCell(
      "save m ⟦map a.png⟧",
      "A path with a blank is written in quotes.",
      instead: "\"map a.png\""),
  ]
}
