import CHDF5
import FeatureData
import Glibc

/// An open HDF5 file; it is closed when the value ends.
///
/// Only what the store needs: contiguous, uncompressed data sets, of which those of two dimensions are read, and text or
/// integer attributes. Debian's HDF5 serialises calls with one lock, so a value may be used from any one thread.
struct HDF5File: ~Copyable {
  let path: String
  private let file: HDF5Handle

  /// Makes a new file; one of that name is replaced.
  static func create(_ path: String) throws(FeatureStoreError) -> HDF5File {
    tessera_h5_silence()
    let access = HDF5Handle(id: tessera_h5_without_lock(), release: H5Pclose)
    let id = H5Fcreate(path, tessera_h5_truncate(), tessera_h5_default(), access.id)
    guard id >= 0 else { throw .cannotWrite(path: path, reason: HDF5Handle.reason()) }
    return HDF5File(path: path, file: HDF5Handle(id: id, release: H5Fclose))
  }

  /// Opens a file for reading.
  static func open(_ path: String) throws(FeatureStoreError) -> HDF5File {
    tessera_h5_silence()
    let access = HDF5Handle(id: tessera_h5_without_lock(), release: H5Pclose)
    let id = H5Fopen(path, tessera_h5_read_only(), access.id)
    guard id >= 0 else { throw .cannotRead(path: path, reason: HDF5Handle.reason()) }
    return HDF5File(path: path, file: HDF5Handle(id: id, release: H5Fclose))
  }

  /// Hands everything to the system, so that a full disk is an error here and not lost when the file is closed.
  func flush() throws(FeatureStoreError) {
    guard H5Fflush(file.id, H5F_SCOPE_GLOBAL) >= 0 else { throw .cannotWrite(path: path, reason: HDF5Handle.reason()) }
  }

  // MARK: Data sets

  func write(_ name: String, _ matrix: Matrix) throws(FeatureStoreError) {
    try write(name, shape: [matrix.rowCount, matrix.columnCount], matrix.elements)
  }

  /// - Parameter values: `rowCount × columnCount`, row-major.
  func write(_ name: String, rowCount: Int, columnCount: Int, _ values: [Int64]) throws(FeatureStoreError) {
    try write(
      name, shape: [rowCount, columnCount], stored: tessera_h5_int64_little(), inMemory: tessera_h5_int64(),
      values: values)
  }

  /// - Parameter values: row-major, of any number of dimensions.
  func write(_ name: String, shape: [Int], _ values: [Float]) throws(FeatureStoreError) {
    try write(name, shape: shape, stored: tessera_h5_float_little(), inMemory: tessera_h5_float(), values: values)
  }

  /// - Parameter values: row-major, of any number of dimensions.
  func write(_ name: String, shape: [Int], _ values: [Int8]) throws(FeatureStoreError) {
    try write(name, shape: shape, stored: tessera_h5_int8(), inMemory: tessera_h5_int8(), values: values)
  }

  /// Writes `n × 1` texts, each padded with zero bytes to the longest.
  func write(_ name: String, _ texts: [String]) throws(FeatureStoreError) {
    let length = max(1, texts.map(\.utf8.count).max() ?? 1)
    let type = HDF5Handle(id: tessera_h5_string(length), release: H5Tclose)
    let bytes = texts.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: length - $0.utf8.count) }
    try write(name, shape: [texts.count, 1], stored: type.id, inMemory: type.id, values: bytes)
  }

  /// All texts of an `n × 1` data set of fixed-length texts.
  func texts(_ name: String) throws(FeatureStoreError) -> [String] {
    let set = try openSet(name)
    let count = try shape(of: set, name)[0]
    let type = HDF5Handle(id: H5Dget_type(set.id), release: H5Tclose)
    guard H5Tget_class(type.id) == H5T_STRING, H5Tis_variable_str(type.id) == 0 else {
      throw .notOfFormat(path: path, missing: "text data set \(name)")
    }
    guard count > 0 else { return [] }
    let length = H5Tget_size(type.id)
    var bytes = [UInt8](repeating: 0, count: count * length)
    guard H5Dread(set.id, type.id, tessera_h5_all(), tessera_h5_all(), tessera_h5_default(), &bytes) >= 0 else {
      throw .cannotRead(path: path, reason: HDF5Handle.reason())
    }
    return stride(from: 0, to: bytes.count, by: length).map { start in
      String(decoding: bytes[start..<start + length].prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  func has(_ name: String) -> Bool { H5Lexists(file.id, name, tessera_h5_default()) > 0 }

  /// All values of a float data set.
  func floats(_ name: String) throws(FeatureStoreError) -> Matrix {
    let (shape, values) = try read(name, inMemory: tessera_h5_float(), zero: Float(0))
    return Matrix(rowCount: shape[0], columnCount: shape[1], elements: values)
  }

  /// All values of an integer data set, row-major.
  func integers(_ name: String) throws(FeatureStoreError) -> (shape: [Int], values: [Int64]) {
    let (shape, values) = try read(name, inMemory: tessera_h5_int64(), zero: Int64(0))
    return (shape, values)
  }

  /// Where the values of a contiguous little-endian float data set lie in the file, so that it can be mapped.
  ///
  /// - Returns: shape and byte offset; the offset is nil for a data set without values.
  func extent(ofFloats name: String) throws(FeatureStoreError) -> (shape: [Int], offset: Int?) {
    let set = try openSet(name)
    let shape = try self.shape(of: set, name)
    let type = HDF5Handle(id: H5Dget_type(set.id), release: H5Tclose)
    guard H5Tequal(type.id, tessera_h5_float_little()) > 0 else {
      throw .notOfFormat(path: path, missing: "32-bit float data set \(name)")
    }
    guard shape[0] * shape[1] > 0 else { return (shape, nil) }
    let offset = H5Dget_offset(set.id)
    guard tessera_h5_unknown_offset(offset) == 0 else {
      throw .notOfFormat(path: path, missing: "contiguous data set \(name)")
    }
    return (shape, Int(offset))
  }

  // MARK: Attributes of the root group, or of a data set

  func setAttribute(_ name: String, _ text: String) throws(FeatureStoreError) {
    let type = HDF5Handle(id: tessera_h5_string(text.utf8.count), release: H5Tclose)
    let space = HDF5Handle(id: H5Screate(H5S_SCALAR), release: H5Sclose)
    let attribute = HDF5Handle(
      id: H5Acreate2(file.id, name, type.id, space.id, tessera_h5_default(), tessera_h5_default()), release: H5Aclose)
    var bytes = Array(text.utf8)
    if bytes.isEmpty { bytes = [0] }
    guard attribute.id >= 0, H5Awrite(attribute.id, type.id, bytes) >= 0 else {
      throw .cannotWrite(path: path, reason: HDF5Handle.reason())
    }
  }

  func setAttribute(_ name: String, _ number: Int) throws(FeatureStoreError) {
    try setAttribute(name, number, on: file.id)
  }

  // MARK: Attributes of data sets

  /// A text of variable length, as Python's h5py writes them and gives them back as texts.
  func setAttribute(_ name: String, _ text: String, on set: String) throws(FeatureStoreError) {
    let set = try openSet(set)
    let type = HDF5Handle(id: tessera_h5_variable_string(), release: H5Tclose)
    let space = HDF5Handle(id: H5Screate(H5S_SCALAR), release: H5Sclose)
    let attribute = HDF5Handle(
      id: H5Acreate2(set.id, name, type.id, space.id, tessera_h5_default(), tessera_h5_default()), release: H5Aclose)
    let status = text.withCString { pointer in
      withUnsafePointer(to: pointer) { attribute.id < 0 ? -1 : H5Awrite(attribute.id, type.id, $0) }
    }
    guard status >= 0 else { throw .cannotWrite(path: path, reason: HDF5Handle.reason()) }
  }

  func setAttribute(_ name: String, _ number: Int, on set: String) throws(FeatureStoreError) {
    let set = try openSet(set)
    try setAttribute(name, number, on: set.id)
  }

  func textAttribute(_ name: String, on set: String? = nil) throws(FeatureStoreError) -> String {
    let attribute = try openAttribute(name, on: set)
    let type = HDF5Handle(id: H5Aget_type(attribute.id), release: H5Tclose)
    guard H5Tget_class(type.id) == H5T_STRING, H5Tis_variable_str(type.id) == 0 else {
      throw .notOfFormat(path: path, missing: "text attribute \(name)")
    }
    let size = H5Tget_size(type.id)
    var bytes = [UInt8](repeating: 0, count: size)
    guard H5Aread(attribute.id, type.id, &bytes) >= 0 else {
      throw .cannotRead(path: path, reason: HDF5Handle.reason())
    }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  func integerAttribute(_ name: String, on set: String? = nil) throws(FeatureStoreError) -> Int {
    let attribute = try openAttribute(name, on: set)
    var value: Int64 = 0
    guard H5Aread(attribute.id, tessera_h5_int64(), &value) >= 0 else {
      throw .cannotRead(path: path, reason: HDF5Handle.reason())
    }
    return Int(value)
  }

  // MARK: Parts

  private func setAttribute(_ name: String, _ number: Int, on object: hid_t) throws(FeatureStoreError) {
    let space = HDF5Handle(id: H5Screate(H5S_SCALAR), release: H5Sclose)
    let attribute = HDF5Handle(
      id: H5Acreate2(
        object, name, tessera_h5_int64_little(), space.id, tessera_h5_default(), tessera_h5_default()),
      release: H5Aclose)
    var value = Int64(number)
    guard attribute.id >= 0, H5Awrite(attribute.id, tessera_h5_int64(), &value) >= 0 else {
      throw .cannotWrite(path: path, reason: HDF5Handle.reason())
    }
  }

  private func write<Element: BitwiseCopyable>(
    _ name: String, shape: [Int], stored: hid_t, inMemory: hid_t, values: [Element]
  ) throws(FeatureStoreError) {
    let space = HDF5Handle(id: H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil), release: H5Sclose)
    let list = HDF5Handle(id: tessera_h5_contiguous(), release: H5Pclose)
    let set = HDF5Handle(
      id: H5Dcreate2(file.id, name, stored, space.id, tessera_h5_default(), list.id, tessera_h5_default()),
      release: H5Dclose)
    guard set.id >= 0 else { throw .cannotWrite(path: path, reason: HDF5Handle.reason()) }
    guard !values.isEmpty else { return }
    guard H5Dwrite(set.id, inMemory, tessera_h5_all(), tessera_h5_all(), tessera_h5_default(), values) >= 0 else {
      throw .cannotWrite(path: path, reason: HDF5Handle.reason())
    }
  }

  private func read<Element: BitwiseCopyable>(
    _ name: String, inMemory: hid_t, zero: Element
  ) throws(FeatureStoreError) -> (shape: [Int], values: [Element]) {
    let set = try openSet(name)
    let shape = try self.shape(of: set, name)
    var values = [Element](repeating: zero, count: shape[0] * shape[1])
    if !values.isEmpty {
      guard H5Dread(set.id, inMemory, tessera_h5_all(), tessera_h5_all(), tessera_h5_default(), &values) >= 0 else {
        throw .cannotRead(path: path, reason: HDF5Handle.reason())
      }
    }
    return (shape, values)
  }

  private func openSet(_ name: String) throws(FeatureStoreError) -> HDF5Handle {
    guard has(name) else { throw .notOfFormat(path: path, missing: "data set \(name)") }
    let id = H5Dopen2(file.id, name, tessera_h5_default())
    guard id >= 0 else { throw .cannotRead(path: path, reason: HDF5Handle.reason()) }
    return HDF5Handle(id: id, release: H5Dclose)
  }

  private func owner(_ set: String?) throws(FeatureStoreError) -> HDF5Handle {
    if let set { return try openSet(set) }
    return HDF5Handle(id: file.id) { _ in 0 }
  }

  private func openAttribute(_ name: String, on set: String?) throws(FeatureStoreError) -> HDF5Handle {
    let owner = try owner(set)
    let id = H5Aopen(owner.id, name, tessera_h5_default())
    guard id >= 0 else { throw .notOfFormat(path: path, missing: "attribute \(name)") }
    return HDF5Handle(id: id, release: H5Aclose)
  }

  private func shape(of set: borrowing HDF5Handle, _ name: String) throws(FeatureStoreError) -> [Int] {
    let space = HDF5Handle(id: H5Dget_space(set.id), release: H5Sclose)
    guard H5Sget_simple_extent_ndims(space.id) == 2 else {
      throw .notOfFormat(path: path, missing: "two-dimensional data set \(name)")
    }
    var extent: [hsize_t] = [0, 0]
    H5Sget_simple_extent_dims(space.id, &extent, nil)
    // A damaged header may claim more than any file could hold.
    let (count, overflow) = extent[0].multipliedReportingOverflow(by: extent[1])
    guard !overflow, count < 1 << 36 else {
      throw .cannotRead(path: path, reason: "the shape of \(name) is impossible")
    }
    return extent.map { Int($0) }
  }
}
