import FeatureData
import Slides
import Testing

@Suite("Annotations")
struct AnnotationsTests {
  private let annotations: Annotations

  init() throws {
    let text = """
      patient,slide,HPV_status,site,age
      P1,S1,positive,A,30.5
      P2,S2,negative,B,41
      P2,S3,negative, ,nan
      P3,S4,positive,A,
      """
    annotations = try Annotations(CSVTable(text: text, path: "a.csv"))
  }

  @Test("outcomes are the sorted values of the slides asked for")
  func categorical() throws {
    let labels = try annotations.labels("HPV_status", slides: ["S1", "S2", "S9"], useFloat: false)
    #expect(
      labels.values
        == .categorical(bySlide: ["S1": "positive", "S2": "negative"], categories: ["negative", "positive"]))
  }

  @Test("blank cells, and cells of blanks or nan, give no label")
  func blanks() throws {
    let sites = try annotations.labels("site", slides: annotations.slides, useFloat: false)
    #expect(sites.values == .categorical(bySlide: ["S1": "A", "S2": "B", "S4": "A"], categories: ["A", "B"]))
    let ages = try annotations.labels("age", slides: annotations.slides, useFloat: true)
    #expect(ages.values == .continuous(bySlide: ["S1": 30.5, "S2": 41]))
  }

  @Test("a value that is no number is named with its line")
  func noNumber() {
    #expect(
      throws: ProjectError.noNumber(path: "a.csv", line: 2, column: "HPV_status", slide: "S1", value: "positive")
    ) { try annotations.labels("HPV_status", slides: annotations.slides, useFloat: true) }
  }

  @Test("a slide on two lines, a blank slide and a missing column are refused")
  func refused() {
    #expect(throws: ProjectError.duplicateSlide(path: "a.csv", slide: "S", firstLine: 2, line: 3)) {
      try Annotations(CSVTable(text: "patient,slide\nP,S\nQ,S\n", path: "a.csv"))
    }
    #expect(throws: ProjectError.blankSlide(path: "a.csv", line: 2)) {
      try Annotations(CSVTable(text: "patient,slide\nP,\n", path: "a.csv"))
    }
    #expect(throws: ProjectError.missingColumn(path: "a.csv", name: "slide", found: ["patient", "x"])) {
      try Annotations(CSVTable(text: "patient,x\nP,1\n", path: "a.csv"))
    }
  }

  @Test("counts and numeric columns are told")
  func counts() throws {
    #expect(try annotations.counts(of: "site").map { "\($0.value) \($0.count)" } == ["A 2", "B 1"])
    #expect(annotations.isNumeric("age"))
    #expect(!annotations.isNumeric("site"))
  }

  @Test("numbers are categories only where slides share them")
  func continuous() throws {
    let text = "patient,slide,grade,age\n1,A,1,40\n2,B,2,50.5\n3,C,1,61\n4,D,3,70\n"
    let annotations = try Annotations(CSVTable(text: text, path: "a.csv"))
    #expect(annotations.isContinuous("age"))
    #expect(!annotations.isContinuous("grade"))
  }
}
