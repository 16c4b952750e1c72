import FeatureData
import Files
import Glibc

extension RegionsOfInterest {
  /// Reads the annotations of ImageScope, and of ASAP, which has the same form with other names: layers
  /// (`Annotation`) of regions, in pixels of level 0 from the corner of the whole slide. A region's class is the name of
  /// its layer. A region with `NegativeROA="1"` is a hole in those of its layer, and in all where its layer has no other.
  ///
  /// - Throws: `SlideError` for a file that is no such XML, holds no regions, or more than can be worked on;
  ///   `WorkInterrupted`.
  init(xml bytes: [UInt8], path: String, monitor: any WorkMonitor) throws {
    var collector = RegionCollector(path: path, monitor: monitor)
    var parser = AnnotationParser()
    do {
      var reader = try XMLReader(bytes)
      while let event = try reader.next() { try parser.take(event, path: path, &collector) }
    } catch let fault as XMLFault {
      throw SlideError.roiDamaged(path: path, line: fault.line, fault.clause)
    }
    for area in parser.areas { collector.add(area) }
    self = try collector.regions(frame: .wholeSlide)
  }
}

/// Puts together what the tags say.
private struct AnnotationParser {
  typealias Region = RegionsOfInterest.Region
  typealias Vertex = RegionsOfInterest.Vertex

  /// A region while it is read.
  private struct Draft {
    var name: String
    var label: String?
    var line: Int
    var kind: String
    var isHole: Bool
    var vertices: [Vertex] = []
    var fault: RegionFault?
  }

  private var layers: [RegionsOfInterest.Area] = []
  private var layerName: String?
  /// What the layer's attributes say, where it has no name.
  private var layerNote: String?
  private var draft: Draft?
  private var regionCount = 0
  private var isRootKnown = false

  private static let roots: Set<String> = ["annotations", "asap_annotations"]
  /// ImageScope's numbers for what it draws, and the words of other programs.
  private static let lines: [String: String] = [
    "3": "arrow", "4": "ruler", "5": "pin", "dot": "point", "pointset": "point", "measurement": "ruler",
    "arrow": "arrow", "ruler": "ruler", "none": "thing without a shape",
  ]
  private static let ellipses: Set<String> = ["2", "ellipse"]
  private static let rectangles: Set<String> = ["1", "rectangle"]

  /// The layers, each an area, with the holes of layers that hold nothing else.
  var areas: [RegionsOfInterest.Area] {
    let holes = layers.filter(\.outlines.isEmpty).flatMap(\.holes)
    return layers.filter { !$0.outlines.isEmpty }.map { layer in
      var layer = layer
      layer.holes += holes
      return layer
    }
  }

  mutating func take(_ event: XMLReader.Event, path: String, _ collector: inout RegionCollector) throws {
    switch event {
    case .start(let element):
      if !isRootKnown {
        isRootKnown = true
        guard Self.roots.contains(element.name) else {
          throw SlideError.roiDamaged(
            path: path, line: element.line,
            "it is XML, and no annotations of ImageScope or ASAP: it begins with "
              + element.name)
        }
      }
      begin(element)
    case .end(let name):
      if name == "region" { try finishRegion(&collector) }
      guard name == "annotation" else { return }
      try finishRegion(&collector)
    }
  }

  private mutating func begin(_ element: XMLReader.Element) {
    func text(_ attribute: String) -> String? { element[attribute].flatMap { Annotations.isBlank($0) ? nil : $0 } }
    switch element.name {
    case "annotation":
      layers.append(RegionsOfInterest.Area(outlines: []))
      layerName = text("name")
      layerNote = nil
      // In ASAP's files an annotation is a region, and its group the class.
      if let kind = element["type"], let group = element["partofgroup"] {
        layerName = group == "None" ? nil : group
        start(element, kind: kind, name: text("name"))
      }
    case "attribute" where draft == nil:
      let key = text("name").flatMap { $0 == "Description" ? nil : $0 }
      layerNote = layerNote ?? text("value") ?? key
    case "region": start(element, kind: element["type"] ?? "0", name: text("text"))
    case "vertex", "v", "coordinate": add(element)
    default: break
    }
  }

  private mutating func start(_ element: XMLReader.Element, kind: String, name: String?) {
    regionCount += 1
    let number = element["displayid"] ?? element["id"] ?? "\(regionCount)"
    let label = layerName ?? layerNote
    draft = Draft(
      name: name ?? "\(label ?? "region") \(number)", label: label ?? (element.name == "region" ? name : nil),
      line: element.line, kind: kind.lowercased(),
      isHole: ["1", "true"].contains(element["negativeroa"]?.lowercased() ?? ""))
  }

  private mutating func add(_ element: XMLReader.Element) {
    guard draft != nil, draft?.fault == nil else { return }
    func number(_ name: String) throws(RegionFault) -> Double {
      let text = element[name] ?? ""
      // Some write a comma before the decimals, as their country does.
      guard let value = Double(text) ?? Double(text.replacing(",", with: ".")), value.isFinite,
        abs(value) <= RegionFault.largestCoordinate
      else { throw .coordinate(column: name.uppercased(), value: text) }
      return value
    }
    do throws(RegionFault) {
      draft?.vertices.append(Vertex(x: try number("x"), y: try number("y")))
    } catch {
      draft?.fault = error
    }
  }

  private mutating func finishRegion(_ collector: inout RegionCollector) throws {
    guard var region = draft, !layers.isEmpty else { return }
    draft = nil
    if let kind = Self.lines[region.kind], region.vertices.count < 3 || Int(region.kind) == nil {
      return collector.passOver(kind)
    }
    if region.vertices.count < 3 || Self.ellipses.contains(region.kind) {
      region.vertices = Self.shape(region.kind, corners: region.vertices) ?? region.vertices
    }
    try collector.count(vertices: region.vertices.count, line: region.line)
    if let fault = region.fault ?? RegionFault.of(region.vertices) {
      return collector.leaveOut(region.name, line: region.line, fault)
    }
    let outline = Region(name: region.name, label: region.label, vertices: region.vertices)
    if region.isHole {
      layers[layers.count - 1].holes.append(outline)
    } else {
      layers[layers.count - 1].outlines.append(outline)
    }
  }

  /// The outline of a rectangle or an ellipse that is given by the corners of the box around it; nil for others.
  private static func shape(_ kind: String, corners: [Vertex]) -> [Vertex]? {
    guard (2...4).contains(corners.count), let left = corners.map(\.x).min(), let right = corners.map(\.x).max(),
      let top = corners.map(\.y).min(), let bottom = corners.map(\.y).max()
    else { return nil }
    if rectangles.contains(kind) {
      return [(left, top), (right, top), (right, bottom), (left, bottom)].map { Vertex(x: $0.0, y: $0.1) }
    }
    guard ellipses.contains(kind) else { return nil }
    // So many that the outline is nowhere further from the curve than a thousandth of its width.
    let count = 128
    return (0..<count).map { step in
      let angle = 2 * Double.pi * Double(step) / Double(count)
      return Vertex(
        x: (left + right) / 2 + (right - left) / 2 * cos(angle),
        y: (top + bottom) / 2 + (bottom - top) / 2 * cos(angle - Double.pi / 2))
    }
  }
}
