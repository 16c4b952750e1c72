/// A number of each tile besides its features, such as the attention that a model paid to it.
package struct TileQuantity: Sendable, Equatable {
  package let name: String
  /// NaN where a tile has none.
  package let values: [Float]

  package init(name: String, values: [Float]) {
    self.name = name
    self.values = values
  }
}
