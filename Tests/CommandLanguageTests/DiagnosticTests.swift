import CommandLanguage
import Testing

@Suite struct DiagnosticTests {
  @Test(arguments: WrongCell.all)
  func `A wrong cell is told exactly what is wrong, where, and what to type instead`(_ wrong: WrongCell) {
    let session = SmallLanguage.session([("m", SmallLanguage.map), ("mo", SmallLanguage.mosaic)])
    session.workspace.remember([
      PastStatement(name: "u", statement: "u = slide_map df n_neighbors=20", isStored: true)
    ])
    let checked = session.check(wrong.cell)
    #expect(checked.diagnostics.map { WrongCell.Problem($0.span, $0.sentence, $0.remedy) } == wrong.problems)
  }

  @Test func `Several values of the type are named`() {
    let session = SmallLanguage.session([("df2", SmallLanguage.features)])
    let found = session.check("stats").diagnostics
    #expect(found.map(\.sentence) == ["`stats` works on features, and there are two: df, df2."])
    #expect(found.map(\.remedy) == ["stats df2"])
  }

  @Test func `An unnamed value among several is not proposed`() {
    let session = SmallLanguage.session([("df2", SmallLanguage.features)])
    session.workspace.bind(
      SmallLanguage.value(SmallLanguage.features), to: nil, statement: "features m.onnx", seconds: 0)
    #expect(session.check("stats").diagnostics.map(\.remedy) == ["stats df or stats df2"])
    let other = SmallLanguage.interpreter()
    for type in [SmallLanguage.map, SmallLanguage.table] {
      other.workspace.bind(SmallLanguage.value(type), to: nil, statement: "slide_map df", seconds: 0)
    }
    #expect(other.check("save a.png").diagnostics.map(\.remedy) == ["x = slide_map df, and then save x a.png"])
  }

  @Test func `A long list of names is cut and says how many there are`() {
    let session = SmallLanguage.interpreter()
    let names = KnownNames(names: ["column": (1...20).map { "c\($0)" }])
    session.workspace.bind(SmallLanguage.value(SmallLanguage.dataset, names), to: "d", statement: "d", seconds: 0)
    #expect(
      session.check("labels d quite").diagnostics.map(\.sentence) == [
        "There is no column `quite`; the columns are c1, c2, c3, c4, c5, c6, c7, c8, … (20 in all)."
      ])
  }

  @Test func `With several layers a feature needs its layer`() {
    let session = SmallLanguage.interpreter()
    let names = KnownNames(widths: ["features/layer3": 256, "features/layer4": 512])
    session.workspace.bind(SmallLanguage.value(SmallLanguage.map, names), to: "m", statement: "m", seconds: 0)
    #expect(session.check("label m by=feature:7").diagnostics.map(\.remedy) == ["feature:layer3/7"])
    #expect(session.check("label m by=feature:layer4/511").isValid)
    #expect(session.check("label m by=feature:layer3/256").diagnostics.map(\.remedy) == ["feature:layer3/255"])
  }

  @Test func `Line two is checked against the project opened on line one`() {
    let found = SmallLanguage.interpreter().check("project ~/studies/hpv\nlabels HPV_stat").diagnostics
    #expect(found.map(\.remedy) == ["HPV_status"])
    #expect(found.map(\.line) == [2])
  }

  @Test func `One mistake is told once`() {
    let found = SmallLanguage.interpreter().check("featurs models/hpv.onnx\nstats\nx = mosaik\nlabel x by=q")
      .diagnostics
    #expect(found.map(\.line) == [1, 3])
    #expect(
      SmallLanguage.interpreter().check("stats").diagnostics.map(\.sentence) == [
        "`stats` works on features, and there are none yet."
      ])
  }

  @Test func `A size is above nothing`() {
    let found = SmallLanguage.session().check("dataset tile_um=0").diagnostics
    #expect(found.map(\.sentence) == ["`tile_um` is above 0 µm, and `0` is not."])
    #expect(found.map(\.remedy) == ["1"])
  }

  @Test func `Carets stand under wide scalars and behind tabs`() {
    let session = SmallLanguage.session()
    let checked = session.check("echo 日本\t; x")
    #expect(
      checked.diagnostics.map { $0.rendered(in: checked.source, .plain) } == [
        """
        Line 1: One line holds one statement, and `;` ends it.
            echo 日本 ; x
                        ^
            instead: echo 日本
                     x
        """
      ])
  }

  @Test func `A very long line is shown around the place only`() {
    let session = SmallLanguage.session()
    let cell = "echo " + String(repeating: "a ", count: 5000) + "$b " + String(repeating: "c ", count: 5000)
    let checked = session.check(cell)
    #expect(checked.diagnostics.count == 1)
    #expect(checked.diagnostics.allSatisfy { $0.rendered(in: checked.source, .plain).count < 500 })
  }
}

struct WrongCell: Sendable, CustomTestStringConvertible {
  struct Problem: Sendable, Equatable {
    let span: Range<Int>
    let sentence: String
    let remedy: String?
    init(_ span: Range<Int>, _ sentence: String, _ remedy: String?) {
      self.span = span
      self.sentence = sentence
      self.remedy = remedy
    }
  }

  let cell: String
  let problems: [Problem]
  var testDescription: String { cell }

  init(_ cell: String, _ problems: Problem...) {
    self.cell = cell
    self.problems = problems
  }

  static let all: [WrongCell] = [
    WrongCell(
      "mosaic = mosaic df",
      Problem(0..<6, "`mosaic` is a command and cannot name a value.", "m = mosaic df")),
    WrongCell(
      "dataset filters={HPV_status: [HPV+]}",
      Problem(30..<34, "No slide has HPV_status \"HPV+\"; the values are positive (61), negative (58).", "positive")),
    WrongCell(
      "features model.onnx",
      Problem(
        9..<19, "This reads as `onnx` of a value `model`, which does not exist; a file of this name does.",
        "./model.onnx")),
    WrongCell(
      "box_plots features=0 ..< 100",
      Problem(19..<28, "A range is written without blanks.", "0..<100")),
    WrongCell(
      "x = mosaic df2\ndf2 = features models/hpv.onnx",
      Problem(11..<14, "df2 is made on line 2, after it is used.", "put line 2 first")),
    WrongCell(
      "dataset tile_um=302um",
      Problem(16..<21, "tile_um is in microns already.", "302")),
    WrongCell(
      "tiles df near=S1:900",
      Problem(14..<20, "S1 has 412 tiles, numbered 0 to 411.", "S1:411")),
    WrongCell(
      "u",
      Problem(
        0..<1, "There is no `u` yet. It was made by the statement below; its result is in the store.",
        "u = slide_map df n_neighbors=20")),
    WrongCell(
      "stat df",
      Problem(0..<4, "There is no command `stat`.", "stats df")),
    WrongCell(
      "stats dff",
      Problem(6..<9, "There is no value `dff`.", "df")),
    WrongCell(
      "stats df methd=mean",
      Problem(9..<14, "`stats` has no parameter `methd`; it has method, threshold, top and outdir.", "method=")),
    WrongCell(
      "stats df method=mode",
      Problem(16..<20, "`method` is mean or threshold, not `mode`.", nil)),
    WrongCell(
      "stats df top=0",
      Problem(13..<14, "`top` is at least 1, and `0` is not.", "1")),
    WrongCell(
      "stats df top=2.0",
      Problem(13..<16, "`top` is a whole number, and `2.0` is not.", "2")),
    WrongCell(
      "stats df top=many",
      Problem(13..<17, "`top` is a whole number, and `many` is not.", nil)),
    WrongCell(
      "stats df top=none threshold=2",
      Problem(28..<29, "`threshold` is between 0 and 1, and `2` is not.", "1")),
    WrongCell(
      "stats df method=mean method=mean",
      Problem(21..<32, "`method` is given twice.", "method= once")),
    WrongCell(
      "stats method=mean df",
      Problem(
        18..<20, "`df` stands after a named argument, so it needs a name or an earlier place.", "stats df method=mean")),
    WrongCell(
      "stats df mean",
      Problem(9..<13, "`stats` has no use for `mean` without a parameter's name.", "method=mean")),
    WrongCell(
      "stats df m x",
      Problem(9..<10, "`stats` has no use for `m` without a parameter's name.", "stats FEATURES")),
    WrongCell(
      "stats m",
      Problem(6..<7, "`stats` works on features, and `m` is a Map.", "stats df")),
    WrongCell(
      "stats mo",
      Problem(6..<8, "`stats` works on features, and `mo` is a Mosaic.", "stats df")),
    WrongCell(
      "labels",
      Problem(0..<6, "`labels` needs `column`.", "labels DATASET|PROJECT COLUMN")),
    WrongCell(
      "labels aeg",
      Problem(7..<10, "There is no column `aeg`; the columns are HPV_status, site and age.", "age")),
    WrongCell(
      "labels d age use_float=yes",
      Problem(23..<26, "`use_float` is true or false, and `yes` is not.", "true")),
    WrongCell(
      "project",
      Problem(0..<7, "`project` needs `path`.", "project PATH")),
    WrongCell(
      "project ~/studies/hpx",
      Problem(8..<21, "There is no folder `~/studies/hpx`.", "~/studies/hpv")),
    WrongCell(
      "project ~/studies/notes.txt",
      Problem(8..<27, "`~/studies/notes.txt` is a file, and a folder is expected.", "~/studies")),
    WrongCell(
      "features models/hvp.onnx",
      Problem(9..<24, "There is no file `models/hvp.onnx`.", "models/hpv.onnx")),
    WrongCell(
      "features ~/studies/hpv/models",
      Problem(9..<29, "`~/studies/hpv/models` is a folder, and a file is expected.", "~/studies/hpv/models/FILE")),
    WrongCell(
      "features ~/studies/hpv/models/readme.md",
      Problem(9..<39, "Files that end in .onnx are read here, and `~/studies/hpv/models/readme.md` does not.", nil)),
    WrongCell(
      "save m",
      Problem(0..<4, "`save` needs `path`.", "save m PATH")),
    WrongCell(
      "save m out.gif",
      Problem(7..<14, "`out.gif` should end in .png, .svg or .csv.", "out.png")),
    WrongCell(
      "save m 'my file.png' extra.png",
      Problem(21..<30, "`save` has no use for `extra.png` without a parameter's name.", "save VALUE PATH")),
    WrongCell(
      "label m by=feature:512",
      Problem(11..<22, "There is no feature 512; they are numbered 0 to 511.", "feature:511")),
    WrongCell(
      "label m by=[age, sit]",
      Problem(17..<20, "There is no column `sit`; the columns are HPV_status, site and age.", "site")),
    WrongCell(
      "label m by=logit:2",
      Problem(11..<18, "There is no logit 2; they are numbered 0 to 1.", "logit:1")),
    WrongCell(
      "label m by=logit:positiv",
      Problem(11..<24, "There is no outcome `positiv`; the outcomes are negative and positive.", "logit:positive")),
    WrongCell(
      "label m",
      Problem(0..<5, "`label` needs `by`.", "label m by=HPV_status")),
    WrongCell(
      "activations df slide=S3",
      Problem(21..<23, "There is no slide `S3`; the slides are S1 and S2.", "S1")),
    WrongCell(
      "activations df tiles=0:5",
      Problem(21..<24, "A range is written with `..<`.", "0..<5")),
    WrongCell(
      "activations df tiles=5..<5",
      Problem(21..<26, "The range `5..<5` holds nothing.", "5..<6")),
    WrongCell(
      "activations df columns=[0, x]",
      Problem(27..<28, "`columns` is a whole number, and `x` is not.", nil)),
    WrongCell(
      "features models/hpv.onnx layers=[postconf]",
      Problem(33..<41, "There is no layer `postconf`; the only one is postconv.", "postconv")),
    WrongCell(
      "x = df.map",
      Problem(4..<10, "`df` has no `map`.", "df")),
    WrongCell(
      "mo.mp",
      Problem(0..<5, "`mo` has no `mp`; it has map.", "mo.map")),
    WrongCell(
      "df 3",
      Problem(3..<4, "`df` is a value, and only commands take arguments.", "df")),
    WrongCell(
      "m?",
      Problem(0..<1, "There is no command `m`.", "m")),
    WrongCell(
      "mosaic df filters=site",
      Problem(18..<22, "`filters` is a map such as {COLUMN: [VALUE]}, and `site` is not.", "{COLUMN: [VALUE]}")),
    WrongCell(
      "mosaic df filters={sitte: A}",
      Problem(19..<24, "There is no column `sitte`; the columns are HPV_status, site and age.", "site")),
    WrongCell(
      "mosaic df resolution=[low, high]",
      Problem(21..<32, "`resolution` is low, medium or high, and `[low, high]` is not.", "low")),
    WrongCell(
      "stats [df, m]",
      Problem(6..<13, "`stats` works on one value at a time.", "stats df")),
    WrongCell(
      "stats 'df'",
      Problem(6..<10, "`stats` works on features, and `\"df\"` is not the name of a value.", "stats?")),
    WrongCell(
      "stats /x",
      Problem(6..<8, "There is no value `/x`.", "session")),
    WrongCell(
      "a(b)",
      Problem(
        0..<4, "This is a call in Python; here a command is followed by its arguments, without parentheses.", "help")),
    WrongCell(
      "df.stats('/out', method='mean')",
      Problem(
        0..<31, "A command is followed by its arguments here, without parentheses and commas.",
        "stats df outdir=/out method=mean")),
    WrongCell(
      "P.dataset(299, 302)",
      Problem(
        0..<19, "A command is followed by its arguments here, without parentheses and commas.",
        "dataset tile_px=299 tile_um=302")),
    WrongCell(
      "features = P.generate_features('/path/to/trained_model')",
      Problem(
        0..<56, "A command is followed by its arguments here, without parentheses and commas.",
        "f = features /path/to/trained_model.onnx")),
    WrongCell(
      "labels, unique = dataset.labels('HPV_status')",
      Problem(
        0..<45, "A command is followed by its arguments here, without parentheses and commas.",
        "l = labels d HPV_status")),
    WrongCell(
      "mosaic = project.generate_mosaic(df, map_slide='centroid')",
      Problem(
        0..<58, "This is Python; `Project.generate_mosaic` of slideflow is the command `mosaic` here.",
        "m2 = mosaic df map_slide=centroid")),
    WrongCell(
      "import slideflow as sf",
      Problem(0..<22, "Nothing has to be imported: every command is at hand.", "help slideflow")),
    WrongCell(
      "for x in y:",
      Problem(0..<11, "There are no loops and blocks; a list draws a panel for each of its items.", "help")),
    WrongCell(
      "x = 5",
      Problem(
        0..<5, "A name stands for what a command makes; a number or a text is written where it is used.", "x = COMMAND")
    ),
    WrongCell(
      "print(df)",
      Problem(0..<9, "A name alone on a line shows its value.", "df")),
    WrongCell(
      "%matplotlib inline",
      Problem(0..<18, "There are no magic commands; pictures are shown anyway.", "help")),
    WrongCell(
      "!ls",
      Problem(0..<3, "There is no shell here; a cell holds commands of this language.", "help")),
    WrongCell(
      "plt.show()",
      Problem(0..<10, "Pictures are shown without being asked for, by the command that makes them.", "help")),
    WrongCell(
      "stats --method mean",
      Problem(6..<19, "`--method` is how a shell writes it.", "method=mean")),
    WrongCell(
      "stats df -v",
      Problem(9..<11, "`-v` is how a shell writes it.", "stats?")),
    WrongCell(
      "stats df “mean”",
      Problem(9..<15, "Text is quoted with straight quotes.", "stats df method=\"mean\"")),
    WrongCell(
      "x =",
      Problem(0..<1, "A command is expected after `=`.", "x = COMMAND")),
    WrongCell(
      "= 3",
      Problem(0..<1, "A line begins with a command or a name, not with `=`.", "help")),
    WrongCell(
      "a 'b",
      Problem(2..<3, "The quote that is opened here is not closed on this line.", "'b'")),
    WrongCell(
      "a \"\\q\"",
      Problem(3..<5, "There is no escape `\\q`.", "\\\\ \\\" \\n \\t \\u{e9}, or single quotes around the text")),
    WrongCell(
      "stats [df",
      Problem(6..<7, "The `[` that is opened here is not closed.", "]")),
    WrongCell(
      "a [b c]",
      Problem(5..<6, "A comma is missing between `b` and `c`.", "b, c")),
    WrongCell(
      "a [b,,c]",
      Problem(5..<6, "An item is missing before the comma.", "one comma between two items")),
    WrongCell(
      "a [[b]]",
      Problem(3..<4, "Lists and maps cannot stand inside a list.", "[a, b]")),
    WrongCell(
      "a {b}",
      Problem(3..<4, "A colon is expected after `b`.", "b: VALUE")),
    WrongCell(
      "a {:c}",
      Problem(3..<4, "A name is expected before the colon.", "{COLUMN: VALUE}")),
    WrongCell(
      "a {b:}",
      Problem(3..<4, "`b` has no value.", "b: VALUE")),
    WrongCell(
      "stats df method=",
      Problem(9..<16, "`method` has no value.", "method=VALUE")),
    WrongCell(
      "a, b",
      Problem(1..<2, "Arguments are separated by blanks, not by commas.", "a blank")),
    WrongCell(
      "a $b",
      Problem(2..<4, "There are no variables with `$`; a value is called by its bare name.", "b")),
    WrongCell(
      "a | b",
      Problem(2..<3, "There are no pipes; a result is given a name and used on the next line.", "m = COMMAND")),
    WrongCell(
      "stats? x",
      Problem(7..<8, "Nothing can follow the question mark.", "the command and `?` alone")),
    WrongCell(
      "a; b",
      Problem(3..<4, "One line holds one statement, and `;` ends it.", "b   on a line of its own")),
    WrongCell(
      "a\"b\"",
      Problem(1..<2, "A blank is expected before `\"`.", "a \"b\"")),
    WrongCell(
      "a[0]",
      Problem(1..<2, "Brackets hold a list here; no item of a value can be asked for with them.", "a")),
    WrongCell(
      "a ]",
      Problem(2..<3, "There is nothing here that `]` could belong to.", "\"]\" in quotes, if it belongs to a text")),
    WrongCell(
      "a b = = c",
      Problem(6..<7, "A parameter is given with one `=`.", "=")),
    WrongCell(
      "m.x = a",
      Problem(0..<3, "A value cannot be put into another one, so `m.x` cannot be bound.", "x = COMMAND")),
    WrongCell(
      "m.",
      Problem(1..<2, "A name is expected after the dot in `m.`.", "m")),
    WrongCell(
      "a \u{1}",
      Problem(2..<3, "There is an invisible control character here (U+0001).", "the line without it")),
    WrongCell(
      "x = dataset filters={site: [A}\nstats df",
      Problem(27..<28, "The `[` that is opened here is not closed.", "]")),
    WrongCell(
      "df?",
      Problem(0..<2, "There is no command `df`.", "df")),
    WrongCell(
      "stats df method=mean;\nstatss",
      Problem(22..<28, "There is no command and no value `statss`.", "stats")),
    WrongCell(
      "drop nothing",
      Problem(5..<12, "There is no value `nothing`.", "session")),
    WrongCell(
      "drop df\nstats df",
      Problem(14..<16, "There is no value `df`.", "d")),
    WrongCell(
      "save m out/a.png\nmodel out/a.onnx",
      Problem(23..<33, "There is no file `out/a.onnx`.", "a path that exists")),
    WrongCell(
      "save m x.png path=y.png",
      Problem(7..<12, "`path` is given twice, once without its name.", "path= once")),
    WrongCell(
      "help stat",
      Problem(5..<9, "There is no command `stat`.", "stats")),
    WrongCell(
      "dataset p tile_px=0 min_tiles=-1",
      Problem(18..<19, "`tile_px` is between 1 and 4096 px, and `0` is not.", "1"),
      Problem(30..<32, "`min_tiles` is at least 0, and `-1` is not.", "0")),
    WrongCell(
      "activations df tiles=-1..<4",
      Problem(21..<27, "`tiles` is at least 0, and `-1..<4` is not.", "0")),
    WrongCell(
      "stats stats",
      Problem(6..<11, "`stats` is a command, and a value is expected here.", "x = stats, and then x")),
    WrongCell(
      "features",
      Problem(0..<8, "`features` works on a model, and there is none yet.", "features PATH")),
    WrongCell(
      "dataset filters={HPV_status: HPV-}",
      Problem(29..<33, "No slide has HPV_status \"HPV-\"; the values are positive (61), negative (58).", "negative")),
    WrongCell(
      "dataset filters={HPV_status: [unknown]}",
      Problem(30..<37, "No slide has HPV_status \"unknown\"; the values are positive (61), negative (58).", nil)),
    WrongCell(
      "model nets/zzz.onnx",
      Problem(6..<19, "There is no file `nets/zzz.onnx`.", "a path that exists")),
    WrongCell(
      "model 'my nets.onnx'",
      Problem(6..<20, "There is no file `my nets.onnx`.", "\"my net.onnx\"")),
    WrongCell(
      "activations df columns=0..3",
      Problem(
        23..<27, "`columns` is a range such as 0..<100 or a list of whole numbers, and `0..3` is not.", "0..<3")),
    WrongCell(
      "activations df tiles=0..9999",
      Problem(
        21..<28, "`tiles` is a range such as 0..<100 or a list of whole numbers, and `0..9999` is not.", "0..<9999")),
    WrongCell(
      "activations df tiles=range(5) slide=S1",
      Problem(21..<29, "A range is written with `..<`.", "0..<5")),
    WrongCell(
      "slide_map df n_neighbors=5000",
      Problem(25..<29, "`n_neighbors` is between 2 and 1000, and `5000` is not.", "1000")),
    WrongCell(
      "label m by=feature12",
      Problem(
        11..<20, "There is no column `feature12`; the columns are HPV_status, site and age.", "feature:12")),
    WrongCell(
      "label m by=uncertain",
      Problem(11..<20, "There is no column `uncertain`; the columns are HPV_status, site and age.", nil)),
    WrongCell(
      "label m by=predict",
      Problem(11..<18, "There is no column `predict`; the columns are HPV_status, site and age.", "prediction")),
    WrongCell(
      "mosaic df resolution=hi",
      Problem(21..<23, "`resolution` is low, medium or high, not `hi`.", "high")),
    WrongCell(
      "save m 'my map.jpg'",
      Problem(7..<19, "`my map.jpg` should end in .png, .svg or .csv.", "\"my map.png\"")),
    WrongCell(
      "dataset filters={site=siteA}",
      Problem(17..<27, "A colon is expected after `site`.", "site: siteA")),
    WrongCell(
      "dataset filters=[HPV_status: positive, site: A]",
      Problem(16..<28, "A map is written in braces.", "{HPV_status: positive, site: A}")),
    WrongCell(
      "dataset filters=[HPV_status: [positive]]",
      Problem(16..<28, "A map is written in braces.", "{HPV_status: [positive]}")),
    WrongCell(
      "dataset filters={age: >60}",
      Problem(22..<25, "Only exact values match, and `>60` is a comparison.", nil)),
    WrongCell(
      "dataset filters={site=[A]}",
      Problem(17..<22, "A colon is expected after `site`.", "site: VALUE")),
    WrongCell(
      "dataset filters={age>60}",
      Problem(17..<23, "Only exact values match, and `age>60` is a comparison.", nil)),
    WrongCell(
      "dataset filters=[site=A]",
      Problem(16..<24, "`filters` is a map such as {COLUMN: [VALUE]}, and `[site=A]` is not.", "{site: A}")),
    WrongCell(
      "box_plots df features=0..5",
      Problem(
        22..<26,
        "`features` is a range such as 0..<100 or a list whose items are each the index or the name of a feature, and `0..5` is not.",
        "0..<5")),
    WrongCell(
      "features mdel.onnx",
      Problem(9..<18, "There is no file and no value `mdel.onnx`.", "./model.onnx")),
    WrongCell(
      "help m",
      Problem(
        5..<6, "`m` is a value of the session and not a command; its name alone shows it.", "m")),
    WrongCell(
      "help n_neighbors",
      Problem(5..<16, "`n_neighbors` is a parameter of slide_map and not a command.", "help slide_map")),
    WrongCell(
      "?label",
      Problem(0..<6, "The question mark stands behind a command.", "label?")),
    WrongCell(
      "df[0]",
      Problem(2..<3, "Brackets hold a list here; no item of a value can be asked for with them.", "df")),
    WrongCell(
      "mosiac df",
      Problem(0..<6, "There is no command `mosiac`.", "mosaic df")),
    WrongCell(
      "help mosiac",
      Problem(5..<11, "There is no command `mosiac`.", "mosaic")),
  ]
}
