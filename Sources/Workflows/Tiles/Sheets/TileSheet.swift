package import Analysis
package import FeatureData
package import Rendering
import Slides

/// Tiles side by side, with what is known of them.
package struct TileSheet: Sendable {
  /// Which tiles are shown, and in what order.
  package enum Order: Sendable {
    /// Spaced evenly over those that are chosen.
    case spaced
    /// Those with the highest and the lowest values, half of each.
    case extremes(of: TileAspect)
    /// A tile, and those nearest to it.
    case nearest(slide: String, index: Int, metric: DistanceMetric)
  }

  package struct Request: Sendable {
    package var choice = TileChoice.Asked()
    package var order = Order.spaced
    /// How many are shown at most.
    package var count = 25
    /// What is written under each tile.
    package var values: [TileAspect] = []
    /// Slide, number and place under each tile.
    package var showsPlaces = true
    package var title: String?

    package init() {}
  }

  package let figure: ContactSheet
  /// For front ends without pictures.
  package let text: String

  /// - Parameter basis: whose tiles they are, where that was not named.
  package init(
    of source: any TileSource, _ request: Request = Request(), basis: String? = nil, remarks: any RemarkSink,
    monitor: any WorkMonitor
  ) throws {
    let collection = try source.tiles()
    let quantities = try TileQuantities(request.values, of: collection)
    let choice = TileChoice(collection)
    var sheet = SheetPlan()
    if let ranking = try Self.ranking(request, collection, choice, monitor: monitor) {
      sheet = SheetPlan(ranking, title: request.title)
    } else {
      let (tiles, total) = try choice.chosen(request.choice, count: request.count)
      guard !tiles.isEmpty else {
        throw WorkflowFailure("No tile is chosen.", parameter: request.choice.regions == nil ? "area" : "region")
      }
      sheet.places = tiles.map { TileRanking.Place(tile: $0, caption: "") }
      sheet.title = request.title
      sheet.footer =
        total > tiles.count
        ? "\(tiles.count) of \(total.counted("tile")), spaced evenly." : "\(total.counted("tile"))."
    }
    for sentence in [collection.note, basis?.asSentence].compactMap(\.self) { sheet.footer += " " + sentence }
    let tiles = sheet.places.compactMap { $0?.tile }
    let images = try TileReading.images(of: tiles, from: collection.provider, monitor: monitor)
    if let first = images.first, images.allSatisfy({ (try? $0.get()) == nil }) { _ = try first.get() }
    let captions = TileCaptions(
      provider: collection.provider, quantities: quantities, showsPlaces: request.showsPlaces)
    remarks.add(
      UnshownTiles.remarks(
        zip(tiles, images).compactMap { tile, image in
          guard case .failure(let error) = image else { return nil }
          return (captions.name(of: tile), error.sentence)
        }))
    var nextImage = images.makeIterator()
    let shown = sheet.places.map { place in
      place.map { ContactSheet.Tile(image: try? nextImage.next()?.get(), captions: captions.lines(of: $0)) } ?? .empty
    }
    figure = ContactSheet(
      tiles: shown, columns: sheet.columns, tileSide: sheet.tileSide, title: sheet.title, subtitle: sheet.subtitle,
      footer: sheet.footer)
    text = sheet.text { captions.name(of: $0) }
  }

  /// The tiles in an order of their features, if one is asked for.
  private static func ranking(
    _ request: Request, _ collection: TileCollection, _ choice: TileChoice, monitor: any WorkMonitor
  ) throws -> TileRanking? {
    guard let features = collection.features else { return nil }
    switch request.order {
    case .spaced: return nil
    case .extremes(let aspect):
      return try Reporting.run(parameter: "extremes") {
        try TileRanking.extremes(
          of: aspect, features, choice.candidates(request.choice), count: request.count, monitor: monitor)
      }
    case .nearest(let slide, let index, let metric):
      return try Reporting.run(parameter: "near") {
        try TileRanking.nearest(
          to: slide, index, metric: metric, features, choice.candidates(request.choice), count: request.count,
          monitor: monitor)
      }
    }
  }
}
