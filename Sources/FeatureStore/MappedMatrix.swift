package import FeatureData
import Glibc

/// A `rowCount × columnCount` matrix of floats that stays in its file and is mapped into memory.
package final class MappedMatrix: Sendable {
  package let rowCount: Int
  package let columnCount: Int
  private let mapping: Mapping?

  /// The mapping is read-only from the moment it is made, so threads can share it: POSIX mmap, PROT_READ.
  private struct Mapping: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    let values: UnsafePointer<Float>
  }

  /// - Parameter offset: of the first value in the file, in bytes; nil for a matrix without values.
  init(path: String, offset: Int?, rowCount: Int, columnCount: Int) throws(FeatureStoreError) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    guard let offset, rowCount * columnCount > 0 else {
      mapping = nil
      return
    }
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let end = offset + rowCount * columnCount * MemoryLayout<Float>.size
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) >= end else {
      throw .cannotRead(path: path, reason: "it is shorter than its contents say")
    }
    guard let base = mmap(nil, end, PROT_READ, MAP_SHARED, descriptor, 0), base != MAP_FAILED else {
      throw .cannotRead(path: path, reason: String(cString: strerror(errno)))
    }
    mapping = Mapping(
      base: base, byteCount: end,
      values: UnsafeRawPointer(base + offset).assumingMemoryBound(to: Float.self))
  }

  deinit {
    if let mapping { munmap(mapping.base, mapping.byteCount) }
  }

  /// The values, row-major, for as long as `body` runs.
  ///
  /// Afterwards the pages that were read count no more as this process's memory, so that going over a whole store takes
  /// the memory of one slide; they stay in the system's cache of the file.
  package func withValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    defer { giveBackPages() }
    return try body(values)
  }

  /// The first of the values, row-major, which stay there, unchanged, while this object lives; nil if there are none.
  package var start: UnsafePointer<Float>? { mapping?.values }

  /// Lets the pages that were read count no more as this process's memory.
  package func giveBackPages() {
    if let mapping { madvise(mapping.base, mapping.byteCount, MADV_DONTNEED) }
  }

  private var values: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: mapping?.values, count: mapping == nil ? 0 : rowCount * columnCount)
  }

  /// A copy of one row.
  package func row(_ index: Int) -> [Float] {
    withExtendedLifetime(self) { Array(values[index * columnCount..<(index + 1) * columnCount]) }
  }

  /// A copy in memory of some rows, in their order.
  package func matrix(of rows: [Int]) -> Matrix {
    var elements: [Float] = []
    elements.reserveCapacity(rows.count * columnCount)
    withValues { values in
      for row in rows { elements += values[row * columnCount..<(row + 1) * columnCount] }
    }
    return Matrix(rowCount: rows.count, columnCount: columnCount, elements: elements)
  }

  /// A copy in memory, of all rows or some.
  package func matrix(rows: Range<Int>? = nil) -> Matrix {
    let rows = rows ?? 0..<rowCount
    return Matrix(
      rowCount: rows.count, columnCount: columnCount,
      elements: withValues { Array($0[rows.lowerBound * columnCount..<rows.upperBound * columnCount]) })
  }
}
