package import FeatureData
import Files
import Glibc

/// A `rowCount × columnCount` matrix of floats that stays in its file and is mapped into memory.
package final class MappedMatrix: Sendable {
  package let rowCount: Int
  package let columnCount: Int
  private let region: MappedRegion?
  /// Of the first value in the region, in bytes.
  private let offset: Int

  /// - Parameter offset: of the first value in the file, in bytes; nil for a matrix without values.
  init(path: String, offset: Int?, rowCount: Int, columnCount: Int) throws(FeatureStoreError) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.offset = offset ?? 0
    guard let offset, rowCount * columnCount > 0 else {
      region = nil
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
    do throws(FileFault) { region = try MappedRegion(descriptor, byteCount: end) } catch {
      throw .cannotRead(path: path, reason: error.description)
    }
  }

  /// - Parameter descriptor: of an open file that holds nothing else; it may be closed afterwards.
  init(_ descriptor: Int32, in folder: String, rowCount: Int, columnCount: Int) throws(FeatureStoreError) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    offset = 0
    guard rowCount * columnCount > 0 else {
      region = nil
      return
    }
    do throws(FileFault) {
      region = try MappedRegion(descriptor, byteCount: rowCount * columnCount * MemoryLayout<Float>.size)
    } catch {
      throw .cannotRead(path: folder, reason: error.description)
    }
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
  package var start: UnsafePointer<Float>? {
    (region?.bytes.baseAddress).map { ($0 + offset).assumingMemoryBound(to: Float.self) }
  }

  /// Lets the pages that were read count no more as this process's memory.
  package func giveBackPages() { region?.giveBackPages() }

  private var values: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: start, count: region == nil ? 0 : rowCount * columnCount)
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
