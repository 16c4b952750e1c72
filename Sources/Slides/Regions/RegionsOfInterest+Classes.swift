extension RegionsOfInterest {
  /// The classes of the regions with how many outlines each has, by name; holes are not counted, nor regions without one.
  package var classes: [(name: String, count: Int)] {
    let labels = regions.indices.filter(isOutline).compactMap { regions[$0].label }
    return Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +).map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  /// How many regions have no class.
  package var unclassedCount: Int { regions.indices.count { isOutline($0) && regions[$0].label == nil } }

  /// The regions of some classes, each with its holes.
  ///
  /// - Returns: nil if there are none.
  package func ofClasses(_ wanted: [String]) -> RegionsOfInterest? {
    let wanted = Set(wanted)
    let chosen = regions.indices.filter { isOutline($0) && regions[$0].label.map(wanted.contains) == true }
    guard !chosen.isEmpty else { return nil }
    var result = RegionsOfInterest(
      areas: Dictionary(grouping: chosen) { isNested ? $0 : areas[$0] }.sorted { $0.key < $1.key }.map {
        key, outlines in
        // In a table the regions directly inside one are its holes, whatever they are called.
        let holes = regions.indices.filter { isNested ? parents[$0] == key : areas[$0] == key && depths[$0] == 1 }
        return Area(outlines: outlines.map { regions[$0] }, holes: holes.map { regions[$0] })
      })
    (result.path, result.frame, result.notes) = (path, frame, notes)
    return result
  }

  /// True for what is tissue: an outline, and one inside another that has a class of its own.
  func isOutline(_ index: Int) -> Bool {
    if depths[index] % 2 == 0 { return true }
    guard isNested, let label = regions[index].label, let parent = parents[index] else { return false }
    return label != regions[parent].label
  }
}
