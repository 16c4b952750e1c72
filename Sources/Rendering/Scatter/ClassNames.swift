import Glibc

/// The names of classes on the map itself, each where its points lie densest.
struct ClassNames {
  private let plot: ScatterPlot
  private let frame: MapFrame

  private static let size = 12.0
  private static let maximumWidth = 150.0
  /// Names of more classes would cover the map.
  private static let most = 60
  /// Cells along the longer side, over which points are counted.
  private static let cells = 36
  private static let gap = 2.0

  init(_ plot: ScatterPlot, in frame: MapFrame) {
    self.plot = plot
    self.frame = frame
  }

  private struct Anchor {
    let name: String
    let x: Double
    let y: Double
    let count: Int
  }

  /// The largest classes first; those for whose name no place is left are named by the legend alone.
  func draw(on canvas: Canvas) {
    var taken: [(left: Double, top: Double, right: Double, bottom: Double)] = []
    let anchors = anchors.sorted { ($1.count, $0.name) < ($0.count, $1.name) }.prefix(Self.most)
    let oneLine = canvas.size(of: TextBlock("X", size: Self.size, weight: .bold)).height
    func block(_ name: String) -> TextBlock {
      TextBlock(
        name, size: Self.size, weight: .bold, maximumWidth: Self.maximumWidth, maximumLines: 3, alignment: .centre)
    }
    let names = DistinctNames.shortened(anchors.map(\.name)) { canvas.size(of: block($0)).height < 2.5 * oneLine }
    for (anchor, name) in zip(anchors, names) {
      let block = block(name)
      let size = canvas.size(of: block)
      let place = Self.shifts(size.width, size.height).lazy
        .map { shift in
          // A name at the edge moves into the frame.
          (
            x: min(
              max(anchor.x + shift.x - size.width / 2, frame.left + 2), frame.left + frame.width - size.width - 2),
            y: min(
              max(anchor.y + shift.y - size.height / 2, frame.top + 2), frame.top + frame.height - size.height - 2)
          )
        }
        .first { place in
          taken.allSatisfy {
            place.x + size.width + Self.gap <= $0.left || place.x >= $0.right + Self.gap
              || place.y + size.height + Self.gap <= $0.top || place.y >= $0.bottom + Self.gap
          }
        }
      guard let place else { continue }
      taken.append((place.x, place.y, place.x + size.width, place.y + size.height))
      canvas.drawWithHalo(block, x: place.x, y: place.y)
    }
  }

  /// The place itself, then others around it, farther and farther.
  private static func shifts(_ width: Double, _ height: Double) -> [(x: Double, y: Double)] {
    [(x: 0, y: 0)]
      + (1...3).flatMap { ring -> [(x: Double, y: Double)] in
        let (across, down) = (Double(ring) * width * 0.55, Double(ring) * height * 0.9)
        return [
          (0, -down), (0, down), (-across, 0), (across, 0), (-across, -down), (across, -down), (-across, down),
          (across, down),
        ]
      }
  }

  /// The middle of the points around the fullest cell of each class.
  private var anchors: [Anchor] {
    guard case .categorical(let names, let indices, _, _) = plot.colouring else { return [] }
    let unit = max(frame.width, frame.height) / Double(Self.cells)
    let columns = Int((frame.width / unit).rounded(.up)) + 1
    let rows = Int((frame.height / unit).rounded(.up)) + 1
    var members = [[Int]](repeating: [], count: names.count)
    for point in plot.drawnPoints where names.indices.contains(indices[point]) { members[indices[point]].append(point) }
    func page(_ point: Int) -> (x: Double, y: Double) {
      (frame.pageX(Double(plot.x[point])), frame.pageY(Double(plot.y[point])))
    }
    func cell(_ point: Int) -> (column: Int, row: Int) {
      let (x, y) = page(point)
      return (
        min(max(Int((x - frame.left) / unit), 0), columns - 1), min(max(Int((y - frame.top) / unit), 0), rows - 1)
      )
    }
    return names.indices.compactMap { index in
      guard !members[index].isEmpty else { return nil }
      var counts = [Int](repeating: 0, count: columns * rows)
      for point in members[index] {
        let (column, row) = cell(point)
        counts[row * columns + column] += 1
      }
      // Counted over a cell and those around it, so that chance within a cell does not decide.
      var best = (place: 0, count: -1)
      for row in 0..<rows {
        for column in 0..<columns {
          var count = 0
          for otherRow in max(row - 1, 0)...min(row + 1, rows - 1) {
            for otherColumn in max(column - 1, 0)...min(column + 1, columns - 1) {
              count += counts[otherRow * columns + otherColumn]
            }
          }
          if count > best.count { best = (row * columns + column, count) }
        }
      }
      var (x, y, count) = (0.0, 0.0, 0.0)
      for point in members[index] {
        let (column, row) = cell(point)
        guard abs(column - best.place % columns) <= 1, abs(row - best.place / columns) <= 1 else { continue }
        let place = page(point)
        (x, y, count) = (x + place.x, y + place.y, count + 1)
      }
      return Anchor(name: names[index], x: x / max(count, 1), y: y / max(count, 1), count: members[index].count)
    }
  }
}
