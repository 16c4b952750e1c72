import Testing

@Suite struct HabitDiagnosticTests {
  @Test(arguments: Self.habits)
  func `Lines of Python and of notebooks are answered`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let habits: [WrongCell] = [
    WrongCell(
      "⟦a(b)⟧",
      "This is a call in Python; here a command is followed by its arguments, without parentheses.",
      instead: "help"),
    WrongCell(
      "⟦df.stats('/out', method='mean')⟧",
      "Written here: `stats df outdir=/out method=mean`",
      instead: nil),
    WrongCell(
      "⟦P.dataset(299, 302)⟧",
      "Written here: `dataset tile_px=299 tile_um=302`",
      instead: nil),
    WrongCell(
      "⟦features = P.generate_features('/path/to/trained_model')⟧",
      "Written here: `f = features /path/to/trained_model`",
      instead: nil),
    WrongCell(
      "⟦labels, unique = dataset.labels('HPV_status')⟧",
      "Written here: `l = labels dataset HPV_status`",
      instead: nil),
    WrongCell(
      "⟦mosaic = project.generate_mosaic(df, map_slide='centroid')⟧",
      "Written here: `m = mosaic df map_slide=centroid`",
      instead: nil),
    WrongCell(
      "⟦import slideflow as sf⟧",
      "Nothing has to be imported: every command is at hand.",
      instead: "help"),
    WrongCell(
      "⟦for x in y:⟧",
      "There are no loops and blocks; a list draws a panel for each of its items.",
      instead: "by=[a, b]"),
    WrongCell(
      "⟦x = 5⟧",
      "A name stands for what a command makes; a number or a text is written where it is used.",
      instead: "x = COMMAND"),
    WrongCell(
      "⟦print(df)⟧",
      "A name alone on a line shows its value.",
      instead: "df"),
    WrongCell(
      "⟦%matplotlib inline⟧",
      "There are no magic commands; pictures are shown anyway.",
      instead: "help"),
    WrongCell(
      "⟦!ls⟧",
      "There is no shell here; a cell holds commands of this language.",
      instead: "help"),
    WrongCell(
      "⟦plt.show()⟧",
      "This is a call in Python; here a command is followed by its arguments, without parentheses.",
      instead: "help"),
  ]
}
