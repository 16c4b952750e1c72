import FeatureData

/// Points that keep a least distance from each other, as the centres of cells do, with quick look-up.
struct CellSites {
  struct Site {
    let x: Float
    let y: Float
  }

  private(set) var sites: [Site] = []
  private let cell: Float
  private let columns: Int
  private let margin: Float
  /// Indices of sites by grid cell, at most `slots` each.
  private var grid: [Int32]
  private static let slots = 4

  /// Throws points at random and keeps those at least `spacing` pixels from all others; the square of `side` pixels
  /// has a rim of one spacing around it, so that cells reach over its edges.
  init(side: Int, spacing: Float, crowding: Int = 9, random: inout SplitMix64) {
    margin = spacing * 1.5
    cell = spacing
    let extent = Float(side) + 2 * margin
    columns = Int(extent / cell) + 1
    grid = [Int32](repeating: -1, count: columns * columns * Self.slots)
    let attempts = Int(extent * extent / (spacing * spacing)) * crowding
    for _ in 0..<attempts {
      let site = Site(
        x: Float(random.nextUnit()) * extent - margin, y: Float(random.nextUnit()) * extent - margin)
      if isFree(site, spacing: spacing) { insert(site) }
    }
  }

  /// The two nearest sites of a point: their indices (-1 if there is none near) and squared distances.
  func nearestTwo(_ x: Float, _ y: Float) -> (first: Int, second: Int, firstSquared: Float, secondSquared: Float) {
    // Sites beyond the grid cells next to the point's are at least this far away; the square is so full that two
    // sites are hardly ever farther than two cells.
    let column = (x + margin) / cell
    let row = (y + margin) / cell
    let across = column - column.rounded(.down)
    let down = row - row.rounded(.down)
    let sure = cell * (1 + min(across, 1 - across, min(down, 1 - down)))
    let near = nearestTwo(x, y, reach: 1)
    return near.secondSquared <= sure * sure ? near : nearestTwo(x, y, reach: 2)
  }

  private func nearestTwo(
    _ x: Float, _ y: Float, reach: Int
  ) -> (first: Int, second: Int, firstSquared: Float, secondSquared: Float) {
    var result = (first: -1, second: -1, firstSquared: Float.infinity, secondSquared: Float.infinity)
    visit(x, y, reach: reach) { index in
      let dx = sites[index].x - x
      let dy = sites[index].y - y
      let squared = dx * dx + dy * dy
      if squared < result.firstSquared {
        result.second = result.first
        result.secondSquared = result.firstSquared
        result.first = index
        result.firstSquared = squared
      } else if squared < result.secondSquared {
        result.second = index
        result.secondSquared = squared
      }
    }
    return result
  }

  /// How far a point is from the border between its cell and the next.
  func borderDistance(_ x: Float, _ y: Float) -> (cell: Int, neighbour: Int, distance: Float, toCentre: Float) {
    let near = nearestTwo(x, y)
    guard near.first >= 0, near.second >= 0 else { return (near.first, -1, .infinity, near.firstSquared.squareRoot()) }
    let a = sites[near.first]
    let b = sites[near.second]
    let apart = ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
    let distance = (near.secondSquared - near.firstSquared) / (2 * max(apart, 0.001))
    return (near.first, near.second, distance, near.firstSquared.squareRoot())
  }

  private func visit(_ x: Float, _ y: Float, reach: Int, _ body: (Int) -> Void) {
    let column = Int((x + margin) / cell)
    let row = Int((y + margin) / cell)
    for r in max(row - reach, 0)...max(min(row + reach, columns - 1), max(row - reach, 0)) {
      for c in max(column - reach, 0)...max(min(column + reach, columns - 1), max(column - reach, 0)) {
        guard r < columns, c < columns else { continue }
        let start = (r * columns + c) * Self.slots
        for slot in start..<start + Self.slots {
          if grid[slot] < 0 { break }
          body(Int(grid[slot]))
        }
      }
    }
  }

  private func isFree(_ site: Site, spacing: Float) -> Bool {
    var free = true
    visit(site.x, site.y, reach: 1) { index in
      let dx = sites[index].x - site.x
      let dy = sites[index].y - site.y
      if dx * dx + dy * dy < spacing * spacing { free = false }
    }
    return free
  }

  private mutating func insert(_ site: Site) {
    let start = (Int((site.y + margin) / cell) * columns + Int((site.x + margin) / cell)) * Self.slots
    for slot in start..<start + Self.slots where grid[slot] < 0 {
      grid[slot] = Int32(sites.count)
      sites.append(site)
      return
    }
  }
}
