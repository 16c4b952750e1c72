/// A point as the share of each pixel that it covers, for sixteen placings within a pixel.
///
/// A point is then drawn by blending some dozens of pixels instead of filling a path.
struct PointStamp {
  private static let phases = 4
  private let side: Int
  /// `side × side` shares of 255 for each placing, one after the other.
  private let coverage: [UInt8]

  /// - Parameters:
  ///   - diameter: Device pixels.
  ///   - opacity: 0 to 1.
  init(_ shape: PointShape = .disc, diameter: Double, opacity: Double = 1) {
    let reach = shape == .disc ? 0.5 : 0.7
    let side = Int((reach * 2 * diameter).rounded(.up)) + 2
    self.side = side
    let samples = diameter > 24 ? 4 : 8
    var coverage: [UInt8] = []
    coverage.reserveCapacity(Self.phases * Self.phases * side * side)
    for phase in 0..<Self.phases * Self.phases {
      let centreX = Double(side) / 2 + (Double(phase % Self.phases) + 0.5) / Double(Self.phases) - 0.5
      let centreY = Double(side) / 2 + (Double(phase / Self.phases) + 0.5) / Double(Self.phases) - 0.5
      for cell in 0..<side * side {
        var inside = 0
        for sample in 0..<samples * samples {
          let x = Double(cell % side) + (Double(sample % samples) + 0.5) / Double(samples) - centreX
          let y = Double(cell / side) + (Double(sample / samples) + 0.5) / Double(samples) - centreY
          if shape.covers(x / diameter, y / diameter) { inside += 1 }
        }
        coverage.append(UInt8((Double(inside) * 255 * opacity / Double(samples * samples)).rounded()))
      }
    }
    self.coverage = coverage
  }

  /// Blends the point, centred at (x, y) in device pixels, over what lies there; parts outside are cut.
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
    let start = (min(phaseY, Self.phases - 1) * Self.phases + min(phaseX, Self.phases - 1)) * side * side
    let red = UInt32(colour.red)
    let green = UInt32(colour.green)
    let blue = UInt32(colour.blue)
    coverage.withUnsafeBufferPointer { masks in
      for row in max(0, -top)..<max(max(0, -top), min(side, height - top)) {
        for column in max(0, -left)..<max(max(0, -left), min(side, width - left)) {
          let share = UInt32(masks[start + row * side + column])
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
