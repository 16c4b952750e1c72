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
