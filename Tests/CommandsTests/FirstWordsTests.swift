import CommandLanguage
import Testing

/// What people type first, before they know the commands, and by mistake: the answer that a colleague would give.
@Suite struct FirstWordsTests {
  static let rows: [(cell: String, sentence: String, instead: String?)] = [
    ("umap", "There is no command `umap`; the nearest is `slide_map`.", "slide_map"),
    (
      "m = umap df n_neighbors=5", "There is no command `umap`; the nearest is `slide_map`.",
      "m = slide_map df n_neighbors=5"
    ),
    ("help umap", "There is no command `umap`; the nearest is `slide_map`.", "slide_map"),
    ("heatmap", "There is no command `heatmap`; the nearest is `feature_grid`.", "help feature_grid"),
    ("kmeans df k=4", "There is no command `kmeans`; the nearest is `cluster`.", "cluster df k=4"),
    ("neighbors", "The tiles nearest to one are shown by `tiles near=`.", "tiles df near=S-0:0"),
    ("nearest S-1:5", "The tiles nearest to one are shown by `tiles near=`.", "tiles df near=S-1:5"),
    ("batch_chek by=site", "There is no command `batch_chek`.", "batch_check by=site"),
    (
      "batch_effects df by=site", "There is no command `batch_effects`; the nearest is `batch_check`.",
      "batch_check df by=site"
    ),
    (
      "combat df by=site",
      "Nothing is corrected for batches here; `batch_check` says whether an outcome's signal could be that of a batch.",
      "batch_check df by=site"
    ),
    (
      "c = harmony site",
      "Nothing is corrected for batches here; `batch_check` says whether an outcome's signal could be that of a batch.",
      "c = batch_check by=site"
    ),
    ("scanner", "There is no command `scanner`; the nearest is `batch_check`.", "batch_check"),
    ("head", "A name alone on a line shows its value.", "session"),
    ("head df", "A name alone on a line shows its value.", "df"),
    ("create_project", "A new project is made by `project` with `create=true`.", "project PATH create=true"),
    ("filter", "Slides are chosen where a dataset is made, by `filters`.", "dataset filters={HPV_status: [negative]}"),
    ("filter site=A", "Slides are chosen where a dataset is made, by `filters`.", "dataset filters={site: A}"),
    ("export df", "There is no command `export`; the nearest is `save`.", "save df df.csv"),
    ("predict", "There is no command `predict`; the nearest is `logits_predict`.", "logits_predict"),
    ("import numpy", "Nothing has to be imported: every command is at hand, and the line can be left out.", nil),
    (
      "%time stats df", "There are no magic commands; `session` lists the seconds that each statement took.", "stats df"
    ),
    ("nonsense", "There is no command and no value `nonsense`; `help` lists the commands.", nil),
    ("activations df columns=10-19", "is written `10...19` with its last number", "10...19"),
    ("activations df columns=1..3", "is written `1...3` with its last number", "1...3"),
    ("save df", "`save` needs `path`.", "save df df.csv"),
    ("save df f.parquet", "`f.parquet` should end in .csv or .h5.", "f.csv"),
    ("X = S-1", "`S-1` is a slide, which a command opens.", "X = slide S-1"),
    ("X = S-9", "There is no command, value or slide `S-9`.", "X = slide S-0"),
    ("label u by=site title=My map", "a text with blanks is quoted", "label u by=site title=\"My map\""),
    ("df.activations[S-1][0:5]", "This is Python", "activations df slide=S-1 tiles=0..<5"),
    ("df range(100)", "`df` is a value, and only commands take arguments.", "df"),
    ("for c in [site, age]: label u by=c", "There are no loops", "label u by=[site, age]"),
    ("label u outcomes=[site, age]", "`label` has no parameter `outcomes`", "by=[site, age]"),
    ("stats df outcomes=[site, age]", "`outcomes` is", "site"),
    ("tiles S-1", "`S-1` is a slide, and `tiles` takes it by a parameter's name.", "tiles slide=S-1"),
    ("tiles df extremes=2", "There is no column `2`", "feature:2"),
    ("dataset tile_px=16 tile_um=\"20x\"", "A magnification is written `20x`", "20x"),
    ("features small.onnx", "There is no file", "models/small.onnx"),
    ("model small.onnx", "There is no file", "models/small.onnx"),
    ("project ~nobody-here/x", "There is no user `nobody-here`; your home folder is `~/`.", nil),
  ]

  @Test func `A first word is answered with the command, in one error`() throws {
    let study = try SmallStudy()
    study.open()
    #expect(study.run("u = slide_map df n_neighbors=5").failure == nil)
    for (cell, sentence, instead) in Self.rows {
      let found = study.language.check(cell).diagnostics
      #expect(found.count == 1, "\(cell): \(found.map(\.sentence))")
      #expect(found.first?.sentence.contains(sentence) == true, "\(cell): \(found.map(\.sentence))")
      #expect(found.first?.remedy == instead, "\(cell)")
    }
  }
}
