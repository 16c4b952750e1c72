import CommandLanguage
import Dispatch
import FeatureData
import Rendering
import Slides
import Synchronization

/// `tiles`: a contact sheet.
enum TilesCommand {
  static let declaration = CommandDeclaration(
    name: "tiles", topic: "Data", summary: "Shows tiles side by side, with their slide, number and place.",
    discussion: """
      Of a dataset or of features by the number of their record, of a slide by their number on its grid, of a map by what \
      lies in an area of it. Where more tiles are chosen than `n`, some of them are shown, spaced evenly.
      """,
    subject: SubjectDeclaration(
      name: "of", types: [.dataset, .features, .map, .slide],
      documentation: "A dataset, features, a map or a slide with a grid."),
    parameters: TileChoice.parameters + [
      ParameterDeclaration("n", .integer(1...500), default: "25", "How many tiles are shown at most."),
      ParameterDeclaration(
        "values", .list(.quantity), "What is written under each tile: a column, feature:INDEX, logit:CLASS, prediction."
      ),
      ParameterDeclaration("captions", .boolean, default: "true", "Slide, number and place under each tile."),
      ParameterDeclaration("title", .text, "A title above the picture."),
    ], result: .picture,
    examples: ["tiles", "tiles slide=DEMO-01 n=12", "tiles df tiles=0..<4 values=[prediction, feature:12]"])

  static let command = Command(
    declaration,
    run: { invocation in
      let value = try Reporting.run { try make(invocation) }
      value?.show(in: invocation.output)
      return value
    })

  private static func make(_ invocation: Invocation) throws -> PictureValue? {
    guard let subject = invocation.subjects.first else { return nil }
    let arguments = invocation.arguments
    let source = try TileSubject(subject)
    let quantities = try TileQuantities(
      arguments["values"]?.items.compactMap { if case .quantity(let quantity) = $0 { quantity } else { nil } } ?? [],
      annotations: source.annotations, features: source.features)
    let count = arguments.integer("n") ?? 25
    let (tiles, total) = try TileChoice(source.provider, map: subject as? MapValue).chosen(arguments, count: count)
    guard !tiles.isEmpty else { throw CommandFailure("No tile is chosen.", parameter: "area") }
    let showsCaptions = arguments.boolean("captions") ?? true
    let monitor = StatementMonitor(monitor: invocation.monitor)
    let images = try TileReading.images(of: tiles, from: source.provider, monitor: monitor)
    let shown = zip(tiles, images).map { tile, image in
      let slide = source.provider.slides[tile.slide].name
      var captions: [String] = []
      if showsCaptions {
        captions.append("\(slide):\(tile.tile)")
        if let location = try? source.provider.location(slide: tile.slide, tile: tile.tile) {
          captions.append("(\(location.x), \(location.y))")
        }
      }
      captions += quantities.captions(slideName: slide, slide: tile.slide, tile: tile.tile)
      return ContactSheet.Tile(image: try? image.get(), captions: captions)
    }
    for (tile, image) in zip(tiles, images) {
      guard case .failure(let error) = image else { continue }
      let failure = Reporting.translated(error) as? CommandFailure
      invocation.output.warn(
        "\(source.provider.slides[tile.slide].name):\(tile.tile) cannot be shown: \(failure?.message ?? "\(error)")")
    }
    let footer =
      total > tiles.count
      ? "\(tiles.count) of \(total.counted("tile")), spaced evenly." : "\(total.counted("tile"))."
    let sheet = ContactSheet(tiles: shown, title: arguments.text("title"), footer: footer)
    return PictureValue(
      figure: sheet, inline: try sheet.inlinePNG(byteLimit: PictureValue.photographByteLimit), text: "Tiles: \(footer)",
      names: subject.knownNames)
  }
}

/// The tiles of a command's subject, and what is known of them.
struct TileSubject {
  let provider: any TileProvider
  let annotations: Annotations?
  let features: FeaturesValue?

  init(_ value: any SessionValue) throws(CommandFailure) {
    switch value {
    case let map as MapValue:
      provider = FeatureTiles(map.features)
      features = map.features
      annotations = map.features.project.project.annotations
    case let value as FeaturesValue:
      provider = FeatureTiles(value)
      features = value
      annotations = value.project.project.annotations
    case let dataset as DatasetValue:
      provider = DatasetTiles(dataset.dataset)
      features = nil
      annotations = dataset.dataset.project.annotations
    case let slide as SlideValue:
      guard let tiles = SlideTiles(slide) else {
        throw CommandFailure(
          "The slide was opened without a tile size, so it has no tiles.",
          remedy: "slide \(slide.slide.name) tile_px=299 tile_um=302")
      }
      provider = tiles
      features = nil
      annotations = nil
    default: throw CommandFailure("There are no tiles in this.")
    }
  }
}

/// Reads pictures of tiles in parallel.
enum TileReading {
  /// Pixels that a tile of a contact sheet can show.
  static let side = 360

  static func images(
    of tiles: [TileChoice.Tile], from provider: any TileProvider, side: Int = side, monitor: any WorkMonitor
  ) throws -> [Result<RGBImage, any Error>] {
    let results = Mutex<[Int: Result<RGBImage, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: tiles.count) { index in
      let tile = tiles[index]
      let result = Result {
        try monitor.checkInterrupted()
        return try provider.image(slide: tile.slide, tile: tile.tile, side: side)
      }
      let done = results.withLock { results in
        results[index] = result
        return results.count
      }
      monitor.report(phase: "reading tiles", unit: "tiles", done: done, total: tiles.count)
    }
    try monitor.checkInterrupted()
    return results.withLock { results in tiles.indices.compactMap { results[$0] } }
  }
}
