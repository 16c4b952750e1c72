/// A group of a histogram's colours that shares a palette entry, and the best way to part it.
///
/// A box is parted at a right angle to an axis where that lowers the sum of squared errors most. Source: Wan, Prusinkiewicz,
/// Wong, "Variance-based color image quantization for frame buffer display", Color Research & Application 15, 1990,
/// doi:10.1002/col.5080150109.
struct ColourBox {
  /// How many pixels, and the sums of their colours.
  private struct Moments {
    var count = 0.0
    var sum = SIMD3<Double>.zero

    mutating func add(_ entry: ColourHistogram.Entry) {
      let weight = Double(entry.count)
      count += weight
      sum += weight * SIMD3(Double(entry.red), Double(entry.green), Double(entry.blue))
    }

    /// What the mean explains of the sum of squares.
    var explained: Double { count > 0 ? (sum * sum).sum() / count : 0 }

    static func - (whole: Moments, part: Moments) -> Moments {
      Moments(count: whole.count - part.count, sum: whole.sum - part.sum)
    }
  }

  private let entries: [ColourHistogram.Entry]
  private let moments: Moments
  /// The sum of squared distances of the pixels from their mean, over the three channels.
  let squaredError: Double

  init(_ entries: [ColourHistogram.Entry]) {
    self.entries = entries
    var moments = Moments()
    var squares = 0.0
    for entry in entries {
      moments.add(entry)
      let colour = SIMD3(Double(entry.red), Double(entry.green), Double(entry.blue))
      squares += Double(entry.count) * (colour * colour).sum()
    }
    self.moments = moments
    squaredError = max(0, squares - moments.explained)
  }

  var mean: SIMD3<Float> { SIMD3<Float>(moments.sum / max(moments.count, 1)) }

  /// The mean of the squared error over pixels and channels.
  var meanSquaredError: Double { squaredError / max(moments.count * 3, 1) }

  /// Two boxes in place of this; nil where all colours are in one cell.
  var parted: (ColourBox, ColourBox)? {
    var best: (axis: Int32, bin: Int32, explained: Double)?
    for axis: Int32 in 0..<3 {
      var bins = [Moments](repeating: Moments(), count: 64)
      for entry in entries { bins[Int(Self.bin(entry, axis))].add(entry) }
      var lower = Moments()
      for bin in 0..<63 {
        lower.count += bins[bin].count
        lower.sum += bins[bin].sum
        let upper = moments - lower
        guard bins[bin].count > 0, upper.count > 0 else { continue }
        let explained = lower.explained + upper.explained
        if explained > best?.explained ?? -1 { best = (axis, Int32(bin), explained) }
      }
    }
    guard let best else { return nil }
    return (
      ColourBox(entries.filter { Self.bin($0, best.axis) <= best.bin }),
      ColourBox(entries.filter { Self.bin($0, best.axis) > best.bin })
    )
  }

  @inline(__always)
  private static func bin(_ entry: ColourHistogram.Entry, _ axis: Int32) -> Int32 {
    entry.cell >> (12 - 6 * axis) & 63
  }
}
