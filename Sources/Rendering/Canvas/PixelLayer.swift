import FeatureData

/// A picture of premultiplied ARGB pixels, clear at first, that points are stamped on.
struct PixelLayer: Sendable {
  let width: Int
  let height: Int
  /// `0xAARRGGBB`, row-major, row 0 at the top.
  var pixels: [UInt32]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt32](repeating: 0, count: width * height)
  }

  init(_ image: RGBImage) {
    self.init(width: image.width, height: image.height)
    for index in pixels.indices {
      pixels[index] =
        0xFF00_0000 | UInt32(image.pixels[index * 3]) << 16 | UInt32(image.pixels[index * 3 + 1]) << 8
        | UInt32(image.pixels[index * 3 + 2])
    }
  }
}

extension PixelLayer {
  /// With each pixel as a block of so many, that the layer has at least as many as asked for on each axis.
  func enlarged(toWidth wantedWidth: Int, height wantedHeight: Int) -> PixelLayer {
    let across = max(1, (wantedWidth + width - 1) / max(width, 1))
    let down = max(1, (wantedHeight + height - 1) / max(height, 1))
    var result = PixelLayer(width: width * across, height: height * down)
    for row in 0..<result.height {
      let from = row / down * width
      for column in 0..<width {
        let start = row * result.width + column * across
        for place in start..<start + across { result.pixels[place] = pixels[from + column] }
      }
    }
    return result
  }
}

/// A disc as the share of each pixel that it covers, for sixteen placings within a pixel.
///
/// A point is then drawn by blending some dozens of pixels instead of filling a path.
struct DiscStamp {
  private static let phases = 4
  private let side: Int
  private let coverage: [[UInt8]]

  /// - Parameter diameter: Device pixels.
  init(diameter: Double) {
    let radius = diameter / 2
    let side = Int((radius * 2).rounded(.up)) + 2
    self.side = side
    let samples = 8
    coverage = (0..<Self.phases * Self.phases).map { phase in
      let centreX = Double(side) / 2 + (Double(phase % Self.phases) + 0.5) / Double(Self.phases) - 0.5
      let centreY = Double(side) / 2 + (Double(phase / Self.phases) + 0.5) / Double(Self.phases) - 0.5
      return (0..<side * side).map { cell in
        var inside = 0
        for sample in 0..<samples * samples {
          let x = Double(cell % side) + (Double(sample % samples) + 0.5) / Double(samples) - centreX
          let y = Double(cell / side) + (Double(sample / samples) + 0.5) / Double(samples) - centreY
          if x * x + y * y <= radius * radius { inside += 1 }
        }
        return UInt8((Double(inside) * 255 / Double(samples * samples)).rounded())
      }
    }
  }

  /// Blends the disc, centred at (x, y) in device pixels, over what lies there; parts outside are cut.
  func draw(
    _ colour: Colour, x: Double, y: Double, in layer: UnsafeMutableBufferPointer<UInt32>, width: Int, height: Int
  ) {
    // The mask's own centre lies half its side from its corner, plus the phase.
    let cornerX = x - Double(side) / 2 + 0.5
    let cornerY = y - Double(side) / 2 + 0.5
    let left = Int(cornerX.rounded(.down))
    let top = Int(cornerY.rounded(.down))
    let phaseX = Int((cornerX - Double(left)) * Double(Self.phases))
    let phaseY = Int((cornerY - Double(top)) * Double(Self.phases))
    let phase = min(phaseY, Self.phases - 1) * Self.phases + min(phaseX, Self.phases - 1)
    let red = UInt32(colour.red)
    let green = UInt32(colour.green)
    let blue = UInt32(colour.blue)
    coverage[phase].withUnsafeBufferPointer { mask in
      for row in max(0, -top)..<max(max(0, -top), min(side, height - top)) {
        for column in max(0, -left)..<max(max(0, -left), min(side, width - left)) {
          let share = UInt32(mask[row * side + column])
          if share == 0 { continue }
          let place = (top + row) * width + left + column
          if share == 255 {
            layer[place] = 0xFF00_0000 | red << 16 | green << 8 | blue
            continue
          }
          let below = layer[place]
          let rest = 255 - share
          let alpha = (255 * share + (below >> 24) * rest + 127) / 255
          let r = (red * share + (below >> 16 & 0xFF) * rest + 127) / 255
          let g = (green * share + (below >> 8 & 0xFF) * rest + 127) / 255
          let b = (blue * share + (below & 0xFF) * rest + 127) / 255
          layer[place] = alpha << 24 | r << 16 | g << 8 | b
        }
      }
    }
  }
}
