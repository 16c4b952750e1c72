package import FeatureData

/// Rows in coordinates that keep all inner products, once for each part of them that is left out.
///
/// In each fold the columns are brought to mean 0 and standard deviation 1 over the rows that stay, and the rows that are
/// left out are seen as those do. Where there are more columns than rows, the coordinates are those of the rows in the
/// space that the rows which stay span, by a Cholesky factorisation of their products, pivoted, and cut off at
/// `mostCoordinates`: a penalised linear classifier comes out the same in them.
///
/// Source: Bach, Jordan, "Kernel independent component analysis", 2002, section 4.2 (incomplete Cholesky).
package struct HeldOutRows: Sendable {
  /// What is left out, and what stays.
  package struct Fold: Sendable, Equatable {
    package let test: [Int]
    package let training: [Int]

    package init(test: [Int], training: [Int]) {
      self.test = test
      self.training = training
    }
  }

  package let rowCount: Int
  package let folds: [Fold]
  /// Of each fold, row-major, a row for each row.
  let coordinates: [[Double]]
  /// Numbers in a row of them.
  let widths: [Int]

  /// The rows that stay span no more dimensions up to as many of them and one; with more, the directions in which they
  /// vary least are left out.
  package static let mostCoordinates = 64
  /// Of the largest remaining square, below which a direction is rounding.
  private static let leastShare = 1e-6

  /// - Parameters:
  ///   - matrix: n × d.
  ///   - folds: Rows of each; a fold with fewer than two rows that stay has no coordinates.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n² d + n c²) for each fold, with c coordinates.
  package init(_ matrix: Matrix, folds: [Fold], threads: Int? = nil, monitor: any WorkMonitor) throws(WorkInterrupted) {
    rowCount = matrix.rowCount
    self.folds = folds
    var found = [(values: [Double], width: Int)](repeating: ([], 0), count: folds.count)
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let places = found
      WorkerThreads(threads).forEach(folds.count) { fold in
        if monitor.isInterrupted { return }
        places[fold] = Self.coordinates(of: matrix, training: folds[fold].training)
      }
    }
    try monitor.checkInterrupted()
    coordinates = found.map(\.values)
    widths = found.map(\.width)
  }

  private static func coordinates(of matrix: Matrix, training: [Int]) -> (values: [Double], width: Int) {
    let (n, d, m) = (matrix.rowCount, matrix.columnCount, training.count)
    guard m > 1, d > 0 else { return ([], 0) }
    let rows = matrix.standardised(by: training).elements
    // All products with the rows that stay: n × m.
    var chosen = [Float](repeating: 0, count: m * d)
    for (place, row) in training.enumerated() {
      for c in 0..<d { chosen[place * d + c] = rows[row * d + c] }
    }
    var products = [Float](repeating: 0, count: n * m)
    LinearAlgebra.multiplyTransposed(
      rows, rows: n, stride: d, chosen, rows: m, stride: d, depth: d, into: &products, stride: m)
    return factorised(products, rowCount: n, training: training)
  }

  /// Coordinates c with c(i) · c(j) = products(i, j) for a row j that stays.
  private static func factorised(
    _ products: [Float], rowCount n: Int, training: [Int]
  ) -> (values: [Double], width: Int) {
    let m = training.count
    let most = min(mostCoordinates, m - 1)
    var values = [Double](repeating: 0, count: n * most)
    var rest = training.enumerated().map { Double(products[$1 * m + $0]) }
    let least = leastShare * (rest.max() ?? 0)
    var width = 0
    while width < most {
      guard let pivot = rest.indices.max(by: { (rest[$0], $1) < (rest[$1], $0) }), rest[pivot] > least else { break }
      let root = rest[pivot].squareRoot()
      let pivotRow = training[pivot] * most
      for row in 0..<n {
        var value = Double(products[row * m + pivot])
        for c in 0..<width { value -= values[row * most + c] * values[pivotRow + c] }
        values[row * most + width] = value / root
      }
      for (place, row) in training.enumerated() {
        let value = values[row * most + width]
        rest[place] -= value * value
      }
      rest[pivot] = 0
      width += 1
    }
    if width == most { return (values, width) }
    return ((0..<n).flatMap { row in values[row * most..<row * most + width] }, width)
  }
}

extension HeldOutRows.Fold {
  /// Every group is left out once, together with all rows of the same owner.
  ///
  /// - Parameters:
  ///   - groups: By row.
  ///   - owners: By row, such as the patient, of whom nothing may be learned before.
  package static func leavingOut(groups: [Int], owners: [Int]) -> [HeldOutRows.Fold] {
    Set(groups).sorted().map { group in
      let test = groups.indices.filter { groups[$0] == group }
      let known = Set(test.map { owners[$0] })
      return HeldOutRows.Fold(test: test, training: groups.indices.filter { !known.contains(owners[$0]) })
    }
  }

  /// Owners left out one by one, or in parts where there are many.
  ///
  /// - Parameters:
  ///   - strata: By row: owners of one stratum are dealt out evenly over the parts.
  ///   - most: Up to so many owners each is a part of its own.
  package static func leavingOut(
    owners: [Int], strata: [Int], oneByOneUpTo most: Int, parts: Int, seed: UInt64
  ) -> [HeldOutRows.Fold] {
    let stratumOfOwner = Dictionary(zip(owners, strata)) { first, _ in first }
    var generator = SplitMix64(seed: seed)
    var order = stratumOfOwner.keys.sorted()
    if order.count > most { order.shuffle(using: &generator) }
    // Stable within a stratum: the order of places decides.
    let dealt = order.enumerated().sorted {
      (stratumOfOwner[$0.element] ?? 0, $0.offset) < (stratumOfOwner[$1.element] ?? 0, $1.offset)
    }.map(\.element)
    let count = dealt.count <= most ? dealt.count : parts
    let partOfOwner = Dictionary(uniqueKeysWithValues: dealt.enumerated().map { ($1, $0 % max(1, count)) })
    return leavingOut(groups: owners.map { partOfOwner[$0] ?? 0 }, owners: owners)
  }
}
