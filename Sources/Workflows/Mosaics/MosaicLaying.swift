import FeatureData
import FeatureStore
import Rendering
import Slides

/// Lays the pictures of tiles over a map.
struct MosaicLaying {
  let map: FeatureMap
  /// The points that may be shown, ascending.
  let shown: [Int]
  /// By point; nil where all may be.
  let isShown: [Bool]?
  /// How they were chosen.
  let said: [String]
  let request: MosaicRequest
  let sink: any RemarkSink
  let monitor: any WorkMonitor

  func mosaic() throws -> TileMosaic {
    let (grid, laid) = try request.layout == .grid ? fullGrid() : (strictGrid(), nil)
    let points = grid.cells.map(\.point)
    guard let first = points.first else { throw nothingShown }
    let frames = try frames(on: points)
    let (look, looks) = try look(grid)
    let (tile, stained) = try tiles()
    let remarks =
      said + [laid, emptied(grid)].compactMap(\.self) + looks
      + [stained, map.features.cuttingNote].compactMap(\.self) + [map.caption]
      + [frames?.note(on: points)].compactMap(\.self)
    let picture = MosaicPicture(
      grid: grid, frames: frames, look: look, title: request.title, footer: remarks.joined(separator: " "), tile: tile)
    let inline = try picture.inline(monitor: monitor)
    if inline.drawnTileCount == 0 {
      let failure = inline.failures.first
      // Once more for the error itself, which has a remedy.
      _ = try tile(failure?.point ?? first, 1)
      throw WorkflowFailure(failure?.reason ?? "No tile can be shown.")
    }
    sink.add(UnshownTiles.remarks(inline.failures.map { (map.features.name(of: map.points[$0.point]), $0.reason) }))
    return TileMosaic(
      map: map, picture: picture, grid: grid, cellPixels: cellPixels, remarks: remarks, inline: inline.picture,
      drawnTileCount: inline.drawnTileCount)
  }

  private var nothingShown: WorkflowFailure {
    if let leniency = request.expandedLeniency {
      return WorkflowFailure(
        "With a leniency of \(leniency.shortText) no tile reaches the middle of a cell.", remedy: "leniency=1.5",
        parameter: "leniency")
    }
    return WorkflowFailure(
      "Every cell's tile lies \((request.maximumDistance ?? 0).shortText) cells or more from its middle.",
      remedy: "max_dist=0.8", parameter: "max_dist")
  }

  private var cellPixels: Int {
    switch request.resolution {
    case .low: 32
    case .medium: 96
    case .high:
      map.features.tileSize?.pixels ?? map.features.slides.lazy.compactMap { $0.stored.corners?.tilePixels }.max()
        ?? 256
    }
  }

  // MARK: The grid over the map

  /// It covers the whole map, so that mosaics of parts of it can be laid beside each other; that of tiles placed on a map of
  /// others covers that map too.
  private func strictGrid() throws -> MosaicGrid {
    let x = map.coordinates.column(0) + (map.ground?.column(0) ?? [])
    let y = map.coordinates.column(1) + (map.ground?.column(1) ?? [])
    let count = map.points.count
    let isShown = { (point: Int) in point < count && (self.isShown?[point] ?? true) }
    let columnCount = request.columnCount ?? Self.usualColumnCount(shown.count)
    let grid =
      if let leniency = request.expandedLeniency {
        MosaicGrid(x: x, y: y, columnCount: columnCount, expandedLeniency: leniency, isShown: isShown)
      } else {
        MosaicGrid(
          x: x, y: y, columnCount: columnCount, selection: selection, maximumDistance: request.maximumDistance,
          isShown: isShown)
      }
    try monitor.checkInterrupted()
    return grid
  }

  /// So few tiles that each could have a row and a column to itself would be specks on 50 columns.
  private static func usualColumnCount(_ tileCount: Int) -> Int {
    let usual = 50
    return tileCount < usual ? max(1, Int((1.5 * Double(tileCount).squareRoot()).rounded(.up))) : usual
  }

  private var selection: MosaicGrid.TileSelection {
    switch request.selection {
    case .nearest: .nearest
    case .first: .first
    case .centroid:
      .chosen { [map, monitor] points in
        // Nothing is shown of an interrupted mosaic.
        monitor.isInterrupted ? points[0] : CellCentroid.nearest(of: points, on: map)
      }
    }
  }

  /// What `max_dist` took away.
  private func emptied(_ grid: MosaicGrid) -> String? {
    guard let distance = request.maximumDistance else { return nil }
    let count = grid.occupiedCellCount - grid.cells.count
    return
      "max_dist \(distance.shortText): \(count.counted("cell")) with tiles \(count == 1 ? "stays" : "stay") empty, for the chosen "
      + "tile lies as far from the middle."
  }

  // MARK: How tiles look

  private func look(_ grid: MosaicGrid) throws -> (look: MosaicPicture.Look, said: [String]) {
    var look = MosaicPicture.Look()
    var said: [String] = []
    if let background = request.background { look.background = background }
    let counts = request.isRelative || request.focus != nil ? grid.counts() : []
    if request.isRelative {
      let most = counts.max() ?? 1
      look.sizes = counts.map { MosaicSizes.side(of: $0, most: most) }
      let smallest = MosaicSizes.largestOfSmallest(most: most)
      said.append(
        "The area of a tile is in proportion to the tiles of its cell, of which there are up to \(most)"
          + (smallest > 1 ? "; up to \(smallest) have the smallest." : "."))
    }
    if let focus = request.focus {
      let places = Set(try focus.map { name in try place(of: name) })
      let isMeant = { (point: Int) in places.contains(map.points[point].slide) }
      guard grid.cellByPoint.enumerated().contains(where: { $1 >= 0 && isMeant($0) }) else {
        throw WorkflowFailure("No tile of \(focus.joined(separator: ", ")) is on this mosaic.", parameter: "focus")
      }
      look.shares = zip(grid.counts(where: isMeant), counts).map { own, all in
        MosaicSizes.share(all > 0 ? Double(own) / Double(all) : 0)
      }
      // A spare tile in a cell where none lies.
      for cell in grid.cells where counts[grid.number(of: cell)] == 0 {
        look.shares[grid.number(of: cell)] = MosaicSizes.share(isMeant(cell.point) ? 1 : 0)
      }
      said.append(
        "In full: tiles of \(focus.joined(separator: ", ")); "
          + (request.layout == .grid
            ? "others are faded." : "the fewer of a cell's tiles are of these, the more it is faded."))
    }
    return (look, said)
  }

  private func place(of slide: String) throws -> Int {
    guard let place = map.features.slides.firstIndex(where: { $0.name == slide }) else {
      throw WorkflowFailure(
        "The features have no slide \(slide).", remedy: map.features.slides.first.map { "focus=[\($0.name)]" },
        parameter: "focus")
    }
    return place
  }

  private func tiles() throws -> (tile: MosaicPicture.TileSource, said: String?) {
    let images = TileImages(map.features)
    let points = map.points
    let plain: MosaicPicture.TileSource = { point, side in try images.image(points[point], side: side) }
    guard let stain = request.stain else { return (plain, nil) }
    let (normalizer, said) = try MosaicStain.normalizer(stain, of: map.features, images, sink)
    return ({ point, side in try MosaicStain.tile(side: side, normalizer) { try plain(point, $0) } }, said)
  }

  private func frames(on points: [Int]) throws -> MosaicPicture.Frames? {
    switch try frameColouring() {
    case .plain: return nil
    case .categorical(let names, let indices, let label, let colours):
      return MosaicPicture.Frames(names: names, indices: indices, label: label, colours: colours)
    case .continuous(let values, let label, let scale):
      // Probabilities have the same colours in every mosaic.
      let areProbabilities = request.prediction?.areProbabilities == true
      return MosaicPicture.Frames(
        values: values, label: label, scale: areProbabilities ? ValueScale(low: .value(0), high: .value(1)) : scale,
        points: points)
    }
  }

  private func frameColouring() throws -> ScatterPlot.Colouring {
    if let prediction = request.prediction { return try map.coloured(by: prediction, monitor: monitor).ownColouring }
    let labels = try request.outcomes.flatMap { try map.features.labels($0, useFloat: request.useFloat) }
    return labels.map { PointColouring(map: map).colouring(by: $0) } ?? .plain
  }
}
