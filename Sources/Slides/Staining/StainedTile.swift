import Foundation

/// Two stains: the optical densities of one unit of each, and how much of each there is.
struct StainPair {
  let haematoxylin: SIMD3<Double>
  let eosin: SIMD3<Double>
  /// 99th percentiles over the pixels: haematoxylin, eosin.
  let concentrations: SIMD2<Double>
}

/// Macenko's normalisation: the tile's own two stains are found, and exchanged for the target's.
///
/// Macenko et al., "A method for normalizing histology slides for quantitative analysis", 2009,
/// doi:10.1109/ISBI.2009.5193250.
struct StainedTile {
  /// Pixels with a channel of lower optical density are background.
  private static let leastDensity: Float = 0.15
  /// Variance of optical density across the first direction, and squared sine between the stains, below which there
  /// are no two stains.
  private static let leastVariance = 1e-9
  private static let leastSeparation = 1e-9
  private static let leastConcentration = 1e-6

  let pixels: UnsafeBufferPointer<UInt8>
  /// −ln((byte + 1) / 255), after the change of brightness.
  private let densityOfBytes: [Float]

  private static let densities: [Float] = (0...255).map { Float(-log((Double($0) + 1) / 255)) }

  /// The byte of minus an optical density.
  private static let bytes = ByteRamp(from: -5.6, to: 0) { log($0 / 255) }

  init(pixels: UnsafeBufferPointer<UInt8>, levels: BrightnessLevels) {
    self.pixels = pixels
    let densities = Self.densities
    densityOfBytes = levels.table { densities[Int($0)] }
  }

  /// nil where there are no two stains.
  func stains() -> StainPair? {
    densityOfBytes.withUnsafeBufferPointer { table in
      let quads = PixelQuads(pixels: pixels, table: table.baseAddress!)
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: quads.pixelCount + 3) { scratch in
        Self.stains(quads, scratch: scratch)
      }
    }
  }

  private static func stains(_ quads: PixelQuads, scratch: UnsafeMutableBufferPointer<Float>) -> StainPair? {
    guard let (mean, covariance) = tissueMoments(quads) else { return nil }
    let eigen = SymmetricEigenvectors(covariance)
    guard eigen.values[1] > leastVariance else { return nil }
    // The plane's axes, turned so that the mean lies on the first: angles near 0 then, far from where they wrap.
    let onAxes = (dot(mean, eigen.vectors[0]), dot(mean, eigen.vectors[1]))
    let length = (onAxes.0 * onAxes.0 + onAxes.1 * onAxes.1).squareRoot()
    guard length > 0 else { return nil }
    let along = (onAxes.0 * eigen.vectors[0] + onAxes.1 * eigen.vectors[1]) / length
    let across = (onAxes.0 * eigen.vectors[1] - onAxes.1 * eigen.vectors[0]) / length

    let angles = RankedValues(fillAngles(quads, along, across, into: scratch))
    let ends = [1.0, 99.0].map { percent in
      let rank = PercentileRank(percent: percent, count: angles.count)
      let (lower, upper) = angles.neighbours(of: rank)
      let angle = rank.interpolate(TurnOrder.angle(lower), TurnOrder.angle(upper))
      return cos(angle) * along + sin(angle) * across
    }
    let (haematoxylin, eosin) = ends[0].x > ends[1].x ? (ends[0], ends[1]) : (ends[1], ends[0])

    guard let unmixing = Unmixing(haematoxylin, eosin, leastSeparation) else { return nil }
    let concentrations = SIMD2(
      RankedValues(fillConcentrations(quads, unmixing.haematoxylin, into: scratch)).percentile(99),
      RankedValues(fillConcentrations(quads, unmixing.eosin, into: scratch)).percentile(99))
    guard concentrations.min() > leastConcentration else { return nil }
    return StainPair(haematoxylin: haematoxylin, eosin: eosin, concentrations: concentrations)
  }

  /// Mean and covariance of the optical densities of the pixels that are not background; nil where there are not two.
  private static func tissueMoments(_ quads: PixelQuads) -> (mean: SIMD3<Double>, covariance: [SIMD3<Double>])? {
    let (pixels, table) = (quads.pixels.baseAddress!, quads.table)
    var (count, r, g, b) = (0, 0.0, 0.0, 0.0)
    var (rr, rg, rb, gg, gb, bb) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for pixel in 0..<quads.pixelCount {
      let (red, green, blue) = (
        table[Int(pixels[3 * pixel])], table[Int(pixels[3 * pixel + 1])], table[Int(pixels[3 * pixel + 2])]
      )
      guard red >= leastDensity, green >= leastDensity, blue >= leastDensity else { continue }
      let (x, y, z) = (Double(red), Double(green), Double(blue))
      count += 1
      r += x
      g += y
      b += z
      rr += x * x
      rg += x * y
      rb += x * z
      gg += y * y
      gb += y * z
      bb += z * z
    }
    guard count > 1 else { return nil }
    let n = Double(count)
    let mean = SIMD3(r, g, b) / n
    return (
      mean,
      [
        (SIMD3(rr, rg, rb) - mean.x * SIMD3(r, g, b)) / (n - 1),
        (SIMD3(rg, gg, gb) - mean.y * SIMD3(r, g, b)) / (n - 1),
        (SIMD3(rb, gb, bb) - mean.z * SIMD3(r, g, b)) / (n - 1),
      ]
    )
  }

  /// The order of the angles (`TurnOrder`) of the pixels that are not background.
  private static func fillAngles(
    _ quads: PixelQuads, _ along: SIMD3<Double>, _ across: SIMD3<Double>,
    into scratch: UnsafeMutableBufferPointer<Float>
  ) -> UnsafeBufferPointer<Float> {
    let (along, across) = (SIMD3<Float>(along), SIMD3<Float>(across))
    let values = scratch.baseAddress!
    var count = 0
    let pixelCount = quads.pixelCount
    for start in stride(from: 0, to: pixelCount, by: 4) {
      let (red, green, blue) = quads.load(start)
      let order = TurnOrder.order(
        along.x * red + along.y * green + along.z * blue, across.x * red + across.y * green + across.z * blue)
      let isTissue = (red .>= leastDensity) .& (green .>= leastDensity) .& (blue .>= leastDensity)
      // Written in any case and counted if tissue: tissue and background alternate too often to be foretold.
      for lane in 0..<min(4, pixelCount - start) {
        values[count] = order[lane]
        count += isTissue[lane] ? 1 : 0
      }
    }
    return UnsafeBufferPointer(rebasing: scratch[..<count])
  }

  private static func fillConcentrations(
    _ quads: PixelQuads, _ row: SIMD3<Double>, into scratch: UnsafeMutableBufferPointer<Float>
  ) -> UnsafeBufferPointer<Float> {
    let row = SIMD3<Float>(row)
    let values = UnsafeMutableRawPointer(scratch.baseAddress!)
    for start in stride(from: 0, to: quads.pixelCount, by: 4) {
      let (red, green, blue) = quads.load(start)
      values.storeBytes(
        of: row.x * red + row.y * green + row.z * blue, toByteOffset: start * MemoryLayout<Float>.stride,
        as: SIMD4<Float>.self)
    }
    return UnsafeBufferPointer(rebasing: scratch[..<quads.pixelCount])
  }

  /// Writes the tile with the stains `wanted` in place of its `own`.
  func write(into output: UnsafeMutableBufferPointer<UInt8>, from own: StainPair, to wanted: StainPair) {
    guard let unmixing = Unmixing(own.haematoxylin, own.eosin, Self.leastSeparation) else { return }
    let scale = wanted.concentrations / own.concentrations
    // Unmixing, scaling and mixing are one matrix; its negative, because brightness falls with density.
    let rows = (0..<3).map { channel in
      SIMD3<Float>(
        -(wanted.haematoxylin[channel] * scale.x * unmixing.haematoxylin
          + wanted.eosin[channel] * scale.y * unmixing.eosin))
    }
    let (toRed, toGreen, toBlue) = (rows[0], rows[1], rows[2])
    densityOfBytes.withUnsafeBufferPointer { table in
      Self.bytes.withTables { bytes in
        let quads = PixelQuads(pixels: pixels, table: table.baseAddress!)
        for start in stride(from: 0, to: quads.pixelCount, by: 4) {
          let (red, green, blue) = quads.load(start)
          quads.store(
            bytes.bytes(toRed.x * red + toRed.y * green + toRed.z * blue),
            bytes.bytes(toGreen.x * red + toGreen.y * green + toGreen.z * blue),
            bytes.bytes(toBlue.x * red + toBlue.y * green + toBlue.z * blue), start, into: output)
        }
      }
    }
  }
}

/// Least squares: the rows whose products with optical densities are the concentrations of two stains.
private struct Unmixing {
  let haematoxylin: SIMD3<Double>
  let eosin: SIMD3<Double>

  /// nil where the two stains are nearly one.
  init?(_ first: SIMD3<Double>, _ second: SIMD3<Double>, _ leastSeparation: Double) {
    let (aa, ab, bb) = (dot(first, first), dot(first, second), dot(second, second))
    let determinant = aa * bb - ab * ab
    guard determinant > leastSeparation * aa * bb else { return nil }
    haematoxylin = (bb * first - ab * second) / determinant
    eosin = (aa * second - ab * first) / determinant
  }
}

/// A number that rises with the angle of a direction, without an arc tangent: −2 to 2 for −π to π.
private enum TurnOrder {
  @inline(__always)
  static func order(_ along: SIMD4<Float>, _ across: SIMD4<Float>) -> SIMD4<Float> {
    let sizes = magnitude(along) + magnitude(across)
    let part = across / sizes.replacing(with: 1, where: sizes .== 0)
    let behind = SIMD4<Float>(repeating: 2).replacing(with: -2, where: across .< 0) - part
    return part.replacing(with: behind, where: along .< 0)
  }

  /// In radians.
  static func angle(_ order: Float) -> Double {
    let part = Double(order)
    let across = abs(part) <= 1 ? part : (part < 0 ? -2 : 2) - part
    return atan2(across, 1 - abs(part))
  }

  @inline(__always)
  private static func magnitude(_ x: SIMD4<Float>) -> SIMD4<Float> { x.replacing(with: -x, where: x .< 0) }
}

private func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }
