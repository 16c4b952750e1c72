import FeatureData
import Files

/// A `.pt` file of PyTorch 1.6 or newer: a zip of a pickle and of the raw numbers of its storages.
///
/// Source: the layout that `torch.save` writes and `torch/csrc/jit/serialization` describes: `NAME/data.pkl`,
/// `NAME/byteorder`, `NAME/data/KEY`.
struct TorchArchive: ~Copyable {
  let path: String
  let pickle: TorchPickle
  private let archive: ZipArchive
  private let prefix: String

  init(path: String) throws(BagError) {
    let opened = try Self.opened(path)
    let (prefix, pickle) = try Self.pickle(in: opened, path: path)
    self.path = path
    self.pickle = pickle
    self.prefix = prefix
    archive = opened
  }

  private static func opened(_ path: String) throws(BagError) -> ZipArchive {
    do throws(FileFault) {
      return try ZipArchive(path: path)
    } catch {
      throw refusal(of: path, error)
    }
  }

  private static func pickle(
    in archive: borrowing ZipArchive, path: String
  ) throws(BagError) -> (prefix: String, pickle: TorchPickle) {
    guard let entry = archive.entries.first(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }) else {
      throw .unsupported(path: path, what: "it is an archive, but not one that PyTorch writes")
    }
    let prefix = String(entry.name.dropLast("data.pkl".count))
    let bytes: [UInt8]
    do throws(FileFault) {
      if let order = archive.entry(prefix + "byteorder"),
        try archive.contents(of: order, limit: 16) == Array("big".utf8)
      {
        throw .unsupported(what: "its numbers are big-endian")
      }
      bytes = try archive.contents(of: entry, limit: TorchPickle.maximumByteCount)
    } catch {
      throw BagError(error, path: path)
    }
    return (prefix, try parsed(bytes, path: path))
  }

  private static func parsed(_ bytes: [UInt8], path: String) throws(BagError) -> TorchPickle {
    do throws(TorchPickle.Fault) {
      return try TorchPickle(bytes)
    } catch {
      switch error {
      case .damaged(let what): throw .damaged(path: path, what: what)
      case .foreignObject(let name): throw .foreignObject(path: path, name: name)
      }
    }
  }

  /// A file that is no zip is told by its first bytes.
  private static func refusal(of path: String, _ fault: FileFault) -> BagError {
    guard case .damaged = fault, let start = try? ReadableFile(path: path).bytes(at: 0, count: 16), !start.isEmpty
    else {
      return BagError(fault, path: path)
    }
    // Protocol 2 and the long integer 0x1950A86A20F9469CFC6C.
    let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    if start.starts(with: magic) { return .legacyTorch(path: path) }
    if start[0] == 0x80 { return .foreignObject(path: path, name: "a pickle that torch.save did not write") }
    if start.starts(with: [0x89] + Array("HDF".utf8)) {
      return .unsupported(path: path, what: "it is an HDF5 file; give it the ending .h5")
    }
    return BagError(fault, path: path)
  }

  // MARK: Numbers

  /// A tensor of at most two dimensions as a matrix; one of one dimension is a row.
  func matrix(_ tensor: TorchPickle.Tensor) throws(BagError) -> Matrix {
    let (rows, columns) = try shape(of: tensor, maximumCount: ForeignBag.maximumElementCount)
    let count = rows * columns
    guard count > 0 else { return Matrix(rowCount: rows, columnCount: columns, elements: []) }
    if tensor.storage.type == .float, isContiguous(tensor) {
      let entry = try entry(of: tensor)
      var fault: FileFault?
      let elements = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        do throws(FileFault) {
          try archive.read(
            entry, at: tensor.offset * 4,
            into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<(count * 4)]))
          filled = count
        } catch { fault = error }
      }
      if let fault { throw BagError(fault, path: path) }
      return Matrix(rowCount: rows, columnCount: columns, elements: elements)
    }
    var elements = [Float](repeating: 0, count: count)
    try forEachNumber(of: tensor) { elements[$0] = Float($1) }
    return Matrix(rowCount: rows, columnCount: columns, elements: elements)
  }

  /// The numbers of a small tensor, row by row.
  func numbers(_ tensor: TorchPickle.Tensor) throws(BagError) -> (rows: Int, columns: Int, values: [Double]) {
    let (rows, columns) = try shape(of: tensor, maximumCount: 1 << 26)
    var values = [Double](repeating: 0, count: rows * columns)
    try forEachNumber(of: tensor) { values[$0] = $1 }
    return (rows, columns, values)
  }

  /// Rows and columns, with dimensions of one left out; checked against what the file holds.
  private func shape(
    of tensor: TorchPickle.Tensor, maximumCount: Int
  ) throws(BagError) -> (rows: Int, columns: Int) {
    let (sizes, strides) = Self.significant(tensor)
    guard sizes.count <= 2 else {
      throw .unsupported(path: path, what: "its tensor has the shape \(tensor.sizes), not one of rows and columns")
    }
    let rows = sizes.count == 2 ? sizes[0] : 1
    let columns = sizes.last ?? 1
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= maximumCount, rows <= maximumCount, columns <= ForeignBag.maximumColumnCount else {
      throw .tooLarge(
        path: path, what: "a tensor of \(rows) × \(columns)", limit: "at most \(maximumCount) numbers")
    }
    guard count > 0 else { return (rows, columns) }
    var last = tensor.offset
    for (size, stride) in zip(sizes, strides) {
      let (step, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflowOfSum) = last.addingReportingOverflow(step)
      guard !overflow, !overflowOfSum else { throw Self.outside(path) }
      last = sum
    }
    let entry = try entry(of: tensor)
    let available = min(tensor.storage.count, entry.byteCount / tensor.storage.type.byteCount)
    // A view may show numbers many times, but a small file must not claim much memory.
    guard last < available, count / 64 <= available else { throw Self.outside(path) }
    return (rows, columns)
  }

  private static func outside(_ path: String) -> BagError {
    .damaged(path: path, what: "its tensor reaches beyond the numbers that are stored")
  }

  private static func significant(_ tensor: TorchPickle.Tensor) -> (sizes: [Int], strides: [Int]) {
    let axes = BagPart.significantAxes(of: tensor.sizes)
    return (axes.map { tensor.sizes[$0] }, axes.map { tensor.strides[$0] })
  }

  func isContiguous(_ tensor: TorchPickle.Tensor) -> Bool {
    let (sizes, strides) = Self.significant(tensor)
    guard (strides.last ?? 1) == 1 || (sizes.last ?? 1) == 1 else { return false }
    return sizes.count < 2 || sizes[0] == 1 || strides[0] == sizes[1]
  }

  func entry(of tensor: TorchPickle.Tensor) throws(BagError) -> ZipArchive.Entry {
    guard let entry = archive.entry(prefix + "data/" + tensor.storage.key) else {
      throw .damaged(path: path, what: "the numbers of its tensor are missing")
    }
    return entry
  }

  /// Calls back with each number of a tensor whose shape was checked, and its place in row order.
  private func forEachNumber(of tensor: TorchPickle.Tensor, _ body: (Int, Double) -> Void) throws(BagError) {
    let (sizes, strides) = Self.significant(tensor)
    let (rows, columns) = (sizes.count == 2 ? sizes[0] : 1, sizes.last ?? 1)
    guard rows * columns > 0 else { return }
    let (rowStride, columnStride) = (sizes.count == 2 ? strides[0] : 0, strides.last ?? 1)
    let type = tensor.storage.type
    let entry = try entry(of: tensor)
    let last = tensor.offset + (rows - 1) * rowStride + (columns - 1) * columnStride
    var stored = [UInt8](repeating: 0, count: (last - tensor.offset + 1) * type.byteCount)
    var fault: FileFault?
    stored.withUnsafeMutableBytes { buffer in
      do throws(FileFault) {
        try archive.read(entry, at: tensor.offset * type.byteCount, into: buffer)
        let bytes = UnsafeRawBufferPointer(buffer)
        for row in 0..<rows {
          for column in 0..<columns {
            body(row * columns + column, type.number(bytes, at: row * rowStride + column * columnStride))
          }
        }
      } catch { fault = error }
    }
    if let fault { throw BagError(fault, path: path) }
  }
}
