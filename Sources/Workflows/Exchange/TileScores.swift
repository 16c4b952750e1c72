import FeatureData
import FeatureStore
import Slides

/// Numbers of tiles in files of their own, joined with the tiles of features by slide and place.
///
/// A number belongs to the tile whose corner, or whose centre, lies within `tolerance` pixels of its place along x and y;
/// whichever of the two fits more places of a slide is taken.
struct TileScores {
  /// In pixels of level 0: what rounding and other programs' halves leave.
  static let tolerance = 2

  private let path: String
  private let study: Study
  private let monitor: any WorkMonitor

  init(_ path: String, of study: Study, monitor: any WorkMonitor) {
    self.path = path
    self.study = study
    self.monitor = monitor
  }

  /// How the places of one slide fit.
  private struct Fit {
    var matched = 0
    var byCentre = false
    /// For each tile, the row of its numbers.
    var rows: [Int?] = []
  }

  /// Adds the numbers to the slides that have any.
  ///
  /// - Returns: how they were joined.
  /// - Throws: `WorkflowFailure` where no number lies at a tile.
  func join(_ slides: inout [FeatureSet.Slide]) throws -> [Remark] {
    var bags: [ForeignBag] = []
    var digests: [String] = []
    for file in try Reporting.run({ try BagFolder.files(in: path) }) {
      try monitor.checkInterrupted()
      digests.append(try ContentDigest.ofFile(file))
      bags += try Probe.readBag(file, BagRequest(contents: .scores), monitor: monitor)
    }
    let digest = ContentDigest.ofText(digests.joined(separator: "\n"))
    let names = slides.map(\.name)
    let join = SlideJoin(bags.map { SlideJoin.Name(text: $0.slide) }, slides: names)
    let bySlide = Dictionary(bags.compactMap { bag in join.slide(for: bag.slide).map { ($0, bag) } }) { first, _ in
      first
    }
    var remarks: [Remark] = []
    var (matched, placed, tiles, centred) = (0, 0, 0, 0)
    for index in slides.indices {
      guard let bag = bySlide[slides[index].name], let places = bag.corners ?? bag.centres else { continue }
      let fit = Self.fitting(places, slides[index].stored)
      matched += fit.matched
      placed += places.count
      tiles += slides[index].tileCount
      if fit.byCentre { centred += 1 }
      guard fit.matched > 0 else {
        remarks.append(.warning("Of \(slides[index].name) no number of \(shortPath) lies at a tile."))
        continue
      }
      slides[index].addedFrom = digest
      slides[index].added += bag.quantities.map { quantity in
        TileQuantity(name: quantity.name, values: fit.rows.map { row in row.map { quantity.values[$0] } ?? .nan })
      }
    }
    guard matched > 0 else { throw failure(bags, names, bySlide) }
    let quantities = NaturalOrder.sorted(Set(slides.flatMap { $0.added.map(\.name) }))
    let joined = bySlide.count
    remarks.insert(
      .note(
        "\(quantities.joined(separator: ", ")) of \(matched) of \(tiles.counted("tile")) come from \(shortPath), joined by the "
          + "\(centred * 2 > joined ? "centres" : "corners") of tiles within \(Self.tolerance) pixels of level 0"
          + (joined < slides.count ? ", of \(joined) of the \(slides.count.counted("slide"))" : "") + "."), at: 0)
    if placed > matched {
      remarks.append(
        .warning("\(placed - matched) of the \(placed) places in \(shortPath) are of no tile, and are left out."))
    }
    if !join.beginnings.isEmpty {
      let pairs = join.beginnings.prefix(5).map { "\($0.name) as \($0.slide)" }.joined(separator: ", ")
      remarks.append(
        .warning(
          "Matched by the beginning of their names only; check them: \(pairs)\(join.beginnings.count > 5 ? ", …" : ".")"
        ))
    }
    return remarks
  }

  private var shortPath: String { path.withShortPaths }

  private func failure(_ bags: [ForeignBag], _ slides: [String], _ joined: [String: ForeignBag]) -> WorkflowFailure {
    guard let (slide, bag) = joined.min(by: { $0.key < $1.key }) else {
      return WorkflowFailure(
        "No slide of the features has a name like those in \(shortPath): "
          + "\(bags.prefix(3).map(\.slide).joined(separator: ", ")) there, and \(slides.prefix(3).joined(separator: ", ")) here.",
        parameter: "scores")
    }
    let place = (bag.corners ?? bag.centres ?? []).first.map { "the first is (\($0.x), \($0.y))" } ?? "there is none"
    return WorkflowFailure(
      "No place in \(shortPath) is that of a tile, within \(Self.tolerance) pixels of level 0: of \(slide) \(place).",
      parameter: "scores")
  }

  // MARK: Places

  private static func fitting(_ places: [TileLocation], _ stored: StoredSlideFeatures) -> Fit {
    let byCorner = stored.corners.map { matched(places, to: $0.corners) } ?? Fit()
    var byCentre = stored.locations.map { matched(places, to: $0) } ?? Fit()
    guard byCentre.matched > byCorner.matched else { return byCorner }
    byCentre.byCentre = true
    return byCentre
  }

  /// - Complexity: O(tiles + places).
  private static func matched(_ places: [TileLocation], to tiles: [TileLocation]) -> Fit {
    // Cells so wide that at most four of them hold what is near.
    let width = 4 * tolerance
    func cell(_ value: Int) -> Int { Int((Double(value) / Double(width)).rounded(.down)) }
    var rowsByCell: [TileLocation: [Int]] = [:]
    for (row, place) in places.enumerated() {
      rowsByCell[TileLocation(x: cell(place.x), y: cell(place.y)), default: []].append(row)
    }
    var fit = Fit()
    var used = Set<Int>()
    fit.rows = tiles.map { tile in
      var best: (row: Int, distance: Int)?
      for x in Set([cell(tile.x - tolerance), cell(tile.x + tolerance)]) {
        for y in Set([cell(tile.y - tolerance), cell(tile.y + tolerance)]) {
          for row in rowsByCell[TileLocation(x: x, y: y)] ?? [] {
            let distance = max(abs(places[row].x - tile.x), abs(places[row].y - tile.y))
            guard distance <= tolerance else { continue }
            if best.map({ (distance, row) < ($0.distance, $0.row) }) ?? true { best = (row, distance) }
          }
        }
      }
      if let best { used.insert(best.row) }
      return best?.row
    }
    fit.matched = used.count
    return fit
  }
}
