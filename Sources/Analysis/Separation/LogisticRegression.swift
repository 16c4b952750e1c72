import Glibc

/// Logistic regression with a penalty on the squared length of its weights; the intercept bears none.
///
/// Minimises Σ wᵢ log(1 + exp(−yᵢ fᵢ)) + ½ ‖β‖² for fᵢ = β · xᵢ + b, in which wᵢ gives both sides the same total weight
/// and has the mean 1. Newton's method with halved steps; the minimum is unique where both sides occur.
///
/// Source: Hastie, Tibshirani, Friedman, "The elements of statistical learning", 2009, section 4.4.1,
/// doi:10.1007/978-0-387-84858-7.
struct LogisticRegression {
  /// r numbers.
  let weights: [Double]
  let intercept: Double

  private static let mostSteps = 100

  /// - Parameters:
  ///   - rows: Numbers in rows of `width`, row-major.
  ///   - chosen: The rows that it is fitted to.
  ///   - isPositive: By row of `rows`.
  ///   - tolerance: Of the gradient, by element, at which it ends.
  /// - Returns: nil where the chosen rows are all of one side.
  /// - Complexity: O(m r² + r³) for each of a few steps, m rows being chosen.
  init?(
    rows: UnsafePointer<Double>, width r: Int, chosen: [Int], isPositive: [Bool], tolerance: Double = 1e-10
  ) {
    let m = chosen.count
    let positives = chosen.count { isPositive[$0] }
    guard positives > 0, positives < m else { return nil }
    let sideWeights = (Double(m) / 2 / Double(m - positives), Double(m) / 2 / Double(positives))
    let sampleWeights = chosen.map { isPositive[$0] ? sideWeights.1 : sideWeights.0 }
    let targets = chosen.map { isPositive[$0] ? 1.0 : 0 }

    // The intercept is the last of r + 1.
    let size = r + 1
    var beta = [Double](repeating: 0, count: size)
    var scores = [Double](repeating: 0, count: m)
    var objective = Self.objective(scores, beta, targets, sampleWeights)
    var system = SymmetricSystem(size: size)
    for _ in 0..<Self.mostSteps {
      var gradient = beta
      gradient[r] = 0
      system.clear()
      for (place, row) in chosen.enumerated() {
        let x = rows + row * r
        let p = 1 / (1 + exp(-scores[place]))
        let residual = sampleWeights[place] * (p - targets[place])
        for c in 0..<r { gradient[c] += residual * x[c] }
        gradient[r] += residual
        system.add(x, count: r, weight: sampleWeights[place] * p * (1 - p))
      }
      if gradient.allSatisfy({ abs($0) <= tolerance }) { break }
      system.addToDiagonal(1, first: r)
      guard let step = system.solved(gradient) else { break }
      var length = 1.0
      var isImproved = false
      while length > 1e-8 {
        let tried = zip(beta, step).map { $0 - length * $1 }
        let triedScores = Self.scores(rows, chosen, tried, width: r)
        let value = Self.objective(triedScores, tried, targets, sampleWeights)
        if value <= objective {
          isImproved = value < objective
          (beta, scores, objective) = (tried, triedScores, value)
          break
        }
        length /= 2
      }
      // At the rounding of the objective there is nothing more to gain.
      if !isImproved { break }
    }
    weights = Array(beta.prefix(r))
    intercept = beta[r]
  }

  /// The log odds of a row of r numbers.
  func score(_ x: UnsafePointer<Double>) -> Double {
    var sum = intercept
    for c in weights.indices { sum += weights[c] * x[c] }
    return sum
  }

  private static func scores(
    _ rows: UnsafePointer<Double>, _ chosen: [Int], _ beta: [Double], width r: Int
  ) -> [Double] {
    chosen.map { row in
      var sum = beta[r]
      let x = rows + row * r
      for c in 0..<r { sum += beta[c] * x[c] }
      return sum
    }
  }

  private static func objective(
    _ scores: [Double], _ beta: [Double], _ targets: [Double], _ weights: [Double]
  ) -> Double {
    var sum = 0.0
    for index in scores.indices {
      let margin = targets[index] > 0 ? scores[index] : -scores[index]
      // log(1 + exp(−margin)) without overflow.
      sum += weights[index] * (max(0, -margin) + log1p(exp(-abs(margin))))
    }
    for weight in beta.dropLast() { sum += weight * weight / 2 }
    return sum
  }
}

/// A positive definite system of equations: the Hessian of the regression.
private struct SymmetricSystem {
  let size: Int
  /// The lower triangle, row-major.
  private var values: [Double]

  init(size: Int) {
    self.size = size
    values = [Double](repeating: 0, count: size * size)
  }

  mutating func clear() { for place in values.indices { values[place] = 0 } }

  /// Adds the product of (x, 1) with itself.
  mutating func add(_ x: UnsafePointer<Double>, count r: Int, weight: Double) {
    values.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      for a in 0..<r {
        let factor = weight * x[a]
        let row = start + a * size
        for b in 0...a { row[b] += factor * x[b] }
      }
      let last = start + r * size
      for b in 0..<r { last[b] += weight * x[b] }
      last[r] += weight
    }
  }

  mutating func addToDiagonal(_ value: Double, first count: Int) {
    for place in 0..<count { values[place * size + place] += value }
  }

  /// Solves for a right-hand side; the matrix is lost. nil where rounding has left it indefinite.
  mutating func solved(_ right: [Double]) -> [Double]? {
    var x = right
    let n = size
    return values.withUnsafeMutableBufferPointer { values -> [Double]? in
      guard let a = values.baseAddress else { return nil }
      // Column by column, so that the inner loop runs along rows of the transposed factor in the upper triangle.
      for k in 0..<n {
        guard a[k * n + k] > 0 else { return nil }
        let pivot = a[k * n + k].squareRoot()
        a[k * n + k] = pivot
        let column = a + k * n
        for i in k + 1..<max(n, k + 1) { column[i] = a[i * n + k] / pivot }
        for i in k + 1..<max(n, k + 1) {
          let factor = column[i]
          let row = a + i * n
          for j in k + 1...i { row[j] -= factor * column[j] }
        }
      }
      for k in 0..<n {
        x[k] /= a[k * n + k]
        for i in k + 1..<max(n, k + 1) { x[i] -= a[k * n + i] * x[k] }
      }
      for k in (0..<n).reversed() {
        for i in k + 1..<max(n, k + 1) { x[k] -= a[k * n + i] * x[i] }
        x[k] /= a[k * n + k]
      }
      return x
    }
  }
}
