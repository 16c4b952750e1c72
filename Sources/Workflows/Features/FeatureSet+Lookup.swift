extension FeatureSet {
  /// The class that a number or a name means; a name may be a number too.
  package func outcome(_ name: String, isIndex: Bool) throws(WorkflowFailure) -> Int {
    if isIndex, let index = Int(name), (0..<logitCount).contains(index) { return index }
    return try logit(name)
  }

  /// "S1:3".
  package func name(of point: FeatureMap.Point) -> String { "\(slides[point.slide].name):\(point.row)" }

  /// The tile of a slide with a number.
  package func tile(_ slide: String, _ index: Int) throws(WorkflowFailure) -> TileChoice.Tile {
    guard let place = slides.firstIndex(where: { $0.name == slide }) else {
      throw WorkflowFailure(
        "These features have no slide \(slide).", remedy: slides.first.map { "near=\($0.name):0" }, parameter: "near")
    }
    let count = slides[place].tileCount
    guard (0..<count).contains(index) else {
      throw WorkflowFailure(
        count == 0 ? "\(slide) has no tiles." : "\(slide) has \(count) tiles, numbered 0 to \(count - 1).",
        remedy: count == 0 ? nil : "near=\(slide):\(count - 1)", parameter: "near")
    }
    return TileChoice.Tile(slide: place, tile: index)
  }
}
