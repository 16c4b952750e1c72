import CommandLanguage
import SmallLanguage
import Testing

@Suite struct InspectionTests {
  /// Inspects at the `|`, and gives what is explained and its text.
  func inspect(_ marked: String, _ detail: InspectionDetail = .summary) -> (thing: String, page: Inspection)? {
    let session = SmallLanguage.session([("m", SmallLanguage.map), ("mo", SmallLanguage.mosaic)])
    let cell = marked.replacing("|", with: "")
    guard let cursor = marked.unicodeScalars.firstIndex(of: "|") else { return nil }
    let position = marked.unicodeScalars.distance(from: marked.unicodeScalars.startIndex, to: cursor)
    let inspection = session.inspect(cell, at: position, detail: detail)
    return inspection.map { (SourceText(cell).text(in: $0.span), $0) }
  }

  @Test(arguments: [
    // A command.
    ("st|ats df method=mean", "stats", "Does stats."), ("|stats df", "stats", "Does stats."),
    ("x = stats| df", "stats", "Does stats."), ("help st|ats", "stats", "Does stats."),
    // A parameter, at its name and at what has no page of its own.
    ("stats df me|thod=mean", "method", "How to sum up a slide."),
    ("stats df method=me|an", "method", "How to sum up a slide."),
    ("dataset tile_um=3|02", "tile_um", "in µm"), ("stats df top=|", "top", "Rows shown."),
    ("slide_map df n_neighbors=|20", "n_neighbors", "default 50, from 2 to 1000"),
    ("stats df threshold=0|.5", "threshold", "only with method=threshold"),
    ("project ~/stu|dies/hpv", "~/studies/hpv", "The folder."), ("label m by|=age", "by", "The colour."),
    // A value of the session.
    ("stats d|f", "df", "Made by: df = features m.onnx"), ("drop [df|]", "df", "Features, 3 things"),
    ("df|", "df", "Features, 3 things"), ("d|f = features models/hpv.onnx", "df", "Features, 3 things"),
    ("echo 🧬\nfeatures dataset=|d", "d", "Dataset"), ("label mo.m|ap by=age", "mo.map", "Map, 3 things"),
    ("mo.m|ap", "mo.map", "Map"), ("n = slide_map df\nlabel n| by=age", "n", "n: Map\nMade on line 1."),
    // What the project and the model know.
    ("labels d a|ge", "age", "column of the annotations\nValues: 52, 61, 67 and 70."),
    ("dataset filters={HP|V_status: positive}", "HPV_status", "Values: positive (61) and negative (58)."),
    ("dataset filters={HPV_status: [neg|ative]}", "negative", "value of HPV_status\n58 slides."),
    ("activations df slide=S|1", "S1", "slide\n412 tiles, numbered 0 to 411."),
    ("tiles df near=S2|:7", "S2:7", "S2: slide\n80 tiles"),
    ("features models/hpv.onnx layers=[post|conv]", "postconv", "layer of the model\n512 features."),
    ("features models/hpv.onnx outcomes=si|te", "site", "column of the annotations"),
    ("label m by=[age, feature:|497]", "feature:497", "activation 497\nOne of 512, numbered 0 to 511."),
    ("label m by=logit:|1", "logit:1", "logit of positive"), ("label m by=predic|tion", "prediction", "largest logit"),
    // Anywhere else among the arguments, the command.
    ("stats df |", "stats", "Does stats."), ("stats df   |", "stats", "Does stats."),
    ("stats df | method=mean", "stats", "Does stats."), ("stats df  |  method=mean", "stats", "Does stats."),
    ("stats df \\\n  | method=mean", "stats", "Does stats."), ("stats nothi|ng", "stats", "Does stats."),
    ("label m by=[age, |", "by", "The colour."), ("dataset filters={|", "filters", "What to keep."),
    ("dataset filters={site: [|", "filters", "What to keep."), ("stats df nothing|=3", "stats", "Does stats."),
    ("stats dff\nmosaic df res|olution=low\nnothing", "resolution", "Pixels."),
  ])
  func `What stands at the cursor is explained`(_ marked: String, _ thing: String, _ part: String) throws {
    let (found, page) = try #require(inspect(marked))
    #expect(found == thing)
    #expect(page.text.contains(part), "\(page.text)")
    #expect(!page.markdown.isEmpty)
  }

  @Test(arguments: [
    "nothing|", "stats df # me|", "# sta|ts", "stats df;  |", "stats df\n|", "|", "label m by=[age, # a|ge\n site]",
    "nothing df me|", "stats df\n\n|\nmosaic",
  ])
  func `Nothing is said where nothing stands`(_ marked: String) {
    #expect(inspect(marked) == nil)
  }

  @Test func `A command is explained in short, and on demand by its page`() throws {
    let short = try #require(inspect("box_pl|ots df")).page
    #expect(
      short.text == """
        box_plots FEATURES features=0..<N|[INDEX|FEATURE, …]
        Does box_plots.
        The whole page: box_plots?
        """)
    let stats = try #require(inspect("stats| df")).page
    #expect(
      stats.text == """
        stats FEATURES (method=mean) (threshold=0.5) (top=20) (outdir=PATH)
        Does stats.
        The whole page: stats?
        """)
    let page = try #require(inspect("stats| df", .page)).page
    #expect(page.text.contains("Works on\n  FEATURES"))
    #expect(page.text.contains("Examples\n  stats"))
  }

  @Test func `The page is Markdown, and HTML made from it`() throws {
    let page = try #require(inspect("stats| df", .page)).page
    #expect(page.markdown.contains("| `method` | `mean\\|threshold` | `mean` | How to sum up a slide. |"))
    #expect(page.html.hasPrefix("<pre><code>stats FEATURES key=value …</code></pre>\n<p>Does stats.</p>"))
    #expect(page.html.contains("<tr><th>parameter</th><th>values</th><th>default</th><th>meaning</th></tr>"))
    #expect(
      page.html.contains(
        "<tr><td><code>method</code></td><td><code>mean|threshold</code></td><td><code>mean</code></td>"
          + "<td>How to sum up a slide.</td></tr>"))
    let value = try #require(inspect("stats d|f")).page
    #expect(
      value.html == """
        <p><strong><code>df</code></strong>: Features, 3 things</p>
        <pre><code>df = features m.onnx</code></pre>
        """)
  }

  @Test func `Text of the user is text in HTML`() {
    let session = SmallLanguage.session()
    session.workspace.bind(
      SmallLanguage.value(SmallLanguage.map), to: "x", statement: "x = echo '<b>' & `a` *b*", seconds: 0)
    let page = session.inspect("x", at: 0)
    #expect(page?.html.contains("<pre><code>x = echo '&lt;b&gt;' &amp; `a` *b*</code></pre>") == true)
  }

  @Test func `A value made from an earlier one says so`() throws {
    let session = SmallLanguage.session()
    let recorder = Recorder()
    _ = session.run("m = mosaic df\ndf = features models/hpv.onnx", output: recorder, monitor: recorder)
    let page = try #require(session.inspect("label m by=age", at: 7))
    #expect(page.text.contains("Made by: m = mosaic df\nMade from an earlier df.\nIt has map."))
  }
}
