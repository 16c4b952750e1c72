/// Numbers that are NaN or infinite.
package enum NotFinite {
  /// Rows with such a number, ascending.
  ///
  /// - Parameter values: Row-major.
  package static func rows(of values: UnsafeBufferPointer<Float>, columnCount: Int) -> [Int] {
    guard columnCount > 0 else { return [] }
    return (0..<values.count / columnCount).filter { row in
      var isFound = false
      for place in row * columnCount..<(row + 1) * columnCount {
        // Without a way out of the loop it is a few instructions for many numbers.
        isFound = isFound || values[place].bitPattern & 0x7F80_0000 == 0x7F80_0000
      }
      return isFound
    }
  }

  /// Columns without any other number.
  package static func columns(of values: UnsafeBufferPointer<Float>, columnCount: Int) -> [Int] {
    (0..<columnCount).filter { column in
      stride(from: column, to: values.count, by: columnCount).allSatisfy { !values[$0].isFinite }
    }
  }
}

extension Matrix {
  /// Rows with NaN or infinity, ascending.
  package var rowsNotFinite: [Int] {
    elements.withUnsafeBufferPointer { NotFinite.rows(of: $0, columnCount: columnCount) }
  }
}
