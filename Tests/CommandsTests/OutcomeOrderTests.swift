import CommandLanguage
import Foundation
import Testing

@Suite("The order of outcomes")
struct OutcomeOrderTests {
  private let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    let grades = ["mid", "high", "low", "10", "2", "1"]
    var annotations = "patient,slide,grade,stage\n"
    for slide in 0..<6 {
      annotations +=
        "P\(slide == 5 ? 10 : slide),S-\(slide),\(["mid", "high", "low"][slide % 3]),\(grades[slide % 3 + 3])\n"
    }
    try study.write("annotations.csv", annotations)
    #expect(study.run("project '\(study.folder)'\ndataset").failure == nil)
  }

  @Test("Numbers in names count, in labels, in the project, in what is completed and in patients")
  func natural() {
    #expect(study.run("labels stage").text.contains("unique outcomes: 1 (2), 2 (2), 10 (2)"))
    #expect(study.run("labels stage format=index").text.contains("unique outcomes: 0 1 (2), 1 10 (2), 2 2 (2)"))
    #expect(study.run("project '\(study.folder)'").text.contains("1 (2), 2 (2), 10 (2)"))
    let cell = "dataset filters={stage: "
    let candidates = study.language.complete(cell, at: cell.count).candidates.map(\.text)
    #expect(candidates.filter { ["1", "2", "10"].contains($0) } == ["1", "2", "10"])
    let patients = study.run("labels stage by=patient").text.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(patients.filter { $0.hasPrefix("P") } == ["P0", "P1", "P2", "P3", "P4", "P10"])
  }

  @Test("An order that is given holds for the labels, for tables sorted by them and for pictures of them")
  func given() throws {
    let shown = study.run("l = labels grade order=[low, mid, high]")
    #expect(shown.text.contains("unique outcomes: low (2), mid (2), high (2)"))
    let sorted = study.run("table l sort=[grade, slide]").text
    let slides = sorted.split(separator: "\n").map { $0.prefix { $0 != " " } }.filter { $0.hasPrefix("S-") }
    #expect(slides == ["S-2", "S-5", "S-0", "S-3", "S-1", "S-4"])
    #expect(
      study.run("df = features models/small.onnx outcomes=l\nu = slide_map df n_neighbors=5\nv = label u by=l").failure
        == nil)
    #expect(study.run("t = logits_mean df sort=-grade").text.contains("sorted by grade from high to low"))
    #expect(
      study.run("labels grade order=[low]").text.contains("Not named in the order, and therefore last: high, mid."))
  }

  @Test("An order of what is not there is refused with what there is")
  func refused() throws {
    let unknown = try #require(study.run("labels grade order=[low, middle]").failure)
    #expect(unknown.contains("No slide has grade \"middle\"; the outcomes are high, low, mid."))
    #expect(try #require(study.run("labels [grade, stage] order=[low]").failure).contains("these are 2 columns"))
    #expect(study.run("labels stage use_float=true order=[1]").failure != nil)
  }
}
