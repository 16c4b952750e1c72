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

  private func read(_ text: String, slideNames: [String] = []) throws(ProjectError) -> Annotations {
    try Annotations(try CSVTable(text: text, path: "a.csv")) { slideNames }
  }

  private func failure(_ text: String, slideNames: [String] = []) -> ProjectError? {
    do throws(ProjectError) {
      _ = try read(text, slideNames: slideNames)
      return nil
    } catch {
      return error
    }
  }

  @Test("rows that repeat a patient of many slides count once, and do not multiply")
  func repeatedPatients() throws {
    let names = (0..<500).map { "P1-\($0)" }
    let rows = String(repeating: "P1,A\n", count: 3_000)
    let filled = try read("patient,site\n" + rows, slideNames: names)
    #expect(filled.slides.count == 500)
    #expect(filled.notes.contains(.repeatedRows(lines: Array(3...3_001))))
    let error = failure("patient,site\n" + rows + "P1,B\n", slideNames: names)
    #expect(error == .duplicateSlide(path: "a.csv", slide: "P1-0", firstLine: 2, line: 3_002, differing: ["site"]))
    let joined = try Annotations(CSVTable(text: "patient,grade\n" + rows, path: "b.csv"), joinedTo: filled)
    #expect(joined.slides.count == 500)
  }

  @Test("two rows of one slide that differ are refused with both lines and the columns")
  func conflictingRows() {
    let error = failure("patient,slide,site,age\nP,S,A,1\nQ,T,A,2\nP,S,B,1\n")
    #expect(error == .duplicateSlide(path: "a.csv", slide: "S", firstLine: 2, line: 4, differing: ["site"]))
    #expect(error?.description == "a.csv: slide S stands on line 2 and again, with another site, on line 4.")
    let two = failure("patient,slide\nP,S\nQ,S\n")
    #expect(
      two
        == .slideOfTwoPatients(
          path: "a.csv", slide: "S", firstPatient: "P", firstLine: 2, patient: "Q", line: 3))
    #expect(two?.description == "a.csv: slide S is of patient P on line 2 and of Q on line 3.")
  }

  @Test("a row that stands there twice counts once, and rows without a slide are passed over; both are noted")
  func passedOver() throws {
    let annotations = try read("patient,slide,x\nP,S,1\nQ,,1\nP,S,1\nR, ,2\nU,T,2\n")
    #expect(annotations.slides == ["S", "T"])
    #expect(annotations.notes == [.rowsWithoutSlide(lines: [3, 5]), .repeatedRows(lines: [4])])
    #expect(
      annotations.notes.map(\.sentence) == [
        "2 rows name no slide and are passed over (lines 3, 5).", "Line 4 repeats an earlier row and counts once.",
      ])
    #expect(try annotations.counts(of: "x").map { "\($0.value) \($0.count)" } == ["1 1", "2 1"])
  }

  @Test("without a column of slides they are found by the patients' ids in the names of files")
  func filled() throws {
    let names = ["P1_a", "P1-b", "HE_P2_1", "P10.x", "P3_P4", "TCGA-A1-A0SH-01Z-00-DX1.90E7"]
    let annotations = try read(
      "x,patient\n1,P1\n2,P2\n3,P3\n4,P4\n5,P5\n6,TCGA-A1-A0SH\n7,TCGA-A1\n", slideNames: names)
    #expect(annotations.columns == ["x", "patient", "slide"])
    #expect(annotations.slides == ["P1-b", "P1_a", "HE_P2_1", "TCGA-A1-A0SH-01Z-00-DX1.90E7"])
    #expect(try annotations.value(of: "x", slide: "P1_a") == "1")
    #expect(try annotations.value(of: "slide", slide: "P1_a") == "P1_a")
    #expect(annotations.patient(of: "TCGA-A1-A0SH-01Z-00-DX1.90E7") == "TCGA-A1-A0SH")
    #expect(
      annotations.notes == [
        .slidesFilled(
          slideCount: 4, patientsWithout: ["P3", "P4", "P5", "TCGA-A1"], patientsWithSeveral: ["P1"],
          slidesOfSeveral: ["P3_P4"])
      ])
    // A column that is blank throughout is no column of slides either.
    #expect(try read("patient,slide\nP1,\nP2,\n", slideNames: names).slides == ["P1-b", "P1_a", "HE_P2_1"])
  }

  @Test("what cannot be read as annotations is refused with what to do")
  func refused() {
    let none = failure("patient,x\nP,1\n", slideNames: ["Q"])
    #expect(none == .noSlideMatches(path: "a.csv", columns: ["patient", "x"], patient: "P"))
    #expect(none?.remedy?.contains("\"slide\"") == true)
    let patient = failure("Patient ID,slide\nP,S\n")
    #expect(patient == .missingColumn(path: "a.csv", name: "patient", found: ["Patient ID", "slide"]))
    #expect(patient?.remedy == "Name the column Patient ID \"patient\".")
  }

  @Test("a patient is found by name, and one of TCGA by twelve characters")
  func patients() throws {
    let annotations = try read("patient,slide\nTCGA-A1-A0SH-01,S\nP,TCGA-A1-A0SK-01Z\nQ,T\n")
    func found(_ value: String) throws -> [String] {
      try annotations.slides.filter { try annotations.matches(slide: $0, column: "patient", values: [value]) }
    }
    #expect(try found("TCGA-A1-A0SH") == ["S"])
    #expect(try found("TCGA-A1-A0SK") == ["TCGA-A1-A0SK-01Z"])
    #expect(try found("Q") == ["T"])
    #expect(try found("TCGA-A1") == [])
  }

  @Test("different labels of one patient are told, blanks apart")
  func conflicts() throws {
    let annotations = try read("patient,slide,x\nP,A,1\nP,B,2\nP,C,\nQ,D,1\nQ,E,1\n")
    let found = try annotations.conflicts(in: "x", slides: annotations.slides)
    #expect(
      found == [PatientConflict(patient: "P", column: "x", slides: ["A", "B"], values: ["1", "2"])])
    #expect(found.first?.sentence == "Patient P has different values of x: A is 1, B is 2.")
  }

  @Test("a table of one's own is joined by slide, or by patient")
  func ownTables() throws {
    let bySlide = try Annotations(CSVTable(text: "slide,tissue\nS2,fat\n", path: "b.csv"), joinedTo: annotations)
    #expect(bySlide.slides == ["S2"])
    let byPatient = try Annotations(
      CSVTable(text: "patient,tissue\nP2,fat\nP9,x\n", path: "b.csv"), joinedTo: annotations)
    #expect(byPatient.slides == ["S2", "S3"])
    #expect(try byPatient.value(of: "tissue", slide: "S3") == "fat")
    #expect(throws: ProjectError.noRowOfProject(path: "b.csv")) {
      try Annotations(CSVTable(text: "patient,tissue\nP9,x\n", path: "b.csv"), joinedTo: annotations)
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
