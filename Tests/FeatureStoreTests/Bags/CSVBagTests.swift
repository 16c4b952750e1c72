import FeatureData
import FeatureStore
import Foundation
import Testing

@Suite("Tables of features") struct CSVBagTests {
  private func read(_ text: String, as name: String = "table.csv") throws -> [ForeignBag] {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/" + name
    try Data(text.utf8).write(to: URL(filePath: path))
    return try ForeignBag.read(path: path)
  }

  private func message(_ text: String) -> String? {
    do { _ = try read(text) } catch let error as BagError {
      return error.description.split(separator: "/").last.map(String.init)
    } catch {}
    return nil
  }

  @Test func `this program's own export`() throws {
    let bags = try read(
      """
      Slide,Tile,Location_x,Location_y,Logit_0,Logit_1,Feature_0,Feature_1,Feature_2
      "S, 1",0,624,1136,-1.5,2.25,0.1,1e-3,3
      "S, 1",1,848,1136,1,2,4,5,6
      S-2,0,1,2,3,4,5,6,nan

      """)
    #expect(bags.map(\.slide) == ["S, 1", "S-2"])
    #expect(bags[0].features.elements == [0.1, 0.001, 3, 4, 5, 6])
    #expect(bags[0].logits?.elements == [-1.5, 2.25, 1, 2])
    #expect(bags[0].centres == [TileLocation(x: 624, y: 1136), TileLocation(x: 848, y: 1136)])
    #expect(bags[0].corners == nil && bags[0].assumptions.isEmpty && !bags[0].isSlideLevel)
    #expect(bags[1].features.elements[2].isNaN)
  }

  @Test func `slideflow's export, with slides mixed`() throws {
    let bags = try read("Slide,Class_0,Class_1,Feature_0\nA,0.25,0.75,1\nB,0,1,2\nA,1,0,3\n")
    #expect(bags.map(\.slide) == ["A", "B"])
    #expect(bags[0].features.elements == [1, 3] && bags[0].logits?.elements == [0.25, 0.75, 1, 0])
    #expect(bags[0].outputs.heads.map(\.areProbabilities) == [true] && bags[0].assumptions.isEmpty)
  }

  @Test func `simple tables, of tiles and of slides, with any separator`() throws {
    let tiles = try read("\u{FEFF}slide;x;y;0;1\r\nA;0;0;1;2\r\nA;224;0;3;4\r\n")
    #expect(tiles[0].corners == [TileLocation(x: 0, y: 0), TileLocation(x: 224, y: 0)])
    #expect(tiles[0].tileExtent == 224 && tiles[0].features.elements == [1, 2, 3, 4])
    let slides = try read("slide\tlabel\t0\t1\nA\tx\t1\t\nB\ty\t3\t4")
    #expect(slides.allSatisfy(\.isSlideLevel) && slides.count == 2 && slides[0].features.elements[1].isNaN)
    #expect(slides[0].assumptions.first == "Columns that are not known were left out: label.")
    #expect(try read("x,y,0\n1,2,3\n", as: "S9.csv").map(\.slide) == ["S9"])
  }

  @Test func `columns of other names are numbers of tiles, or left out`() throws {
    let bag = try read("slide,x,y,0,attention,label,empty\nA,0,0,1,0.5,a,\nA,224,0,2,,b,\n")[0]
    #expect(bag.quantities.map(\.name) == ["attention"])
    #expect(bag.quantities[0].values[0] == 0.5 && bag.quantities[0].values[1].isNaN)
    #expect(bag.assumptions.first == "Columns that are not known were left out: label, empty.")
  }

  @Test func `a table of patients is of patients, and one of slides names theirs besides`() throws {
    let patients = try read("patient,0,1\nP1,1,2\nP2,3,4\n")
    #expect(patients.map(\.slide) == ["P1", "P2"] && patients.allSatisfy { $0.isPatientLevel && $0.isSlideLevel })
    #expect(patients[0].assumptions == ["One row a patient, without places: taken as features of patients."])
    let slides = try read("patient,slide,0,1\nP1,S1,1,2\nP1,S2,3,4\n")
    #expect(slides.map(\.slide) == ["S1", "S2"] && slides.allSatisfy { !$0.isPatientLevel })
    #expect(message("patient,0\n,1\n") == "table.csv is damaged: line 2 names no patient.")
  }

  @Test func `outputs go by their names`() throws {
    let bag = try read(
      "Slide,Tile,Location_x,Location_y,Class_low,Class_high,Output_age/age,Feature_0\nA,0,1,1,0,1,61,3\n")[0]
    #expect(bag.outputs.heads.map(\.outputNames) == [["low", "high"], ["age"]])
    #expect(bag.logits?.elements == [0, 1, 61])
    #expect(try read("slide,output_folder,0\nA,1,2\n")[0].logits == nil)
  }

  @Test func `numbers are read to the last bit`() throws {
    var random = SplitMix64(seed: 5)
    let numbers = (0..<2000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }
      .filter(\.isFinite)
    let bags = try read("slide,0\n" + numbers.map { "A,\($0)\n" }.joined())
    #expect(bags[0].features.elements == numbers)
  }

  @Test func `what is wrong is said with its line`() {
    #expect(message("slide,Feature_0\nA,1\nA,x1\n") == "table.csv, line 3: “x1” in column Feature_0 is not a number.")
    #expect(
      message("slide,Feature_0\nA,1,2\n") == "table.csv is damaged: line 2 has 3 fields, and its header 2.")
    #expect(
      message("slide,age\nA,1\n") == "table.csv holds no features that are known: it has column slide, column age.")
    #expect(message("") == "table.csv holds no features: it is empty.")
    #expect(message("slide,0\n") == "table.csv holds no features that are known: it has a header and no rows.")
    #expect(message("s\0l\0") == "table.csv cannot be read: it is not text in UTF-8; save it as CSV UTF-8.")
  }

  @Test(arguments: ["", "NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "NaN", "nan", "<NA>", "-1.#IND", "1.#QNAN"])
  func `what slideflow reads as missing is no number, and no text`(text: String) throws {
    let bags = try read("slide,x,y,0,1\nA,0,0,1,\(text)\nA,224,0, \(text) ,4\n")
    #expect(bags[0].features.elements.map(\.isNaN) == [false, true, true, false])
    #expect(bags[0].corners?.count == 2)
    #expect(message("slide,0\nA,1\n\(text),2\n") == "table.csv is damaged: line 3 names no slide.")
  }

  @Test func `decimal commas, separators at the end of lines, and columns of one name`() throws {
    let german = try read("slide;x;y;0;1;\nA;0;0;1,5;NA;\nA;224;0;-2,25e1;1;\n")
    #expect(german[0].features.elements[0] == 1.5 && german[0].features.elements[2] == -22.5)
    #expect(german[0].features.columnCount == 2)
    #expect(try read("slide,0,1\nA,1,2,\n")[0].features.elements == [1, 2])
    let twice = try read("slide,Feature_0,Feature_0\nA,1,2\nA,3,4\n")
    #expect(
      twice[0].assumptions == ["Columns of one name are taken as they stand, side by side: Feature_0."])
    #expect(message("slide;0\nA;1.234,5\n") == "table.csv, line 2: “1.234,5” in column 0 is not a number.")
  }

  @Test func `names in another encoding are refused with their line, for they would be other names`() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/a.csv"
    try Data(Array("slide,0\nA,1\nM".utf8) + [0xFC] + Array("ller,2\n".utf8)).write(to: URL(filePath: path))
    let error = #expect(throws: BagError.self) { try ForeignBag.read(path: path) }
    #expect(error?.description.contains("line 3 is not text in UTF-8") == true)
  }
}
