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
  package func withValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try body(UnsafeBufferPointer(start: mapping?.values, count: mapping == nil ? 0 : rowCount * columnCount))
  }

  /// A copy of one row.
  package func row(_ index: Int) -> [Float] {
    withValues { Array($0[index * columnCount..<(index + 1) * columnCount]) }
  }

  /// A copy in memory.
  package func matrix() -> Matrix {
    Matrix(rowCount: rowCount, columnCount: columnCount, elements: withValues { Array($0) })
  }
}
