import CommandLanguage
import FeatureData
import Foundation
import Slides
import Testing

@Suite("Selections of tiles")
struct SelectCommandTests {
  let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    study.open()
    study.run("u = slide_map df n_neighbors=5")
  }

  /// "12 tiles of 72 selected …"
  private func count(_ statement: String, in study: (any SessionStudy)? = nil) throws -> Int {
    let shown = (study ?? self.study).run(statement)
    #expect(shown.failure == nil, "\(statement): \(shown.failure ?? "")")
    let found = try #require(shown.text.firstMatch(of: /([0-9]+) tiles? of [0-9]+ selected/), "\(shown.text)")
    return try #require(Int(found.1))
  }

  private func failure(_ statement: String) throws -> String { try #require(study.run(statement).failure) }

  @Test("All rules that are given hold, and others are added and taken away")
  func rules() throws {
    #expect(try count("s1 = select df slide=S-1") == 12)
    #expect(try count("select df tiles=0..<3") == 18)
    #expect(try count("select df by={site: A}") == 36)
    #expect(try count("select df by={site: !=A, HPV_status: positive}") == 12)
    #expect(try count("select df by={age: >=44}") == 24)
    #expect(try count("select df age>=44") == 24)
    #expect(try count("select df [age>40, age<43] tiles=[0]") == 2)
    #expect(try count("s2 = select df by={slide: [S-1, S-2]} tiles=0..<6") == 12)
    #expect(try count("select df and=[s1, s2]") == 6)
    #expect(try count("select df or=[s1, s2]") == 18)
    #expect(try count("select df without=s1") == 60)
    #expect(try count("s3 = select s1 or=s2") == 18)
    #expect(try count("select df by={site: A} and=s3 without=s1") == 6)
    #expect(try count("select df area=[0, 0, 40, 16]") == 18)
    #expect(try count("select df slide=S-0 polygon=[0, 0, 200, 0, 200, 100, 0, 100]") == 12)
    #expect(try count("select df near=S-0:3 n=4") == 5)
    #expect(try count("select df near=S-0:3 n=4 slide=S-1") == 4)
    #expect(try count("select df \"feature:0>-1e9\"") == 72)
    #expect(try count("select df by={\"feature:0\": >-1e9, \"logit:1\": <1e9}") == 72)
    let predicted = (0..<2).map { name -> Int in
      let shown = study.run("select df prediction=\(name)")
      if let failure = shown.failure {
        #expect(failure.contains("`prediction` leaves none of the 72 tiles. Predicted are "), "\(failure)")
      }
      return shown.text.firstMatch(of: /([0-9]+) tiles? of 72 selected/).flatMap { Int($0.1) } ?? 0
    }
    #expect(predicted.reduce(0, +) == 72)
  }

  @Test("On a map tiles are selected by its coordinates, and the whole of it holds all of them")
  func onMap() throws {
    #expect(try count("s1 = select u area=[-1, -1, 2, 2]") == 72)
    let half = try count("s2 = select u polygon=[-1, -1, 0.5, -1, 0.5, 2, -1, 2]")
    #expect(half > 0 && half < 72)
    #expect(try count("select u without=s2") == 72 - half)
    #expect(study.run("tiles s2 n=4 values=[s2]").failure == nil)
    let mosaic = study.run("m = mosaic s2")
    #expect(mosaic.failure == nil && mosaic.text.contains("Of 72 points those of the selection"), "\(mosaic.text)")
    #expect(study.run("label u by=s2").failure == nil)
    #expect(study.run("label s2 by=site").failure == nil)
  }

  @Test("The composition stands beside that of all tiles, by category, patient and slide")
  func composition() throws {
    let small = try SmallStudy()
    try small.write(
      "annotations.csv",
      "patient,slide,HPV_status\n"
        + (0..<6).map { "P\($0 / 2),S-\($0),\($0 < 4 ? ($0 % 2 == 0 ? "positive" : "negative") : "")\n" }.joined())
    small.open()
    let text = small.run("s1 = select df by={slide: [S-0, S-1, S-5]} tiles=0..<6\ns1.composition").text
    #expect(
      text.contains("18 tiles of 72 selected, of 3 of 6 slides: slide S-0 or S-1 or S-5")
        || text.contains("18 tiles of 72"))
    for line in [
      /HPV_status +positive +6 +33.3 +24 +33.3/, /HPV_status +without a label +6 +33.3 +24 +33.3/,
      /patient +P0 +12 +66.7 +24 +33.3/, /slide +S-5 +6 +33.3 +12 +16.7/,
    ] {
      #expect(text.contains(line), "\(text)")
    }
  }

  @Test("A rule that leaves nothing is named, with what there is")
  func empty() throws {
    #expect(
      try failure("select df feature:0>1e9").contains(
        "`feature:0 > 1000000000` leaves none of the 72 tiles. feature:0 is "))
    #expect(
      try failure("select df slide=S-1 by={site: B}").contains(
        "`by` leaves none of the 12 tiles that the other rules choose. Of site there is A (12 tiles)"))
    #expect(try failure("select u polygon=[5, 5, 6, 5, 6, 6]").contains("leaves none of the 72 tiles. They lie at x "))
    #expect(try failure("select df").contains("needs a rule that chooses tiles"))
    #expect(try failure("select df prediction=nobody").contains("There is no outcome `nobody`"))
    #expect(try failure("select df by={feature:0: >1}").contains("by={\"feature:0\": >1}"))
    #expect(try failure("select df by={feature:0>1}").contains("\"feature:0\": >1"))
    #expect(try failure("select df by=feature:0>1").contains("{\"feature:0\": >1}"))
    #expect(try failure("select df where={site: A}").contains("instead: by={site: A}"))
    #expect(try failure("select df by={sitte: A}").contains("There is no column `sitte`"))
    #expect(try failure("select df by={site: C}").contains("No slide has site \"C\""))
    #expect(try failure("select df feature:99999>0").contains("There is no feature 99999"))
    #expect(try failure("select u cluster=3").contains("There are no clusters to select from"))
    #expect(try failure("select df class=Tumor").contains("geojson"))
    #expect(try failure("lasso df").contains("the nearest is `select`"))
  }

  @Test(
    "Tiles in drawn regions are selected by class, with holes and several parts, and the saved union gives them back")
  func regions() throws {
    func ring(_ left: Int, _ right: Int) -> String {
      "[[\(left),0],[\(right),0],[\(right),16],[\(left),16],[\(left),0]]"
    }
    func feature(_ geometry: String, _ label: String) -> String {
      #"{"type":"Feature","geometry":\#(geometry),"properties":{"classification":{"name":"\#(label)"}}}"#
    }
    // Centres lie at 8, 24, 40 …: the hole takes 40 away, and Necrosis lies on the tumour.
    let tumor = feature(#"{"type":"Polygon","coordinates":[\#(ring(0, 80)),\#(ring(32, 48))]}"#, "Tumor")
    let stroma = feature(#"{"type":"MultiPolygon","coordinates":[[\#(ring(96, 112))],[\#(ring(144, 176))]]}"#, "Stroma")
    let necrosis = feature(#"{"type":"Polygon","coordinates":[\#(ring(0, 16))]}"#, "Necrosis")
    let text = #"{"type":"FeatureCollection","features":[\#([tumor, stroma, necrosis].joined(separator: ","))]}"#
    try FileManager.default.createDirectory(atPath: study.folder + "/drawn", withIntermediateDirectories: true)
    try study.write("drawn/S-1.geojson", text)
    try study.write("any.geojson", text)
    let folder = "geojson='\(study.folder)/drawn'"
    study.run("df = features models/small.onnx outcomes=HPV_status mpp=1")
    #expect(try count("s1 = select df \(folder)") == 7)
    #expect(try count("select df \(folder) class=Tumor") == 4)
    #expect(try count("select df \(folder) class=[Tumor, Necrosis]") == 4)
    #expect(try count("s2 = select df \(folder) class=Stroma") == 3)
    #expect(try count("select df geojson='\(study.folder)/drawn/S-1.geojson'") == 7)
    #expect(try count("select df geojson='\(study.folder)/any.geojson' slide=S-4") == 7)
    #expect(
      try failure("select df geojson='\(study.folder)/any.geojson'").contains("does not tell by its name which slide"))
    #expect(try failure("select df \(folder) class=Fat").contains("there are Necrosis (1), Stroma (2), Tumor (1)."))

    let saved = study.run("save s1 '\(study.folder)/one/S-1.geojson'")
    #expect(saved.failure == nil, "\(saved.failure ?? "")")
    #expect(try count("s3 = select df geojson='\(study.folder)/one/S-1.geojson' class=s1") == 7)
    #expect(try failure("select s3 without=s1").contains("leaves none of the 7 tiles"))
    study.run("s4 = select df tiles=[0, 2, 3]")
    let several = study.run("save s4 '\(study.folder)/all.geojson'")
    #expect(
      several.text.contains("all/S-0.geojson and 5 other files beside it: a file of regions is of one slide"),
      "\(several.text)")
    #expect(try count("select df geojson='\(study.folder)/all'") == 18)
    #expect(try failure("select df geojson='\(study.folder)/all' without=s4").contains("leaves none of the 18 tiles"))
    let table = study.run("save s4 '\(study.folder)/s4.csv' columns=[site, prediction]")
    #expect(table.failure == nil)
    let lines = try String(contentsOfFile: study.folder + "/s4.csv", encoding: .utf8).split(whereSeparator: \.isNewline)
    #expect(lines.count == 19 && lines[0].hasPrefix("slide,index,location_x,location_y,site,"))
  }

  @Test("What was drawn for the project is not written over")
  func drawnBefore() throws {
    let small = try SmallStudy()
    try small.write("datasets.json", #"{"S": {"tfrecords": "./tfrecords", "roi": "./roi"}}"#)
    try FileManager.default.createDirectory(atPath: small.folder + "/roi", withIntermediateDirectories: true)
    try small.write("roi/S-2.geojson", "{}")
    small.run("project '\(small.folder)'\ndf = features models/small.onnx mpp=1\ns1 = select df tiles=0..<3")
    let refused = try #require(small.run("save s1 '\(small.folder)/roi'").failure)
    #expect(refused.contains("S-2.geojson has regions of the project already, which would be lost."))
    #expect(!FileManager.default.fileExists(atPath: small.folder + "/roi/S-0.geojson"))
    small.run("s2 = select df slide=S-1 tiles=0..<3")
    for _ in 0..<2 { #expect(small.run("save s2 '\(small.folder)/roi/S-1.geojson'").failure == nil) }
    small.run("s2 = select df slide=S-1 tiles=0..<4")
    #expect(small.run("save s2 '\(small.folder)/roi/S-1.geojson'").failure != nil)
    #expect(try count("select df region=s2 slide=S-1", in: small) == 3)
  }

  @Test("A selection stands for the features of its tiles, of which alone are mapped and compared")
  func asFeatures() throws {
    study.run("s1 = select df tiles=0..<4")
    let map = study.run("v = slide_map s1 n_neighbors=3")
    #expect(map.failure == nil && map.text.contains("Map of 24 tiles"), "\(map.text)\(map.failure ?? "")")
    #expect(study.run("slide_map s1 n_neighbors=3").text == map.text)
    let stats = study.run("stats s1 outcomes=HPV_status")
    #expect(stats.text.contains("tile p over 24 tiles"), "\(stats.text)\(stats.failure ?? "")")
    #expect(study.run("activations s1 slide=S-0").text.contains("S-0: (4, "))
    #expect(study.run("label u by=s1").failure == nil && study.run("label v by=s1").failure == nil)
    #expect(try count("select v by={site: A}") == 12)
    let mosaic = study.run("mosaic s1 n_neighbors=3")
    #expect(mosaic.failure == nil, "\(mosaic.failure ?? "")")
  }

  @Test("Features of another kind are computed of the selected tiles alone, and are the tiles' own")
  func asDataset() throws {
    study.run("s1 = select df tiles=[1, 4, 7] by={site: A}")
    let other = study.run("d2 = features models/small.onnx dataset=s1")
    #expect(other.failure == nil && other.text.contains("3 slides, 9 tiles"), "\(other.text)\(other.failure ?? "")")
    let own = study.run("activations d2 slide=S-1").text.split(separator: "\n").filter { $0.hasPrefix("S-1") }
    let all = study.run("activations df slide=S-1 tiles=[1, 4, 7]").text.split(separator: "\n").filter {
      $0.hasPrefix("S-1")
    }
    #expect(own == all && own.count == 3, "\(own)\n\(all)")
    #expect(try count("select d2 and=s1") == 9)
    #expect(study.run("features models/small.onnx dataset=s1").text.contains("9 tiles"))
    #expect(study.run("features models/small.onnx").text.contains("72 tiles"))
    #expect(study.run("batch models/small.onnx dataset=s1 index=0..<4").failure == nil)
  }

  @Test("Features without places, and rows that are no numbers, are selected by what is known of them")
  func unknown() throws {
    try FileManager.default.createDirectory(atPath: study.folder + "/npy", withIntermediateDirectories: true)
    try Data(NPY.bytes([1, 2, .nan, 4, 5, 6], rows: 3)).write(to: URL(fileURLWithPath: study.folder + "/npy/S-0.npy"))
    study.run("x = import_features '\(study.folder)/npy'")
    #expect(try count("select x by={site: A}") == 3)
    #expect(try count("select x feature:0>-10") == 2)
    #expect(try failure("select x area=[0, 0, 1, 1]").contains("no places of their tiles"))
    #expect(try failure("select x near=S-0:1").contains("NaN or infinity"))
    study.run("s = select x by={site: A}")
    #expect(try failure("save s '\(study.folder)/s.geojson'").contains("came without the places of their tiles"))
  }

  @Test("Clusters are selected by name, and of a map of slides whole slides are")
  func clustersAndSlides() throws {
    study.run("c = cluster u k=2")
    let parts = try ["0", "1"].map { try count("select df cluster=\($0)") }
    #expect(parts.reduce(0, +) == 72)
    #expect(try count("select df cluster=[0, 1]") == 72)
    #expect(try count("select c cluster=1") == parts[1])
    #expect(try count("select df by={cluster: 0}") == parts[0])
    #expect(try count("select df by={c: !=0}") == parts[1])
    #expect(try failure("select df cluster=7").contains("There is no cluster 7; the clusters are 0, 1."))
    study.run("d = cluster df k=3")
    #expect(try failure("select df cluster=0").contains("clusters=d"))
    #expect(try count("select df cluster=0 clusters=c") == parts[0])
    #expect(try count("select c cluster=0") == parts[0])

    study.run("w = slide_map df map_slide=centroid n_neighbors=3")
    let all = study.run("s = select w area=[-1, -1, 2, 2]")
    #expect(all.text.contains("72 tiles of 72 selected") && all.text.contains("21 of 72 tiles"), "\(all.text)")
    #expect(try count("select w polygon=[-1, -1, 2, -1, 2, 2, -1, 2] slide=S-2") == 12)
  }

  @Test("Selections are painted on their slide, and of a slide or a grid the tiles of features are meant")
  func onSlide() throws {
    let slides = try SlideStudy()
    let model = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "InferenceTests/Fixtures/classifier.onnx")
    try FileManager.default.copyItem(atPath: model.path, toPath: slides.folder + "/small.onnx")
    slides.run(
      "project '\(slides.folder)'\ndf = features '\(slides.folder)/small.onnx'\nw = slide DEMO-01 tile_px=64 tile_um=64"
    )
    let whole = try count("s1 = select w tiles=0..<8", in: slides)
    #expect(whole > 4)
    #expect(try count("s2 = select w tiles=0..<2", in: slides) == 2)
    let painted = slides.run("slide DEMO-01 show=[s2]")
    #expect(
      painted.failure == nil && painted.text.contains("Painted: s2 (2 tiles), of "),
      "\(painted.text)\(painted.failure ?? "")")
    #expect(
      try #require(slides.run("slide DEMO-02 show=s2").failure).contains(
        "has no tile of slide DEMO-02; it has tiles of DEMO-01."))
    slides.run("g = feature_grid '\(slides.folder)/small.onnx' slide=DEMO-01 tile_px=64 tile_um=64")
    #expect(try count("select g tiles=0..<2", in: slides) == 2)
    // Back from a file of the slide, in its own frame.
    slides.run("save s2 '\(slides.folder)/DEMO-01.geojson'")
    #expect(try count("select w geojson='\(slides.folder)/DEMO-01.geojson' class=s2", in: slides) == 2)
  }

  @Test("Slides and classes with blanks, quotes and signs in their names are selected, saved and found again")
  func nastyNames() throws {
    let names = ["a b (1)", "x=1, \"y\"", "ü#%&"]
    try FileManager.default.createDirectory(atPath: study.folder + "/odd", withIntermediateDirectories: true)
    var annotations = "patient,slide,\"the site: A\"\n"
    for (place, name) in names.enumerated() {
      try Data(NPY.bytes((0..<8).map { Float($0 + place) }, rows: 4)).write(
        to: URL(filePath: study.folder + "/odd/\(name).npy"))
      annotations += "P\(place),\"\(name.replacing("\"", with: "\"\""))\",\"<\(place)>\"\n"
    }
    try study.write("annotations.csv", annotations)
    let opened = study.run("project '\(study.folder)'\nodd = import_features '\(study.folder)/odd'")
    #expect(opened.failure == nil, "\(opened.failure ?? "")")
    #expect(try count("s1 = select odd by={\"the site: A\": ['<0>', '<2>']}") == 8)
    #expect(try count("select odd slide='a b (1)'") == 4)
    #expect(try count("select odd slide=\"x=1, \\\"y\\\"\"") == 4)
    #expect(try count("select odd feature:0>2 by={slide: ['ü#%&']}") == 3)
    #expect(study.run("stats odd between=s1").text.contains("s1"))
  }
}
