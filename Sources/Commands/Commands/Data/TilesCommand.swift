import Analysis
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

      With `extremes` the tiles with the highest and the lowest values of an activation or a logit are shown, half of `n` \
      of each; of many tiles with the same value some from all over. With `near` a tile is shown, and those whose \
      activations are nearest to its. Both look through all tiles that `slide`, `tiles` and `area` choose.
      """,
    subject: SubjectDeclaration(
      name: "of", types: [.dataset, .features, .map, .slide],
      documentation: "A dataset, features, a map or a slide with a grid."),
    parameters: TileChoice.parameters + [
      ParameterDeclaration(
        "extremes", .quantity, effects: [.on([.features, .map])],
        "The tiles at both ends of feature:INDEX, feature:LAYER/INDEX or logit:OUTCOME."),
      ParameterDeclaration(
        "near", .tile, effects: [.on([.features, .map]), .without("extremes")],
        "The tiles nearest to this one, of all slides."),
      ParameterDeclaration(
        "metric", .choice(DistanceMetric.allCases.map(\.rawValue)), default: "cosine",
        effects: [.with("near", values: [])], "The distance between the activations of tiles."),
      ParameterDeclaration("n", .integer(1...500), default: "25", "How many tiles are shown at most."),
      ParameterDeclaration(
        "values", .list(.quantity),
        "What is written under each tile: a column, labels, feature:INDEX, logit:CLASS, prediction."
      ),
      ParameterDeclaration("captions", .boolean, default: "true", "Slide, number and place under each tile."),
      ParameterDeclaration("title", .text, "A title above the picture."),
    ], result: .picture,
    examples: [
      "tiles", "tiles slide=DEMO-01 n=12", "tiles df tiles=0..<4 values=[prediction, feature:12]",
      "tiles df extremes=feature:12 n=20", "tiles df near=DEMO-01:3 n=12", "tiles u extremes=logit:positive",
    ])

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
      TileAspect.all("values", of: arguments), annotations: source.annotations, features: source.features)
    let count = arguments.integer("n") ?? 25
    let monitor = StatementMonitor(monitor: invocation.monitor)
    let choice = TileChoice(source.provider, map: subject as? FeatureMap)
    let title = arguments.text("title")
    var sheet = SheetPlan()
    if let ranking = try ranking(arguments, source, choice, count: count, monitor: monitor) {
      sheet = SheetPlan(ranking, title: title)
    } else {
      let (tiles, total) = try choice.chosen(arguments, count: count)
      guard !tiles.isEmpty else { throw CommandFailure("No tile is chosen.", parameter: "area") }
      sheet.places = tiles.map { TileRanking.Place(tile: $0, caption: "") }
      sheet.title = title
      sheet.footer =
        total > tiles.count
        ? "\(tiles.count) of \(total.counted("tile")), spaced evenly." : "\(total.counted("tile"))."
    }
    if let sentence = invocation.basisSentence { sheet.footer += " " + sentence }
    let tiles = sheet.places.compactMap { $0?.tile }
    let images = try TileReading.images(of: tiles, from: source.provider, monitor: monitor)
    if let first = images.first, images.allSatisfy({ (try? $0.get()) == nil }) { _ = try first.get() }
    for (tile, image) in zip(tiles, images) {
      guard case .failure(let error) = image else { continue }
      invocation.output.warn(
        "\(source.provider.slides[tile.slide].name):\(tile.tile) cannot be shown: \(error.sentence)")
    }
    let captions = TileCaptions(
      source: source, quantities: quantities, showsPlaces: arguments.boolean("captions") ?? true)
    var nextImage = images.makeIterator()
    let shown = sheet.places.map { place in
      place.map { ContactSheet.Tile(image: try? nextImage.next()?.get(), captions: captions.lines(of: $0)) } ?? .empty
    }
    let figure = ContactSheet(
      tiles: shown, columns: sheet.columns, tileSide: sheet.tileSide, title: sheet.title, subtitle: sheet.subtitle,
      footer: sheet.footer)
    return PictureValue(
      figure: figure, inline: try figure.inlinePNG(byteLimit: PictureValue.photographByteLimit),
      text: sheet.text { captions.name(of: $0) }, names: subject.knownNames)
  }

  /// The tiles in an order of their features, if one is asked for.
  private static func ranking(
    _ arguments: BoundArguments, _ source: TileSubject, _ choice: TileChoice, count: Int, monitor: StatementMonitor
  ) throws -> TileRanking? {
    guard let features = source.features else { return nil }
    if case .quantity(let quantity)? = arguments["extremes"] {
      return try Reporting.run(parameter: "extremes") {
        try TileRanking.extremes(
          of: quantity, features, choice.candidates(arguments), count: count, monitor: monitor)
      }
    }
    if arguments.has("extremes") {
      throw CommandFailure(
        "The tiles at both ends are those of an activation or a logit, and labels have no ends.",
        remedy: "extremes=feature:0", parameter: "extremes")
    }
    guard case .tile(let slide, let index)? = arguments["near"] else { return nil }
    let metric = arguments.text("metric").flatMap(DistanceMetric.init(rawValue:)) ?? .cosine
    return try Reporting.run(parameter: "near") {
      try TileRanking.nearest(
        to: slide, index, metric: metric, features, choice.candidates(arguments), count: count, monitor: monitor)
    }
  }
}

/// What stands where on a contact sheet.
private struct SheetPlan {
  /// Nil leaves a place empty.
  var places: [TileRanking.Place?] = []
  var title: String?
  var subtitle: String?
  var footer = ""
  var columns: Int?
  var tileSide: Double?
  private var isRanked = false

  init() {}

  /// Each group begins a row.
  init(_ ranking: TileRanking, title: String?) {
    self.title = title ?? ranking.title
    subtitle = ranking.subtitle
    footer = ranking.footer
    isRanked = true
    let count = ranking.places.count
    let (side, fitting) = count <= 12 ? (180.0, 6) : count <= 30 ? (140, 7) : count <= 80 ? (104, 10) : (76, 13)
    tileSide = side
    let columns = max(min(fitting, ranking.groups.map(\.count).max() ?? 1), 1)
    self.columns = columns
    for group in ranking.groups where !group.isEmpty {
      while places.count % columns != 0 { places.append(nil) }
      places += group
    }
  }

  /// For front ends without pictures.
  func text(name: (TileChoice.Tile) -> String) -> String {
    guard isRanked else { return "Tiles: \(footer)" }
    let first = places.compactMap(\.self).prefix(50).map { "\(name($0.tile)) (\($0.caption))" }
    return "\(title ?? "Tiles"): \(first.joined(separator: ", ")). \(footer)"
  }
}

/// What is written under each tile.
private struct TileCaptions {
  let source: TileSubject
  let quantities: TileQuantities
  /// False to leave out slide, number and place.
  let showsPlaces: Bool

  func name(of tile: TileChoice.Tile) -> String { "\(source.provider.slides[tile.slide].name):\(tile.tile)" }

  func lines(of place: TileRanking.Place) -> [String] {
    let tile = place.tile
    var lines = showsPlaces ? [name(of: tile)] : []
    if !place.caption.isEmpty { lines.append(place.caption) }
    if showsPlaces, let location = try? source.provider.location(slide: tile.slide, tile: tile.tile) {
      lines.append("(\(location.x), \(location.y))")
    }
    let slide = source.provider.slides[tile.slide].name
    return lines + quantities.captions(slideName: slide, slide: tile.slide, tile: tile.tile)
  }
}

/// The tiles of a command's subject, and what is known of them.
struct TileSubject {
  let provider: any TileSource
  let annotations: Annotations?
  let features: FeatureSet?

  init(_ value: any SessionValue) throws(CommandFailure) {
    switch value {
    case let map as FeatureMap:
      provider = FeatureTiles(map.features)
      features = map.features
      annotations = map.features.study.project.annotations
    case let value as FeatureSet:
      provider = FeatureTiles(value)
      features = value
      annotations = value.study.project.annotations
    case let dataset as StudyDataset:
      provider = DatasetTiles(dataset)
      features = nil
      annotations = dataset.dataset.project.annotations
    case let slide as StudySlide:
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
    of tiles: [TileChoice.Tile], from provider: any TileSource, side: Int = side, monitor: any WorkMonitor
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
