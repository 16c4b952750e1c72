import Testing

@Suite struct BracketDiagnosticTests {
  @Test(arguments: Self.brackets)
  func `Lists and maps are closed, flat, and separated by commas`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let brackets: [WrongCell] = [
    WrongCell(
      "label m by=⟦[⟧age",
      "The `[` that is opened here is not closed.",
      instead: "[age]"),
    WrongCell(
      "label m by=⟦[⟧age, site\nstats df",
      "The `[` that is opened here is not closed.",
      instead: "[age, site]"),
    WrongCell(
      "label m by=⟦[⟧age,\n  site\nx = stats df",
      "The `[` that is opened here is not closed.",
      instead: "label m by=[age, site]"),
    WrongCell(
      "label m by=⟦[⟧age, \"site\",",
      "The `[` that is opened here is not closed.",
      instead: "[age, \"site\"]"),
    WrongCell(
      "dataset filters={site: ⟦[⟧A}\nstats df",
      "The `[` that is opened here is not closed.",
      instead: "[A]"),
    WrongCell(
      "dataset filters=⟦{⟧site: [A], age: 61\nstats df",
      "The `{` that is opened here is not closed.",
      instead: "{site: [A], age: 61}"),
    WrongCell(
      "dataset filters=⟦{⟧site:\nstats df",
      "The `{` that is opened here is not closed.",
      instead: "{site: VALUE}"),
    WrongCell(
      "label m by=[age ⟦site⟧]",
      "A comma is missing between `age` and `site`.",
      instead: "age, site"),
    WrongCell(
      "label m by=[age,⟦,⟧ site]",
      "An item is missing before the comma.",
      instead: "label m by=[age, site]"),
    WrongCell(
      "label m by=[⟦,⟧ age]",
      "An item is missing before the comma.",
      instead: "label m by=[age]"),
    WrongCell(
      "label m by=[⟦[⟧age], site]",
      "Lists and maps cannot stand inside a list.",
      instead: "label m by=[age, site]"),
    WrongCell(
      "label m by=⟦[⟧age; site]",
      "The `[` that is opened here is not closed.",
      instead: "[age]"),
    WrongCell(
      "label m by=⟦[⟧age}",
      "The `[` that is opened here is not closed.",
      instead: "[age]"),
    WrongCell(
      "dataset filters={site: ⟦{⟧A: B}}",
      "A map holds values and lists, and no other map.",
      instead: "site: [VALUE]"),
    WrongCell(
      "dataset filters={site: [A, ⟦[⟧B]]}",
      "Lists and maps cannot stand inside a list.",
      instead: "dataset filters={site: [A, B]}"),
    WrongCell(
      "dataset filters={⟦site⟧}",
      "A colon is expected after `site`.",
      instead: "site: VALUE"),
    WrongCell(
      "dataset filters={⟦site⟧ A}",
      "A colon is expected after `site`.",
      instead: "site: A"),
    WrongCell(
      "dataset filters={⟦site=A⟧}",
      "A colon is expected after `site`.",
      instead: "site: A"),
    WrongCell(
      "dataset filters={⟦site = A⟧}",
      "A colon is expected after `site`.",
      instead: "site: A"),
    WrongCell(
      "dataset filters={⟦site=⟧[A]}",
      "A colon is expected after `site`.",
      instead: "site: VALUE"),
    WrongCell(
      "dataset filters={⟦site⟧: }",
      "`site` has no value.",
      instead: "site: VALUE"),
    WrongCell(
      "dataset filters={⟦site⟧:, age: 61}",
      "`site` has no value.",
      instead: "site: VALUE"),
    WrongCell(
      "dataset filters={⟦:⟧ A}",
      "A name is expected before the colon.",
      instead: "{COLUMN: VALUE}"),
    WrongCell(
      "dataset filters={⟦[⟧A]: site}",
      "A name is expected before the colon.",
      instead: "{COLUMN: VALUE}"),
    WrongCell(
      "dataset filters={site: A ⟦age⟧: 61}",
      "A comma is missing between `A` and `age`.",
      instead: "A, age"),
    WrongCell(
      "dataset filters=⟦[site:⟧ A, age: 61]",
      "A map is written in braces.",
      instead: "{site: A, age: 61}"),
    WrongCell(
      "dataset filters=⟦[HPV_status:⟧ [positive]]",
      "A map is written in braces.",
      instead: "{HPV_status: [positive]}"),
    WrongCell(
      "dataset filters={site: ⟦== A⟧}",
      "Only exact values match, and `== A` is a comparison.",
      instead: "A"),
    WrongCell(
      "dataset filters={age: ⟦> 60⟧}",
      "Only exact values match, and `> 60` is a comparison.",
      instead: nil, helps: "list the values themselves, as in [a, b]"),
    WrongCell(
      "dataset filters={⟦age > 60⟧}",
      "Only exact values match, and `age > 60` is a comparison.",
      instead: nil, helps: "list the values themselves, as in [a, b]"),
    WrongCell(
      "dataset filters={⟦age>60⟧}",
      "Only exact values match, and `age>60` is a comparison.",
      instead: nil, helps: "list the values themselves, as in [a, b]"),
    WrongCell(
      "stats df ⟦method=⟧",
      "`method` has no value.",
      instead: "method=mean"),
    WrongCell(
      "stats df ⟦method=⟧ ; # nothing",
      "`method` has no value.",
      instead: "method=mean"),
    WrongCell(
      "stats df ⟦method=⟧\nmosaic df",
      "`method` has no value.",
      instead: "method=mean"),
    WrongCell(
      "dataset filters={⟦site⟧ ⟦age⟧: 61}",
      .says("A colon is expected after `site`.", instead: "site: VALUE"),
      .says("A comma is missing between `site` and `age`.", instead: "site, age")),
    WrongCell(
      "dataset filters={⟦site⟧ [A, B]}",
      "A colon is expected after `site`.",
      instead: "dataset filters={site: [A, B]}"),
    WrongCell(
      "dataset filters={HPV_status: positive ⟦negative⟧}",
      "Several values of a column stand in brackets.",
      instead: "HPV_status: [positive, negative]"),
    WrongCell(
      "dataset filters={HPV_status: positive, ⟦negative⟧}",
      "Several values of a column stand in brackets.",
      instead: "HPV_status: [positive, negative]"),
    WrongCell(
      "dataset filters={site: A, ⟦B⟧, site2: C}",
      "Several values of a column stand in brackets.",
      instead: "site: [A, B]"),
    WrongCell(
      "dataset filters={site: [A], ⟦B⟧}",
      "Several values of a column stand in brackets.",
      instead: nil),
    WrongCell(
      "dataset filters=⟦{⟧site: A, B",
      "The `{` that is opened here is not closed.",
      instead: nil),
  ]
}
