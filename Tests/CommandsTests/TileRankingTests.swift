import CommandLanguage
import Commands
import Testing

@Suite("Tiles in the order of a number")
struct TileRankingTests {
  let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    study.open()
  }

  @Test("both ends of a feature are shown, ranked, each tile with its value")
  func extremes() throws {
    let shown = study.run("tiles df extremes=feature:3 n=6")
    #expect(shown.failure == nil && shown.outputs.first?.picture != nil)
    #expect(shown.text.contains("Tiles at the extremes of feature 3:"))
    let highest = values("highest", shown.text)
    let lowest = values("lowest", shown.text)
    #expect(highest.count == 3 && lowest.count == 3)
    #expect(highest == highest.sorted(by: >) && lowest == lowest.sorted())
    #expect(try #require(highest.last) >= #require(lowest.last))
    #expect(shown.text.contains("6 of 72 tiles."))
  }

  @Test("of a logit, of one slide, and of a map's tiles; no tile is at both ends")
  func chosen() {
    #expect(study.run("tiles df extremes=logit:1 slide=S-2 n=4").text.contains("4 of 12 tiles."))
    let few = study.run("tiles df extremes=feature:0 slide=S-2 tiles=[1, 2, 3] n=25").text
    #expect(few.contains("3 of 3 tiles.") && values("highest", few).count == 2 && values("lowest", few).count == 1)
    study.run("u = slide_map df n_neighbors=10 max_tiles=3")
    #expect(study.run("tiles u extremes=feature:0 n=4").text.contains("4 of 18 tiles."))
  }

  @Test("the tile asked for comes first, then the nearest of all slides", arguments: ["cosine", "euclidean"])
  func near(metric: String) {
    let shown = study.run("tiles df near=S-1:4 n=8 metric=\(metric)")
    #expect(shown.failure == nil && shown.outputs.first?.picture != nil)
    #expect(shown.text.contains("Tiles nearest to S-1:4: S-1:4 (asked for), "))
    #expect(shown.text.contains("S-1:4 and the 8 nearest of 71 other tiles, by \(metric) distance"))
    let distances = shown.text.split(separator: "(distance ").dropFirst().compactMap {
      Double($0.prefix { $0 != ")" })
    }
    #expect(distances.count == 8 && distances == distances.sorted())
    // Tiles of the same colour are nearer than others: those of the slides with odd numbers.
    #expect(!["S-0:", "S-2:", "S-4:"].contains { shown.text.contains($0) })
    #expect(study.run("tiles df near=S-1:4 slide=S-2 n=3").text.contains("the 3 nearest of 12 other tiles"))
  }

  @Test(
    "what is not there is refused with the nearest that is",
    arguments: [
      ("tiles df near=S-1:900", "S-1 has 12 tiles, numbered 0 to 11.", "S-1:11"),
      ("tiles df near=S1:3", "There is no slide `S1`", "S-1:3"),
      ("tiles df extremes=feature:12", "numbered 0 to 11", "feature:11"),
      ("tiles df extremes=site", "a number that came with the tiles, and `site` is not", "feature:0"),
      ("tiles df metric=cosine", "`metric` has no effect without `near`", "near"),
      (
        "tiles df near=S-1:3 extremes=feature:1", "`near` has no effect beside `extremes`",
        "tiles df extremes=feature:1"
      ),
      ("d = dataset\ntiles d near=S-1:3", "`near` has an effect only on features, a map or a selection", "tiles d"),
    ])
  func wrong(cell: String, sentence: String, instead: String) throws {
    let failure = try #require(study.run(cell).failure)
    #expect(failure.contains(sentence), "\(failure)")
    #expect(failure.contains(instead), "\(failure)")
  }

  private func values(_ end: String, _ text: String) -> [Double] {
    text.split(separator: "(\(end) ").dropFirst().compactMap { part in
      Double(part.drop { $0 != ":" }.dropFirst(2).prefix { $0 != ")" })
    }
  }
}
