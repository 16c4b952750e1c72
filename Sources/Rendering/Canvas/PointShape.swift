/// The shape of a point: with more classes than there are colours to tell apart, the second mark of a class.
enum PointShape: Int, Sendable, CaseIterable, Equatable {
  case disc
  case square
  case triangle
  case diamond
  case invertedTriangle
  case cross

  /// Of the class at `index`: twenty classes share a shape, so that no two of 120 classes share shape and colour.
  static func ofClass(_ index: Int) -> PointShape {
    allCases[index / Palette.distinctCount % allCases.count]
  }

  /// How many classes differ in colour or shape.
  static let classCount = 2 * Palette.classCount

  /// Corners for a point of diameter 1 around (0, 0), y downwards; all shapes cover about the area of the disc. Nil for the disc.
  var corners: [(x: Double, y: Double)]? {
    switch self {
    case .disc: nil
    case .square: [(-0.45, -0.45), (0.45, -0.45), (0.45, 0.45), (-0.45, 0.45)]
    case .triangle: [(0, -0.68), (0.62, 0.45), (-0.62, 0.45)]
    case .diamond: [(0, -0.64), (0.64, 0), (0, 0.64), (-0.64, 0)]
    case .invertedTriangle: [(0, 0.68), (0.62, -0.45), (-0.62, -0.45)]
    case .cross:
      [
        (-0.18, -0.62), (0.18, -0.62), (0.18, -0.18), (0.62, -0.18), (0.62, 0.18), (0.18, 0.18), (0.18, 0.62),
        (-0.18, 0.62), (-0.18, 0.18), (-0.62, 0.18), (-0.62, -0.18), (-0.18, -0.18),
      ]
    }
  }

  /// Whether a point of diameter 1 around (0, 0) covers a place.
  func covers(_ x: Double, _ y: Double) -> Bool {
    switch self {
    case .disc: return x * x + y * y <= 0.25
    case .square: return abs(x) <= 0.45 && abs(y) <= 0.45
    case .diamond: return abs(x) + abs(y) <= 0.64
    case .triangle: return Self.isInTriangle(x, y)
    case .invertedTriangle: return Self.isInTriangle(x, -y)
    case .cross: return min(abs(x), abs(y)) <= 0.18 && max(abs(x), abs(y)) <= 0.62
    }
  }

  private static func isInTriangle(_ x: Double, _ y: Double) -> Bool {
    y <= 0.45 && y >= -0.68 && abs(x) <= 0.62 * (y + 0.68) / 1.13
  }
}
