import FeatureData

/// Brings a tile to the size of its cell.
///
/// Separable linear interpolation whose reach grows with the reduction, so that fine structure is averaged and not
/// picked at random. In whole numbers: the same bytes on every machine.
struct TileScaling {
  /// For each pixel of the result the same number of neighbouring source pixels, one after another from `first`.
  private struct Taps {
    let count: Int
    let first: [Int]
    /// `count` for each pixel; those of a pixel add up to `unit`.
    let weights: [Int32]
  }

  /// Fourteen bits: with the eight of a channel and six kept between the two passes, sums stay within 32 bits.
  private static let unit: Int32 = 1 << 14

  /// - Returns: the image at `side × side`, upright; a longer side is fitted and the rest is `background`.
  static func fitted(_ image: RGBImage, side: Int, background: Colour) -> RGBImage {
    guard image.width > 0, image.height > 0 else {
      return RGBImage(width: side, height: side, pixels: background.repeated(side * side))
    }
    if image.width == side, image.height == side { return image }
    let longest = max(image.width, image.height)
    let width = max(1, image.width * side / longest)
    let height = max(1, image.height * side / longest)
    let scaled = scaled(image, width: width, height: height)
    if width == side, height == side { return scaled }
    var framed = RGBImage(width: side, height: side, pixels: background.repeated(side * side))
    let left = (side - width) / 2
    let top = (side - height) / 2
    for row in 0..<height {
      let place = ((top + row) * side + left) * 3
      framed.pixels.replaceSubrange(
        place..<place + width * 3, with: scaled.pixels[row * width * 3..<(row + 1) * width * 3])
    }
    return framed
  }

  private static func scaled(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
    let down = taps(from: image.height, to: height)
    let across = taps(from: image.width, to: width)
    let sourceRow = image.width * 3
    let result = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, written in
      var sums = [Int32](repeating: 0, count: sourceRow)
      image.pixels.withUnsafeBufferPointer { source in
        sums.withUnsafeMutableBufferPointer { line in
          for row in 0..<height {
            line.update(repeating: 0)
            for tap in 0..<down.count {
              let weight = down.weights[row * down.count + tap]
              let start = (down.first[row] + tap) * sourceRow
              let input = UnsafeBufferPointer(rebasing: source[start..<start + sourceRow])
              for place in 0..<sourceRow { line[place] &+= weight &* Int32(input[place]) }
            }
            for place in 0..<sourceRow { line[place] >>= 8 }
            write(UnsafeBufferPointer(line), across, to: target.baseAddress.map { $0 + row * width * 3 }, width: width)
          }
        }
      }
      written = width * height * 3
    }
    return RGBImage(width: width, height: height, pixels: result)
  }

  /// The second pass, along one row of values that carry six bits below the point.
  private static func write(
    _ line: UnsafeBufferPointer<Int32>, _ taps: Taps, to target: UnsafeMutablePointer<UInt8>?, width: Int
  ) {
    guard let target else { return }
    taps.weights.withUnsafeBufferPointer { weights in
      for column in 0..<width {
        var red: Int32 = 1 << 19
        var green = red
        var blue = red
        var place = taps.first[column] * 3
        for tap in column * taps.count..<(column + 1) * taps.count {
          red &+= weights[tap] &* line[place]
          green &+= weights[tap] &* line[place + 1]
          blue &+= weights[tap] &* line[place + 2]
          place += 3
        }
        target[column * 3] = UInt8(truncatingIfNeeded: min(red >> 20, 255))
        target[column * 3 + 1] = UInt8(truncatingIfNeeded: min(green >> 20, 255))
        target[column * 3 + 2] = UInt8(truncatingIfNeeded: min(blue >> 20, 255))
      }
    }
  }

  private static func taps(from: Int, to: Int) -> Taps {
    let step = Double(from) / Double(to)
    let reach = max(step, 1)
    let count = min(from, Int((2 * reach).rounded(.up)) + 1)
    var starts: [Int] = []
    var weights: [Int32] = []
    for index in 0..<to {
      let centre = (Double(index) + 0.5) * step
      let first = min(max(0, Int((centre - reach).rounded(.down))), from - count)
      let raw = (first..<first + count).map { max(0, 1 - abs(Double($0) + 0.5 - centre) / reach) }
      let total = raw.reduce(0, +)
      var scaled = raw.map { Int32(($0 / total * Double(unit)).rounded()) }
      // What rounding left over goes to the heaviest, so that a plain colour stays what it is.
      let heaviest = scaled.indices.max { scaled[$0] < scaled[$1] } ?? 0
      scaled[heaviest] += unit - scaled.reduce(0, +)
      starts.append(first)
      weights += scaled
    }
    return Taps(count: count, first: starts, weights: weights)
  }
}

extension Colour {
  /// So many pixels of RGB.
  func repeated(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count * 3) { target, written in
      for index in 0..<count {
        target[index * 3] = red
        target[index * 3 + 1] = green
        target[index * 3 + 2] = blue
      }
      written = count * 3
    }
  }
}
