/// Means and population standard deviations of L*, a* and b*.
struct LabStatistics {
  let means: SIMD3<Double>
  let standardDeviations: SIMD3<Double>
}

/// Reinhard's colour transfer: each channel of CIE Lab is shifted and stretched to the target's mean and deviation.
///
/// Reinhard, Ashikhmin, Gooch and Shirley, "Color transfer between images", 2001, doi:10.1109/38.946629.
struct LabTile {
  /// A channel that varies less has no deviation to stretch, only the rounding of the arithmetic.
  private static let leastDeviation = 1e-3

  let pixels: UnsafeBufferPointer<UInt8>
  private let lightOfBytes: [Float]

  init(pixels: UnsafeBufferPointer<UInt8>, levels: BrightnessLevels) {
    self.pixels = pixels
    let linearLight = CIELab.linearLight
    lightOfBytes = levels.table { linearLight[Int($0)] }
  }

  /// nil where a channel does not vary.
  func statistics() -> LabStatistics? {
    let (means, variances) = lightOfBytes.withUnsafeBufferPointer { table in
      Self.moments(PixelQuads(pixels: pixels, table: table.baseAddress!))
    }
    let deviations = CIELab.scales * variances.squareRoot()
    guard deviations.min() > Self.leastDeviation else { return nil }
    return LabStatistics(means: CIELab.scales * means + CIELab.offsets, standardDeviations: deviations)
  }

  /// Means and variances of the three numbers of `CIELab`.
  private static func moments(_ quads: PixelQuads) -> (means: SIMD3<Double>, variances: SIMD3<Double>) {
    var total = ChannelSums<Double>()
    let first = quads.lab(0)
    // Sums of differences from one pixel: single precision suffices for short stretches of them.
    let origin = SIMD3(first.lightness[0], first.redness[0], first.yellowness[0])
    let count = quads.pixelCount
    for stretch in stride(from: 0, to: count, by: 256) {
      var sums = ChannelSums<Float>()
      for start in stride(from: stretch, to: min(stretch + 256, count), by: 4) {
        let lab = quads.lab(start)
        var (l, a, b) = (lab.lightness - origin.x, lab.redness - origin.y, lab.yellowness - origin.z)
        if count - start < 4 {
          let isBeyond = SIMD4<Int32>(0, 1, 2, 3) .>= Int32(count - start)
          l.replace(with: 0, where: isBeyond)
          a.replace(with: 0, where: isBeyond)
          b.replace(with: 0, where: isBeyond)
        }
        sums.l += l
        sums.a += a
        sums.b += b
        sums.ll += l * l
        sums.aa += a * a
        sums.bb += b * b
      }
      total.l += SIMD4(sums.l)
      total.a += SIMD4(sums.a)
      total.b += SIMD4(sums.b)
      total.ll += SIMD4(sums.ll)
      total.aa += SIMD4(sums.aa)
      total.bb += SIMD4(sums.bb)
    }
    let differences = SIMD3(total.l.sum(), total.a.sum(), total.b.sum()) / Double(count)
    let squares = SIMD3(total.ll.sum(), total.aa.sum(), total.bb.sum()) / Double(count)
    let variances = squares - differences * differences
    return (differences + SIMD3(origin), variances.replacing(with: 0, where: variances .< 0))
  }

  /// Writes the tile with the statistics `wanted`, given its `own`.
  func write(into output: UnsafeMutableBufferPointer<UInt8>, from own: LabStatistics, to wanted: LabStatistics) {
    let stretch = wanted.standardDeviations / own.standardDeviations
    let shift = (wanted.means - CIELab.offsets - (own.means - CIELab.offsets) * stretch) / CIELab.scales
    let (gain, offset) = (SIMD3<Float>(stretch), SIMD3<Float>(shift))
    lightOfBytes.withUnsafeBufferPointer { table in
      CIELab.bytes.withTables { bytes in
        let quads = PixelQuads(pixels: pixels, table: table.baseAddress!)
        for start in stride(from: 0, to: quads.pixelCount, by: 4) {
          var lab = quads.lab(start)
          lab.lightness = lab.lightness * gain.x + offset.x
          lab.redness = lab.redness * gain.y + offset.y
          lab.yellowness = lab.yellowness * gain.z + offset.z
          let (red, green, blue) = lab.linear
          quads.store(bytes.bytes(red), bytes.bytes(green), bytes.bytes(blue), start, into: output)
        }
      }
    }
  }
}

/// Sums and sums of squares of three channels in four lanes.
private struct ChannelSums<Scalar: SIMDScalar & BinaryFloatingPoint> {
  var l = SIMD4<Scalar>()
  var a = SIMD4<Scalar>()
  var b = SIMD4<Scalar>()
  var ll = SIMD4<Scalar>()
  var aa = SIMD4<Scalar>()
  var bb = SIMD4<Scalar>()
}

extension PixelQuads {
  /// `table` holds linear light.
  @inline(__always)
  fileprivate func lab(_ first: Int) -> CIELab {
    let (red, green, blue) = load(first)
    return CIELab(red: red, green: green, blue: blue)
  }
}
