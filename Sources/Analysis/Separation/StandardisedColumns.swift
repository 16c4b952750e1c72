package import FeatureData

extension Matrix {
  /// Columns at mean 0 and standard deviation 1 over some rows, or all; those without any spread there are 0.
  package func standardised(by rows: [Int]? = nil) -> Matrix {
    let moments = ColumnMoments(
      rows.map { rows in
        Matrix(rowCount: rows.count, columnCount: columnCount, elements: rows.flatMap { row($0) })
      } ?? self)
    var result = Matrix(rowCount: rowCount, columnCount: columnCount)
    for c in 0..<columnCount {
      let deviation = (moments.squares[c] / Double(max(1, moments.count))).squareRoot()
      // What is left of a column of one value is the rounding of its mean.
      guard deviation > 1e-7 * abs(moments.means[c]), deviation > 0 else { continue }
      for row in 0..<rowCount {
        let place = row * columnCount + c
        result.elements[place] = Float((Double(elements[place]) - moments.means[c]) / deviation)
      }
    }
    return result
  }
}
