import FeatureData
import Foundation
import Testing

@testable import Slides

/// The parts that both methods are made of.
@Suite struct StainArithmeticTests {
  /// So small that its inverse is not finite.
  private static let tiny = Float(bitPattern: 700)

  @Test func `the bytes of a ramp are those of its function, truncated`() {
    var random = SplitMix64(seed: 3)
    var numbers = (0...40_000).map { Float($0) / 40_000 }
    numbers += (0..<40_000).map { _ in Float(random.nextUnit() * 0.01) }
    numbers += CIELab.linearLight.flatMap { [$0.nextDown, $0, $0.nextUp] }
    while numbers.count % 4 != 0 { numbers.append(0) }
    let bytes = CIELab.bytes.withTables { tables in
      stride(from: 0, to: numbers.count, by: 4).flatMap { start in
        let four = tables.bytes(SIMD4(numbers[start..<start + 4]))
        return (0..<4).map { four[$0] }
      }
    }
    let wrong = zip(numbers, bytes).filter { number, byte in
      // A byte lasts from its own light to that of the next.
      let end = byte == 255 ? Float.infinity : CIELab.linearLight[Int(byte) + 1]
      return !(CIELab.linearLight[Int(byte)] <= max(0, number) && number < end)
    }
    #expect(wrong.isEmpty)
  }

  @Test func `numbers beyond a ramp are its ends, and none traps`() {
    let bytes = CIELab.bytes.withTables { $0.bytes(SIMD4(-.infinity, -0.1, 1.1, .infinity)) }
    #expect(bytes == SIMD4(0, 0, 255, 255))
    _ = CIELab.bytes.withTables { $0.bytes(SIMD4(repeating: .nan)) }
  }

  @Test func `CIE Lab of the primaries is the textbook's`() {
    func lab(_ red: Float, _ green: Float, _ blue: Float) -> SIMD3<Double> {
      let lab = CIELab(
        red: SIMD4(repeating: red), green: SIMD4(repeating: green), blue: SIMD4(repeating: blue))
      return SIMD3(Double(lab.lightness[3]), Double(lab.redness[3]), Double(lab.yellowness[3])) * CIELab.scales
        + CIELab.offsets
    }
    let known: [(SIMD3<Float>, SIMD3<Double>)] = [
      (SIMD3(1, 0, 0), SIMD3(53.24, 80.09, 67.20)), (SIMD3(0, 1, 0), SIMD3(87.74, -86.18, 83.18)),
      (SIMD3(0, 0, 1), SIMD3(32.30, 79.19, -107.86)), (SIMD3(1, 1, 1), SIMD3(100, 0, 0)), (.zero, .zero),
    ]
    for (rgb, expected) in known {
      let off = lab(rgb.x, rgb.y, rgb.z) - expected
      #expect(max(abs(off.x), abs(off.y), abs(off.z)) < 0.03, "\(rgb)")
    }
  }

  @Test func `cube roots are right to a millionth`() {
    let worst = (0...10_000).map { step in
      let x = 0.008856 + Float(step) * 1.2e-4
      return abs(Double(CIELab.cubeRoot(SIMD4(repeating: x))[0]) / cbrt(Double(x)) - 1)
    }
    #expect(worst.max()! < 1e-6)
  }

  @Test func `eigenvectors rebuild the matrix, and are of unit length and at right angles`() {
    var random = SplitMix64(seed: 5)
    for trial in 0..<200 {
      // Half of the matrices are of low rank, as those of nearly one stain are.
      let rows = (0..<(trial % 2 == 0 ? 3 : 1)).map { _ in
        SIMD3(random.nextNormal(), random.nextNormal(), random.nextNormal())
      }
      let matrix = (0..<3).map { i in
        SIMD3((0..<3).map { j in rows.reduce(0) { $0 + $1[i] * $1[j] } })
      }
      let eigen = SymmetricEigenvectors(matrix)
      #expect(eigen.values[0] >= eigen.values[1] && eigen.values[1] >= eigen.values[2])
      for i in 0..<3 {
        for j in 0..<3 {
          let rebuilt = (0..<3).reduce(0) { $0 + eigen.values[$1] * eigen.vectors[$1][i] * eigen.vectors[$1][j] }
          #expect(abs(rebuilt - matrix[i][j]) < 1e-12)
          #expect(abs((eigen.vectors[i] * eigen.vectors[j]).sum() - (i == j ? 1 : 0)) < 1e-12)
        }
      }
    }
  }

  @Test func `percentiles are those of the sorted values`() {
    var random = SplitMix64(seed: 7)
    for count in [1, 2, 3, 10, 99, 100, 101, 5000] {
      let drawn = (0..<count).map { _ in Float(random.nextNormal()) }
      for values in [
        drawn, drawn.map { ($0 * 2).rounded() }, [Float](repeating: 0.5, count: count), [0, Self.tiny] + drawn,
      ] {
        let sorted = values.sorted()
        for percent in [0, 1, 50, 90, 99, 100] {
          let position = Double(values.count - 1) * Double(percent) / 100
          let (low, high) = (sorted[Int(position)], sorted[min(Int(position) + 1, values.count - 1)])
          let expected = Double(low) + (Double(high) - Double(low)) * (position - position.rounded(.down))
          #expect(values.withUnsafeBufferPointer { RankedValues($0).percentile(Double(percent)) } == expected)
        }
      }
    }
    #expect([0, Self.tiny].withUnsafeBufferPointer { RankedValues($0).percentile(100) } == Double(Self.tiny))
  }

  @Test func `the 90th percentile of brightness becomes white`() throws {
    // 30 bytes: the 27th and 28th in order, of 200 and 210, give 201.
    let pixels = (0..<27).map { _ in UInt8(200) } + [210, 220, 230]
    let levels = try #require(pixels.withUnsafeBufferPointer { BrightnessLevels(standardizing: $0) }).levels
    #expect(levels[0] == 0 && levels[100] == UInt8(100 * 255 / 201.0) && levels[201] == 255 && levels[255] == 255)
    #expect([UInt8](repeating: 0, count: 30).withUnsafeBufferPointer { BrightnessLevels(standardizing: $0) } == nil)
  }
}
