import Testing

@Suite struct ValueDiagnosticTests {
  @Test(arguments: Self.numbers)
  func `Numbers fit`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  @Test(arguments: Self.ranges)
  func `Ranges are written in one way, and hold something`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  @Test(arguments: Self.choices)
  func `Choices are among those given, and values have the form of the parameter`(_ wrong: WrongCell) {
    wrong.expectDiagnostics()
  }

  @Test(arguments: Self.names)
  func `Columns, categories, slides, tiles, layers and features exist`(_ wrong: WrongCell) { wrong.expectDiagnostics() }

  static let numbers: [WrongCell] = [
    WrongCell(
      "stats df top=⟦2.0⟧",
      "`top` is a whole number or none, and `2.0` is not.",
      instead: "2"),
    WrongCell(
      "stats df top=⟦2.5⟧",
      "`top` is a whole number or none, and `2.5` is not.",
      instead: "3"),
    WrongCell(
      "stats df top=⟦many⟧",
      "`top` is a whole number or none, and `many` is not.",
      instead: nil),
    WrongCell(
      "stats df top=⟦1e3⟧",
      "`top` is a whole number or none, and `1e3` is not.",
      instead: "1000"),
    WrongCell(
      "stats df top=⟦'5'⟧",
      "`top` is a whole number or none, and `\"5\"` is not.",
      instead: "5"),
    WrongCell(
      "stats df top=⟦0⟧",
      "`top` is at least 1, and `0` is not.",
      instead: "1"),
    WrongCell(
      "stats df top=⟦99999999999999999999⟧",
      "`top` is between 1 and 9223372036854775807, and `99999999999999999999` is not.",
      instead: "9223372036854775807"),
    WrongCell(
      "stats df method=threshold threshold=⟦2⟧",
      "`threshold` is between 0 and 1, and `2` is not.",
      instead: "1"),
    WrongCell(
      "stats df method=threshold threshold=⟦half⟧",
      "`threshold` is a number, and `half` is not.",
      instead: nil),
    WrongCell(
      "slide_map df n_neighbors=⟦5000⟧",
      "`n_neighbors` is between 2 and 1000, and `5000` is not.",
      instead: "1000"),
    WrongCell(
      "tiles df n=⟦20x⟧",
      "`n` is a whole number, and `20x` is not.",
      instead: nil),
    WrongCell(
      "dataset tile_px=⟦0⟧",
      "`tile_px` is between 1 and 4096 px, and `0` is not.",
      instead: "1"),
    WrongCell(
      "dataset tile_px=⟦299px⟧",
      "tile_px is in pixels already.",
      instead: "299"),
    WrongCell(
      "dataset tile_um=⟦302um⟧",
      "tile_um is in microns already.",
      instead: "302"),
    WrongCell(
      "dataset tile_um=⟦0⟧",
      "`tile_um` is above 0 µm, and `0` is not.",
      instead: "1"),
    WrongCell(
      "dataset tile_um=⟦20X4⟧",
      "`tile_um` is a size in microns such as 302 or a magnification such as 20x, and `20X4` is not.",
      instead: "302"),
    WrongCell(
      "dataset tile_um=⟦huge⟧",
      "`tile_um` is a size in microns such as 302 or a magnification such as 20x, and `huge` is not.",
      instead: "302"),
    WrongCell(
      "dataset min_tiles=⟦-1⟧",
      "`min_tiles` is at least 0, and `-1` is not.",
      instead: "0"),
    WrongCell(
      "activations df columns=[0, ⟦x⟧]",
      "Each item of `columns` is a whole number, and `x` is not.",
      instead: nil),
    WrongCell(
      "activations df columns=[0, ⟦-1⟧]",
      "`columns` is at least 0, and `-1` is not.",
      instead: "0"),
    WrongCell(
      "labels d age use_float=⟦yes⟧",
      "`use_float` is true or false, and `yes` is not.",
      instead: "true"),
    WrongCell(
      "labels d age use_float=⟦1⟧",
      "`use_float` is true or false, and `1` is not.",
      instead: "true"),
    WrongCell(
      "slide_map df n_neighbors=⟦1_000⟧",
      "`n_neighbors` is a whole number, and `1_000` is not.",
      instead: "1000"),
    WrongCell(
      "stats df method=threshold threshold=⟦50%⟧",
      "`threshold` is a number, and `50%` is not.",
      instead: "0.5"),
  ]

  static let ranges: [WrongCell] = [
    WrongCell(
      "box_plots features=⟦0 ..< 100⟧",
      "A range is written without blanks.",
      instead: "0..<100"),
    WrongCell(
      "box_plots features=⟦0..< 100⟧",
      "A range is written without blanks.",
      instead: "0..<100"),
    WrongCell(
      "activations df tiles=⟦0:5⟧",
      "A range is written with `..<`.",
      instead: "0..<5"),
    WrongCell(
      "activations df tiles=⟦5..<5⟧",
      "The range `5..<5` holds nothing.",
      instead: "5..<6"),
    WrongCell(
      "activations df tiles=⟦9..<5⟧",
      "The range `9..<5` holds nothing.",
      instead: "5..<9"),
    WrongCell(
      "activations df tiles=⟦-1..<4⟧",
      "A range begins at 0 or later, and `-1..<4` begins at -1.",
      instead: "0..<4"),
    WrongCell(
      "activations df tiles=⟦-4...-1⟧",
      "A range begins at 0 or later, and `-4...-1` begins at -4.",
      instead: "0..<100"),
    WrongCell(
      "activations df tiles=⟦..<4⟧",
      "`tiles` is a range such as 0..<100 or a list of whole numbers, and `..<4` is not.",
      instead: "0..<4"),
    WrongCell(
      "activations df columns=⟦0..3⟧",
      "The range `0..3` is written `0...3` with its last number, and with `..<` without it.",
      instead: "0...3"),
    WrongCell(
      "activations df tiles=⟦0-99⟧",
      "The range `0-99` is written `0...99` with its last number, and with `..<` without it.",
      instead: "0...99"),
    WrongCell(
      "activations df tiles=⟦range(5)⟧ slide=S1",
      "A range is written with `..<`.",
      instead: "0..<5"),
    WrongCell(
      "activations df tiles=⟦all⟧",
      "`tiles` is a range such as 0..<100 or a list of whole numbers, and `all` is not.",
      instead: "0..<100"),
    WrongCell(
      "box_plots df features=⟦0..5⟧",
      "The range `0..5` is written `0...5` with its last number, and with `..<` without it.",
      instead: "0...5"),
    WrongCell(
      "box_plots df features=⟦0..<600⟧",
      "There is no feature 512; they are numbered 0 to 511.",
      instead: "0..<512"),
    WrongCell(
      "box_plots df features=⟦600..<700⟧",
      "There is no feature 600; they are numbered 0 to 511.",
      instead: "0..<512"),
    WrongCell(
      "box_plots df features=⟦5..<5⟧",
      "The range `5..<5` holds nothing.",
      instead: "5..<6"),
    WrongCell(
      "box_plots df features=⟦0:5⟧",
      "A range is written with `..<`.",
      instead: "0..<5"),
  ]

  static let choices: [WrongCell] = [
    WrongCell(
      "stats df method=⟦mode⟧",
      "`method` is mean or threshold, not `mode`.",
      instead: nil),
    WrongCell(
      "stats df method=⟦MEAN⟧",
      "`method` is mean or threshold, not `MEAN`.",
      instead: "mean"),
    WrongCell(
      "stats df method=⟦thresh⟧",
      "`method` is mean or threshold, not `thresh`.",
      instead: "threshold"),
    WrongCell(
      "mosaic df resolution=⟦hi⟧",
      "`resolution` is low, medium or high, not `hi`.",
      instead: "high"),
    WrongCell(
      "mosaic df resolution=⟦[low, high]⟧",
      "`resolution` is low, medium or high, and `[low, high]` is not.",
      instead: "low"),
    WrongCell(
      "mosaic df map_slide=⟦center⟧",
      "`map_slide` is centroid or average, not `center`.",
      instead: nil),
    WrongCell(
      "mosaic df filters=⟦site⟧",
      "`filters` is a map such as {COLUMN: [VALUE]}, and `site` is not.",
      instead: "{site: [VALUE]}"),
    WrongCell(
      "mosaic df filters=⟦[site=A]⟧",
      "`filters` is a map such as {COLUMN: [VALUE]}, and `[site=A]` is not.",
      instead: "{site: A}"),
    WrongCell(
      "mosaic df filters=⟦site:A⟧",
      "`filters` is a map such as {COLUMN: [VALUE]}, and `site:A` is not.",
      instead: "{site: A}"),
    WrongCell(
      "stats df top=⟦[1, 2]⟧",
      "`top` is a whole number or none, and `[1, 2]` is not.",
      instead: nil),
  ]

  static let names: [WrongCell] = [
    // Columns.
    WrongCell(
      "labels d ⟦aeg⟧",
      "There is no column `aeg`; the columns are HPV_status, site and age.",
      instead: "age"),
    WrongCell(
      "labels d ⟦quite⟧",
      "There is no column `quite`; the columns are HPV_status, site and age.",
      instead: "site"),
    WrongCell(
      "labels d ⟦Site⟧",
      "There is no column `Site`; the columns are HPV_status, site and age.",
      instead: "site"),
    WrongCell(
      "label m by=[age, ⟦sit⟧]",
      "There is no column `sit`; the columns are HPV_status, site and age.",
      instead: "site"),
    WrongCell(
      "label m by=⟦uncertain⟧",
      "There is no column `uncertain`; the columns are HPV_status, site and age.",
      instead: nil),
    WrongCell(
      "label m by=⟦predict⟧",
      "There is no column `predict`; the columns are HPV_status, site and age.",
      instead: "prediction"),
    WrongCell(
      "dataset filters={⟦sitte⟧: A}",
      "There is no column `sitte`; the columns are HPV_status, site and age.",
      instead: "site"),
    // Values of a column.
    WrongCell(
      "dataset filters={HPV_status: [⟦HPV+⟧]}",
      "No slide has HPV_status \"HPV+\"; the values are positive (61), negative (58).",
      instead: "positive"),
    WrongCell(
      "dataset filters={HPV_status: ⟦HPV-⟧}",
      "No slide has HPV_status \"HPV-\"; the values are positive (61), negative (58).",
      instead: "negative"),
    WrongCell(
      "dataset filters={HPV_status: [⟦unknown⟧]}",
      "No slide has HPV_status \"unknown\"; the values are positive (61), negative (58).",
      instead: nil),
    WrongCell(
      "dataset filters={site: [A, ⟦C⟧, D]}",
      "No slide has site \"C\"; the values are A, B.",
      instead: nil),
    WrongCell(
      "dataset filters={age: ⟦>60⟧}",
      "Only exact values match, and `>60` is a comparison.",
      instead: "[61, 67, 70]"),
    WrongCell(
      "dataset filters={age: ⟦\"<=52\"⟧}",
      "No slide has age \"<=52\"; the values are 52, 61, 67, 70.",
      instead: nil),
    WrongCell(
      "dataset filters={age: [⟦<=52⟧]}",
      "Only exact values match, and `<=52` is a comparison.",
      instead: "52"),
    WrongCell(
      "dataset filters={site: ⟦!A⟧}",
      "Only exact values match, and `!A` is a comparison.",
      instead: "[B]"),
    // Slides and tiles.
    WrongCell(
      "activations df slide=⟦S3⟧",
      "There is no slide `S3`; the slides are S1 and S2.",
      instead: "S1"),
    WrongCell(
      "activations df slide=⟦S2.svs⟧",
      "There is no slide `S2.svs`; the slides are S1 and S2.",
      instead: "S2"),
    WrongCell(
      "activations df slide=⟦s1⟧",
      "There is no slide `s1`; the slides are S1 and S2.",
      instead: "S1"),
    WrongCell(
      "tiles df near=⟦S1:900⟧",
      "S1 has 412 tiles, numbered 0 to 411.",
      instead: "S1:411"),
    WrongCell(
      "tiles df near=⟦S3:0⟧",
      "There is no slide `S3`; the slides are S1 and S2.",
      instead: "S1:0"),
    WrongCell(
      "tiles df near=⟦S1⟧",
      "`near` is a tile such as SLIDE:0, and `S1` is not.",
      instead: "S1:0"),
    WrongCell(
      "tiles df near=⟦S1:x⟧",
      "`near` is a tile such as SLIDE:0, and `S1:x` is not.",
      instead: "S1:0"),
    // Layers, features, logits and outcomes.
    WrongCell(
      "features models/hpv.onnx layers=[⟦postconf⟧]",
      "There is no layer `postconf`; the only one is postconv.",
      instead: "postconv"),
    WrongCell(
      "features models/hpv.onnx outcomes=⟦HPV⟧",
      "There is no column `HPV`; the columns are HPV_status, site and age.",
      instead: "HPV_status"),
    WrongCell(
      "features models/hpv.onnx dataset=⟦df⟧",
      "`dataset` takes a dataset, and `df` holds features.",
      instead: "d"),
    WrongCell(
      "features models/hpv.onnx dataset=⟦nope⟧",
      "There is no value `nope`.",
      instead: "d"),
    WrongCell(
      "label m by=⟦feature:512⟧",
      "There is no feature 512; they are numbered 0 to 511.",
      instead: "feature:511"),
    WrongCell(
      "label m by=⟦feature:x⟧",
      "`by` is a column, feature:INDEX, logit:CLASS, prediction, cluster, uncertainty or slide, and `feature:x` is not.",
      instead: "feature:0"),
    WrongCell(
      "label m by=⟦feature12⟧",
      "There is no column `feature12`; the columns are HPV_status, site and age.",
      instead: "feature:12"),
    WrongCell(
      "label m by=⟦logit:2⟧",
      "There is no logit 2; they are numbered 0 to 1.",
      instead: "logit:1"),
    WrongCell(
      "label m by=⟦logit:positiv⟧",
      "There is no outcome `positiv`; the outcomes are negative and positive.",
      instead: "logit:positive"),
    WrongCell(
      "label m by=⟦layer3/7⟧",
      "There is no column `layer3/7`; the columns are HPV_status, site and age.",
      instead: nil),
    WrongCell(
      "label m by=⟦feature:7⟧", in: .twoLayers,
      "There are several layers, so feature 7 needs the layer's name.",
      instead: "feature:layer3/7"),
    WrongCell(
      "label m by=⟦feature:layer3/256⟧", in: .twoLayers,
      "There is no feature 256; they are numbered 0 to 255.",
      instead: "feature:layer3/255"),
    WrongCell(
      "label m by=⟦feature:layer5/1⟧", in: .twoLayers,
      "There is no layer `layer5`; the layers are layer3 and layer4.",
      instead: "feature:layer3/1"),
    WrongCell(
      "box_plots df features=[0, ⟦600⟧]",
      "There is no feature 600; they are numbered 0 to 511.",
      instead: "511"),
  ]
}
