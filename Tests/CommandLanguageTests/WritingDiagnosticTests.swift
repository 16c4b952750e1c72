import Testing

@Suite struct WritingDiagnosticTests {
  @Test(arguments: Self.lines)
  func `A line is made of words with blanks between them`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  @Test(arguments: Self.quotes)
  func `Quotes are straight, and closed on their line`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let lines: [WrongCell] = [
    // A line begins with a name.
    WrongCell(
      "⟦=⟧ 3",
      "A line begins with a command or a name, not with `=`.",
      instead: nil),
    WrongCell(
      "⟦?label⟧",
      "The question mark stands behind a command.",
      instead: "label?"),
    WrongCell(
      "⟦300⟧ df",
      "A line begins with a command or a name, not with `300`.",
      instead: nil),
    WrongCell(
      "⟦[⟧df]",
      "A line begins with a command or a name, not with `[`.",
      instead: nil),
    WrongCell(
      "⟦'⟧df'",
      "A line begins with a command or a name, not with `'`.",
      instead: nil),
    WrongCell(
      "⟦$df⟧",
      "There are no variables with `$`; a value is called by its bare name.",
      instead: "df"),
    // `name =` is followed by a command.
    WrongCell(
      "x ⟦=⟧",
      "A command is expected after `=`.",
      instead: "x = COMMAND"),
    WrongCell(
      "x ⟦=⟧ ;",
      "A command is expected after `=`.",
      instead: "x = COMMAND"),
    WrongCell(
      "⟦x = 'a'⟧",
      "A name stands for what a command makes; a number or a text is written where it is used.",
      instead: "x = COMMAND"),
    WrongCell(
      "⟦m.x⟧ = mosaic df",
      "A value cannot be put into another one, so `m.x` cannot be bound.",
      instead: "x = mosaic df"),
    WrongCell(
      "⟦m.x⟧ =",
      "A value cannot be put into another one, so `m.x` cannot be bound.",
      instead: "x = COMMAND"),
    WrongCell(
      "m⟦.⟧",
      "A name is expected after the dot in `m.`.",
      instead: "m"),
    WrongCell(
      "stats⟦.⟧ df",
      "A name is expected after the dot in `stats.`.",
      instead: "stats"),
    WrongCell(
      "stats? ⟦df⟧",
      "Nothing can follow the question mark.",
      instead: "stats?"),
    // One statement a line.
    WrongCell(
      "stats df; ⟦mosaic df⟧",
      "One line holds one statement, and `;` ends it.",
      instead: "stats df\nmosaic df"),
    WrongCell(
      "df; ⟦df⟧",
      "One line holds one statement, and `;` ends it.",
      instead: nil, helps: "df on a line of its own"),
    // Blanks separate, and nothing else does.
    WrongCell(
      "save m⟦\"⟧x.png\"",
      "A blank is expected before `\"`.",
      instead: "m \"x.png\""),
    WrongCell(
      "stats df method=[mean]⟦t⟧op=5",
      "A blank is expected before `top=5`.",
      instead: nil),
    WrongCell(
      "stats⟦-⟧df",
      "A blank is expected before `-df`.",
      instead: nil),
    WrongCell(
      "stats⟦,⟧ df",
      "Arguments are separated by blanks, not by commas.",
      instead: "stats df"),
    WrongCell(
      "stats df⟦,⟧ method=mean",
      "Arguments are separated by blanks, not by commas.",
      instead: "stats df method=mean"),
    WrongCell(
      "df⟦[⟧0]",
      "Brackets hold a list here; no item of a value can be asked for with them.",
      instead: "df"),
    WrongCell(
      "labels d⟦[⟧0]",
      "A blank is expected before `[`.",
      instead: nil),
    WrongCell(
      "stats⟦\u{2003}⟧df",
      "There is an unusual blank here (U+2003); only spaces, tabs and no-break spaces count as blanks.",
      instead: "stats df"),
    WrongCell(
      "stats⟦\u{2003}\u{2003}⟧df\u{2003}method=mean",
      "There is an unusual blank here (U+2003); only spaces, tabs and no-break spaces count as blanks.",
      instead: "stats df method=mean"),
    WrongCell(
      "⟦\u{200b}⟧stats df",
      "There is an invisible mark here (U+200B) that belongs to no word.",
      instead: "stats df"),
    WrongCell(
      "stats df ⟦\u{200e}⟧method=mean",
      "There is an invisible mark here (U+200E) that belongs to no word.",
      instead: "stats df method=mean"),
    WrongCell(
      "echo ⟦\u{1}⟧",
      "There is an invisible control character here (U+0001).",
      instead: "echo"),
    // A `\` at the very end continues the line.
    WrongCell(
      "stats df ⟦\\⟧ # and more\n  method=mean",
      "A `\\` continues a line only where nothing follows it.",
      instead: nil, helps: "put the `\\` at the very end of the line"),
    // Signs of other languages.
    WrongCell(
      "stats ⟦$df⟧",
      "There are no variables with `$`; a value is called by its bare name.",
      instead: "df"),
    WrongCell(
      "stats df ⟦|⟧ save x.csv",
      "There are no pipes; a result is given a name and used on the next line.",
      instead: "t = stats df\nsave t x.csv"),
    WrongCell(
      "stats df ⟦method==mean⟧",
      "Names and parameters are written with one `=`.",
      instead: "method=mean"),
    WrongCell(
      "stats df method= ⟦=⟧mean",
      "Names and parameters are written with one `=`.",
      instead: "stats df method= mean"),
    WrongCell(
      "echo ⟦]⟧",
      "Nothing is open here that `]` could close.",
      instead: "echo"),
    WrongCell(
      "echo ⟦)⟧",
      "Nothing is open here that `)` could close.",
      instead: "echo"),
    WrongCell(
      "stats df ⟦\\⟧ # and more\nlabel m by=age",
      "A `\\` continues a line only where nothing follows it.",
      instead: nil, helps: "put the `\\` at the very end of the line"),
    WrongCell(
      "stats df method=mean ⟦\\⟧ top=5",
      "A `\\` continues a line only where nothing follows it.",
      instead: nil, helps: "put the `\\` at the very end of the line"),
    WrongCell(
      "label m by=[age, ⟦\\⟧ site]",
      "A `\\` continues a line only where nothing follows it.",
      instead: nil, helps: "put the `\\` at the very end of the line"),
    WrongCell(
      "echo a⟦`⟧b c",
      "A backtick means nothing outside quotes.",
      instead: "echo a b c"),
    WrongCell(
      "x ⟦==⟧ stats df",
      "Names and parameters are written with one `=`.",
      instead: "x = stats df"),
    WrongCell(
      "df = df2 ⟦=⟧ features models/hpv.onnx",
      "A result is given one name at a time.",
      instead: "df2 = features models/hpv.onnx\ndf = df2"),
    WrongCell(
      "x = ⟦=⟧ stats df",
      "A command is expected after `=`.",
      instead: "x = COMMAND"),
    WrongCell(
      "stats df top=5⟦,⟧",
      "Arguments are separated by blanks, not by commas.",
      instead: "stats df top=5"),
    WrongCell(
      "label m by=age⟦,⟧site",
      "Arguments are separated by blanks, not by commas.",
      instead: "by=[age, site]"),
    WrongCell(
      "label m by=age⟦,⟧ site, slide top=5",
      "Arguments are separated by blanks, not by commas.",
      instead: "by=[age, site, slide]"),
    WrongCell(
      "slide_map df n_neighbors=1⟦,⟧000",
      "Arguments are separated by blanks, not by commas.",
      instead: "n_neighbors=1000"),
    WrongCell(
      "stats df method=threshold threshold=0⟦,⟧5",
      "Arguments are separated by blanks, not by commas.",
      instead: "threshold=0.5"),
    WrongCell(
      "label m⟦,⟧ mo by=age",
      "Arguments are separated by blanks, not by commas.",
      instead: nil),
  ]

  static let quotes: [WrongCell] = [
    WrongCell(
      "echo ⟦'⟧two words",
      "The quote that is opened here is not closed on this line.",
      instead: "'two words'"),
    WrongCell(
      "echo ⟦\"⟧two words\nstats df",
      "The quote that is opened here is not closed on this line.",
      instead: "\"two words\""),
    WrongCell(
      "echo \"50 ⟦\\%⟧ more\"",
      "There is no escape `\\%`.",
      instead: "echo '50 \\% more'"),
    WrongCell(
      "echo \"⟦\\u{110000}⟧\"",
      "There is no escape `\\u{110000}`.",
      instead: "echo '\\u{110000}'"),
    WrongCell(
      "echo ⟦“two words”⟧",
      "Text is quoted with straight quotes.",
      instead: "\"two words\""),
    WrongCell(
      "echo ⟦“⟧two words",
      "Text is quoted with straight quotes.",
      instead: "echo two words"),
    WrongCell(
      "save m ⟦«m.png»⟧",
      "Text is quoted with straight quotes.",
      instead: "\"m.png\""),
  ]
}
