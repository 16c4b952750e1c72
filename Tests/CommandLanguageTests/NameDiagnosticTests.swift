import Testing

@Suite struct NameDiagnosticTests {
  @Test(arguments: Self.commands)
  func `Commands are known, and keep their names`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  @Test(arguments: Self.values)
  func `Values are known where they are used`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let commands: [WrongCell] = [
    WrongCell(
      "⟦stat⟧ df",
      "There is no command `stat`.",
      instead: "stats df"),
    WrongCell(
      "⟦mosiac⟧ df",
      "There is no command `mosiac`.",
      instead: "mosaic df"),
    WrongCell(
      "⟦statss⟧",
      "There is no command and no value `statss`.",
      instead: "stats"),
    WrongCell(
      "⟦statss⟧", in: .empty,
      "There is no command and no value `statss`.",
      instead: "stats"),
    WrongCell(
      "x = ⟦mosaik⟧ df",
      "There is no command `mosaik`.",
      instead: "x = mosaic df"),
    WrongCell(
      "⟦generate_mosaic⟧ df",
      "There is no command `generate_mosaic`.",
      instead: "mosaic df"),
    WrongCell(
      "help ⟦mosiac⟧",
      "There is no command `mosiac`.",
      instead: "mosaic"),
    WrongCell(
      "help ⟦df⟧",
      "`df` is a value of the session and not a command; its name alone shows it.",
      instead: "df"),
    WrongCell(
      "help ⟦n_neighbors⟧",
      "`n_neighbors` is not a command but a parameter of slide_map and mosaic.",
      instead: "help slide_map"),
    WrongCell(
      "⟦df⟧?",
      "`df` is a value of the session and not a command; its name alone shows it.",
      instead: "df"),
    WrongCell(
      "⟦mo.map⟧?",
      "`mo.map` is a value of the session and not a command; its name alone shows it.",
      instead: "mo.map"),
    WrongCell(
      "⟦n_neighbors⟧?",
      "`n_neighbors` is not a command but a parameter of slide_map and mosaic.",
      instead: "help slide_map"),
    WrongCell(
      "⟦stat⟧?",
      "There is no command `stat`.",
      instead: "stats"),
    WrongCell(
      "⟦stats⟧.method",
      "`stats` has no `method`.",
      instead: "stats"),
    // A name for a result.
    WrongCell(
      "⟦mosaic⟧ = mosaic df",
      "`mosaic` is a command and cannot name a value.",
      instead: "m = mosaic df"),
    WrongCell(
      "⟦stats⟧ = stats df",
      "`stats` is a command and cannot name a value.",
      instead: "s = stats df"),
    WrongCell(
      "⟦x⟧ = save m x.png",
      "`save` gives no value that `x` could name.",
      instead: "save m x.png"),
    WrongCell(
      "⟦x⟧ = session",
      "`session` gives no value that `x` could name.",
      instead: "session"),
    WrongCell(
      "⟦x⟧ = stats?",
      "A manual page is shown, and cannot be given a name.",
      instead: "stats?"),
    WrongCell(
      "⟦Stats⟧ df",
      "There is no command `Stats`.",
      instead: "stats df"),
    WrongCell(
      "⟦bye⟧",
      "There is no command and no value `bye`; `help` lists the commands.",
      instead: nil),
  ]

  static let values: [WrongCell] = [
    WrongCell(
      "stats ⟦dff⟧",
      "There is no value `dff`.",
      instead: "df"),
    WrongCell(
      "stats ⟦diff⟧",
      "There is no value `diff`.",
      instead: "df"),
    WrongCell(
      "drop ⟦nothing⟧",
      "There is no value `nothing`; there is p, d, df, m and mo.",
      instead: nil),
    WrongCell(
      "label ⟦n⟧ by=age",
      "There is no value `n`.",
      instead: "m"),
    WrongCell(
      "stats ⟦stats⟧",
      "`stats` is a command, and a value is expected here.",
      instead: nil, helps: "give its result a name, as in x = stats, and use the name"),
    WrongCell(
      "label ⟦mosaic⟧ by=age",
      "`mosaic` is a command, and a value is expected here.",
      instead: "label mo by=age"),
    WrongCell(
      "df ⟦3⟧",
      "`df` is a value, and only commands take arguments.",
      instead: "df"),
    WrongCell(
      "df ⟦stats⟧",
      "`df` is a value, and only commands take arguments.",
      instead: "stats df"),
    WrongCell(
      "df ⟦stats top=5⟧",
      "`df` is a value, and only commands take arguments.",
      instead: "stats df top=5"),
    WrongCell(
      "df ⟦method=mean⟧",
      "`df` is a value, and only commands take arguments.",
      instead: "df"),
    // A member.
    WrongCell(
      "⟦mo.mp⟧",
      "`mo` has no `mp`; it has map.",
      instead: "mo.map"),
    WrongCell(
      "x = ⟦df.map⟧",
      "`df` has no `map`.",
      instead: "df"),
    WrongCell(
      "label ⟦mo.mpa⟧ by=age",
      "`mo` has no `mpa`; it has map.",
      instead: "mo.map"),
    WrongCell(
      "x = mosaic df\n⟦x.mapp⟧",
      "`x` has no `mapp`; it has map.",
      instead: "x.map"),
    // Order.
    WrongCell(
      "x = mosaic ⟦df2⟧\ndf2 = features models/hpv.onnx",
      "df2 is made on line 2, after it is used.",
      instead: nil, helps: "put line 2 first"),
    WrongCell(
      "stats ⟦df2⟧\n\ndf2 = features models/hpv.onnx",
      "df2 is made on line 3, after it is used.",
      instead: nil, helps: "put line 3 first"),
    WrongCell(
      "⟦v⟧\nv = slide_map df",
      "v is made on line 2, after it is used.",
      instead: nil, helps: "put line 2 first"),
    WrongCell(
      "drop df\nstats ⟦df⟧",
      "There is no value `df`.",
      instead: "d"),
    WrongCell(
      "drop df\n⟦df⟧",
      "There is no command and no value `df`.",
      instead: "d"),
    // What an earlier session knew.
    WrongCell(
      "⟦u⟧",
      "There is no `u` yet. It was made by the statement below; its result is in the store.",
      instead: "u = slide_map df n_neighbors=20"),
    WrongCell(
      "⟦t⟧",
      "There is no `t` yet. It was made by the statement below.",
      instead: "t = labels d site"),
    // What it was made from comes first, unless it is there.
    WrongCell(
      "⟦w⟧",
      "There is no `w` yet. It was made by the statements below.",
      instead: "v = slide_map df\nw = label v by=age"),
    WrongCell(
      "drop df\n⟦w⟧",
      "There is no `w` yet. It was made by the statements below.",
      instead: "df = features models/hpv.onnx\nv = slide_map df\nw = label v by=age"),
    WrongCell(
      "label ⟦u⟧ by=age",
      "There is no `u` yet. It was made by the statement below; its result is in the store.",
      instead: "u = slide_map df n_neighbors=20"),
    WrongCell(
      "stats ⟦u⟧",
      "There is no `u` yet. It was made by the statement below; its result is in the store.",
      instead: "u = slide_map df n_neighbors=20"),
    WrongCell(
      "⟦df.stats⟧",
      "A command is followed by its arguments here, without parentheses and commas.",
      instead: "stats df"),
    WrongCell(
      "⟦m.save⟧",
      "This is Python; here a command is followed by its arguments, without parentheses. `save` needs `path`.",
      instead: "save m m.png"),
  ]
}
