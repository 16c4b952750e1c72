/// The part of the plane that a map shows.
struct MapExtent: Equatable {
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>

  /// Height and width of the frame differ by no more than this factor, however long and thin the data.
  private static let greatestAspect = 2.2

  /// All finite points, with a margin, and no side so short that the frame would be a strip.
  ///
  /// No points give the unit square; one point gets room on every side.
  init(_ panels: [ScatterPlot]) {
    var x = (least: Double.infinity, greatest: -Double.infinity)
    var y = x
    func include(_ ownX: [Float], _ ownY: [Float], _ points: [Int]) {
      for point in points {
        x = (min(x.least, Double(ownX[point])), max(x.greatest, Double(ownX[point])))
        y = (min(y.least, Double(ownY[point])), max(y.greatest, Double(ownY[point])))
      }
    }
    for panel in panels {
      include(panel.x, panel.y, panel.drawnPoints)
      if let context = panel.context { include(context.x, context.y, context.drawnPoints) }
    }
    guard x.least <= x.greatest else {
      self.x = 0...1
      self.y = 0...1
      return
    }
    var width = x.greatest - x.least
    var height = y.greatest - y.least
    let largest = max(width, height)
    let size = largest > 0 ? largest : max(abs(x.least), abs(y.least), 1) * 0.1
    width = max(width, size / Self.greatestAspect) + size * 0.08
    height = max(height, size / Self.greatestAspect) + size * 0.08
    let middleX = (x.least + x.greatest) / 2
    let middleY = (y.least + y.greatest) / 2
    self.x = middleX - width / 2...middleX + width / 2
    self.y = middleY - height / 2...middleY + height / 2
  }

  /// Width by height.
  var aspect: Double { (x.upperBound - x.lowerBound) / (y.upperBound - y.lowerBound) }
}
