import FeatureData
import FeatureStore
import Files
import Foundation
import Rendering
import Slides

extension TileGroups {
  /// Writes the groups as regions that QuPath and `roi` read, a file for each slide: of each group one object, the union of
  /// its tiles, with the group as its class.
  ///
  /// Of one slide it is the file that is asked for; of several, or where the path has no ending, the files lie in a folder and
  /// are called like their slides. Places are those of QuPath, in pixels of level 0 from the corner of the scanned part.
  ///
  /// - Returns: what was written, and what is to be known of it, a sentence each.
  /// - Throws: `WorkflowFailure` where the tiles' extent is not known on any slide.
  package func saveRegions(_ request: SaveRequest) throws -> [String] {
    let used = features.slides.indices.filter { numbers[$0].contains { $0 >= 0 } }
    let known = used.filter { features.slides[$0].stored.corners?.sidePixels != nil }
    guard let first = known.first else {
      guard let slide = used.first else { throw WorkflowFailure("There is no tile to write.", parameter: "path") }
      throw features.slides[slide].gap?.failure(features.slides[slide].name)
        ?? TileOrigins.Gap.extents.failure(features.slides[slide].name)
    }
    var origins = RegionOrigins(features.study, request.monitor)
    var sentences: [String] = []
    if known.count == 1, !request.fileExtension.isEmpty {
      let bytes = try bytes(of: first, &origins)
      try checkDrawn(request.path, bytes)
      try Reporting.run(parameter: "path") { try PathResolution.write(bytes, to: request.path) }
      sentences = [request.sentence(byteCount: bytes.count)]
    } else {
      let folder = (request.path as NSString).deletingPathExtension
      let names = Self.fileNames(known.map { features.slides[$0].name })
      let files = try zip(known, names).map { slide, name in
        try request.monitor.checkInterrupted()
        let file = (path: folder + "/" + name, bytes: try bytes(of: slide, &origins))
        try checkDrawn(file.path, file.bytes)
        return file
      }
      for (path, bytes) in files {
        try Reporting.run(parameter: "path") { try PathResolution.write(bytes, to: path) }
      }
      sentences = [
        "Saved \(folder)/\(names[0])"
          + (names.count > 1 ? " and \((names.count - 1).counted("other file")) beside it" : "")
          + (request.fileExtension.isEmpty
            ? "." : ": a file of regions is of one slide, and these are of \(known.count).")
      ]
    }
    return sentences + remarks(on: known, used, origins)
  }

  private func remarks(on known: [Int], _ used: [Int], _ origins: RegionOrigins) -> [String] {
    var remarks = [
      "The tiles of a \(label) are one object, their union, in pixels of level 0 as QuPath counts them."
    ]
    let without = used.filter { !known.contains($0) }.map { features.slides[$0].name }
    if !without.isEmpty {
      remarks.append(
        "Left out, for nothing says how large their tiles are: \(without.prefix(5).joined(separator: ", "))"
          + (without.count > 5 ? ", … (\(without.count))." : "."))
    }
    return remarks + origins.remarks
  }

  /// What people drew for a study is not written over; the same once more is nothing else.
  private func checkDrawn(_ path: String, _ bytes: [UInt8]) throws(WorkflowFailure) {
    let folder = PathResolution.unique((path as NSString).deletingLastPathComponent)
    let folders = features.study.project.sources.compactMap(\.regionsOfInterest).map(PathResolution.unique)
    guard folders.contains(folder), let there = FileManager.default.contents(atPath: path), Array(there) != bytes else {
      return
    }
    throw WorkflowFailure(
      "\(path.withShortPaths) has regions of the project already, which would be lost.", parameter: "path")
  }

  /// Like the slides, so that they are found by them; only what no file can be called is changed.
  private static func fileNames(_ slides: [String]) -> [String] {
    let safe = SafeFileName.distinct(slides)
    let areFine = slides.allSatisfy { !$0.contains("/") && !$0.hasPrefix(".") && !$0.isEmpty && $0.utf8.count <= 200 }
    return (areFine ? slides : safe).map { $0 + ".geojson" }
  }

  private func bytes(of slide: Int, _ origins: inout RegionOrigins) throws -> [UInt8] {
    guard let corners = features.slides[slide].stored.corners, let side = corners.sidePixels else {
      throw TileOrigins.Gap.extents.failure(features.slides[slide].name)
    }
    let origin = try origins.origin(of: features.slides[slide].name)
    let objects = names.indices.compactMap { group -> String? in
      let own = numbers[slide].indices.filter { numbers[slide][$0] == Int32(group) }.map { corners.corners[$0] }
      guard !own.isEmpty else { return nil }
      return object(
        TileUnion(corners: own, side: side), from: origin, name: names[group], colour: Palette.categorical(group))
    }
    return Array(
      (#"{"type":"FeatureCollection","features":["# + "\n" + objects.joined(separator: ",\n") + "\n]}\n").utf8)
  }

  private func object(
    _ union: TileUnion, from origin: (x: Int, y: Int), name: String, colour: Colour
  ) -> String {
    func ring(_ corners: [TileLocation]) -> String {
      "[" + (corners + corners.prefix(1)).map { "[\($0.x - origin.x),\($0.y - origin.y)]" }.joined(separator: ",") + "]"
    }
    let polygons = union.polygons.map { polygon in
      "[" + ([polygon.outer] + polygon.holes).map(ring).joined(separator: ",") + "]"
    }
    let geometry =
      polygons.count == 1
      ? #"{"type":"Polygon","coordinates":\#(polygons[0])}"#
      : #"{"type":"MultiPolygon","coordinates":[\#(polygons.joined(separator: ","))]}"#
    let text = JSONFragment.string(name).text
    return #"{"type":"Feature","geometry":\#(geometry),"properties":{"objectType":"annotation","name":\#(text),"#
      + #""classification":{"name":\#(text),"color":[\#(colour.red),\#(colour.green),\#(colour.blue)]}}}"#
  }
}

/// From which corner QuPath counts on each slide.
private struct RegionOrigins {
  private let files: SlideFiles
  private let monitor: any WorkMonitor
  private var scanned: [(slide: String, x: Int, y: Int)] = []
  private var missing: [String] = []

  init(_ study: Study, _ monitor: any WorkMonitor) {
    files = SlideFiles(study)
    self.monitor = monitor
  }

  mutating func origin(of slide: String) throws -> (x: Int, y: Int) {
    guard let file = files.file(of: slide), file.isUnambiguous else {
      missing.append(slide)
      return (0, 0)
    }
    guard let part = try SlideOpening.open(file.path, monitor: monitor).scannedPart else { return (0, 0) }
    scanned.append((slide, part.x, part.y))
    return (part.x, part.y)
  }

  var remarks: [String] {
    var remarks: [String] = []
    if !scanned.isEmpty {
      let shown = scanned.prefix(5).map { "\($0.slide) from (\($0.x), \($0.y)) on" }.joined(separator: ", ")
      remarks.append("QuPath counts from the corner of the scanned part: \(shown)\(scanned.count > 5 ? ", …" : "").")
    }
    if !missing.isEmpty {
      let names = missing.prefix(5).joined(separator: ", ") + (missing.count > 5 ? ", … (\(missing.count))" : "")
      remarks.append(
        "There is no slide file of \(names), so places are counted from the corner of the whole slide; QuPath counts from "
          + "that of the scanned part where a slide has one.")
    }
    return remarks
  }
}
