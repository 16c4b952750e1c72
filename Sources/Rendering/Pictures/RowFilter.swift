import CSIMDKernels

/// PNG's prediction of a byte from its neighbours, before compression.
///
/// Of Sub and Up, the filter with the lesser sum of absolute differences is taken for each row. The first row of a
/// band may not look at the row above it, because bands are made apart. Source: PNG specification, chapter 9,
/// https://www.w3.org/TR/png-3/#9Filters.
enum RowFilter {
  /// - Parameter pixels: Whole rows of RGB, `rowBytes` each.
  /// - Returns: the rows, each after the byte that names its filter.
  static func filtered(_ pixels: [UInt8], rowBytes: Int) -> [UInt8] {
    let rowCount = pixels.count / rowBytes
    return [UInt8](unsafeUninitializedCapacity: rowCount * (rowBytes + 1)) { target, written in
      pixels.withUnsafeBufferPointer { source in
        guard let input = source.baseAddress, let output = target.baseAddress else { return }
        for row in 0..<rowCount {
          simd_predict_row(
            input + row * rowBytes, row == 0 ? nil : input + (row - 1) * rowBytes, Int64(rowBytes),
            output + row * (rowBytes + 1))
        }
      }
      written = rowCount * (rowBytes + 1)
    }
  }

  /// - Parameter samples: Whole rows, `rowBytes` each.
  /// - Returns: the rows as they are, each after the byte that says so.
  static func unfiltered(_ samples: ArraySlice<UInt8>, rowBytes: Int) -> [UInt8] {
    var rows: [UInt8] = []
    rows.reserveCapacity(samples.count + samples.count / rowBytes)
    for start in stride(from: samples.startIndex, to: samples.endIndex, by: rowBytes) {
      rows.append(0)
      rows += samples[start..<start + rowBytes]
    }
    return rows
  }
}
