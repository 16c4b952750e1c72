import FeatureData
import Testing

@testable import Rendering

@Suite struct DistinctNamesTests {
  private func shortened(_ names: [String], to count: Int) -> [String] {
    DistinctNames.shortened(names) { $0.count <= count }
  }

  @Test func `names that find room stay as they are`() {
    #expect(shortened(["alpha", "beta", "alpha"], to: 5) == ["alpha", "beta", "alpha"])
    #expect(shortened([], to: 5) == [])
  }

  @Test func `the beginning is kept where it tells names apart, and the end where that does`() {
    #expect(
      shortened(["TCGA-A1-A0SH-01Z.84E4F9B3", "TCGA-A1-A0SK-01Z.84E4F9B3", "short"], to: 15)
        == ["TCGA-A1-A0SH-0…", "TCGA-A1-A0SK-0…", "short"])
    #expect(
      shortened(["biopsy of the liver 2020", "biopsy of the liver 2021"], to: 13) == ["biopsy…r 2020", "biopsy…r 2021"])
  }

  @Test func `names with equal ends show the part in which they differ`() {
    let names = (10..<14).map { "Archive_of_the_Institute_Block_\($0)_Section_A_HE_rescan_final" }
    #expect(
      shortened(names, to: 16) == ["…lock_10_Sectio…", "…lock_11_Sectio…", "…lock_12_Sectio…", "…lock_13_Sectio…"])
    // Also where the part is at an end of one of them, or is missing.
    let steps = ["grade I of the colon, left side, resection", "grade II of the colon, left side, resection"]
    #expect(Set(shortened(steps, to: 14)).count == 2)
  }

  @Test(arguments: [4, 6, 9, 14, 22]) func `different names never become the same text`(room: Int) {
    var generator = SplitMix64(seed: 11)
    for _ in 0..<60 {
      let parts = (0..<4).map { _ in String(repeating: "ab".randomElement(using: &generator) ?? "a", count: 9) }
      let names = (0..<12).map { _ in
        (0..<3).map { _ in parts[Int(generator.next() % 4)] + String(generator.next() % 3) }.joined(separator: "_")
      }
      let texts = shortened(names, to: room)
      #expect(Set(texts).count == Set(names).count)
      for (name, text) in zip(names, texts) where text == name { #expect(name.count <= room) }
    }
  }

  @Test func `a legend, captions and titles of panels show different texts for different names`() throws {
    let names = (1...3).map { "Adenocarcinoma of the colon, grade \($0), resection specimen from the left side of it" }
    let points = ScatterPlot.Colouring.categorical(names: names, indices: [0, 1, 2], label: "diagnosis")
    // Texts are drawn as outlines of letters: pictures of different names differ, and those of equal ones are equal.
    func picture(_ titles: [String]) throws -> [UInt8] {
      let plots = titles.map { ScatterPlot(x: [0, 1, 2], y: [0, 1, 2], colouring: points, title: $0) }
      return try ScatterFigure(panels: plots).svg().bytes
    }
    let long = String(repeating: "a panel of a long name ", count: 9)
    #expect(try picture([long + "1" + long, long + "2" + long]) != picture([long + "2" + long, long + "1" + long]))
    let text = TextMeasurer()
    let legend = Legend(
      title: nil, entries: names.map { Legend.Entry(name: $0, colour: Palette.missing, count: 3) })
    #expect(Set(legend.layout(maximumWidth: 170, maximumHeight: 300, measuring: text).names).count == 3)
  }

  @Test func `the number of a tile stays whole under a small picture of it`() throws {
    let slide = "Institute_of_Pathology_Archive_Block_"
    func sheet(_ numbers: [Int]) throws -> [UInt8] {
      try ContactSheet(
        tiles: numbers.map { ContactSheet.Tile(image: nil, captions: ["\(slide)\($0)_HE_rescan_final:12"]) },
        tileSide: 80
      ).svg().bytes
    }
    #expect(try sheet([1, 2]) != sheet([2, 1]))
    let captions = ContactSheet.captions(
      of: [3, 4].map { ContactSheet.Tile(image: nil, captions: ["\(slide)\($0)_HE_rescan_final:1234"]) }, width: 80,
      measuring: TextMeasurer())
    #expect(Set(captions.flatMap(\.self)).count == 2)
    #expect(captions.allSatisfy { $0[0].hasSuffix(":1234") })
  }

  @Test func `a class called missing is not what is missing`() throws {
    func names(_ classes: [String]) -> [String] {
      let plot = ScatterPlot(
        x: [0, 1, 2], y: [0, 1, 2], colouring: .categorical(names: classes, indices: [0, 1, -1], label: ""))
      guard case .legend(let legend)? = ScatterKey([plot], scale: ValueColours(range: 0...1), theme: .light) else {
        return []
      }
      return legend.entries.map(\.name)
    }
    #expect(names(["a", "b"]) == ["a", "b", "missing"])
    #expect(names(["a", "missing"]) == ["a", "missing", "no value"])
  }
}
