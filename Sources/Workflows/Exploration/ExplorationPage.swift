import CFrontEnd
import FeatureData
import FeatureStore
import Files
import Foundation
import Slides

/// A view of a map as one file that a browser opens without a kernel.
package struct ExplorationPage {
  private let exploration: Exploration
  private let first: ColourChoice?
  private let tileByteLimit: Int

  /// - Parameters:
  ///   - first: what the map is coloured by first.
  ///   - tileByteLimit: of the pictures of tiles.
  package init(_ exploration: Exploration, first: ColourChoice?, tileByteLimit: Int) {
    self.exploration = exploration
    self.first = first
    self.tileByteLimit = tileByteLimit
  }

  /// The page's ES module, and its style sheet.
  package static let script = text(tessera_explore_script)
  package static let styleSheet = text(tessera_explore_style)

  private static func text(_ source: (UnsafeMutablePointer<Int>?) -> UnsafePointer<UInt8>?) -> [UInt8] {
    var count = 0
    let start = source(&count)
    return [UInt8](UnsafeBufferPointer(start: start, count: count))
  }

  /// Of a tile's picture, in pixels.
  private static let tileSide = 96
  private static let sheetColumns = 16
  /// Each takes a byte or two a point.
  private static let mostChoices = 24

  /// - Returns: what was written, a sentence each.
  package func save(_ request: SaveRequest) throws -> [String] {
    let sheets = try tileSheets(request.monitor)
    let colours = try coloured(request.monitor)
    return try Reporting.run(parameter: "path") {
      let byteCount = try PathResolution.write(to: request.path) { append in
        try append(Array(head.utf8))
        try append(Self.styleSheet)
        try append(Array("</style>\n<div id=\"view\"></div>\n<script type=\"application/json\" id=\"data\">".utf8))
        try append(data(sheets, colours))
        try append(Array("</script>\n<script type=\"module\">\n".utf8))
        try append(Self.script)
        try append(Array(Self.tail.utf8))
      }
      return [request.sentence(byteCount: byteCount), sentence(sheets), left(colours)].compactMap(\.self)
    }
  }

  private var head: String {
    let title = "Map of \(exploration.map.countText)".replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>\(title)</title>
      <style>
      body { margin: 0; padding: 12px; font: 14px/1.4 system-ui, sans-serif; }
      @media (prefers-color-scheme: dark) { body { background: #16191d; color: #e6e9ed; } }

      """
  }

  private static let tail = """

    render({
      host: frozenHost(JSON.parse(document.getElementById("data").textContent)),
      el: document.getElementById("view"),
    });
    </script></html>

    """

  // MARK: Data

  private typealias Coloured = (choice: ColourChoice, colours: PointColours)

  private func coloured(_ monitor: any WorkMonitor) throws -> [Coloured] {
    var choices = exploration.colourChoices
    if let first {
      choices.removeAll { $0.key == first.key }
      choices.insert(first, at: 0)
    }
    var found: [Coloured] = []
    for choice in choices where found.count < Self.mostChoices {
      try monitor.checkInterrupted()
      if let colours = try? exploration.colours(by: choice.aspect) { found.append((choice, colours)) }
    }
    return found
  }

  private func left(_ colours: [Coloured]) -> String? {
    let count = exploration.colourChoices.count
    return count > colours.count && colours.count == Self.mostChoices
      ? "It can be coloured by \(colours.count) of \(count) quantities." : nil
  }

  private func data(_ sheets: TileSheets, _ colours: [Coloured]) -> [UInt8] {
    let (members, buffers) = exploration.opening(
      subject: nil, selectionName: "selection", choices: colours.map(\.choice), first: first, isFrozen: true)
    let features = exploration.features
    let places = exploration.map.points.map { exploration.tiles.location(slide: $0.slide, tile: $0.row) }
    var content: [(String, JSONFragment)] = [
      ("open", .object(members)), ("x", .base64(buffers[0])), ("y", .base64(buffers[1])),
      ("slide", .base64(buffers[2])),
      ("selected", buffers.count > 3 ? .base64(buffers[3]) : .null),
      (
        "colours",
        .object(
          colours.map { choice, colours in
            let (members, places) = colours.json
            return (choice.key, .object(members + [("data", .base64(places))]))
          })
      ),
      ("tiles", sheets.json), ("record", .base64(exploration.map.points.map { UInt32($0.row) }.memory)),
    ]
    let hasPlaces = features.slides.contains { $0.stored.locations != nil }
    // A tile without a place lies at the least number there is.
    func axis(_ part: (TileLocation) -> Int) -> JSONFragment {
      .base64(places.map { $0.map { Int32(clamping: part($0)) } ?? Int32.min }.memory)
    }
    content.append(("places", hasPlaces ? .object([("x", axis(\.x)), ("y", axis(\.y))]) : .null))
    let json = JSONFragment.object(content).bytes
    // Inside of a script element nothing may look like its end.
    guard json.contains(UInt8(ascii: "<")) else { return json }
    return json.flatMap { $0 == UInt8(ascii: "<") ? Array("\\u003c".utf8) : [$0] }
  }

  // MARK: Tiles

  private struct TileSheets {
    var jpegs: [[UInt8]] = []
    var points: [Int] = []
    var failure: String?

    var json: JSONFragment {
      .object([
        ("side", .integer(ExplorationPage.tileSide)), ("columns", .integer(ExplorationPage.sheetColumns)),
        ("count", .integer(ExplorationPage.sheetColumns * ExplorationPage.sheetColumns)),
        ("sheets", .array(jpegs.map { .string("data:image/jpeg;base64," + Data($0).base64EncodedString()) })),
        ("points", .integers(points)),
      ])
    }
  }

  /// Pictures of as many tiles as there is room for, spread evenly over the map's points.
  private func tileSheets(_ monitor: any WorkMonitor) throws -> TileSheets {
    var sheets = TileSheets()
    let pointCount = exploration.map.points.count
    guard tileByteLimit > 0, exploration.missingPictures == nil else { return sheets }
    let perSheet = Self.sheetColumns * Self.sheetColumns
    // In base64 three bytes take four.
    let room = tileByteLimit / 4 * 3
    let sample = TileSample.even(pointCount, count: perSheet)
    let probe = try sheet(of: sample, monitor)
    sheets.failure = probe.failure
    guard probe.shown > 0 else { return sheets }
    let perTile = max(1, probe.jpeg.count / sample.count)
    let chosen = TileSample.even(pointCount, count: max(1, room / perTile))
    var bytes = 0
    for start in stride(from: 0, to: chosen.count, by: perSheet) {
      let part = Array(chosen[start..<min(start + perSheet, chosen.count)])
      let made = try sheet(of: part, monitor)
      monitor.report(phase: "tiles", unit: "tiles", done: start + part.count, total: chosen.count)
      bytes += made.jpeg.count
      if bytes > room, !sheets.jpegs.isEmpty { break }
      sheets.jpegs.append(made.jpeg)
      sheets.points += part
    }
    return sheets
  }

  private func sheet(
    of points: [Int], _ monitor: any WorkMonitor
  ) throws -> (jpeg: [UInt8], shown: Int, failure: String?) {
    let images = try TileReading.images(
      of: points.map { TileChoice.Tile(slide: exploration.map.points[$0].slide, tile: exploration.map.points[$0].row) },
      from: exploration.tiles, side: Self.tileSide, monitor: monitor)
    let side = Self.tileSide
    let rows = (points.count + Self.sheetColumns - 1) / Self.sheetColumns
    let (width, height) = (Self.sheetColumns * side, rows * side)
    var canvas = RGBImage(width: width, height: height, pixels: [UInt8](repeating: 236, count: width * height * 3))
    var shown = 0
    var failure: String?
    for (place, result) in images.enumerated() {
      do {
        let image = try result.get()
        let scaled =
          image.width == side && image.height == side
          ? image
          : ImageScaling(fromWidth: image.width, fromHeight: image.height, toWidth: side, toHeight: side).scaled(image)
        canvas.lay(scaled, left: place % Self.sheetColumns * side, top: place / Self.sheetColumns * side)
        shown += 1
      } catch {
        failure = failure ?? error.sentence
      }
    }
    return (try TileEncoder().jpeg(canvas, quality: 80), shown, failure)
  }

  private func sentence(_ sheets: TileSheets) -> String? {
    let count = exploration.map.points.count
    if sheets.points.isEmpty {
      return exploration.missingPictures ?? sheets.failure.map { "It has no pictures of tiles. \($0)" }
        ?? "It has no pictures of tiles."
    }
    let what = exploration.map.isOfSlides ? "slides" : "tiles"
    return sheets.points.count == count
      ? "It has a picture of each of \(count) \(what)."
      : "It has pictures of \(sheets.points.count) of \(count) \(what), spread evenly, in \((sheets.jpegs.reduce(0) { $0 + $1.count } / 3 * 4).byteText)."
  }
}
