import FeatureData
import Foundation
import Testing

@testable import Analysis

/// The classifier that reads labels from rows it has not seen, against scikit-learn and by what it must not know.
@Suite struct HeldOutClassifierTests {
  private static let rows = WavyRows.rows
  private static let matrix = WavyRows.matrix

  static let fits: [(every: Int, weights: [Double], intercept: Double)] = [
    (
      2,
      [
        1.7034403208528919, -0.5611202726681435, 0.07880825594246894, -1.3015398013790491, 0.5870324171429748,
        0.20518240901344875,
      ], -0.9677976920206512
    ),
    (
      4,
      [
        1.110480663810515, -0.4518191591891233, 0.0648172471229115, -0.8501085020856298, 0.5099381968293359,
        0.21933621568908887,
      ], -1.2025655469787981
    ),
  ]

  /// scikit-learn 1.9.1: LogisticRegression(C=1, class_weight="balanced", tol=1e-12, solver="newton-cholesky").
  @Test(arguments: fits)
  func `Weights are those of scikit-learn, for sides of one size and of two`(
    every: Int, weights: [Double], intercept: Double
  ) throws {
    let model = try #require(
      LogisticRegression(
        rows: Self.rows.flatMap(\.self), width: 6, chosen: Array(0..<24), isPositive: (0..<24).map { $0 % every == 1 }))
    for (found, expected) in zip(model.weights, weights) { #expect(abs(found - expected) < 1e-6) }
    #expect(abs(model.intercept - intercept) < 1e-6)
  }

  @Test func `Of one side alone there is no classifier`() {
    let all = [Bool](repeating: true, count: 24)
    #expect(
      LogisticRegression(rows: Self.rows.flatMap(\.self), width: 6, chosen: Array(0..<24), isPositive: all) == nil)
  }

  @Test func `Sides that can be parted without an error still have finite weights`() throws {
    let rows = (0..<20).map { Double($0 < 10 ? $0 : $0 + 1000) }
    let model = try #require(
      LogisticRegression(rows: rows, width: 1, chosen: Array(0..<20), isPositive: (0..<20).map { $0 >= 10 }))
    #expect(model.weights[0].isFinite && model.weights[0] > 0 && model.intercept.isFinite)
  }

  @Test func `Coordinates keep the products of rows standardised by those that stay`() throws {
    let fold = HeldOutRows.Fold(test: [0, 5, 6], training: (0..<24).filter { ![0, 5, 6].contains($0) })
    let wide = SyntheticData.uniform(rows: 24, columns: 300, seed: 3)
    for matrix in [Self.matrix, wide] {
      let held = try HeldOutRows(matrix, folds: [fold], monitor: SilentMonitor())
      let (values, width) = (held.coordinates[0], held.widths[0])
      let standard = matrix.standardised(by: fold.training)
      for row in 0..<24 {
        for other in fold.training {
          let expected = zip(standard.row(row), standard.row(other)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
          let found = (0..<width).reduce(0.0) { $0 + values[row * width + $1] * values[other * width + $1] }
          #expect(abs(found - expected) < 1e-3 * max(1, abs(expected)))
        }
      }
      #expect(width <= min(matrix.columnCount, 20))
    }
  }

  @Test func `Nothing is learned from a row that is left out, not even its mean`() throws {
    let fold = HeldOutRows.Fold(test: [3], training: (0..<24).filter { $0 != 3 })
    var changed = Self.matrix
    for c in 0..<6 { changed[3, c] = 1e6 }
    let rest = try [Self.matrix, changed].map { matrix in
      let held = try HeldOutRows(matrix, folds: [fold], monitor: SilentMonitor())
      let width = held.widths[0]
      return (0..<24).filter { $0 != 3 }.flatMap { held.coordinates[0][$0 * width..<($0 + 1) * width] }
    }
    #expect(rest[0] == rest[1])
  }

  @Test func `Scores in these coordinates are those of the columns themselves`() throws {
    let fold = HeldOutRows.Fold(test: Array(0..<6), training: Array(6..<24))
    let isPositive = (0..<24).map { $0 % 2 == 1 }
    let held = try HeldOutRows(Self.matrix, folds: [fold], monitor: SilentMonitor())
    let scores = held.scores(isPositive: isPositive, strata: nil, seed: 1, tolerance: 1e-10)
    let standard = Self.matrix.standardised(by: fold.training).elements.map(Double.init)
    let direct = try #require(
      LogisticRegression(rows: standard, width: 6, chosen: fold.training, isPositive: isPositive))
    for row in 0..<6 {
      let expected = standard.withUnsafeBufferPointer { direct.score($0.baseAddress! + row * 6) }
      #expect(abs(scores[row] - expected) < 1e-4)
    }
    #expect(scores[6...].allSatisfy { $0.isNaN })
  }

  @Test func `Columns without spread, and no columns that vary, are no error`() throws {
    let flat = Matrix(rowCount: 12, columnCount: 3, elements: [Float](repeating: 7.1, count: 36))
    let folds = HeldOutRows.Fold.leavingOut(groups: Array(0..<12), owners: Array(0..<12))
    let held = try HeldOutRows(flat, folds: folds, monitor: SilentMonitor())
    let scores = held.scores(isPositive: (0..<12).map { $0 < 6 }, strata: [Int](repeating: 0, count: 12), seed: 1)
    #expect(scores.allSatisfy { $0.isFinite })
  }

  @Test func `A patient is left out whole, one by one or in parts that are as alike as can be`() {
    // 60 patients of two slides each, every third of another stratum.
    let owners = (0..<120).map { $0 / 2 }
    let strata = owners.map { $0 % 3 == 0 ? 1 : 0 }
    for most in [60, 40] {
      let folds = HeldOutRows.Fold.leavingOut(
        owners: owners, strata: strata, oneByOneUpTo: most, parts: 10, seed: 5)
      #expect(folds.count == (most == 60 ? 60 : 10))
      #expect(folds.flatMap(\.test).sorted() == Array(0..<120))
      for fold in folds {
        #expect(Set(fold.test.map { owners[$0] }).isDisjoint(with: fold.training.map { owners[$0] }))
        #expect(fold.test.count + fold.training.count == 120)
        if most == 40 { #expect(fold.test.count { strata[$0] == 1 } == 4) }
      }
    }
    // A patient of two sites is not learned from when one of them is left out.
    let folds = HeldOutRows.Fold.leavingOut(groups: [0, 0, 1, 1], owners: [0, 1, 1, 2])
    #expect(folds.map(\.test) == [[0, 1], [2, 3]] && folds.map(\.training) == [[3], [0]])
  }

  @Test func `As many of the other side are left out besides, of the same site where there are any`() {
    let isPositive = [true, true, true, false, false, false, true, false]
    let sites = [0, 0, 0, 0, 0, 0, 1, 1]
    var generator = SplitMix64(seed: 1)
    for row in 0..<8 {
      let fold = HeldOutRows.Fold(test: [row], training: (0..<8).filter { $0 != row })
      let stays = HeldOutRows.balanced(fold, isPositive: isPositive, strata: sites, using: &generator)
      #expect(stays.count == 6 && stays.count { isPositive[$0] } == 3)
      #expect(stays.count { sites[$0] == sites[row] } == (row < 6 ? 4 : 0))
    }
    // Without one in the site, another goes; the last of a side stays.
    let fold = HeldOutRows.Fold(test: [0], training: [1, 2, 3])
    let lone = [true, true, true, false]
    #expect(HeldOutRows.balanced(fold, isPositive: lone, strata: [0, 0, 0, 1], using: &generator) == [1, 2, 3])
  }

  @Test func `Noise is read as often rightly as wrongly, in few patients too`() throws {
    var sum = 0.0
    for seed in 0..<40 {
      var study = SimulatedSites(counts: [[4, 4], [4, 4]], siteEffect: 1)
      study.seed = UInt64(seed)
      let cases = study.cases
      let folds = HeldOutRows.Fold.leavingOut(groups: cases.patients, owners: cases.patients)
      let held = try HeldOutRows(cases.vectors, folds: folds, monitor: SilentMonitor())
      let isPositive = cases.outcomes.map { $0 == 1 }
      let scores = held.scores(isPositive: isPositive, strata: cases.sites, seed: 1)
      sum += try #require(RankedPairs(scores: scores, isPositive: isPositive).area)
    }
    // Of one such study the standard deviation is near 0.2. Nothing left out besides, the mean is near 0.4.
    #expect(abs(sum / 40 - 0.5) < 0.1, "\(sum / 40)")
  }
}
