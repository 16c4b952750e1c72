import FeatureData

/// The pixels of one cell of a mosaic.
struct MosaicCell {
  private static let hatchGround = Colour(hex: 0xF7F7F7)
  private static let hatchLine = Colour(hex: 0x9A9A9A)
  /// What cells show beside tiles and frames.
  static func colours(on background: Colour) -> [Colour] {
    [background, context(on: background), hatchGround, hatchLine]
  }

  /// A cell that only tiles have which are not shown.
  static func context(on background: Colour) -> Colour {
    if background == MosaicPicture.background { return Palette.context }
    let ink = background.isDark ? Colour.white : Colour(hex: 0x000000)
    return ink.covering(0.12, of: background)
  }

  private(set) var image: RGBImage

  init(_ tile: RGBImage, side: Int, background: Colour = MosaicPicture.background) {
    image = TileScaling.fitted(tile, side: side, background: background)
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
    let thickness = min(max(1, Int((Double(side) / 14).rounded())), side)
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      func fill(_ row: Int, _ columns: Range<Int>) {
        for column in columns {
          let place = (row * side + column) * 3
          pixels[place] = colour.red
          pixels[place + 1] = colour.green
          pixels[place + 2] = colour.blue
        }
      }
      for row in 0..<side {
        if min(row, side - 1 - row) < thickness {
          fill(row, 0..<side)
        } else {
          fill(row, 0..<thickness)
          fill(row, side - thickness..<side)
        }
      }
    }
  }

  /// Sets it in the middle of a larger cell.
  mutating func set(intoSide side: Int, background: Colour) {
    let own = image.width
    guard own < side else { return }
    var pixels = background.repeated(side * side)
    let margin = (side - own) / 2
    for row in 0..<own {
      let place = ((row + margin) * side + margin) * 3
      pixels.replaceSubrange(place..<place + own * 3, with: image.pixels[row * own * 3..<(row + 1) * own * 3])
    }
    image = RGBImage(width: side, height: side, pixels: pixels)
  }

  /// Lets the background through.
  ///
  /// - Parameter share: 0 leaves the background alone, 1 the cell as it is.
  mutating func fade(to share: Double, background: Colour) {
    guard share < 1 else { return }
    let kept = Int((max(share, 0) * 256).rounded())
    let ground = [background.red, background.green, background.blue].map { Int($0) * (256 - kept) + 128 }
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for place in stride(from: 0, to: pixels.count - 2, by: 3) {
        for channel in 0..<3 {
          pixels[place + channel] = UInt8((Int(pixels[place + channel]) * kept + ground[channel]) >> 8)
        }
      }
    }
  }
}
