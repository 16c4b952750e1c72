import Analysis
import Foundation

/// A `.npy` file of float32, two-dimensional, row by row.
///
/// Source: NEP 1, "A Simple File Format for NumPy Arrays".
struct ArrayFile {
  private let path: String
  private let data: Data
  private let start: Int
  private let rowCount: Int
  private let columnCount: Int

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The file is mapped, not read.
  init(path: String) throws {
    self.path = path
    data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    let headerLength = Int(data[8]) | Int(data[9]) << 8
    let header = String(decoding: data[10..<10 + headerLength], as: UTF8.self)
    let shape = header.split(separator: "(").last?.split(separator: ")").first?.split(separator: ",")
      .compactMap { Int($0.filter { $0 != " " }) }
    guard data.starts(with: [0x93] + Array("NUMPY".utf8)), data[6] == 1, header.contains("'<f4'"),
      header.contains("'fortran_order': False"), let shape, shape.count == 2,
      data.count == 10 + headerLength + 4 * shape[0] * shape[1]
    else { throw Failure(description: "\(path): not a two-dimensional array of float32, row by row") }
    (rowCount, columnCount) = (shape[0], shape[1])
    start = 10 + headerLength
  }

  /// - Parameter areCopied: False leaves the rows in the file, mapped.
  func rows(areCopied: Bool) throws -> FeatureRows {
    let (n, d) = (rowCount, columnCount)
    if areCopied {
      return FeatureRows(rowCount: n, columnCount: d) { places in
        _ = data.copyBytes(to: UnsafeMutableRawBufferPointer(places), from: start..<data.count)
      }
    }
    let mapping = try Mapping(path: path, byteCount: data.count)
    let first = mapping.base.advanced(by: start).assumingMemoryBound(to: Float.self)
    return FeatureRows(columnCount: d, starts: (0..<n).map { UnsafePointer(first + $0 * d) }, owners: [mapping])
  }

  private final class Mapping {
    let base: UnsafeMutableRawPointer
    private let byteCount: Int

    init(path: String, byteCount: Int) throws {
      let descriptor = open(path, O_RDONLY)
      defer { close(descriptor) }
      guard descriptor >= 0, let base = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0), base != MAP_FAILED
      else { throw Failure(description: "\(path): cannot be mapped") }
      self.base = base
      self.byteCount = byteCount
    }

    deinit { munmap(base, byteCount) }
  }

  /// - Parameter kind: NumPy's name of the element type.
  static func write<Element: BitwiseCopyable>(
    _ values: [Element], rowCount: Int, columnCount: Int, kind: String, to path: String
  ) throws {
    var header = "{'descr': '\(kind)', 'fortran_order': False, 'shape': (\(rowCount), \(columnCount)), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    var data = Data(
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
    data += Data(header.utf8)
    values.withUnsafeBytes { data.append(contentsOf: $0) }
    try data.write(to: URL(fileURLWithPath: path))
  }
}
