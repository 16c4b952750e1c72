import FeatureData

/// Smooth random fields for textures.
enum Noise {
  /// Value noise over a square of `side` pixels: independent numbers in [0, 1) on a lattice of `cell` pixels, joined
  /// by smoothstep. Row-major.
  static func field(side: Int, cell: Float, random: inout SplitMix64) -> [Float] {
    let knots = Int(Float(side) / cell) + 2
    let lattice = (0..<knots * knots).map { _ in Float(random.nextUnit()) }
    let shift = Float(random.nextUnit()) * 0.999
    var columns: [(knot: Int, weight: Float)] = []
    columns.reserveCapacity(side)
    for x in 0..<side {
      let position = min(Float(x) / cell + shift, Float(knots) - 1.001)
      let knot = Int(position)
      columns.append((knot, smoothstep(position - Float(knot))))
    }
    var field = [Float](repeating: 0, count: side * side)
    var blended = [Float](repeating: 0, count: knots)
    for y in 0..<side {
      let (row, weight) = columns[y]
      for knot in 0..<knots {
        let upper = lattice[row * knots + knot]
        blended[knot] = upper + weight * (lattice[(row + 1) * knots + knot] - upper)
      }
      for x in 0..<side {
        let (knot, weight) = columns[x]
        field[y * side + x] = blended[knot] + weight * (blended[knot + 1] - blended[knot])
      }
    }
    return field
  }

  /// Value noise at any point, from a hash of the lattice point: for coordinates that are bent or stretched.
  static func value(_ x: Float, _ y: Float, seed: UInt64) -> Float {
    let left = x.rounded(.down)
    let top = y.rounded(.down)
    let column = Int32(left)
    let row = Int32(top)
    let across = smoothstep(x - left)
    let down = smoothstep(y - top)
    let upper = mix(hash(column, row, seed), hash(column &+ 1, row, seed), across)
    let lower = mix(hash(column, row &+ 1, seed), hash(column &+ 1, row &+ 1, seed), across)
    return mix(upper, lower, down)
  }

  static func smoothstep(_ t: Float) -> Float { t * t * (3 - 2 * t) }

  static func mix(_ a: Float, _ b: Float, _ weight: Float) -> Float { a + weight * (b - a) }

  /// 0 below `low`, 1 above `high`, smooth between.
  static func ramp(_ value: Float, _ low: Float, _ high: Float) -> Float {
    smoothstep(min(max((value - low) / (high - low), 0), 1))
  }

  private static func hash(_ x: Int32, _ y: Int32, _ seed: UInt64) -> Float {
    let key = UInt64(UInt32(bitPattern: x)) << 32 | UInt64(UInt32(bitPattern: y))
    return Float(SplitMix64.mix(key ^ seed) >> 40) * 0x1p-24
  }
}
