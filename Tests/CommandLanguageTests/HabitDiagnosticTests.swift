import Testing

@Suite struct HabitDiagnosticTests {
  @Test(arguments: Self.habits)
  func `Lines of Python and of notebooks are answered`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let habits: [WrongCell] = [
    WrongCell(
      "⟦a(b)⟧",
      "This is a call in Python; here a command is followed by its arguments, without parentheses.",
      instead: nil),
    WrongCell(
      "⟦df.stats('/out', method='mean')⟧",
      "A command is followed by its arguments here, without parentheses and commas.",
      instead: "stats df outdir=/out method=mean"),
    WrongCell(
      "⟦P.dataset(299, 302)⟧",
      "A command is followed by its arguments here, without parentheses and commas.",
      instead: "dataset tile_px=299 tile_um=302"),
    WrongCell(
      "⟦features = P.generate_features('/path/to/trained_model')⟧",
      "A command is followed by its arguments here, without parentheses and commas.",
      instead: "f = features /path/to/trained_model.onnx"),
    WrongCell(
      "⟦labels, unique = dataset.labels('HPV_status')⟧",
      "A command is followed by its arguments here, without parentheses and commas.",
      instead: "l = labels d HPV_status"),
    WrongCell(
      "⟦mosaic = project.generate_mosaic(df, map_slide='centroid')⟧",
      "This is Python; `Project.generate_mosaic` of slideflow is the command `mosaic` here.",
      instead: "m2 = mosaic df map_slide=centroid"),
    WrongCell(
      "⟦import slideflow as sf⟧",
      "Nothing has to be imported: every command is at hand, and the line can be left out.",
      instead: "help slideflow"),
    WrongCell(
      "⟦for x in y:⟧",
      "There are no loops and blocks; a list draws a panel for each of its items.",
      instead: nil),
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
      "There are no magic commands; pictures are shown anyway, and the line can be left out.",
      instead: nil),
    WrongCell(
      "⟦!ls⟧",
      "There is no shell here; a cell holds commands of this language.",
      instead: nil),
    WrongCell(
      "⟦ls⟧",
      "There is no shell here; a cell holds commands of this language.",
      instead: "session"),
    WrongCell(
      "⟦quit⟧",
      .says(
        "A console is left by `exit` or `quit` alone; a notebook's kernel is shut down from its menu, and a command file "
          + "ends by itself.", instead: nil)),
    WrongCell(
      "⟦mkdir out⟧",
      "There is no shell here; a cell holds commands of this language.",
      instead: nil),
    WrongCell(
      "⟦plt.show()⟧",
      "Pictures are shown without being asked for, by the command that makes them.",
      instead: nil),
  ]
}
