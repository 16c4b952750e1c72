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
        for row in 0..<rowCount {
          let input = UnsafeBufferPointer(rebasing: source[row * rowBytes..<(row + 1) * rowBytes])
          let above =
            row == 0 ? nil : UnsafeBufferPointer(rebasing: source[(row - 1) * rowBytes..<row * rowBytes])
          let output = UnsafeMutableBufferPointer(
            rebasing: target[row * (rowBytes + 1)..<(row + 1) * (rowBytes + 1)])
          write(input, above: above, to: output)
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

  private static func write(
    _ input: UnsafeBufferPointer<UInt8>, above: UnsafeBufferPointer<UInt8>?,
    to output: UnsafeMutableBufferPointer<UInt8>
  ) {
    let count = input.count
    var subCost = 0
    for i in min(3, count)..<count { subCost += magnitude(input[i] &- input[i - 3]) }
    var upCost = Int.max
    if let above {
      upCost = 0
      for i in 0..<count { upCost += magnitude(input[i] &- above[i]) }
    }
    if let above, upCost <= subCost {
      output[0] = 2
      for i in 0..<count { output[i + 1] = input[i] &- above[i] }
    } else {
      output[0] = 1
      for i in 0..<min(3, count) { output[i + 1] = input[i] }
      for i in min(3, count)..<count { output[i + 1] = input[i] &- input[i - 3] }
    }
  }

  /// The size of a difference modulo 256, seen as a signed number.
  @inline(__always)
  private static func magnitude(_ difference: UInt8) -> Int {
    Int(Int8(bitPattern: difference).magnitude)
  }
}
