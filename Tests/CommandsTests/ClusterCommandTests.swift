import CommandLanguage
import FeatureData
import Foundation
import Testing

/// `cluster` and `rename`: which tiles lie together, whose they are, and what is said of it.
@Suite struct ClusterCommandTests {
  private let study: SmallStudy

  init() throws { study = try SmallStudy() }

  private func run(_ cell: String) throws -> Shown {
    let shown = study.run(cell)
    try #require(shown.failure == nil, "\(shown.failure ?? "")")
    return shown
  }

  /// Two slides a patient. Tiles of three kinds lie far apart; those of the last kind only in positive patients.
  private func open() throws {
    var annotations = "patient,slide,HPV_status,site,age\n"
    var table = "slide,loc_x,loc_y,feature_0,feature_1,feature_2\n"
    var generator = SplitMix64(seed: 11)
    for patient in 0..<10 {
      let isPositive = patient % 2 == 0
      for slide in 0..<2 {
        let name = "T-\(patient)-\(slide)"
        annotations += "P\(patient),\(name),\(isPositive ? "positive" : "negative"),A,\(40 + patient)\n"
        for tile in 0..<12 {
          let kind = isPositive && tile < 4 ? 2 : tile % 2
          let values = (0..<3).map { "\((($0 == kind ? 8 : 1) + 0.3 * generator.nextNormal()))" }
          table += "\(name),\(50 * tile),0,\(values.joined(separator: ","))\n"
        }
      }
    }
    try study.write("annotations.csv", annotations)
    try study.write("made-elsewhere.csv", table)
    _ = try run("project '\(study.folder)';\nf = import_features made-elsewhere.csv outcomes=HPV_status")
  }

  @Test(arguments: ["k=3", "method=leiden resolution=0.2", "method=hdbscan min_cluster_size=20"])
  func `Every method finds the three kinds, and patients of the outcomes differ in one`(_ how: String) throws {
    try open()
    let shown = try run("c = cluster f \(how)")
    #expect(shown.text.contains("200 tiles") || shown.text.contains("240 tiles"))
    #expect(shown.text.contains("Mann–Whitney test of the share of a patient's tiles"))
    #expect(shown.text.contains("over 10 patients (negative 5, positive 5)"))
    #expect(shown.text.contains("adjusted Rand index"))
    _ = try run("save c '\(study.folder)/c.csv'")
    let rows = try String(contentsOfFile: study.folder + "/c.csv", encoding: .utf8).split(whereSeparator: \.isNewline)
      .dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(rows.count == 240)
    // A third kind: the first four tiles of positive slides, 40 of 240, the smallest.
    let third = rows.filter { $0[4] == "2" }
    #expect(third.count == 40)
    #expect(third.allSatisfy { Int($0[2]).map { $0 < 200 } == true })
    #expect(Set(rows.map { $0[4] }) == ["0", "1", "2"])
  }

  @Test func `Composition counts tiles of categories, patients and slides`() throws {
    try open()
    _ = try run("c = cluster f k=3")
    let shown = try run("c.composition")
    let rows = shown.text.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
    #expect(
      rows.contains { $0.first == "HPV_status" && $0.contains("positive") && $0.last == "0" && $0.contains("40") })
    #expect(rows.count { $0.first == "patient" } == 10)
    #expect(shown.text.contains("T-0-0"))
  }

  @Test func `Names are given to clusters, and those of one name become one`() throws {
    try open()
    _ = try run("c = cluster f k=3;")
    let shown = try run("t = rename c [stroma, stroma, 'a <b>']")
    #expect(shown.text.contains("stroma is what was 0 and 1."))
    let page = shown.outputs.compactMap(\.html).joined()
    #expect(!page.contains("<b>"))
    let few = study.run("rename c [stroma]")
    #expect(
      few.failure?.contains("There are 3 clusters and 1 names") == true || few.failure?.contains("3 clusters") == true)
    #expect(few.failure?.contains("names=[stroma, 1, 2]") == true, "\(few.failure ?? "")")
  }

  @Test func `Clusters colour a map, and the word means the only ones there are`() throws {
    study.open()
    _ = try run("u = slide_map df n_neighbors=5;\nc = cluster u k=2;")
    #expect(try run("label u by=cluster").text.contains("by c"))
    #expect(try run("label u by=c").text.contains("by c"))
    #expect(try run("tiles df values=[c] n=2").failure == nil)
    _ = try run("d = cluster df k=3;")
    let several = study.run("label u by=cluster")
    #expect(several.failure?.contains("there are two: c, d") == true, "\(several.failure ?? "")")
  }

  @Test func `What cannot be clustered is said, with what can`() throws {
    try open()
    let many = study.run("cluster f k=999")
    #expect(many.failure?.contains("999 clusters are more than the 240 tiles") == true, "\(many.failure ?? "")")
    let missing = study.run("cluster f method=kmeans")
    #expect(missing.failure?.contains("k=5") == true, "\(missing.failure ?? "")")
    let thin = study.run("cluster f method=hdbscan min_cluster_size=200")
    #expect(thin.failure?.contains("min_cluster_size=100") == true, "\(thin.failure ?? "")")
    let useless = study.run("cluster f k=3 resolution=2")
    #expect(useless.failure?.contains("resolution") == true)
  }

  @Test func `The same seed gives the same clusters, and ages are correlated with`() throws {
    try open()
    let first = try run("cluster f k=3 seed=7 outcomes=age use_float=true")
    #expect(first.text == (try run("cluster f k=3 seed=7 outcomes=age use_float=true")).text)
    #expect(first.text.contains("Spearman correlation of the share of a patient's tiles"))
    let without = try run("cluster f k=3 outcomes=none stability=false").text
    #expect(without.contains("outcomes=COLUMN compares"), "\(without)")
  }
}
