import FeatureData

/// The pixels of one cell of a mosaic.
struct MosaicCell {
  private static let hatchGround = Colour(hex: 0xF7F7F7)
  private static let hatchLine = Colour(hex: 0x9A9A9A)
  /// What cells show beside tiles and frames.
  static let colours = [MosaicPicture.background, Palette.context, hatchGround, hatchLine]

  private(set) var image: RGBImage

  init(_ tile: RGBImage, side: Int) {
    image = TileScaling.fitted(tile, side: side, background: MosaicPicture.background)
  }

  /// Diagonal lines: there should be a tile, but it could not be had.
  init(hatchedWithSide side: Int) {
    var pixels = Self.hatchGround.repeated(side * side)
    let period = max(4, side / 6)
    let line = max(1, period / 4)
    for row in 0..<side {
      for column in 0..<side where (row + column) % period < line {
        let place = (row * side + column) * 3
        pixels[place] = Self.hatchLine.red
        pixels[place + 1] = Self.hatchLine.green
        pixels[place + 2] = Self.hatchLine.blue
      }
    }
    image = RGBImage(width: side, height: side, pixels: pixels)
  }

  /// Draws a frame inside the cell's edge, a fourteenth of its side wide.
  mutating func frame(_ colour: Colour) {
    let side = image.width
    let thickness = max(1, Int((Double(side) / 14).rounded()))
    for row in 0..<side {
      for column in 0..<side
      where min(row, column) < thickness || max(row, column) >= side - thickness {
        let place = (row * side + column) * 3
        image.pixels[place] = colour.red
        image.pixels[place + 1] = colour.green
        image.pixels[place + 2] = colour.blue
      }
    }
  }
}
