import FeatureData
import FeatureStore

extension FeatureSet {
  /// The names of the numbers that tiles have besides their features, those of the first slides first.
  package var quantityNames: [String] {
    var names: [String] = []
    for slide in slides {
      for quantity in slide.quantities where !names.contains(quantity.name) { names.append(quantity.name) }
    }
    return names
  }

  /// The numbers of a name, by slide and tile; nil where no slide has any.
  func quantity(_ name: String) -> TileNumbers? {
    let values = slides.map { slide in slide.quantities.first { $0.name == name }?.values }
    return values.contains { $0 != nil } ? TileNumbers(name: name, bySlide: values) : nil
  }
}

/// A number of each tile of some features.
struct TileNumbers: Sendable {
  let name: String
  /// By slide; nil where it has none.
  let bySlide: [[Float]?]

  /// NaN where the tile has none.
  subscript(slide: Int, tile: Int) -> Float { bySlide[slide].map { $0[tile] } ?? .nan }
}
