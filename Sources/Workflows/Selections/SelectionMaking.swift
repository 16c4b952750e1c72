import Analysis
package import FeatureData
import FeatureStore

/// Selects tiles by one rule after the other, and says which rule leaves none.
final class SelectionMaking {
  let ground: SelectionGround
  let request: SelectionRequest
  let monitor: any WorkMonitor

  var features: FeatureSet { ground.features }
  var map: FeatureMap? { ground.map }

  /// The tiles that are looked at.
  private var mask: TileMask
  /// Those among which others are added.
  private let all: TileMask
  private var phrases: [String] = []
  private var remarks: [Remark] = []
  /// True where a rule looked at what the features or the model say.
  private var looksAtFeatures = false

  init(_ ground: SelectionGround, _ request: SelectionRequest, monitor: any WorkMonitor) {
    self.ground = ground
    self.request = request
    self.monitor = monitor
    let counts = ground.features.slides.map(\.tileCount)
    // Asked for once, and not with each of a million points.
    let map = ground.map
    let isOfSlides = map?.isOfSlides == true
    var all = TileMask(tileCounts: counts, all: map == nil)
    for point in map?.points ?? [] {
      // A point of a map of slides stands for all tiles of its slide.
      for row in isOfSlides ? 0..<counts[point.slide] : point.row..<point.row + 1 { all.insert(point.slide, row) }
    }
    self.all = all
    mask = all
    guard case .selection(let selection) = ground else { return }
    mask = TileMask(tileCounts: counts, all: false)
    for (slide, rows) in selection.rows.enumerated() { for row in rows { mask.insert(slide, Int(row)) } }
  }

  func run() throws -> (SelectedTiles, remarks: [Remark]) {
    guard all.count > 0 else { throw WorkflowFailure("There are no tiles to select from.") }
    guard request.hasRules || !request.or.isEmpty || !request.without.isEmpty else {
      throw WorkflowFailure(
        "`select` needs a rule that chooses tiles: a polygon, an area, a slide, a condition, a prediction, a cluster, …",
        remedy: features.slides.first.map { "slide=\($0.name)" })
    }
    if case .selection(let selection) = ground {
      phrases.append(selection.rule)
      looksAtFeatures = selection.looksAtFeatures
    } else if !request.hasRules, !request.or.isEmpty {
      // Nothing is chosen yet that others could be added to.
      mask = TileMask(tileCounts: features.slides.map(\.tileCount), all: false)
    }
    try choosePlaces()
    try chooseByQuantities()
    for other in request.and { try narrow("and", "and \(other.name)") { try self.keep(other, &$0) } }
    if let near = request.near { try choose(near) }
    for other in request.or { try add(other) }
    for other in request.without { try narrow("without", "without \(other.name)") { try self.remove(other, &$0) } }
    return (
      SelectedTiles(
        features: features, rows: mask.chosen.indices.map { mask.rows(of: $0).map(Int32.init) },
        rule: phrases.joined(separator: ", "), map: map, looksAtFeatures: looksAtFeatures, total: all.count),
      remarks
    )
  }

  // MARK: Rules

  /// Lets a rule take tiles away.
  ///
  /// - Parameters:
  ///   - parameter: by which it was given.
  ///   - said: what the rule is called where it leaves no tile; nil for the parameter.
  ///   - reason: what is said where it leaves none, with the tiles that it was asked about.
  func narrow(
    _ parameter: String, _ phrase: String, said: String? = nil,
    reason: (_ before: TileMask) throws -> String? = { _ in nil },
    _ rule: (inout TileMask) throws -> Void
  ) throws {
    try monitor.checkInterrupted()
    let before = mask
    try Reporting.run(parameter: parameter) { try rule(&mask) }
    phrases.append(phrase)
    guard mask.count == 0 else { return }
    let among = before.count.counted("tile") + (before.count == all.count ? "" : " that the other rules choose")
    var failure = WorkflowFailure(
      "`\(said ?? parameter)` leaves none of the \(among)." + (try reason(before).map { " " + $0 } ?? ""),
      parameter: parameter)
    failure.leavesNothing = true
    throw failure
  }

  func say(_ remark: Remark) { if !remarks.contains(remark) { remarks.append(remark) } }
  func noteFeatures() { looksAtFeatures = true }

  private func keep(_ other: SelectionRequest.Other, _ mask: inout TileMask) throws {
    mask.keep(try self.mask(of: other, "and"))
  }

  private func remove(_ other: SelectionRequest.Other, _ mask: inout TileMask) throws {
    mask.remove(try self.mask(of: other, "without"))
  }

  private func add(_ other: SelectionRequest.Other) throws {
    var added = try mask(of: other, "or")
    let count = added.count
    added.keep(all)
    guard added.count > 0 else {
      throw WorkflowFailure("No tile of \(other.name) stands on the map.", parameter: "or")
    }
    if added.count < count {
      say(.note("\((count - added.count).counted("tile")) of \(other.name) are not on the map, and are left out."))
    }
    mask.insert(added)
    phrases.append((phrases.isEmpty ? "" : "or ") + other.name)
  }

  private func mask(of other: SelectionRequest.Other, _ parameter: String) throws -> TileMask {
    let (mask, absent) = try other.selection.mask(on: features, name: other.name, parameter: parameter)
    if absent > 0 { say(.note("\(absent.counted("tile")) of \(other.name) are not among these features.")) }
    looksAtFeatures = looksAtFeatures || other.selection.looksAtFeatures
    return mask
  }

  private func choose(_ near: SelectionRequest.Near) throws {
    noteFeatures()
    let tile = "\(near.slide):\(near.index)"
    var said: String?
    try narrow("near", "the \(near.count) nearest to \(tile) by \(near.metric.rawValue) distance") { mask in
      let rows = mask.chosen.indices.map { mask.rows(of: $0) }
      let counts = features.slides.map(\.tileCount)
      let found = try TileRanking.nearestTiles(
        to: near.slide, near.index, metric: near.metric, features, TileCandidates(rows: rows, tileCounts: counts),
        count: near.count, monitor: monitor)
      let isAmong = mask[found.asked.slide, found.asked.tile]
      var nearest = TileMask(tileCounts: counts, all: false)
      for (tile, _) in found.tiles { nearest.insert(tile.slide, tile.tile) }
      if isAmong { nearest.insert(found.asked.slide, found.asked.tile) }
      said =
        isAmong
        ? "\(tile) itself is among them." : "\(tile) itself is not among them, for the other rules leave it out."
      if let leftOut = found.leftOut { said = (said ?? "") + " " + leftOut }
      mask = nearest
    }
    if let said { say(.note(said)) }
  }
}

extension SelectionGround {
  /// Selects tiles by rules that must all hold.
  ///
  /// - Returns: the tiles, and what is to be said beside them.
  /// - Throws: `WorkflowFailure` that names the rule which leaves no tile.
  package func select(
    _ request: SelectionRequest, monitor: any WorkMonitor = SilentMonitor()
  ) throws -> (SelectedTiles, remarks: [Remark]) {
    let making = SelectionMaking(self, request, monitor: monitor)
    return try making.run()
  }
}
