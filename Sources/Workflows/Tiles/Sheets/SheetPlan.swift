/// What stands where on a contact sheet.
struct SheetPlan {
  /// Nil leaves a place empty.
  var places: [TileRanking.Place?] = []
  var title: String?
  var subtitle: String?
  var footer = ""
  var columns: Int?
  var tileSide: Double?
  private var isRanked = false

  init() {}

  /// Each group begins a row.
  init(_ ranking: TileRanking, title: String?) {
    self.title = title ?? ranking.title
    subtitle = ranking.subtitle
    footer = ranking.footer
    isRanked = true
    let count = ranking.places.count
    let (side, fitting) = count <= 12 ? (180.0, 6) : count <= 30 ? (140, 7) : count <= 80 ? (104, 10) : (76, 13)
    tileSide = side
    let columns = max(min(fitting, ranking.groups.map(\.count).max() ?? 1), 1)
    self.columns = columns
    for group in ranking.groups where !group.isEmpty {
      while places.count % columns != 0 { places.append(nil) }
      places += group
    }
  }

  /// For front ends without pictures.
  func text(name: (TileChoice.Tile) -> String) -> String {
    guard isRanked else { return "Tiles: \(footer)" }
    let first = places.compactMap(\.self).prefix(50).map { "\(name($0.tile)) (\($0.caption))" }
    return "\(title ?? "Tiles"): \(first.joined(separator: ", ")). \(footer)"
  }
}
