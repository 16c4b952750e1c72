import FeatureData
import Files

extension RegionsOfInterest {
  /// Reads GeoJSON (RFC 7946) as QuPath writes it: a collection of features, a list of them, a single one, or a bare
  /// geometry. Polygons are areas and their inner rings holes; places are pixels of level 0, from the corner of what
  /// QuPath shows. A region's class is that of `classification`, its name that of `name`.
  ///
  /// Cells, tiles and other detections are regions only where a file holds nothing else.
  ///
  /// - Throws: `SlideError` for a file that is no GeoJSON, holds no regions, or more than can be worked on;
  ///   `WorkInterrupted`.
  init(geoJSON bytes: [UInt8], path: String, monitor: any WorkMonitor) throws {
    let document: JSONValue
    do {
      document = try JSONValue(parsing: TextEncoding.utf8(bytes), takesPythonNumbers: true)
    } catch let fault as JSONFault {
      throw SlideError.roiDamaged(
        path: path, line: 1 + bytes.prefix(fault.offset).count { $0 == 0x0A }, "it is \(fault)")
    } catch let fault as CSVFault {
      throw SlideError.roiDamaged(path: path, line: fault.line, fault.clause)
    }
    guard let features = Self.features(of: document) else {
      throw SlideError.roiDamaged(
        path: path, line: nil, "it is JSON, and no GeoJSON: it has no features, and no geometry")
    }
    var collector = RegionCollector(path: path, monitor: monitor)
    let drawn = features.filter { !Self.isDetection($0) }
    let holdsDrawn = drawn.contains { $0["geometry"] != nil || $0["coordinates"] != nil }
    for (index, feature) in features.enumerated() {
      if holdsDrawn, Self.isDetection(feature) {
        collector.passOver(feature["properties"]?["objectType"]?.text ?? "detection")
        continue
      }
      try GeoJSONFeature(feature, number: index + 1).add(to: &collector)
    }
    self = try collector.regions(frame: .scannedPart)
  }

  /// Nil for what is no GeoJSON.
  private static func features(of document: JSONValue) -> [JSONValue]? {
    if case .array(let list) = document { return list.allSatisfy { $0.members != nil } ? list : nil }
    if case .array(let list)? = document["features"] { return list }
    return document["geometry"] != nil || document["coordinates"] != nil || document["geometries"] != nil
      ? [document] : nil
  }

  /// Of QuPath's kinds of objects those that a program found, and nobody drew.
  private static func isDetection(_ feature: JSONValue) -> Bool {
    ["detection", "cell", "tile"].contains(feature["properties"]?["objectType"]?.text ?? "")
  }
}

/// One feature: a geometry with its name and its class.
private struct GeoJSONFeature {
  private let geometry: JSONValue
  private let label: String?
  private let name: String

  init(_ feature: JSONValue, number: Int) {
    geometry = feature["geometry"] ?? feature
    let properties = feature["properties"]
    label = properties.flatMap(Self.label)
    name = properties?["name"]?.text.flatMap { Annotations.isBlank($0) ? nil : $0 } ?? "\(label ?? "region") \(number)"
  }

  /// `classification` is an object with a name, or with the names of a class and of those derived from it, or a text.
  private static func label(_ properties: JSONValue) -> String? {
    let classification = properties["classification"]
    var text = classification?.text ?? classification?["name"]?.text
    if text == nil, case .array(let names)? = classification?["names"] {
      text = names.compactMap(\.text).joined(separator: ": ")
    }
    return text.flatMap { Annotations.isBlank($0) ? nil : $0 }
  }

  func add(to collector: inout RegionCollector) throws { try add(geometry, to: &collector) }

  private func add(_ geometry: JSONValue, to collector: inout RegionCollector) throws {
    let type = geometry["type"]?.text ?? "thing without a geometry"
    switch (type, geometry["coordinates"]) {
    case ("Polygon", let rings?): try add(polygon: rings, to: &collector)
    case ("MultiPolygon", .array(let polygons)?):
      for polygon in polygons { try add(polygon: polygon, to: &collector) }
    case ("GeometryCollection", _):
      guard case .array(let parts)? = geometry["geometries"] else { return collector.passOver("empty collection") }
      for part in parts { try add(part, to: &collector) }
    case ("Point", _), ("MultiPoint", _): collector.passOver("point")
    case ("LineString", _), ("MultiLineString", _): collector.passOver("line")
    default: collector.passOver(type)
    }
  }

  private func add(polygon: JSONValue, to collector: inout RegionCollector) throws {
    guard case .array(let rings) = polygon, !rings.isEmpty else {
      return collector.leaveOut(name, line: nil, .fewVertices(count: 0))
    }
    do {
      var outlines = try rings.map(vertices)
      for outline in outlines { try collector.count(vertices: outline.count, line: nil) }
      if let fault = RegionFault.of(outlines[0]) { throw fault }
      let outer = outlines.removeFirst()
      collector.add(
        RegionsOfInterest.Area(
          outlines: [RegionsOfInterest.Region(name: name, label: label, vertices: outer)],
          // A hole without an area takes nothing away.
          holes: outlines.filter { RegionFault.of($0) == nil }.map {
            RegionsOfInterest.Region(name: name, label: label, vertices: $0)
          }))
    } catch let fault as RegionFault {
      collector.leaveOut(name, line: nil, fault)
    }
  }

  private func vertices(_ ring: JSONValue) throws(RegionFault) -> [RegionsOfInterest.Vertex] {
    guard case .array(let places) = ring else { throw .fewVertices(count: 0) }
    return try places.map { place throws(RegionFault) in
      guard case .array(let numbers) = place, numbers.count >= 2 else {
        throw .coordinate(column: "a place", value: JSONFragment(place).text)
      }
      return RegionsOfInterest.Vertex(x: try number(numbers[0], "x"), y: try number(numbers[1], "y"))
    }
  }

  private func number(_ value: JSONValue, _ name: String) throws(RegionFault) -> Double {
    guard let number = value.double, abs(number) <= RegionFault.largestCoordinate else {
      throw .coordinate(column: name, value: value.double.map { "\($0)" } ?? JSONFragment(value).text)
    }
    return number
  }
}
