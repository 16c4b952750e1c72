import FeatureData
import Testing

@testable import Slides

@Suite struct RegionFormatTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func read(_ text: String, as name: String) throws -> RegionsOfInterest {
    try RegionsOfInterest(path: scratch.write(Array(text.utf8), as: name))
  }

  private func grid() throws -> TileGrid {
    try TileGrid(
      [SlideLevel(width: 1024, height: 1024, downsample: 1)], of: "S.svs",
      size: TileSize(pixels: 32, extent: .microns(32)), scale: SlideScale(micronsPerPixel: 1, source: .given))
  }

  private func verdicts(_ regions: RegionsOfInterest) throws -> [CellVerdict] {
    var selection = TileSelection(try grid())
    try selection.apply(regions, keepingInside: true)
    return selection.verdicts
  }

  private let csv = """
    ROI_name,X_base,Y_base,label
    a,100,100,Tumor
    a,700,120,Tumor
    a,650,700,Tumor
    a,120,600,Tumor
    h,300,300,Tumor
    h,500,300,Tumor
    h,500,500,Tumor
    h,300,500,Tumor
    b,800,800,Stroma
    b,1000,800,Stroma
    b,900,1000,Stroma
    """

  private let outer = "[[100,100],[700,120],[650,700],[120,600],[100,100]]"
  private let hole = "[[300,300],[500,300],[500,500],[300,500],[300,300]]"
  private let other = "[[800,800],[1000,800],[900,1000],[800,800]]"

  private var geoJSON: String {
    """
    {"type":"FeatureCollection","features":[
    {"type":"Feature","id":"1","geometry":{"type":"Polygon","coordinates":[\(outer),\(hole)]},
    "properties":{"objectType":"annotation","name":"front","isLocked":true,
    "classification":{"name":"Tumor","colorRGB":-3670016},"measurements":[]}},
    {"type":"Feature","id":"2","geometry":{"type":"MultiPolygon","coordinates":[[\(other)]]},
    "properties":{"objectType":"annotation","classification":{"names":["Stroma"],"color":[1,2,3]}}}]}
    """
  }

  private var xml: String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <!-- ImageScope -->
    <Annotations MicronsPerPixel="0.5"><Annotation Id="1" Name="" LineColor="65280"><Attributes>
    <Attribute Name="Description" Id="0" Value="Tumor"/></Attributes><Regions><RegionAttributeHeaders/>
    <Region Id="1" Type="0" Text="front" NegativeROA="0"><Attributes/><Vertices>
    <Vertex X="100" Y="100" Z="0"/><Vertex X="700" Y="120"/><Vertex X="650,0" Y="700"/><Vertex X="120" Y="600"/></Vertices>
    </Region><Region Id="2" Type="1" NegativeROA="1"><Vertices><Vertex X="300" Y="300"/><Vertex X="500" Y="500"/>
    </Vertices></Region></Regions></Annotation>
    <Annotation Id="2" Name="Stroma &amp; fat"><Regions><Region Id="1" Type="0"><Vertices>
    <Vertex X="800" Y="800"/><Vertex X="1000" Y="800"/><Vertex X="900" Y="1000"/></Vertices></Region>
    </Regions></Annotation></Annotations>
    """
  }

  @Test func `GeoJSON and XML choose the tiles that the same regions of a table choose`() throws {
    let table = try read(csv, as: "a.csv")
    let expected = try verdicts(table)
    #expect(expected.count { $0 == .kept } > 200)
    let fromJSON = try read(geoJSON, as: "a.geojson")
    let fromXML = try read(xml, as: "a.xml")
    #expect(try verdicts(fromJSON) == expected)
    #expect(try verdicts(fromXML) == expected)
    #expect(fromJSON.classes.map(\.name) == ["Stroma", "Tumor"] && fromJSON.regions[0].name == "front")
    #expect(fromXML.classes.map(\.name) == ["Stroma & fat", "Tumor"] && fromXML.regions[0].name == "front")
    for (regions, stroma) in [(table, "Stroma"), (fromJSON, "Stroma"), (fromXML, "Stroma & fat")] {
      #expect(try regions.ofClasses(["Tumor"]).map(verdicts) == verdicts(try #require(table.ofClasses(["Tumor"]))))
      let ofStroma = try verdicts(#require(regions.ofClasses([stroma])))
      #expect(try ofStroma == verdicts(#require(table.ofClasses(["Stroma"]))) && ofStroma.contains(.kept))
      #expect(regions.ofClasses(["Necrosis"]) == nil)
    }
  }

  @Test func `a bare feature, a list of them and a bare geometry are GeoJSON too, also in UTF-16 or behind a mark`()
    throws
  {
    let expected = try verdicts(#require(read(csv, as: "a.csv").ofClasses(["Tumor"])))
    let polygon = #"{"type":"Polygon","coordinates":[\#(outer),\#(hole)]}"#
    let feature = #"{"type":"Feature","geometry":\#(polygon),"properties":{"classification":"Tumor"}}"#
    for text in [polygon, feature, "[\(feature)]", "\u{FEFF}" + feature, #"{"features":[\#(feature)]}"#] {
      #expect(try verdicts(read(text, as: "a.geojson")) == expected)
    }
    let collection = #"{"type":"GeometryCollection","geometries":[\#(polygon),{"type":"Point","coordinates":[1,2]}]}"#
    let mixed = try read(#"{"type":"Feature","geometry":\#(collection),"properties":{}}"#, as: "a.geojson")
    #expect(try verdicts(mixed) == expected && mixed.notes == [.passedOver(kind: "point", count: 1)])
    let wide: [UInt8] =
      [0xFF, 0xFE] + feature.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    #expect(try verdicts(RegionsOfInterest(path: scratch.write(wide, as: "w.geojson"))) == expected)
    #expect(try read(feature, as: "a.json").classes.map(\.name) == ["Tumor"])
  }

  @Test func `a region inside another is a hole of a table, and a region of its own in GeoJSON`() throws {
    func feature(_ ring: String, _ label: String) -> String {
      #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[\#(ring)]},"properties":{"classification":{"name":"\#(label)"}}}"#
    }
    let nested = try read("[\(feature(outer, "Tissue")),\(feature(hole, "Tumor"))]", as: "a.geojson")
    #expect(nested.holeCount == 0)
    #expect(RegionLocator(nested).region(at: .init(x: 400, y: 400))?.label == "Tumor")
    #expect(RegionLocator(nested).region(at: .init(x: 200, y: 200))?.label == "Tissue")
    let table = try read(csv.replacing("h,300,300,Tumor", with: "h,300,300,Necrosis"), as: "a.csv")
    #expect(table.holeCount == 1 && table.classes.map(\.name) == ["Necrosis", "Stroma", "Tumor"])
    #expect(RegionLocator(table).region(at: .init(x: 400, y: 400))?.label == "Necrosis")
    #expect(table.ofClasses(["Tumor"])?.spans(atY: 400).count == 2)
    #expect(table.ofClasses(["Necrosis"])?.spans(atY: 400) == [300..<500])
    // Of the same class it is a hole, and nothing lies in it.
    #expect(try RegionLocator(read(csv, as: "b.csv")).region(at: .init(x: 400, y: 400)) == nil)
  }

  @Test func `a region that is none costs itself, and points and lines are passed over with a word`() throws {
    func feature(_ geometry: String, _ name: String) -> String {
      #"{"type":"Feature","geometry":\#(geometry),"properties":{"name":"\#(name)"}}"#
    }
    let json = try read(
      "["
        + [
          feature(#"{"type":"Polygon","coordinates":[\#(outer)]}"#, "good"),
          feature(#"{"type":"Polygon","coordinates":[[[1,1],[1,1]]]}"#, "one"),
          feature(#"{"type":"Polygon","coordinates":[[[1,1],[2,2],[3,3],[1,1]]]}"#, "flat"),
          feature(#"{"type":"Polygon","coordinates":[[[1,1],[2,NaN],[3,3]]]}"#, "bad"),
          feature(#"{"type":"LineString","coordinates":[[1,1],[2,2]]}"#, "line"),
          feature(#"{"type":"MultiPoint","coordinates":[[1,1],[2,2]]}"#, "points"), feature("null", "nothing"),
        ].joined(separator: ",") + "]", as: "a.geojson")
    #expect(json.regions.map(\.name) == ["good"])
    let words = RegionNote.sentence(json.notes, path: "a.geojson") ?? ""
    for part in [
      "the region one is left out: it has 1 vertex, and a region needs three",
      "the region flat is left out: its vertices lie on one line", "the region bad is left out: y is \"nan\"",
      "1 line is passed over, for it bounds no area", "1 point is passed over",
    ] { #expect(words.contains(part), "\(words)") }

    let table = try read(csv + "\np,1,1,Tumor\nn,1,1,Tumor\nn,east,1,Tumor\nn,2,2,Tumor\n", as: "a.csv")
    #expect(table.regions.map(\.name) == ["a", "h", "b"])
    #expect(
      table.notes == [
        .faulty(name: "p", line: 13, .fewVertices(count: 1)),
        .faulty(name: "n", line: 15, .coordinate(column: "X_base", value: "east")),
      ])
    let drawn = try read(
      xml.replacing(
        "<Annotation Id=\"2\"",
        with: """
          <Annotation Id="3" Name="x"><Regions><Region Type="3"><Vertices><Vertex X="1" Y="1"/></Vertices></Region>
          <Region Id="9" Type="0"><Vertices><Vertex X="1" Y="1"/></Vertices></Region></Regions></Annotation>
          <Annotation Id="2"
          """), as: "b.xml")
    #expect(
      drawn.notes == [.faulty(name: "x 9", line: 10, .fewVertices(count: 1)), .passedOver(kind: "arrow", count: 1)])
  }

  @Test func `cells and tiles are regions only where nothing else is`() throws {
    func feature(_ ring: String, _ kind: String) -> String {
      #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[\#(ring)]},"properties":{"objectType":"\#(kind)"}}"#
    }
    let both = try read("[\(feature(outer, "annotation")),\(feature(hole, "cell"))]", as: "a.geojson")
    #expect(both.regions.count == 1 && both.notes == [.passedOver(kind: "cell", count: 1)])
    #expect(try read("[\(feature(outer, "tile")),\(feature(other, "tile"))]", as: "b.geojson").regions.count == 2)
  }

  @Test func `an ellipse and a rectangle of ImageScope are given by their corners, and ASAP's files are read`() throws {
    let ellipse = try read(
      """
      <Annotations><Annotation><Regions><Region Type="2"><Vertices><Vertex X="100" Y="200"/><Vertex X="300" Y="300"/>
      </Vertices></Region></Regions></Annotation></Annotations>
      """, as: "a.xml")
    #expect(abs(ellipse.regions[0].area - Double.pi * 100 * 50) < 20)
    let asap = try read(
      """
      <ASAP_Annotations><Annotations><Annotation Name="Annotation 0" Type="Polygon" PartOfGroup="Tumor" Color="#F4FA58">
      <Coordinates><Coordinate Order="0" X="1" Y="1"/><Coordinate Order="1" X="9" Y="1"/><Coordinate Order="2" X="5" Y="9"/>
      </Coordinates></Annotation><Annotation Name="dot" Type="Dot" PartOfGroup="None"><Coordinates>
      <Coordinate Order="0" X="1" Y="1"/></Coordinates></Annotation></Annotations><AnnotationGroups><Group Name="Tumor"
      PartOfGroup="None"><Attributes/></Group></AnnotationGroups></ASAP_Annotations>
      """, as: "b.xml")
    #expect(asap.regions.map(\.label) == ["Tumor"] && asap.regions[0].name == "Annotation 0")
    #expect(asap.notes == [.passedOver(kind: "point", count: 1)])
  }

  @Test func `what is no file of regions is refused with the place and the reason`() throws {
    func fault(_ text: String, _ name: String) throws -> String {
      try #require(throws: SlideError.self) { try read(text, as: name) }.description
    }
    #expect(try fault("{\n \"a\": 1,\n }", "a.geojson").contains("a.geojson, line 3 cannot be read as regions"))
    #expect(try fault("{\"a\": 1}", "a.geojson").contains("it has no features, and no geometry"))
    #expect(try fault("[]", "a.geojson").contains("holds no region of interest."))
    #expect(
      try fault(#"{"type":"Point","coordinates":[1,2]}"#, "a.geojson").contains(
        "holds no region of interest: 1 point is passed over"))
    #expect(try fault("<svg/>", "a.xml").contains("no annotations of ImageScope or ASAP: it begins with svg"))
    #expect(try fault("<Annotations><Annotation>\n</Annotations>", "a.xml").contains("a.xml, line 2 cannot be read"))
    #expect(try fault("", "a.xml").contains("it ends too soon"))
  }

  @Test func `places of GeoJSON are counted from the scanned part, those of the others from the whole slide`() throws {
    let bounds = SlideBounds(x: 1000, y: 500, width: 1024, height: 1024)
    for (text, name, moves) in [(csv, "a.csv", false), (geoJSON, "a.geojson", true), (xml, "a.xml", false)] {
      let regions = try read(text, as: name)
      #expect(regions.placed(on: nil) == regions)
      let vertex = regions.placed(on: bounds).regions[0].vertices[1]
      #expect(vertex == .init(x: moves ? 1700 : 700, y: moves ? 620 : 120))
    }
  }

  @Test func `the files of a slide are found by its name, and those that are not read are told`() throws {
    for name in [
      "A.geojson", "A.qpdata", "B.xml", "B.csv", "C.json", "D.svs.geojson", "E.GeoJSON", "E.v2.csv", "F.geojson.gz",
      "note.txt",
    ] { _ = try scratch.write([], as: name) }
    let folder = RegionFolder(scratch.path)
    func files(_ slide: String) -> [String] {
      let files = folder.files(of: slide, file: slide + ".svs")
      return ([files.path].compactMap(\.self) + ["|"] + files.others).map { $0.replacing(scratch.path + "/", with: "") }
    }
    #expect(files("A") == ["A.geojson", "|", "A.qpdata"])
    #expect(files("B") == ["B.csv", "|", "B.xml"])
    #expect(files("C") == ["|", "C.json"])
    #expect(files("D") == ["D.svs.geojson", "|"])
    #expect(files("E") == ["E.GeoJSON", "|"] && files("E.v2") == ["E.v2.csv", "|"])
    #expect(files("F") == ["|", "F.geojson.gz"] && files("G") == ["|"])
  }
}
