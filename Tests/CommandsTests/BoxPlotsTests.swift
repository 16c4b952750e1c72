import CommandLanguage
import Commands
import Foundation
import Testing

@Suite struct BoxPlotsTests {
  private let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    study.open()
  }

  @Test func `a page shows features by q, with q and effect in each title`() throws {
    let shown = study.run("b = box_plots df top=3")
    #expect(shown.failure == nil)
    let picture = try #require(shown.outputs.first?.picture)
    #expect(picture.png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(shown.text.contains("One-way ANOVA of") && shown.text.contains("by HPV_status: negative (3), positive (3)"))
    #expect(picture.statement == "b = box_plots df top=3")
    // The texts of the figure, by its SVG.
    #expect(study.run("save b '\(study.folder)/b.svg'").failure == nil)
    let svg = try String(contentsOfFile: study.folder + "/b.svg", encoding: .utf8)
    let titles = svg.matches(of: #/>feature (\d+), (slides|tiles)</#).map { "\($0.1) \($0.2)" }
    #expect(titles.count == 6)
    #expect(svg.contains("η²") && svg.contains(">q ") && svg.contains(">n = 3<") && svg.contains(">n = 36<"))
    let order = study.run("s = stats df top=3").outputs.map(\.text).joined()
      .split(separator: "\n").compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
    #expect(
      titles.filter { $0.hasSuffix("slides") }.map { Int($0.split(separator: " ")[0]) } == order.prefix(3).map { $0 })
    #expect(svg.contains("b = box_plots df top=3"))
  }

  @Test(arguments: [
    "features=0..<2", "features=[1]", "0..<2", "kind=violin level=tile", "kind=histogram", "kind=strip level=unit",
    "method=median test=kruskal", "between=[negative, positive] theme=dark", "unit=patient width=85 theme=print",
  ])
  func `features, kinds and levels are chosen`(arguments: String) {
    let shown = study.run("box_plots df \(arguments)")
    #expect(shown.failure == nil, "\(shown.failure ?? "")")
    #expect(shown.outputs.contains { $0.picture != nil })
  }

  @Test func `a range of a layer is chosen by the layer's name`() throws {
    let table = study.run("df")
    let layer = try #require(study.run("peek = stats df top=1").failure == nil ? study.layer : nil, "\(table.text)")
    #expect(study.run("box_plots df features={\(layer): 0..<2}").failure == nil)
    let wrong = try #require(study.run("box_plots df features={nolayer: 0..<2}").failure)
    #expect(wrong.contains("nolayer") && wrong.contains(layer))
  }

  @Test func `what is not there is said with what is`() throws {
    let beyond = try #require(study.run("box_plots df features=0..<100000").failure)
    #expect(beyond.contains("numbered 0 to") && beyond.contains("features=0..<"))
    for range in ["0..<1000000000000", "0...9223372036854775806"] {
      #expect(try #require(study.run("box_plots df features=\(range)").failure).contains("numbered 0 to"))
    }
    let page = try #require(study.run("box_plots df page=9 top=2").failure)
    #expect(page.contains("page=1"))
    let numbers = try #require(study.run("box_plots df outcomes=age use_float=true").failure)
    #expect(numbers.contains("holds numbers") && numbers.contains("outcomes=HPV_status"))
  }

  @Test func `a folder gets a picture a feature and a page that shows them`() throws {
    let folder = study.folder + "/boxes"
    let shown = study.run("box_plots df features=[0, 1] outdir='\(folder)'")
    #expect(shown.notes.contains { $0.contains("2 pictures") && $0.contains("index.html") })
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(files == ["boxplot_0.png", "boxplot_1.png", "index.html"])
    let page = try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
    #expect(page.contains("src=\"boxplot_0.png\"") && !page.contains("<script") && page.contains("η²"))
    let png = try Data(contentsOf: URL(filePath: folder + "/boxplot_0.png"))
    #expect(png.range(of: Data("box_plots df features=[0, 1] outdir=".utf8)) != nil)
    #expect(study.run("box_plots df features=[0] format=pdf outdir='\(folder)'").failure == nil)
    #expect(FileManager.default.fileExists(atPath: folder + "/boxplot_0.pdf"))
  }

  @Test func `styles are for pictures, and the letters of an SVG for an SVG`() throws {
    study.run("b = box_plots df top=1\ns = stats df")
    let table = try #require(study.run("save s '\(study.folder)/s.csv' theme=dark").failure)
    #expect(table.contains("for pictures"))
    let letters = try #require(study.run("save b '\(study.folder)/b.pdf' svg_text=outlines").failure)
    #expect(letters.contains("svg_text"))
    #expect(study.run("save b '\(study.folder)/b.svg' svg_text=outlines").failure == nil)
    #expect(try !String(contentsOfFile: study.folder + "/b.svg", encoding: .utf8).contains("</text>"))
  }

  @Test func `the ends of colours are numbers or percentiles, and what lies beyond is said`() throws {
    study.run("u = slide_map df n_neighbors=5;")
    #expect(study.run("label u by=feature:0 vmin=0 vmax=p90").text.contains("the 90th percentile"))
    let word = try #require(study.run("label u by=feature:0 vmax=top").failure)
    #expect(word.contains("p99"))
    let categories = try #require(study.run("label u by=site vmax=3").failure)
    #expect(categories.contains("categories"))
  }
}

extension SmallStudy {
  /// The layer that `df` has.
  fileprivate var layer: String? {
    language.workspace.value(named: "df")?.knownNames.names(of: .layer)?.first
  }
}
