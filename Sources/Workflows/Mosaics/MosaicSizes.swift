/// How large and how clear a tile of a mosaic is, by how many tiles it stands for.
enum MosaicSizes {
  /// Smaller ones would be specks.
  private static let smallestSide = 0.25
  /// So that the shape of the map is seen.
  private static let leastShare = 0.12

  /// A tile's side as a share of its cell's; its area is in proportion to the count.
  static func side(of count: Int, most: Int) -> Float {
    Float(max((Double(max(count, 1)) / Double(max(most, 1))).squareRoot(), smallestSide))
  }

  /// Up to how many tiles have the smallest side.
  static func largestOfSmallest(most: Int) -> Int { max(1, Int(Double(most) * smallestSide * smallestSide)) }

  /// How much is seen of a cell, of whose tiles a share is meant.
  static func share(_ own: Double) -> Float { Float(leastShare + (1 - leastShare) * own) }
}
