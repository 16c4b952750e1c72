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
    #expect(patient?.remedy == "Rename the column \"Patient ID\" to \"patient\".")
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

  /// What pandas' read_csv takes for missing values.
  private static let missing = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
  ]

  @Test("what slideflow reads as blank is blank in every column, and counted by what stands there", arguments: missing)
  func missingValues(text: String) throws {
    let annotations = try read(
      "patient,slide,group,age\nP1,A,x,40\nP2,B,\(text),\(text)\nP3,C,y,51.5\n\(text),D, \(text),60\nP5,\(text),z,1\n")
    #expect(annotations.slides == ["A", "B", "C", "D"])
    #expect(annotations.notes.contains(.rowsWithoutSlide(lines: [6])))
    #expect(annotations.notes.contains(.slidesWithoutPatient(["D"])))
    #expect(try annotations.counts(of: "group").map(\.value) == ["x", "y"])
    #expect(annotations.blanks(of: "group") == [text: 2])
    #expect(annotations.isNumeric("age") && annotations.range(of: "age") == 40...60)
    let labels = try annotations.labels("group", slides: ["A", "B", "D"], useFloat: false)
    #expect(labels.values == .categorical(bySlide: ["A": "x"], categories: ["x"]))
    #expect(labels.blankPhrase == (text.isEmpty ? "Blank in group: 2" : "Blank in group: 2 (\(text))"))
    let ages = try annotations.labels("age", slides: annotations.slides, useFloat: true)
    #expect(ages.values == .continuous(bySlide: ["A": 40, "C": 51.5, "D": 60]))
    #expect(try annotations.value(of: "group", slide: "B") == "")
    #expect(try !annotations.matches(slide: "B", column: "group", values: [text.isEmpty ? "NA" : text]))
  }

  @Test("words that pandas keeps are values, and those that may mean none are told")
  func doubtful() throws {
    let annotations = try read(
      "patient,slide,group,age\nP1,A,na,40\nP2,B,na,-\nP3,C,Natal,50\nP4,D,#DIV/0!,60\nP5,E,NA,60\n")
    #expect(try annotations.counts(of: "group").map(\.value) == ["#DIV/0!", "Natal", "na"])
    #expect(!annotations.isNumeric("age"))
    #expect(
      annotations.notes.map(\.sentence) == [
        "Values that may mean that there is none count as values, as in slideflow: \"#DIV/0!\" in group (1), "
          + "\"na\" in group (2), \"-\" in age (1); leave such cells empty, or write NA, if they do."
      ])
    let labels = try annotations.labels("group", slides: annotations.slides, useFloat: false)
    #expect(labels.blankPhrase == "Blank in group: 1 (NA)")
  }

  @Test("values that are only written differently stay different, and are told")
  func nearValues() throws {
    let annotations = try read("patient,slide,x\nP1,A,yes\nP2,B,Yes\nP3,C,yes \nP4,D,no\n")
    #expect(try annotations.counts(of: "x").count == 4)
    #expect(annotations.notes == [.nearValues(column: "x", values: ["Yes", "yes", "yes "])])
    let grades = try read("patient,slide,grade\nP1,A,1\nP2,B,1.0\nP3,C,2\n")
    #expect(
      grades.notes.map(\.sentence) == [
        "Values of grade that are only written differently count as different ones: \"1\", \"1.0\"."
      ])
  }

  @Test("slides without a patient are no patient together")
  func withoutPatient() throws {
    let annotations = try read("patient,slide,x\n,A,1\nNA,B,2\nP,C,1\n,A,1\n")
    #expect(annotations.slides.map { annotations.patient(of: $0) } == ["A", "B", "P"])
    #expect(try annotations.conflicts(in: "x", slides: annotations.slides) == [])
    #expect(annotations.notes == [.repeatedRows(lines: [5]), .slidesWithoutPatient(["A", "B"])])
    #expect(
      failure("patient,slide\nP,S\n,S\n")
        == .duplicateSlide(path: "a.csv", slide: "S", firstLine: 2, line: 3, differing: ["patient"]))
    #expect(failure("patient,slide\nNA,NA\n")?.description == "a.csv names no slide, and no patient.")
    #expect(failure("patient,x\nNA,1\nP,2\n", slideNames: ["Q"])?.description.contains("such as P,") == true)
    // NA is nobody's name, neither among files nor in a table of one's own.
    let filled = try read("patient,x\nNA,1\nP,2\n", slideNames: ["NA-1", "P-1"])
    #expect(filled.slides == ["P-1"])
    let own = try Annotations(CSVTable(text: "patient,g\nNA,1\nP,2\n", path: "b.csv"), joinedTo: annotations)
    #expect(own.slides == ["C"])
  }

  @Test("patients that nearly are those of files, or of the project, are named beside them")
  func nearPatients() throws {
    let filled = try read("patient,Slide ID,x\nP1,s,1\n42,t,2\n", slideNames: ["P1-a", "0042"])
    #expect(
      filled.notes.dropFirst().map(\.sentence) == [
        "1 name of patients differs from one of slides with a file only by zeros before a number: 42 and 0042.",
        "The column Slide ID is not taken for the slides; if it holds their names, call it \"slide\".",
      ])
    #expect(failure("patient,x\n42,1\n", slideNames: ["0042"])?.description.contains("42 and 0042") == true)
    let own = try Annotations(CSVTable(text: "patient,g\nP1,1\np3,2\n", path: "b.csv"), joinedTo: annotations)
    #expect(own.slides == ["S1"])
    #expect(
      own.notes.map(\.sentence) == [
        "1 name of patients differs from one of the annotations only by capitals: p3 and P3."
      ])
  }

  @Test("numbers with a decimal comma are numbers, and thousands are not taken for them")
  func decimalCommas() throws {
    let german = try read("patient;slide;age;id\nP1;A;40,5;1,234\nP2;B;NA;2,5\nP3;C;51;3\n")
    #expect(german.range(of: "age") == 40.5...51)
    #expect(german.range(of: "id") == 1.234...3)
    #expect(german.notes == [.table(.separator(.semicolons)), .decimalCommas(columns: ["age", "id"])])
    let quoted = try read("patient,slide,age,cells\nP1,A,\"40,5\",\"1,234\"\nP2,B,\"51,25\",\"20,100\"\nP3,C,60,7\n")
    #expect(quoted.range(of: "age") == 40.5...60)
    #expect(!quoted.isNumeric("cells"))
    #expect(
      quoted.notes == [.decimalCommas(columns: ["age"]), .ambiguousCommas(column: "cells", value: "1,234")])
    let ages = try quoted.labels("age", slides: ["A", "B"], useFloat: true)
    #expect(ages.values == .continuous(bySlide: ["A": 40.5, "B": 51.25]))
    #expect(throws: ProjectError.self) { try quoted.labels("cells", slides: ["A"], useFloat: true) }
  }

  @Test("values are in their natural order, and indices in slideflow's")
  func order() throws {
    let rows = ["10", "2", "1", "3", "2"].enumerated().map { "P\($0),S\($0),\($1),Stage \($1)\n" }.joined()
    let annotations = try read("patient,slide,a,b\n" + rows)
    #expect(try annotations.counts(of: "a").map(\.value) == ["1", "2", "3", "10"])
    #expect(try annotations.counts(of: "b").map(\.value) == ["Stage 1", "Stage 2", "Stage 3", "Stage 10"])
    let labels = try annotations.labels("b", slides: annotations.slides, useFloat: false)
    #expect(labels.categories == ["Stage 1", "Stage 2", "Stage 3", "Stage 10"])
    #expect(labels.indexBySlide == ["S0": 1, "S1": 2, "S2": 0, "S3": 3, "S4": 2])
    #expect(labels.indexedCategories == ["Stage 1", "Stage 10", "Stage 2", "Stage 3"])
    #expect(NaturalOrder.sorted(["0.5", "-2", "0.25", "1e1"]) == ["-2", "0.25", "0.5", "1e1"])
    #expect(
      NaturalOrder.sorted(["T10b", "T2", "t1", "T02", "T2a", "", "x"]) == ["", "T02", "T2", "T2a", "T10b", "t1", "x"])
  }
}
