package import FeatureData

/// What becomes of the places of a grid before and while their tiles are read.
package enum CellVerdict: UInt8, Sendable, CaseIterable, Codable {
  case kept
  /// Outside the regions of interest, or inside where those are left out.
  case outsideRegion
  /// Too little tissue by the mask.
  case noTissue
  /// White or grey by the background filter.
  case background
  /// The slide cannot be read there.
  case unreadable
  /// Ink of a marker pen.
  case pen
  /// Tissue that lies double.
  case fold
  /// Out of focus.
  case blurred

  /// As it stands in reports.
  package var words: String {
    switch self {
    case .kept: "kept"
    case .outsideRegion: "outside ROI"
    case .noTissue: "no tissue"
    case .background: "background"
    case .unreadable: "unreadable"
    case .pen: "pen"
    case .fold: "folded"
    case .blurred: "blurred"
    }
  }
}

/// How regions of interest choose tiles.
package enum RegionMethod: String, Sendable, CaseIterable, Codable {
  /// Inside where a slide has regions, everything where it has none.
  case auto
  case inside
  case outside
  case ignore
}

/// The places of a grid that are worth reading: inside the regions of interest, and on tissue.
package struct TileSelection: Sendable {
  package let grid: TileGrid
  /// By row, then column; `kept` means worth reading.
  package private(set) var verdicts: [CellVerdict]

  /// All places.
  package init(_ grid: TileGrid) {
    self.grid = grid
    verdicts = [CellVerdict](repeating: .kept, count: grid.cellCount)
  }

  package subscript(cell: TileGrid.Cell) -> CellVerdict {
    get { verdicts[cell.row * grid.columnCount + cell.column] }
    set { verdicts[cell.row * grid.columnCount + cell.column] = newValue }
  }

  package var candidateCount: Int { verdicts.count { $0 == .kept } }

  /// Leaves out what lies on the wrong side of the regions.
  ///
  /// - Parameters:
  ///   - keepingInside: false keeps what lies outside.
  ///   - leastFraction: the share of a tile that must lie there; nil looks at its centre alone.
  /// - Throws: `WorkInterrupted`.
  package mutating func apply(
    _ regions: RegionsOfInterest, keepingInside: Bool, leastFraction: Double? = nil,
    monitor: any WorkMonitor = SilentMonitor()
  ) throws(WorkInterrupted) {
    let side = Double(grid.fullExtractPixels)
    // The share is exact along a line; sixteen lines bound the error of the whole to a few hundredths.
    let linesPerTile = leastFraction == nil ? 1 : 16
    // The lines of tiles that overlap are mixed: they are gone through from the top of the slide to its bottom.
    var lines: [(row: Int, y: Double)] = []
    for row in 0..<grid.rowCount {
      for line in 0..<linesPerTile {
        let depth = (Double(line) + 0.5) / Double(linesPerTile)
        lines.append((row, Double(row * grid.strideLength) + depth * side))
      }
    }
    lines.sort { $0.y < $1.y }
    var inside = [Float](repeating: 0, count: grid.cellCount)
    var scanner = RegionScanner(regions)
    for line in lines {
      try monitor.checkInterrupted()
      let spans = scanner.spans(atY: line.y)
      if spans.isEmpty { continue }
      let lengths = spans.reduce(into: [0.0]) { $0.append(($0.last ?? 0) + $1.upperBound - $1.lowerBound) }
      for column in 0..<grid.columnCount {
        let left = Double(column * grid.strideLength)
        var share = 0.0
        if leastFraction != nil {
          let before = Self.length(of: spans, lengths, upTo: left)
          share = (Self.length(of: spans, lengths, upTo: left + side) - before) / side
        } else if Self.contains(spans, left + side / 2) {
          share = 1
        }
        inside[line.row * grid.columnCount + column] += Float(share / Double(linesPerTile))
      }
    }
    for index in verdicts.indices where verdicts[index] == .kept {
      let share = Double(keepingInside ? inside[index] : 1 - inside[index])
      if leastFraction.map({ share < $0 - 1e-6 }) ?? (share < 0.5) { verdicts[index] = .outsideRegion }
    }
  }

  /// Leaves out tiles with less tissue than a fraction of them.
  package mutating func apply(_ mask: TissueMask, leastFraction: Double) {
    leaveOut(as: .noTissue) { x, y, side in
      mask.tissueFraction(x: x, y: y, width: side, height: side) < leastFraction - 1e-9
    }
  }

  /// Leaves out tiles with ink of marker pens.
  package mutating func apply(_ mask: PenMask) {
    leaveOut(as: .pen) { x, y, side in mask.fraction(x: x, y: y, width: side, height: side) > PenMask.largestShare }
  }

  /// Leaves out tiles in folds.
  package mutating func apply(_ mask: FoldMask) {
    leaveOut(as: .fold) { x, y, side in mask.fraction(x: x, y: y, width: side, height: side) > FoldMask.largestShare }
  }

  private mutating func leaveOut(as verdict: CellVerdict, where isBad: (_ x: Int, _ y: Int, _ side: Int) -> Bool) {
    for row in 0..<grid.rowCount {
      for column in 0..<grid.columnCount where self[TileGrid.Cell(column: column, row: row)] == .kept {
        let cell = TileGrid.Cell(column: column, row: row)
        let origin = grid.origin(of: cell)
        if isBad(origin.x, origin.y, grid.fullExtractPixels) { self[cell] = verdict }
      }
    }
  }

  /// Whether a place lies in one of the spans, which are in order.
  private static func contains(_ spans: [Range<Double>], _ x: Double) -> Bool {
    let index = firstSpan(of: spans, endingBeyond: x)
    return index < spans.count && spans[index].lowerBound <= x
  }

  /// How much of the line the spans cover to the left of a place.
  ///
  /// - Parameter lengths: of the spans before each one, together.
  /// - Complexity: O(log n), for one line can cross as many spans as outlines have vertices.
  private static func length(of spans: [Range<Double>], _ lengths: [Double], upTo x: Double) -> Double {
    let index = firstSpan(of: spans, endingBeyond: x)
    return lengths[index] + (index < spans.count ? max(x - spans[index].lowerBound, 0) : 0)
  }

  private static func firstSpan(of spans: [Range<Double>], endingBeyond x: Double) -> Int {
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].upperBound <= x { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
