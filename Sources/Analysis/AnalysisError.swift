/// What can be wrong with the input of an analysis.
package enum AnalysisError: Error, Equatable, Sendable {
  /// The first NaN or infinity, by row and column.
  case notFinite(row: Int, column: Int)
  /// A row whose values are so much larger than those of the rows it is compared with that distances overflow.
  case notComparable(row: Int)
  /// A matrix with rows but without columns.
  case noColumns
  /// A parameter outside its range; `allowed` says the range in words.
  case invalidParameter(name: String, value: String, allowed: String)
  /// Two inputs that should have the same length do not.
  case countMismatch(what: String, expected: Int, got: Int)
  /// LAPACK returned `code` from `routine`.
  case linearAlgebraFailed(routine: String, code: Int)
}

extension AnalysisError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFinite(let row, let column):
      "Feature \(column) of row \(row) is NaN or infinite, and cannot be compared."
    case .notComparable(let row):
      "The values of row \(row) are larger by far than those of the tiles on the map: they cannot be compared."
    case .noColumns: "There are no features to work on."
    case .invalidParameter(let name, let value, let allowed): "\(name) cannot be \(value); it may be \(allowed)."
    case .countMismatch(let what, let expected, let got): "There are \(got) \(what) where \(expected) were expected."
    case .linearAlgebraFailed(let routine, let code): "The linear algebra routine \(routine) failed with code \(code)."
    }
  }
}
