/// The part of the plane that a map shows.
package struct MapExtent: Equatable {
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>

  /// Ends of axes that are asked for.
  package struct Limits: Sendable, Equatable {
    package var x: ClosedRange<Double>?
    package var y: ClosedRange<Double>?

    package init(x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil) {
      self.x = x
      self.y = y
    }

    fileprivate func contain(_ pointX: Float, _ pointY: Float) -> Bool {
      x?.contains(Double(pointX)) ?? true && y?.contains(Double(pointY)) ?? true
    }
  }

  /// Height and width of the frame differ by no more than this factor, however long and thin the data.
  private static let greatestAspect = 2.2
  /// The same where ends are asked for, which are to be kept.
  private static let greatestLimitedAspect = 4.0

  /// All finite points, with a margin, and no side so short that the frame would be a strip.
  ///
  /// No points give the unit square; one point gets room on every side.
  ///
  /// - Parameter limits: the ends of an axis that are asked for; the other axis then shows what lies between them.
  init(_ panels: [ScatterPlot], limits: Limits = Limits()) {
    var x = (least: Double.infinity, greatest: -Double.infinity)
    var y = x
    func include(_ ownX: [Float], _ ownY: [Float], _ points: [Int]) {
      for point in points where limits.contain(ownX[point], ownY[point]) {
        x = (min(x.least, Double(ownX[point])), max(x.greatest, Double(ownX[point])))
        y = (min(y.least, Double(ownY[point])), max(y.greatest, Double(ownY[point])))
      }
    }
    var isAny = false
    for panel in panels {
      isAny = isAny || !panel.drawnPoints.isEmpty || panel.contexts.contains { !$0.drawnPoints.isEmpty }
      include(panel.x, panel.y, panel.drawnPoints)
      for context in panel.contexts { include(context.x, context.y, context.drawnPoints) }
    }
    if let given = limits.x { x = (given.lowerBound, given.upperBound) }
    if let given = limits.y { y = (given.lowerBound, given.upperBound) }
    if !(x.least <= x.greatest) { x = (0, 1) }
    if !(y.least <= y.greatest) { y = (0, 1) }
    guard isAny || limits != Limits() else {
      self.x = 0...1
      self.y = 0...1
      return
    }
    var width = x.greatest - x.least
    var height = y.greatest - y.least
    let largest = max(width, height)
    let size = largest > 0 ? largest : max(abs(x.least), abs(y.least), 1) * 0.1
    let greatestAspect = limits == Limits() ? Self.greatestAspect : Self.greatestLimitedAspect
    width = max(width, size / greatestAspect) + (limits.x == nil ? size * 0.08 : 0)
    height = max(height, size / greatestAspect) + (limits.y == nil ? size * 0.08 : 0)
    let middleX = (x.least + x.greatest) / 2
    let middleY = (y.least + y.greatest) / 2
    // Ends that are asked for are kept to the last digit.
    self.x = kept(limits.x, width) ?? middleX - width / 2...middleX + width / 2
    self.y = kept(limits.y, height) ?? middleY - height / 2...middleY + height / 2
    func kept(_ ends: ClosedRange<Double>?, _ length: Double) -> ClosedRange<Double>? {
      ends.flatMap { length <= $0.upperBound - $0.lowerBound ? $0 : nil }
    }
  }

  func contains(_ pointX: Float, _ pointY: Float) -> Bool { x.contains(Double(pointX)) && y.contains(Double(pointY)) }

  /// Width by height.
  var aspect: Double { (x.upperBound - x.lowerBound) / (y.upperBound - y.lowerBound) }
}
