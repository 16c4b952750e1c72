import FeatureData
import Slides

/// Which tiles a command shows: of which slides, by number, by place.
package struct TileChoice {
  /// A tile of a provider.
  package struct Tile: Sendable, Equatable {
    package let slide: Int
    package let tile: Int
  }

  /// Tiles by number.
  package enum Numbers: Sendable {
    case range(Range<Int>)
    case list([Int])
  }

  /// What is asked for; what is left out chooses all.
  package struct Asked: Sendable {
    package var slide: String?
    /// Of each slide.
    package var numbers: Numbers?
    /// Left, top, right and bottom: in pixels of level 0, on a map in its coordinates.
    package var area: [Double]?
    /// Classes of regions of interest, in one of which the tile's centre lies.
    package var regions: [String]?

    package init(
      slide: String? = nil, numbers: Numbers? = nil, area: [Double]? = nil, regions: [String]? = nil
    ) {
      self.slide = slide
      self.numbers = numbers
      self.area = area
      self.regions = regions
    }
  }

  private let provider: any TileProvider
  private let regions: TileRegions
  /// By slide, the tiles that there are to choose from; nil for all.
  private let among: [Set<Int>]?
  /// Of a map; nil shows all tiles.
  private let points: [(tile: Tile, x: Double, y: Double)]?

  package init(_ collection: TileCollection) {
    provider = collection.provider
    regions = collection.regions
    let among = collection.chosen?.map { Set($0) }
    self.among = among
    points = collection.map.map { map in
      map.points.enumerated().compactMap { index, point in
        guard among?[point.slide].contains(point.row) ?? true else { return nil }
        return (
          Tile(slide: point.slide, tile: point.row), Double(map.coordinates[index, 0]),
          Double(map.coordinates[index, 1])
        )
      }
    }
  }

  /// The tiles that the arguments choose; of very many only `count`, spaced evenly, and how many there are.
  package func chosen(_ asked: Asked, count: Int) throws -> (tiles: [Tile], total: Int) {
    let slides = try slides(asked)
    let numbers = try numbers(asked, of: slides)
    let area = try area(asked)
    let isInRegion = try regionTest(asked, of: slides)
    if let points {
      let allowed = Set(slides)
      let wanted = numbers.map { Set($0) }
      let fitting = points.filter { point in
        allowed.contains(point.tile.slide)
          && (wanted.map { $0.contains(point.tile.tile) } ?? true)
          && (area.map { $0.x.contains(point.x) && $0.y.contains(point.y) } ?? true)
          && (isInRegion?(point.tile) ?? true)
      }.map(\.tile)
      return (TileSample.even(fitting.count, count: count).map { fitting[$0] }, fitting.count)
    }
    if area == nil, numbers == nil, isInRegion == nil, among == nil {
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
      for tile in numbers ?? Array(0..<counts[slide])
      where tile < counts[slide] && among?[slide].contains(tile) ?? true {
        if let area {
          guard let location = try? provider.location(slide: slide, tile: tile), area.x.contains(Double(location.x)),
            area.y.contains(Double(location.y))
          else { continue }
        }
        if let isInRegion, !isInRegion(Tile(slide: slide, tile: tile)) { continue }
        fitting.append(Tile(slide: slide, tile: tile))
      }
    }
    return (TileSample.even(fitting.count, count: count).map { fitting[$0] }, fitting.count)
  }

  /// All tiles that the arguments choose, slide by slide.
  func candidates(_ asked: Asked) throws -> TileCandidates {
    let allowed = Set(try slides(asked))
    let numbers = try numbers(asked, of: allowed.sorted())
    let area = try area(asked)
    let isInRegion = try regionTest(asked, of: allowed.sorted())
    let counts = provider.slides.map(\.tileCount)
    var rows: [[Int]?] = counts.indices.map { allowed.contains($0) ? nil : [] }
    if let points {
      rows = counts.map { _ in [] }
      let wanted = numbers.map { Set($0) }
      for point in points where allowed.contains(point.tile.slide) {
        guard wanted.map({ $0.contains(point.tile.tile) }) ?? true,
          area.map({ $0.x.contains(point.x) && $0.y.contains(point.y) }) ?? true
        else { continue }
        if let isInRegion, !isInRegion(point.tile) { continue }
        rows[point.tile.slide]?.append(point.tile.tile)
      }
    } else if numbers != nil || area != nil || isInRegion != nil || among != nil {
      for slide in allowed {
        rows[slide] = (numbers ?? Array(0..<counts[slide])).filter { tile in
          guard tile < counts[slide], among?[slide].contains(tile) ?? true,
            isInRegion?(Tile(slide: slide, tile: tile)) ?? true
          else { return false }
          guard let area else { return true }
          guard let location = try? provider.location(slide: slide, tile: tile) else { return false }
          return area.x.contains(Double(location.x)) && area.y.contains(Double(location.y))
        }
      }
    }
    return TileCandidates(rows: rows, tileCounts: counts)
  }

  /// Whether a tile lies in one of the regions that are asked for; nil where none are.
  private func regionTest(_ asked: Asked, of slides: [Int]) throws -> ((Tile) -> Bool)? {
    guard let wanted = asked.regions.map(Set.init) else { return nil }
    let names = provider.slides.map(\.name)
    let known = try regions.names(of: slides.map { names[$0] })
    guard !known.isEmpty else { throw regions.noRegions(parameter: "region") }
    if let missing = wanted.sorted().first(where: { !known.contains($0) }) {
      throw WorkflowFailure(
        "No region of interest of these slides is called \(missing); there are "
          + known.prefix(8).joined(separator: ", ") + (known.count > 8 ? ", …." : "."),
        remedy: known.count == 1 ? "region=\(known[0])" : nil, parameter: "region")
    }
    return { tile in
      guard let place = (try? provider.location(slide: tile.slide, tile: tile.tile)) ?? nil,
        let label = (try? regions.label(of: names[tile.slide], at: place)) ?? nil
      else { return false }
      return wanted.contains(label)
    }
  }

  private func slides(_ asked: Asked) throws(WorkflowFailure) -> [Int] {
    guard let name = asked.slide else { return Array(provider.slides.indices) }
    guard let index = provider.slides.firstIndex(where: { $0.name == name }) else {
      throw WorkflowFailure(
        "There is no slide \(name) among these tiles.", remedy: provider.slides.first.map { "slide=\($0.name)" },
        parameter: "slide")
    }
    return [index]
  }

  /// Numbers that some slide must have.
  private func numbers(_ asked: Asked, of slides: [Int]) throws(WorkflowFailure) -> [Int]? {
    let most = slides.map { provider.slides[$0].tileCount }.max() ?? 0
    let given: [Int]
    switch asked.numbers {
    case nil: return nil
    case .range(let range)?:
      guard range.upperBound <= most else { throw beyond(range.upperBound - 1, slides, most) }
      given = Array(range)
    case .list(let list)?: given = list
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
    _ asked: Asked
  ) throws(WorkflowFailure) -> (x: ClosedRange<Double>, y: ClosedRange<Double>)? {
    guard let corners = asked.area else { return nil }
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
