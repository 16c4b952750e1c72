import Dispatch
import FeatureData

/// A picture of palette indices: `height × width` bytes, row 0 at the top, no padding.
struct IndexedImage: Sendable, Equatable {
  let width: Int
  let height: Int
  /// 1 to 256 colours.
  let palette: [Colour]
  let indices: [UInt8]

  /// How far its colours are from those of the picture it was made of, in levels of 255 a channel.
  func rootMeanSquareError(from image: RGBImage) -> Double {
    let colours = palette.map { SIMD4(Int32($0.red), Int32($0.green), Int32($0.blue), 0) }
    var sum = 0
    indices.withUnsafeBufferPointer { indices in
      image.pixels.withUnsafeBufferPointer { pixels in
        for place in 0..<indices.count {
          let pixel = SIMD4(
            Int32(pixels[place * 3]), Int32(pixels[place * 3 + 1]), Int32(pixels[place * 3 + 2]), 0)
          let difference = colours[Int(indices[place])] &- pixel
          sum += Int((difference &* difference).wrappedSum())
        }
      }
    }
    return (Double(sum) / Double(max(image.pixels.count, 1))).squareRoot()
  }
}

/// Finds the few colours that show a picture about as well as all of its own.
///
/// Boxes of colours are parted, the one with the greatest error first, until the error is small enough; then k-means refines
/// their means. Fewer entries make a smaller file, so that no more are made than the tolerance asks for. Not dithered: its
/// noise costs more bytes than it hides error. Nothing is left to chance. Source of the refinement: Celebi, "Improving the
/// performance of k-means for color quantization", Image and Vision Computing 29, 2011, doi:10.1016/j.imavis.2010.10.002.
struct ColourQuantizer: Sendable {
  static let maximumCount = 256
  /// Room that is left for the picture's own colours in any case.
  private static let mostExact = 192
  /// The mean squared error of a channel within a cell of the histogram, four even levels.
  private static let cellVariance = 1.25
  private static let refinements = 6

  /// The root mean square error that may remain, in levels of 255 a channel. No single entry's exceeds twice this,
  /// as long as there are entries left, so that a rare stain keeps its hue.
  let tolerance: Double
  private let exact: ExactColours

  /// - Parameter exactColours: Colours that must not change at all; of more than 192, the first.
  init(tolerance: Double, exactColours: [Colour]) {
    self.tolerance = tolerance
    exact = ExactColours(exactColours, limit: Self.mostExact)
  }

  /// - Complexity: O(p + h k) for p pixels, h ≤ 262,144 occupied cells of the histogram, k ≤ 256 colours.
  func indexed(_ image: RGBImage) -> IndexedImage {
    let histogram = ColourHistogram(image, without: exact)
    var centres = exact.colours.map { SIMD3(Float($0.red), Float($0.green), Float($0.blue)) }
    centres += boxes(of: histogram).map(\.mean)
    if centres.isEmpty { centres = [.zero] }
    var nearest: [UInt8] = []
    for _ in 0..<Self.refinements {
      nearest = Self.nearest(histogram.entries, centres)
      centres = refined(centres, histogram.entries, nearest)
    }
    // From dark to light after the exact ones.
    let weights = SIMD3<Float>(0.299, 0.587, 0.114)
    let adaptive = centres[exact.colours.count...].map { $0.rounded(.toNearestOrAwayFromZero) }
      .sorted { ($0 * weights).sum() < ($1 * weights).sum() }
    centres.replaceSubrange(exact.colours.count..., with: adaptive)
    nearest = Self.nearest(histogram.entries, centres)
    let palette = centres.map { Colour(red: UInt8($0.x), green: UInt8($0.y), blue: UInt8($0.z)) }
    return IndexedImage(
      width: image.width, height: image.height, palette: palette, indices: indices(image, histogram, nearest))
  }

  private func boxes(of histogram: ColourHistogram) -> [ColourBox] {
    guard !histogram.entries.isEmpty else { return [] }
    let goal = max(0, tolerance * tolerance - Self.cellVariance) * Double(histogram.pixelCount) * 3
    var boxes = [ColourBox(histogram.entries)]
    while boxes.count < Self.maximumCount - exact.colours.count {
      let isGood = boxes.reduce(0) { $0 + $1.squaredError } <= goal
      let worst = boxes.indices.max { one, other in
        isGood
          ? boxes[one].meanSquaredError < boxes[other].meanSquaredError
          : boxes[one].squaredError < boxes[other].squaredError
      }
      guard let worst, let parts = boxes[worst].parted else { break }
      if isGood && boxes[worst].meanSquaredError <= 4 * tolerance * tolerance { break }
      boxes[worst] = parts.0
      boxes.append(parts.1)
    }
    return boxes
  }

  /// The index of the nearest centre for each entry, of equally near ones the lowest.
  private static func nearest(_ entries: [ColourHistogram.Entry], _ centres: [SIMD3<Float>]) -> [UInt8] {
    let red = centres.map(\.x)
    let green = centres.map(\.y)
    let blue = centres.map(\.z)
    return red.withUnsafeBufferPointer { red in
      green.withUnsafeBufferPointer { green in
        blue.withUnsafeBufferPointer { blue in
          entries.map { entry in
            var least = Float.infinity
            var found = 0
            for index in 0..<red.count {
              let dr = red[index] - entry.red
              let dg = green[index] - entry.green
              let db = blue[index] - entry.blue
              let distance = dr * dr + dg * dg + db * db
              if distance < least {
                least = distance
                found = index
              }
            }
            return UInt8(found)
          }
        }
      }
    }
  }

  /// The means of the entries assigned to each centre; the exact colours stay, and so does one that nothing is assigned to.
  private func refined(
    _ centres: [SIMD3<Float>], _ entries: [ColourHistogram.Entry], _ nearest: [UInt8]
  ) -> [SIMD3<Float>] {
    var sums = [SIMD4<Double>](repeating: .zero, count: centres.count)
    for (entry, centre) in zip(entries, nearest) {
      sums[Int(centre)] += Double(entry.count) * SIMD4(Double(entry.red), Double(entry.green), Double(entry.blue), 1)
    }
    return centres.indices.map { index in
      guard index >= exact.colours.count, sums[index].w > 0 else { return centres[index] }
      let mean = sums[index] / sums[index].w
      return SIMD3(Float(mean.x), Float(mean.y), Float(mean.z))
    }
  }

  private func indices(_ image: RGBImage, _ histogram: ColourHistogram, _ nearest: [UInt8]) -> [UInt8] {
    var byCell = [UInt8](repeating: 0, count: ColourHistogram.cellCount)
    for (entry, index) in zip(histogram.entries, nearest) { byCell[Int(entry.cell)] = index }
    let count = image.width * image.height
    let parts = PixelRange.parts(of: count)
    return [UInt8](unsafeUninitializedCapacity: count) { target, written in
      let indices = Indices(target: target)
      DispatchQueue.concurrentPerform(iterations: parts.count) { [byCell] number in
        image.pixels.withUnsafeBufferPointer { pixels in
          for place in parts[number] {
            let red = pixels[place * 3]
            let green = pixels[place * 3 + 1]
            let blue = pixels[place * 3 + 2]
            let cell = ColourHistogram.cell(red, green, blue)
            indices.target[place] = exact.index(red: red, green: green, blue: blue, cell: cell) ?? byCell[cell]
          }
        }
      }
      written = count
    }
  }

  /// Where parts are written; no two of them to the same pixel.
  private struct Indices: @unchecked Sendable {
    let target: UnsafeMutableBufferPointer<UInt8>
  }
}
