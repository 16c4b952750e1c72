/// What is said of tiles that cannot be shown: each reason once, with the tiles that it holds for.
enum UnshownTiles {
  private static let mostReasons = 5
  private static let mostNames = 3

  static func remarks(_ tiles: [(name: String, reason: String)]) -> [Remark] {
    var reasons: [String] = []
    var names: [String: [String]] = [:]
    for (name, reason) in tiles {
      if names[reason] == nil { reasons.append(reason) }
      names[reason, default: []].append(name)
    }
    var remarks = reasons.prefix(mostReasons).map { reason -> Remark in
      let own = names[reason] ?? []
      let others = own.count - mostNames
      return .warning(
        own.prefix(mostNames).joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
          + " cannot be shown: \(reason)")
    }
    let rest = reasons.dropFirst(mostReasons).reduce(0) { $0 + (names[$1]?.count ?? 0) }
    if rest > 0 { remarks.append(.warning("… and \(rest.counted("tile")) more, for other reasons.")) }
    return remarks
  }
}
