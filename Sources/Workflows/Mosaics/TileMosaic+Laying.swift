import FeatureData
import FeatureStore
import Rendering
import Slides

extension TileMosaic {
  /// - Parameters:
  ///   - slides: places of those whose tiles are shown.
  ///   - said: how they were chosen.
  static func lay(
    _ map: FeatureMap, slides: Set<Int>, said: [String], _ request: MosaicRequest, remarks sink: any RemarkSink,
    monitor: any WorkMonitor
  ) throws -> TileMosaic {
    try Reporting.run {
      guard map.points.contains(where: { slides.contains($0.slide) }) else {
        throw WorkflowFailure("No tile of the map is left to show.", parameter: "filters")
      }
      let grid = grid(map, slides: slides, request)
      let images = TileImages(map.features)
      let labels = try request.outcomes.flatMap { try map.features.labels($0, useFloat: request.useFloat) }
      let frames = labels.flatMap { self.frames(map, labels: $0) }
      var remarks = said + [map.features.cuttingNote].compactMap(\.self) + [map.caption]
      let note = frames.flatMap { frames in
        ColourNote.classes(
          grid.cells.map { frames.indices[$0.point] }, names: frames.names, colours: frames.colours,
          label: frames.label)
      }
      if let note { remarks.append(note) }
      let picture = MosaicPicture(
        grid: grid, frames: frames, title: request.title, footer: remarks.joined(separator: " ")
      ) { point, side in try images.image(map.points[point], side: side) }
      let inline = try picture.inline(monitor: monitor)
      if inline.drawnTileCount == 0, let first = inline.failures.first {
        // Once more for the error itself, which has a remedy.
        _ = try images.image(map.points[first.point], side: 1)
        throw WorkflowFailure(first.reason)
      }
      sink.add(
        UnshownTiles.remarks(inline.failures.map { (map.features.name(of: map.points[$0.point]), $0.reason) }))
      return TileMosaic(
        map: map, picture: picture, grid: grid, cellPixels: cellPixels(request.resolution, map.features),
        remarks: remarks, inline: inline.picture, drawnTileCount: inline.drawnTileCount)
    }
  }

  private static func cellPixels(_ resolution: MosaicRequest.Resolution, _ features: FeatureSet) -> Int {
    switch resolution {
    case .low: 32
    case .medium: 96
    case .high:
      features.tileSize?.pixels ?? features.slides.lazy.compactMap { $0.stored.corners?.tilePixels }.max() ?? 256
    }
  }

  /// The grid covers the whole map, so that mosaics of parts of it can be laid beside each other; that of tiles placed on
  /// a map of others covers that map too.
  private static func grid(_ map: FeatureMap, slides: Set<Int>, _ request: MosaicRequest) -> MosaicGrid {
    let x = map.coordinates.column(0) + (map.ground?.column(0) ?? [])
    let y = map.coordinates.column(1) + (map.ground?.column(1) ?? [])
    let isShown = { (point: Int) in
      map.points.indices.contains(point) && slides.contains(map.points[point].slide)
    }
    let columnCount = request.columnCount ?? usualColumnCount(map.points.count { slides.contains($0.slide) })
    if let leniency = request.expandedLeniency {
      return MosaicGrid(
        x: x, y: y, columnCount: columnCount, expandedLeniency: leniency, isShown: isShown)
    }
    return MosaicGrid(
      x: x, y: y, columnCount: columnCount, selection: request.selection == .first ? .first : .nearest,
      isShown: isShown)
  }

  /// So few tiles that each could have a row and a column to itself would be specks on 50 columns.
  private static func usualColumnCount(_ tileCount: Int) -> Int {
    let usual = 50
    return tileCount < usual ? max(1, Int((1.5 * Double(tileCount).squareRoot()).rounded(.up))) : usual
  }

  private static func frames(_ map: FeatureMap, labels: SlideLabels) -> MosaicPicture.Frames? {
    guard
      case .categorical(let names, let indices, let label, let colours) = PointColouring(map: map).colouring(by: labels)
    else { return nil }
    return MosaicPicture.Frames(names: names, indices: indices, label: label, colours: colours)
  }
}
