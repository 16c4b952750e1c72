/// Where a tile was taken from its slide: the tile's centre in level-0 pixels, as read from the tile record.
package struct TileLocation: Sendable, Hashable {
  package let x: Int
  package let y: Int

  package init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }
}
