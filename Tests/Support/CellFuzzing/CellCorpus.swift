/// Cells that people write, right and wrong, and the parts that they are made of.
package enum CellCorpus {
  /// What mutations begin with.
  package static let cells: [String] = [
    """
    # open a project in slideflow's own layout, choose slides, get activations
    project ~/studies/hpv
    dataset tile_px=299 tile_um=302 filters={HPV_status: [positive, negative]}
    df = features models/hpv.onnx layers=[postconv] outcomes=HPV_status

    stats df method=mean outdir=stats
    box_plots df features=0..<100
    m = mosaic df map_slide=centroid resolution=high
    save m mosaic.png
    v = label m by=HPV_status
    save v umap.svg
    """,
    "activations df slide=S1 tiles=0..<5 columns=[0, 1, 2]", "label m by=[HPV_status, feature:497, logit:1]",
    "tiles df near=S1:411 n=24", "labels d HPV_status use_float=true", "help stats", "stats?", "session", "drop df",
    "echo \"a \\\"b\\\" \\u{e9}\"", "m.map", "df;", "u = slide_map df n_neighbors=20",
    "project \\\n  ~/studies/hpv  # where",
    "dataset filters={\n  HPV_status: [positive],  # kept\n  \"site\": A,\n}\nstats df",
    "label [\n  m, u,\n] by=site", "\u{FEFF}stats df\r\nstats df\rstats df", "# only a comment", "\\", "é = stats df",
    // Wrong in the ways that people are wrong.
    "stats df method=mode", "stats df df", "stats top=0", "stats threshold=2", "stats metod=mean", "stat df",
    "mosaic = mosaic df", "dataset filters={HPV_status: [HPV+]}", "features model.onnx", "box_plots features=0 ..< 100",
    "m = mosaic df2\ndf2 = features model.onnx", "dataset tile_um=302um", "tiles df near=S1:900", "x", "x = ",
    "a.b = stats df", "df.", "stats? df", "stats df; stats df", "stats df\"x\"", "stats df, method=mean", "stats $df",
    "stats df | save x.png", "stats(df)", "stats df method==mean", "stats df method=\"mean",
    "stats df method=\u{201C}mean\u{201D}",
    "save df \"a\\qb\"", "label m by=[site age]", "label m by=[, site]", "label m by=[[site]]", "mosaic filters={site}",
    "mosaic filters={: A}", "mosaic filters=[site: A]", "mosaic filters={site: }", "mosaic filters={site: {A: B}}",
    "mosaic filters={site=A}", "mosaic filters={age: <50}", "df[0]", "stats method=", "stats method=mean method=mean",
    "stats method=mean df", "stats --method mean --outdir=x", "box_plots features=0:100", "box_plots features=range(5)",
    "box_plots features=9..<3", "box_plots features=[600]", "label by=feature:600", "label by=logit:7", "label by=HPV",
    "project /nowhere", "model notes.txt", "save df x.gif", "help df", "help method", "label m by=[site\nstats df",
    "mosaic filters={site: [A\nm = mosaic", "labels\u{7}x", "stats df \u{2028}",
    // Python, notebooks and shells.
    "df.stats('/out', method='mean')", "P = sf.load_project('~/studies/hpv')", "import slideflow as sf",
    "from slideflow import Project", "for x in range(10):\n    print(x)", "print(df)", "x = 5", "%matplotlib inline",
    "!ls -l", "df.activations['S1']", "mosaic = P.generate_mosaic(df, filters={'site': ['A', 'B']}, umap_min_dist=0.1)",
    "slide_map = sf.SlideMap.from_features(df)\nslide_map.label('site')", "a, b = labels.unpack()", "lambda x: x",
    "def f(x):\n  return x", "df.box_plots(features=[1, 2],\n  outdir='x')", "stats df > out.txt", "ls | wc", "0:100",
    "f(x)[0]",
    "dataset = P.dataset(tile_px=299, tile_um='20x', filters={'HPV_status': ['positive']})",
    "with open('x') as f: pass",
    "[x for x in y]", "{}", "()", "''", "\"\"", "=", "==", "?", "...", "-", "--", "a=b=c", "~", "$x",
  ]

  /// What cells are put together from, and what is put into them.
  package static let tokens: [String] = [
    " ", " ", " ", "\n", "\n", "\r\n", "\r", "\t", "\u{A0}", "\\\n", "\\", "#", " # c\n", ";", ",", "=", "==", " = ",
    "?",
    ".", ":", "[", "]", "{", "}", "(", ")", "|", "`", "'", "\"", "$", "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}",
    "\u{AB}", "\u{BB}", "\u{FEFF}", "\u{0}", "\u{1B}[31m", "\u{7F}", "\u{85}", "\u{2028}", "\u{202E}", "\u{301}",
    "\u{200D}",
    "🧬", "漢", "é", "e\u{301}", "\\n", "\\\"", "\\u{41}", "\\u{110000}", "\\u{D800}", "\\u{", "\\x", "..<", "...",
    "0..<100",
    "0...99", "5..<5", "9..<3", "0:100", "..<3", "-1", "+1", "1e9", "1e999", "-0", ".5", "5.", "20x", "0x", "-20x",
    "302um",
    "299px", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0...9223372036854775807",
    "feature:0", "feature:511", "feature:512", "feature:postconv/3", "feature:", "feature:/", "feature:x/", "feature12",
    "logit:0", "logit:positive", "logit:", "logit:-1", "prediction", "cluster", "uncertainty", "slide", "S1:3",
    "S1:900",
    ":3", "S1:", "S1:S2:1", "true", "False", "none", "None", "positive", "HPV+", "HPV_status", "site", "age", "A", "B",
    "S1",
    "postconv", "p", "d", "df", "m", "m.map", "m.", "df.x", "~", "~/studies/hpv", "./model.onnx", "model.onnx", "/",
    "..",
    "out/x.png", "\"my file.png\"", "x.csv", "a/b/c/d.png", "--method", "--method=mean", "-m", "-", "--", "import ",
    "from ",
    "for x in y:", "print(", "range(5)", "lambda x: x", "{'a': ['b']}", "[1, 2]", "x = 5", "%time", "!ls", ">", ">=",
    "<50",
  ]

  /// Single scalars that a grammar is likely to trip over.
  static let scalars: [Unicode.Scalar] = Array(
    " \n\r\t\u{A0}\\#;,=?.:[]{}()|`'\"$<>+-*/%!~@^&_aZ09xµé漢\u{0}\u{1}\u{1B}\u{7F}\u{80}\u{9F}\u{AD}\u{300}\u{600}\u{200B}\u{200D}\u{2018}\u{201D}\u{2028}\u{2029}\u{202E}\u{2060}\u{3000}\u{D7FF}\u{E000}\u{FEFF}\u{FFFD}\u{FFFF}\u{10000}\u{1F9EC}\u{E0001}\u{10FFFF}"
      .unicodeScalars)

  /// The texts between quotes in a file of Swift, with its escapes resolved as far as cells need them.
  package static func literals(inSwift text: String) -> [String] {
    var found: [String] = []
    var block: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let lines = block {
        if line.contains("\"\"\"") {
          found.append(unescaped(lines.joined(separator: "\n")))
          block = nil
        } else {
          block = lines + [line.drop { $0 == " " }]
        }
        continue
      }
      if line.contains("\"\"\"") {
        block = []
        continue
      }
      var literal: String?
      var isEscaped = false
      for character in line {
        if let text = literal {
          if character == "\"", !isEscaped {
            found.append(unescaped(text))
            literal = nil
          } else {
            literal = text + String(character)
          }
          isEscaped = character == "\\" && !isEscaped
        } else if character == "\"" {
          literal = ""
          isEscaped = false
        }
      }
    }
    return found.filter { (1...2_000).contains($0.unicodeScalars.count) }
  }

  private static func unescaped(_ text: String) -> String {
    var result = ""
    var isEscaped = false
    for character in text {
      if isEscaped {
        result += character == "n" ? "\n" : character == "t" ? "\t" : String(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        result.append(character)
      }
    }
    return result
  }
}
