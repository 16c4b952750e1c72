import FeatureData
import Foundation
import Testing

@testable import Analysis

/// Areas, silhouettes, neighbours, tables and shuffles, against scikit-learn, SciPy and simulation.
@Suite struct SeparationTests {
  private static let matrix = WavyRows.matrix

  static let silhouettes: [(labels: [Int], expected: Double)] = [
    ((0..<24).map { $0 % 2 }, 0.2793340253138891), ((0..<24).map { $0 % 3 }, -0.12632586390968448),
    ([0] + (0..<23).map { 1 + $0 % 2 }, 0.04619704437948549),
  ]

  static let associations: [(counts: [[Int]], expected: Double)] = [
    ([[8, 2], [3, 7]], 0.502518907629606), ([[5, 1, 2], [2, 6, 1], [0, 3, 7]], 0.530816232811199),
    ([[5, 0], [0, 9], [3, 0]], 1), ([[4, 4], [2, 2]], 0),
  ]

  static let intervals: [(area: Double, sizes: [(Int, Int)], low: Double, high: Double)] = [
    (0.8, [(10, 10)], 0.5418009851096299, 0.925519816463348), (1, [(5, 5)], 0.6427028201427123, 1),
    (0, [(4, 6)], 0, 0.3671446543892162), (0.5, [(3, 17), (10, 10)], 0.3079834623880249, 0.6920165376119751),
  ]

  /// scikit-learn 1.9.1: roc_auc_score(i % 2 == 1, round(3 sin(2.3 i)) / 3) for i from 0 to 23, of which many are equal.
  @Test func `The area is that of scikit-learn, ties included`() throws {
    let scores = (0..<24).map { (3 * sin(2.3 * Double($0))).rounded() / 3 }
    let pairs = RankedPairs(scores: scores, isPositive: (0..<24).map { $0 % 2 == 1 })
    #expect(abs(try #require(pairs.area) - 0.4861111111111111) < 1e-12)
  }

  @Test func `Within groups only their own pairs are compared, weighted by how many they are`() throws {
    // In each group all pairs are right, between groups all are wrong.
    let pairs = RankedPairs(
      scores: [1, 2, 2, 11, 12, .nan], isPositive: [false, true, true, false, true, false],
      groupOfRow: [0, 0, 0, 1, 1, 2])
    #expect(pairs.area == 1 && pairs.pairCount == 3 && pairs.groups.map(\.number) == [0, 1])
    #expect(RankedPairs(scores: [1, 2], isPositive: [true, true]).area == nil)
    #expect(MeanArea([RankedPairs(scores: [1, 2], isPositive: [true, true])]) == nil)
  }

  /// The roots of |a − θ| = 1.959964 √V(θ) by bisection in NumPy, V by Newcombe's method 5.
  @Test(arguments: intervals)
  func `The interval is Newcombe's, and says something of an area of 1 too`(
    area: Double, sizes: [(Int, Int)], low: Double, high: Double
  ) throws {
    // A share `area` of positives above all negatives of their group, the others below.
    var (scores, sides, groups) = ([Double](), [Bool](), [Int]())
    for (group, size) in sizes.enumerated() {
      scores += [Double](repeating: 0, count: size.1)
      sides += [Bool](repeating: false, count: size.1)
      // Ties give a half.
      let above = area == 0.5 ? 0 : Int((area * Double(size.0)).rounded())
      scores += (0..<size.0).map { area == 0.5 ? 0 : ($0 < above ? 1 : -1) }
      sides += [Bool](repeating: true, count: size.0)
      groups += [Int](repeating: group, count: size.0 + size.1)
    }
    let found = try #require(
      MeanArea([RankedPairs(scores: scores, isPositive: sides, groupOfRow: groups)]))
    #expect(abs(found.value - area) < 1e-12)
    #expect(abs(found.interval.lowerBound - low) < 1e-6 && abs(found.interval.upperBound - high) < 1e-6)
  }

  @Test func `The interval holds the true area in some 95 of 100 studies`() throws {
    var generator = SplitMix64(seed: 8)
    var held = 0
    for _ in 0..<1000 {
      // Φ(1 / √2) is 0.7602.
      let scores = (0..<30).map { generator.nextNormal() + ($0 < 12 ? 1 : 0) }
      let area = try #require(MeanArea([RankedPairs(scores: scores, isPositive: (0..<30).map { $0 < 12 })]))
      if area.interval.contains(0.7602499389065233) { held += 1 }
    }
    #expect((930...980).contains(held), "\(held)")
  }

  /// scikit-learn 1.9.1: silhouette_score of the 24 × 6 numbers by i % 2, by i % 3, and with row 0 alone in its cluster.
  @Test(arguments: silhouettes)
  func `The silhouette is that of scikit-learn`(labels: [Int], expected: Double) throws {
    let silhouette = try Silhouette(Self.matrix, unitOfRow: Array(0..<24), monitor: SilentMonitor())
    #expect(abs(try #require(silhouette.mean(categories: labels)) - expected) < 1e-6)
  }

  @Test func `Tiles of the own patient do not speak for a category`() throws {
    // Patients far apart, each a tight knot, labels dealt without regard to them.
    var generator = SplitMix64(seed: 4)
    var matrix = Matrix(rowCount: 160, columnCount: 8)
    for patient in 0..<16 {
      let centre = (0..<8).map { _ in 5 * generator.nextNormal() }
      for tile in 0..<10 {
        for c in 0..<8 { matrix[10 * patient + tile, c] = Float(centre[c] + 0.1 * generator.nextNormal()) }
      }
    }
    let cases = (0..<160).map { $0 / 10 }
    let labels = (0..<16).map { $0 % 2 }
    let silhouette = try Silhouette(matrix, unitOfRow: cases, monitor: SilentMonitor())
    let found = try #require(
      try Separation.silhouette(
        silhouette, labels: labels, rowCount: 160, seed: 1, monitor: SilentMonitor()))
    #expect(found.shuffled.p > 0.05 && abs(found.value) < 0.1)
    let graph = try NeighbourGraph.found(
      amongOtherOwners: cases, in: FeatureRows(matrix), metric: .euclidean, count: 12)
    let purity = try #require(
      try Separation.purity(
        graph, owners: cases, cases: cases, labels: labels, seed: 1, monitor: SilentMonitor()))
    // Of the other 15 patients 7 have the own label.
    #expect(abs(purity.chance - 7.0 / 15) < 1e-9 && abs(purity.shuffled.mean - purity.chance) < 0.05)
    #expect(purity.shuffled.p > 0.05)
  }

  @Test func `The nearest of other patients are those found by comparing all`() throws {
    let matrix = SyntheticData.uniform(rows: 90, columns: 5, seed: 6)
    let owners = (0..<90).map { $0 < 30 ? 0 : 1 + $0 % 7 }
    let graph = try NeighbourGraph.found(
      amongOtherOwners: owners, in: FeatureRows(matrix), metric: .euclidean, count: 6)
    #expect(graph.neighbourCount == 6)
    for row in 0..<90 {
      let others = (0..<90).filter { owners[$0] != owners[row] }.map { other in
        (zip(matrix.row(row), matrix.row(other)).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }, other)
      }.sorted { $0 < $1 }
      #expect(graph.neighbours(of: row).map { Int($0) } == others.prefix(6).map(\.1))
    }
    // No more than the fewest that any row has.
    let most = try NeighbourGraph.found(
      amongOtherOwners: owners, in: FeatureRows(matrix), metric: .euclidean, count: 89)
    #expect(most.neighbourCount == 60)
    let alone = try NeighbourGraph.found(
      amongOtherOwners: [0, 0], in: FeatureRows(Matrix(rowCount: 2, columnCount: 1)), metric: .euclidean, count: 3)
    #expect(alone.neighbourCount == 0)
  }

  /// SciPy 1.17.1: contingency.association(method="cramer").
  @Test(arguments: associations)
  func `Cramér's V is that of SciPy`(counts: [[Int]], expected: Double) throws {
    var (rows, columns) = ([Int](), [Int]())
    for (row, line) in counts.enumerated() {
      for (column, count) in line.enumerated() {
        rows += [Int](repeating: row, count: count)
        columns += [Int](repeating: column, count: count)
      }
    }
    let table = CrossTable(rows: rows, columns: columns, rowCount: counts.count, columnCount: counts[0].count)
    #expect(table.counts == counts)
    #expect(abs(try #require(table.cramersV) - expected) < 1e-12)
    #expect(CrossTable(rows: [0, 0], columns: [0, 1], rowCount: 1, columnCount: 2).cramersV == nil)
  }

  @Test func `Shuffles keep how many labels each stratum has, and are the same again`() {
    let labels = (0..<30).map { $0 % 3 }
    let strata = (0..<30).map { $0 / 10 }
    let shuffle = LabelShuffle(labels, strata: strata, seed: 9)
    #expect(shuffle(1) == shuffle(1) && shuffle(1) != shuffle(2))
    for number in 0..<20 {
      for stratum in 0..<3 {
        let rows = strata.indices.filter { strata[$0] == stratum }
        #expect(rows.map { shuffle(number)[$0] }.sorted() == rows.map { labels[$0] }.sorted())
      }
    }
    #expect((0..<20).contains { number in shuffle(number)[0] != labels[0] })
  }

  @Test func `p counts what is found among the shuffles`() throws {
    let outcome = try #require(
      LabelShuffle.Outcome(found: 0.9, chance: (0..<199).map { Double($0) / 200 } + [nil]))
    #expect(outcome.chance.count == 199 && abs(outcome.p - 20.0 / 200) < 1e-12)
    #expect(outcome.range == 0.02...0.97)
    #expect(LabelShuffle.Outcome(found: 1, chance: [nil]) == nil)
  }
}
