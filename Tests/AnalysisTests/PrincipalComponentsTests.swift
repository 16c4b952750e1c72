import FeatureData
import Testing

@testable import Analysis

@Suite struct PrincipalComponentsTests {
  @Test func `axes and variances agree with NumPy, for tall and for wide matrices`() throws {
    for expected in try SciPyFixtures.load().pca {
      let matrix = Matrix(rowCount: expected.rows, columnCount: expected.columns, elements: expected.values)
      let found = try PrincipalComponents(of: matrix, count: 3, monitor: SilentMonitor())
      for (value, target) in zip(found.axes.elements, expected.axes) { #expect(abs(value - target) < 1e-4) }
      for (value, target) in zip(found.variances, expected.variances) {
        #expect(abs(value - target) < 1e-4 * target)
      }
      #expect(abs(found.totalVariance - expected.total) < 1e-4 * expected.total)
    }
  }

  @Test func `projected rows have the variances found`() throws {
    let matrix = SyntheticData.clustered(rows: 300, columns: 10, clusters: 3, seed: 1).matrix
    let found = try PrincipalComponents(of: matrix, count: 4, monitor: SilentMonitor())
    let projected = found.project(matrix)
    #expect(projected.rowCount == 300 && projected.columnCount == 4)
    for axis in 0..<4 {
      let variance = projected.column(axis).reduce(0) { $0 + $1 * $1 } / 299
      #expect(abs(variance - found.variances[axis]) < 1e-3 * found.variances[axis])
    }
  }

  @Test func `the number of threads changes no bit`() throws {
    let matrix = SyntheticData.clustered(rows: 5000, columns: 12, clusters: 3, seed: 2).matrix
    let one = try PrincipalComponents(of: matrix, count: 5, threads: 1, monitor: SilentMonitor())
    let four = try PrincipalComponents(of: matrix, count: 5, threads: 4, monitor: SilentMonitor())
    #expect(one.axes == four.axes && one.variances == four.variances)
  }

  @Test func `rows that are all alike have no variance`() throws {
    let matrix = Matrix(rowCount: 4, columnCount: 3, elements: [Float](repeating: 7, count: 12))
    let found = try PrincipalComponents(of: matrix, count: 9, monitor: SilentMonitor())
    #expect(found.variances == [0, 0, 0] && found.totalVariance == 0)
  }

  @Test func `a number that is none, no columns and no axes are refused`() throws {
    let broken = Matrix(rowCount: 2, columnCount: 2, elements: [1, 2, 3, .infinity])
    #expect(throws: AnalysisError.notFinite(row: 1, column: 1)) {
      try PrincipalComponents(of: broken, count: 1, monitor: SilentMonitor())
    }
    #expect(throws: AnalysisError.noColumns) {
      try PrincipalComponents(of: Matrix(rowCount: 2, columnCount: 0), count: 1, monitor: SilentMonitor())
    }
    #expect(throws: AnalysisError.invalidParameter(name: "count", value: "0", allowed: "1 or more")) {
      try PrincipalComponents(of: broken, count: 0, monitor: SilentMonitor())
    }
  }
}
