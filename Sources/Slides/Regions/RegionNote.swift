/// What of a file of regions could not be taken; it costs itself and nothing else.
package enum RegionNote: Sendable, Equatable {
  /// A region that is none; `line` where the file has lines that tell one.
  case faulty(name: String, line: Int?, RegionFault)
  /// What is no area, by what the file calls it: "point", "line".
  case passedOver(kind: String, count: Int)

  /// Without the file.
  package var clause: String {
    switch self {
    case .faulty(let name, let line, let fault):
      "the region \(name)" + (line.map { " (line \($0))" } ?? "") + " is left out: \(fault.clause)"
    case .passedOver(let kind, let count):
      "\(count) \(kind)\(count == 1 ? " is" : "s are") passed over, for \(count == 1 ? "it bounds" : "they bound") no area"
    }
  }

  /// Some of the notes on a file in one sentence; nil where there are none.
  package static func sentence(_ notes: [RegionNote], path: String) -> String? {
    guard !notes.isEmpty else { return nil }
    let shown = notes.prefix(5).map(\.clause).joined(separator: "; ")
    return "\(path): \(shown)" + (notes.count > 5 ? "; and \(notes.count - 5) more." : ".")
  }
}

/// Why an outline bounds no area.
package enum RegionFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// Fewer than three different vertices.
  case fewVertices(count: Int)
  /// All vertices lie on one line.
  case flat
  /// What stands where a coordinate should, or one that lies on no slide.
  case coordinate(column: String, value: String)

  /// Coordinates beyond this lie on no slide.
  static let largestCoordinate = 1e8

  package var description: String { clause }

  package var clause: String {
    switch self {
    case .fewVertices(let count): "it has \(count) \(count == 1 ? "vertex" : "vertices"), and a region needs three"
    case .flat: "its vertices lie on one line"
    case .coordinate(let column, let value): "\(column) is \"\(value)\", which is no coordinate"
    }
  }

  /// Nil for an outline that bounds an area, however it crosses itself.
  static func of(_ vertices: [RegionsOfInterest.Vertex]) -> RegionFault? {
    guard let first = vertices.first else { return .fewVertices(count: 0) }
    let isClosed = vertices.count > 1 && vertices.last == first
    let count = vertices.count - (isClosed ? 1 : 0)
    guard count >= 3 else { return .fewVertices(count: count) }
    guard let other = vertices.first(where: { $0 != first }) else { return .fewVertices(count: 1) }
    let (dx, dy) = (other.x - first.x, other.y - first.y)
    let isFlat = vertices.allSatisfy { dx * ($0.y - first.y) == dy * ($0.x - first.x) }
    return isFlat ? .flat : nil
  }
}
