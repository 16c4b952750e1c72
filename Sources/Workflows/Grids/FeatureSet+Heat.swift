package import FeatureData
import FeatureStore
package import Rendering
import Slides

extension FeatureSet {
  /// One slide with its tiles coloured by quantities, a panel for each.
  ///
  /// Tiles are drawn as cells of the grid that they lie on.
  ///
  /// - Parameters:
  ///   - name: of the slide; nil for the only one.
  ///   - basis: what is shown, where that was not named.
  /// - Throws: `WorkflowFailure` where the places or sizes of the tiles, or the slide, are not there, or the tiles lie on no
  ///   grid.
  package func heat(
    by aspects: [TileAspect], scale: ValueScale = ValueScale(), palette: PaletteChoice = PaletteChoice(),
    slide name: String?, title: String? = nil, showsLegend: Bool = true, basis: String? = nil,
    monitor: any WorkMonitor
  ) throws -> HeatPanels {
    let place = try heatSlide(name)
    let slide = slides[place]
    if let gap = slide.gap { throw gap.failure(slide.name) }
    guard let corners = slide.stored.corners, let side = corners.sidePixels else {
      throw TileOrigins.Gap.extents.failure(slide.name)
    }
    let points = corners.corners.indices.map { FeatureMap.Point(slide: place, row: $0) }
    let tiles = PointColouring(features: self, points: points)
    let colourings = try Reporting.run(parameter: "by") {
      let colourings = try aspects.map { try tiles.colouring(by: $0, scale: scale) }
      try palette.check(zip(colourings, aspects).map { ($0, $1.written) })
      return colourings
    }
    guard let cells = TileCells(corners.corners, side: side) else {
      throw WorkflowFailure(
        "The tiles of \(slide.name) lie on no grid, so they cannot be drawn as one.", parameter: "slide")
    }
    let image = try SlideOpening.open(SlideFiles(study).path(of: slide.name), monitor: monitor)
    try corners.checkSize(of: image)
    let overview = try Reporting.run(parameter: "slide") {
      try SlideOverview(image, longestSide: TissueMask.longestSide, monitor: monitor)
    }
    let heats = colourings.map(cells.colouring)
    let footer =
      ([
        "\(slide.tileCount.counted("tile")) of \(side) px of level 0, as features have them.",
        cells.hiddenCount > 0 ? "\(cells.hiddenCount.counted("tile")) of them lie below others." : nil,
        basis?.asSentence,
      ] + heats.map { $0.0.note(scale: scale) }).compactMap(\.self).joined(separator: " ")
    let panels = zip(heats, zip(colourings, aspects)).map { heat, shown in
      HeatFigure(
        overview: overview.image, downsample: overview.downsample, lattice: cells.lattice, colouring: heat.0,
        missingCells: heat.missing, micronsPerPixel: image.micronsPerPixel,
        title: aspects.count > 1 ? shown.1.written : title ?? slide.name, footer: aspects.count > 1 ? nil : footer,
        showsLegend: showsLegend, palette: palette.palette(for: shown.0, kept: tiles.ownColours(of: shown.1)))
    }
    return HeatPanels(panels, title: title ?? slide.name, footer: footer)
  }

  /// The same by one quantity.
  package func heat(
    by aspect: TileAspect, scale: ValueScale = ValueScale(), slide name: String?, monitor: any WorkMonitor
  ) throws -> HeatFigure {
    try heat(by: [aspect], scale: scale, slide: name, monitor: monitor).panels[0]
  }

  private func heatSlide(_ name: String?) throws(WorkflowFailure) -> Int {
    if let name {
      guard let place = slides.firstIndex(where: { $0.name == name }) else {
        _ = try slide(named: name)
        return 0
      }
      return place
    }
    guard slides.count == 1 else {
      throw WorkflowFailure(
        "Features are shown over one slide, and these have \(slides.count).",
        remedy: slides.first.map { "slide=\($0.name)" }, parameter: "slide")
    }
    return 0
  }
}

/// Tiles of a slide as cells of the grid that they lie on.
private struct TileCells {
  let lattice: HeatFigure.Lattice
  /// For each tile its cell, `row * columns + column`.
  private let cells: [Int]
  /// Tiles of whose cell another is shown.
  let hiddenCount: Int

  private static let mostCells = 4_000_000
  private static let possible = -1_000_000_000...1_000_000_000
  /// Of a step, by which a tile may lie beside its cell.
  private static let tolerance = 0.1

  /// - Returns: nil where more than a twentieth of the tiles lies beside the grid.
  init?(_ corners: [TileLocation], side: Int) {
    // Places of a damaged file may be anything.
    guard corners.allSatisfy({ Self.possible.contains($0.x) && Self.possible.contains($0.y) }), side > 0,
      let left = corners.map(\.x).min(), let top = corners.map(\.y).min()
    else { return nil }
    let shifted = corners.map { TileLocation(x: $0.x - left, y: $0.y - top) }
    let step = Self.step(shifted, side: Double(side))
    func place(_ value: Int) -> (index: Int, isNear: Bool) {
      let index = (Double(value) / step).rounded()
      return (Int(index), abs(Double(value) - index * step) <= Self.tolerance * step)
    }
    let places = shifted.map { (x: place($0.x), y: place($0.y)) }
    guard places.count(where: { $0.x.isNear && $0.y.isNear }) * 20 >= places.count * 19 else { return nil }
    let columnCount = (places.map(\.x.index).max() ?? 0) + 1
    let rowCount = (places.map(\.y.index).max() ?? 0) + 1
    guard columnCount <= Self.mostCells / rowCount else { return nil }
    lattice = HeatFigure.Lattice(
      rowCount: rowCount, columnCount: columnCount, stride: step, tileSide: Double(side), left: Double(left),
      top: Double(top))
    cells = places.map { $0.y.index * columnCount + $0.x.index }
    hiddenCount = cells.count - Set(cells).count
  }

  /// From one tile to the next. A few tiles anywhere lie on some fine grid: one finer than the tiles is believed only where
  /// some of them are neighbours on it.
  private static func step(_ corners: [TileLocation], side: Double) -> Double {
    guard let step = TileLattice(corners)?.step, step < side * (1 - tolerance) else {
      return TileLattice(corners)?.step ?? side
    }
    func cell(_ value: Int) -> Int { Int((Double(value) / step).rounded()) }
    let cells = Set(corners.map { TileLocation(x: cell($0.x), y: cell($0.y)) })
    let neighbours = cells.count {
      cells.contains(TileLocation(x: $0.x + 1, y: $0.y)) || cells.contains(TileLocation(x: $0.x, y: $0.y + 1))
    }
    return neighbours * 10 >= cells.count ? step : side
  }

  private var cellCount: Int { lattice.rowCount * lattice.columnCount }

  /// The colours of tiles as those of cells, and the cells whose tile has none.
  func colouring(_ colouring: ScatterPlot.Colouring) -> (HeatFigure.Colouring, missing: Set<Int>) {
    switch colouring {
    case .categorical(let names, let indices, let label, let colours):
      var all = [Int](repeating: -1, count: cellCount)
      for (cell, index) in zip(cells, indices) { all[cell] = index }
      return (
        .categorical(indices: all, names: names, label: label, colours: colours), Set(cells.filter { all[$0] < 0 })
      )
    case .continuous(let values, let label, let scale):
      var all = [Float](repeating: .nan, count: cellCount)
      for (cell, value) in zip(cells, values) { all[cell] = value }
      let resolved = scale.resolved(values)
      return (
        .continuous(
          values: all, range: resolved?.range ?? 0...0, label: label, diverges: resolved?.diverges ?? false),
        Set(cells.filter { !all[$0].isFinite })
      )
    case .plain:
      return (.categorical(indices: [Int](repeating: -1, count: cellCount), names: [], label: ""), [])
    }
  }
}
