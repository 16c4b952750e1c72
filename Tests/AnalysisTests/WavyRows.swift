import FeatureData
import Foundation

/// Numbers that another program makes as easily, for comparison: 24 × 6 of sin(1 + 3 i + 7 c), and 0.8 more in even columns
/// of odd rows.
enum WavyRows {
  static let rows: [[Double]] = (0..<24).map { row in (0..<6).map { value(row, $0) } }
  static let matrix = Matrix(rowCount: 24, columnCount: 6, elements: rows.flatMap { $0.map { Float($0) } })

  private static func value(_ row: Int, _ column: Int) -> Double {
    sin(Double(1 + 3 * row + 7 * column)) + (row % 2 == 1 && column % 2 == 0 ? 0.8 : 0)
  }
}
