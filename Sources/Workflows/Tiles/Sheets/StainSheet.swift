package import FeatureData
package import Rendering
package import Slides

/// Tiles before and after stain normalisation.
package struct StainSheet: Sendable {
  package let figure: ContactSheet
  /// In a sentence, for front ends without pictures.
  package let text: String

  /// - Parameters:
  ///   - count: How many tiles are shown at most.
  ///   - basis: whose tiles they are, where that was not named.
  package init(
    of source: any TileSource, _ method: StainNormalizer.Method, target: StainTarget = .standard(.v3),
    choice asked: TileChoice.Asked = TileChoice.Asked(), count: Int = 6, basis: String? = nil,
    monitor: any WorkMonitor
  ) throws {
    var collection = try source.tiles()
    // Areas are places on slides here, also of a map.
    collection.map = nil
    let provider = collection.provider
    let (normalizer, name) = try target.normalizer(method) { slide, index in
      guard let place = provider.slides.firstIndex(where: { $0.name == slide }),
        index < provider.slides[place].tileCount
      else { throw WorkflowFailure("There is no tile \(slide):\(index) here.") }
      return try provider.image(slide: place, tile: index, side: TileDecoder.maximumSide)
    }
    let (tiles, _) = try TileChoice(collection).chosen(asked, count: count)
    guard !tiles.isEmpty else { throw WorkflowFailure("No tile is chosen.", parameter: "area") }
    let images = try TileReading.images(
      of: tiles, from: provider, side: TileDecoder.maximumSide, monitor: monitor)
    var before: [ContactSheet.Tile] = []
    var after: [ContactSheet.Tile] = []
    for (tile, result) in zip(tiles, images) {
      let name = "\(provider.slides[tile.slide].name):\(tile.tile)"
      guard var image = try? result.get() else {
        before.append(ContactSheet.Tile(image: nil, captions: [name]))
        after.append(ContactSheet.Tile(image: nil, captions: ["cannot be read"]))
        continue
      }
      before.append(ContactSheet.Tile(image: image.shrunk(toSide: TileReading.side), captions: [name]))
      let outcome = image.pixels.withUnsafeMutableBufferPointer { normalizer.normalize($0) }
      after.append(
        ContactSheet.Tile(
          image: image.shrunk(toSide: TileReading.side),
          captions: [outcome == .normalized ? method.rawValue : "no two stains: as it was"]))
    }
    // Rows of tiles, each with the same tiles normalised under it.
    let columns = min(tiles.count, 6)
    var rows: [ContactSheet.Tile] = []
    for start in stride(from: 0, to: tiles.count, by: columns) {
      let end = min(start + columns, tiles.count)
      let gap = [ContactSheet.Tile](repeating: .empty, count: columns - (end - start))
      rows += before[start..<end] + gap + after[start..<end] + gap
    }
    figure = ContactSheet(
      tiles: rows, columns: columns, tileSide: 180, title: "\(method.rawValue), \(name)",
      footer: ["Above as they are, below normalised.", collection.note, basis?.asSentence].compactMap(\.self)
        .joined(separator: " "))
    text =
      "\(tiles.count.counted("tile")) before and after \(method.rawValue), \(name)"
      + (basis.map { ", \($0)." } ?? ".") + (collection.note.map { " " + $0 } ?? "")
  }
}
