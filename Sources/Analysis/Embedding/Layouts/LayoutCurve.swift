import Glibc

/// The curve 1 / (1 + a d^(2b)) by which distance in the layout becomes weight.
///
/// It is fitted by least squares to 1 up to `minDist` and exp(−(d − minDist) / spread) beyond, at 300 distances up to
/// three times `spread`.
struct LayoutCurve: Sendable, Equatable {
  let a: Double
  let b: Double

  /// - Precondition: `spread` is positive and `minDist` lies between 0 and 3 `spread`.
  init(minDist: Double, spread: Double) {
    let distances = (1..<300).map { 3 * spread * Double($0) / 299 }
    let targets = distances.map { $0 < minDist ? 1 : exp(-($0 - minDist) / spread) }
    func error(_ logA: Double, _ b: Double) -> Double {
      zip(distances, targets).reduce(into: 0.0) { sum, point in
        let residual = 1 / (1 + exp(logA) * pow(point.0, 2 * b)) - point.1
        sum += residual * residual
      }
    }
    // Levenberg–Marquardt on (log a, b), which keeps a positive.
    var (logA, b, damping) = (-2 * log(spread), 1.0, 1e-3)
    var current = error(logA, b)
    for _ in 0..<200 {
      var (aa, ab, bb, ga, gb) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for (distance, target) in zip(distances, targets) {
        let power = exp(logA) * pow(distance, 2 * b)
        let value = 1 / (1 + power)
        let slopeA = -value * value * power
        let slopeB = slopeA * 2 * log(distance)
        let residual = value - target
        aa += slopeA * slopeA
        ab += slopeA * slopeB
        bb += slopeB * slopeB
        ga += slopeA * residual
        gb += slopeB * residual
      }
      let (daa, dbb) = (aa * (1 + damping), bb * (1 + damping))
      let determinant = daa * dbb - ab * ab
      if !(abs(determinant) > 0) { break }
      let stepA = -(dbb * ga - ab * gb) / determinant
      let stepB = -(daa * gb - ab * ga) / determinant
      let next = error(logA + stepA, b + stepB)
      if next < current {
        let gain = current - next
        (logA, b, current, damping) = (logA + stepA, b + stepB, next, damping / 10)
        if gain < 1e-15 * current { break }
      } else {
        damping *= 10
        if damping > 1e12 { break }
      }
    }
    a = exp(logA)
    self.b = b
  }
}
