/// How tiles become as wide and high as a network reads them.
package struct TileResizing: Sendable, Hashable {
  package enum Filter: String, Sendable {
    case bilinear, bicubic
  }

  package let filter: Filter
  /// Width and height that tiles are resized to, of which the network reads the middle; nil to cut nothing off.
  package let resizedPixels: Int?

  /// The whole tile, by the bilinear filter.
  package static let standard = TileResizing(filter: .bilinear, resizedPixels: nil)

  /// Width and height before the middle is cut out.
  func resizedSide(of networkSide: Int) -> Int { max(resizedPixels ?? networkSide, networkSide) }

  /// What distinguishes the result for tiles of this side from the standard's: a part of the store's key; nil where
  /// nothing does.
  package func identity(tileSide: Int, networkSide: Int) -> String? {
    let resized = resizedSide(of: networkSide)
    let filter = resized == tileSide || filter == .bilinear ? nil : "filter=\(filter.rawValue)"
    let cut = resized == networkSide ? nil : "cut=\(resized)"
    return filter == nil && cut == nil ? nil : [filter, cut].compactMap(\.self).joined(separator: ";")
  }

  /// What is done to tiles of this side: a sentence; nil where that is nothing.
  package func sentence(tileSide: Int, networkSide: Int) -> String? {
    let resized = resizedSide(of: networkSide)
    let how = filter == .bilinear ? "" : " by the \(filter.rawValue) filter"
    switch (resized == tileSide, resized == networkSide) {
    case (true, true): return nil
    case (false, true):
      return "Tiles of \(tileSide) px are resized\(how) to the \(networkSide) px that the model takes."
    case (true, false): return "Of tiles of \(tileSide) px the model takes the \(networkSide) px in the middle."
    case (false, false):
      return
        "Tiles of \(tileSide) px are resized\(how) to \(resized) px, of which the model takes the \(networkSide) px in "
        + "the middle."
    }
  }
}
