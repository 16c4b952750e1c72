import FeatureData
import Slides

/// Which tiles a command shows: of which slides, by number, by place.
struct TileChoice {
  /// A tile of a provider.
  struct Tile: Equatable {
    let slide: Int
    let tile: Int
  }

  static let parameters = [
    ParameterDeclaration("slide", .name(.slide), "Only tiles of this slide."),
    ParameterDeclaration(
      "tiles", .either([.range, .list(.integer(0...1_000_000_000))]), "Tiles of each slide, by number."),
    ParameterDeclaration(
      "area", .list(.number(-1e9...1e9)),
      "[x0, y0, x1, y1]: tiles whose centre lies there; in pixels of level 0 from the corner of the whole slide, as OpenSlide "
        + "counts them, on a map in its coordinates."),
  ]

  private let provider: any TileSource
  /// Of a map; nil shows all tiles.
  private let points: [(tile: Tile, x: Double, y: Double)]?

  init(_ provider: any TileSource, map: FeatureMap? = nil) {
    self.provider = provider
    points = map.map { map in
      map.points.enumerated().map { index, point in
        (
          Tile(slide: point.slide, tile: point.row), Double(map.coordinates[index, 0]),
          Double(map.coordinates[index, 1])
        )
      }
    }
  }

  /// The tiles that the arguments choose; of very many only `count`, spaced evenly, and how many there are.
  func chosen(_ arguments: BoundArguments, count: Int) throws -> (tiles: [Tile], total: Int) {
    let slides = try slides(arguments)
    let numbers = try numbers(arguments, of: slides)
    let area = try area(arguments)
    if let points {
      let allowed = Set(slides)
      let wanted = numbers.map { Set($0) }
      let fitting = points.filter { point in
        allowed.contains(point.tile.slide)
          && (wanted.map { $0.contains(point.tile.tile) } ?? true)
          && (area.map { $0.x.contains(point.x) && $0.y.contains(point.y) } ?? true)
      }.map(\.tile)
      return (TileSample.even(fitting.count, count: count).map { fitting[$0] }, fitting.count)
    }
    if area == nil, numbers == nil {
      let names = provider.slides
      let total = slides.reduce(0) { $0 + names[$1].tileCount }
      var tiles: [Tile] = []
      var start = 0
      var slide = slides.startIndex
      for place in TileSample.even(total, count: count) {
        while place >= start + names[slides[slide]].tileCount {
          start += names[slides[slide]].tileCount
          slide += 1
        }
        tiles.append(Tile(slide: slides[slide], tile: place - start))
      }
      return (tiles, total)
    }
    var fitting: [Tile] = []
    let counts = provider.slides.map(\.tileCount)
    for slide in slides {
      for tile in numbers ?? Array(0..<counts[slide]) where tile < counts[slide] {
        if let area {
          guard let location = try? provider.location(slide: slide, tile: tile), area.x.contains(Double(location.x)),
            area.y.contains(Double(location.y))
          else { continue }
        }
        fitting.append(Tile(slide: slide, tile: tile))
      }
    }
    return (TileSample.even(fitting.count, count: count).map { fitting[$0] }, fitting.count)
  }

  /// All tiles that the arguments choose, slide by slide.
  func candidates(_ arguments: BoundArguments) throws -> TileCandidates {
    let allowed = Set(try slides(arguments))
    let numbers = try numbers(arguments, of: allowed.sorted())
    let area = try area(arguments)
    let counts = provider.slides.map(\.tileCount)
    var rows: [[Int]?] = counts.indices.map { allowed.contains($0) ? nil : [] }
    if let points {
      rows = counts.map { _ in [] }
      let wanted = numbers.map { Set($0) }
      for point in points where allowed.contains(point.tile.slide) {
        guard wanted.map({ $0.contains(point.tile.tile) }) ?? true,
          area.map({ $0.x.contains(point.x) && $0.y.contains(point.y) }) ?? true
        else { continue }
        rows[point.tile.slide]?.append(point.tile.tile)
      }
    } else if numbers != nil || area != nil {
      for slide in allowed {
        rows[slide] = (numbers ?? Array(0..<counts[slide])).filter { tile in
          guard tile < counts[slide] else { return false }
          guard let area else { return true }
          guard let location = try? provider.location(slide: slide, tile: tile) else { return false }
          return area.x.contains(Double(location.x)) && area.y.contains(Double(location.y))
        }
      }
    }
    return TileCandidates(rows: rows, tileCounts: counts)
  }

  private func slides(_ arguments: BoundArguments) throws(WorkflowFailure) -> [Int] {
    guard let name = arguments.text("slide") else { return Array(provider.slides.indices) }
    guard let index = provider.slides.firstIndex(where: { $0.name == name }) else {
      throw WorkflowFailure(
        "There is no slide \(name) among these tiles.", remedy: provider.slides.first.map { "slide=\($0.name)" },
        parameter: "slide")
    }
    return [index]
  }

  /// Numbers that some slide must have.
  private func numbers(_ arguments: BoundArguments, of slides: [Int]) throws(WorkflowFailure) -> [Int]? {
    let most = slides.map { provider.slides[$0].tileCount }.max() ?? 0
    let given: [Int]
    switch arguments["tiles"] {
    case nil: return nil
    case .range(let range)?:
      guard range.upperBound <= most else { throw beyond(range.upperBound - 1, slides, most) }
      given = Array(range)
    case let value?: given = value.items.compactMap(\.integer)
    }
    if let wrong = given.first(where: { $0 >= most }) { throw beyond(wrong, slides, most) }
    return given
  }

  private func beyond(_ number: Int, _ slides: [Int], _ most: Int) -> WorkflowFailure {
    let owner = slides.count == 1 ? provider.slides[slides[0]].name : "the largest of these slides"
    return WorkflowFailure(
      most == 0
        ? "\(owner) has no tiles." : "There is no tile \(number): \(owner) has \(most), numbered 0 to \(most - 1).",
      remedy: most == 0 ? nil : "tiles=0..<\(min(most, 25))", parameter: "tiles")
  }

  private func area(
    _ arguments: BoundArguments
  ) throws(WorkflowFailure) -> (x: ClosedRange<Double>, y: ClosedRange<Double>)? {
    guard let corners = arguments.numbers("area") else { return nil }
    guard corners.count == 4, corners[0] <= corners[2], corners[1] <= corners[3] else {
      let sorted =
        corners.count == 4
        ? [
          min(corners[0], corners[2]), min(corners[1], corners[3]), max(corners[0], corners[2]),
          max(corners[1], corners[3]),
        ]
        : [0, 0, 1000, 1000]
      throw WorkflowFailure(
        "An area is four numbers: left, top, right and bottom.",
        remedy: "area=[\(sorted.map(\.shortText).joined(separator: ", "))]", parameter: "area")
    }
    return (corners[0]...corners[2], corners[1]...corners[3])
  }
}
