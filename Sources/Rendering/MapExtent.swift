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
    for panel in panels {
      for point in panel.drawnPoints {
        x = (min(x.least, Double(panel.x[point])), max(x.greatest, Double(panel.x[point])))
        y = (min(y.least, Double(panel.y[point])), max(y.greatest, Double(panel.y[point])))
      }
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
