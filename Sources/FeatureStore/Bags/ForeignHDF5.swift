import CHDF5
import Files
import Glibc

/// An HDF5 file that another program wrote, opened for reading: its data sets of numbers or texts, and its attributes.
///
/// Data sets are named by their paths, such as `uni_v1/features`. Every type of number is read, half precision too. Sizes
/// are compared with what the file stores before memory is taken. A damaged file can still crash the library: only a process
/// of its own should read one.
struct ForeignHDF5: ~Copyable {
  let path: String
  private let file: HDF5Handle

  private static let maximumNameCount = 256
  /// Groups in groups are looked into so deep.
  private static let deepest = 4
  private static let maximumTextByteCount = 1 << 16
  /// Deflate makes nothing more than 1032 times smaller.
  private static let mostDeflation = 1040

  init(path: String) throws(BagError) {
    tessera_h5_silence()
    tessera_h5_know_lzf()
    let access = HDF5Handle(id: tessera_h5_without_lock(), release: H5Pclose)
    let id = H5Fopen(path, tessera_h5_read_only(), access.id)
    guard id >= 0 else {
      let reason = HDF5Handle.reason()
      let start = try Self.beginning(of: path)
      guard start == [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A] else {
        throw .damaged(path: path, what: "it is not an HDF5 file")
      }
      throw .damaged(path: path, what: "HDF5's library says “\(reason)”")
    }
    self.path = path
    file = HDF5Handle(id: id, release: H5Fclose)
  }

  private static func beginning(of path: String) throws(BagError) -> [UInt8] {
    do throws(FileFault) { return try ReadableFile(path: path).bytes(at: 0, count: 8) } catch {
      throw BagError(error, path: path)
    }
  }

  // MARK: Parts

  /// The data sets of all groups, by their paths.
  func parts() throws(BagError) -> [BagPart] {
    var parts: [BagPart] = []
    // Groups can hold each other without end.
    var budget = 4 * Self.maximumNameCount
    for name in names(in: file.id) { try gather(name, depth: 1, &budget, into: &parts) }
    return parts
  }

  private func gather(
    _ name: String, depth: Int, _ budget: inout Int, into parts: inout [BagPart]
  ) throws(BagError) {
    guard parts.count < Self.maximumNameCount, budget > 0 else { return }
    budget -= 1
    let group = HDF5Handle(id: H5Gopen2(file.id, name, tessera_h5_default()), release: H5Gclose)
    guard group.id >= 0 else {
      // What is no data set either, such as a type or a link to nowhere, has no numbers.
      guard let shape = try? shape(name) else { return }
      let kind = try numberKind(name)
      parts.append(BagPart(name: name, shape: shape, isNumber: kind.isNumber, isFloat: kind.isFloat))
      return
    }
    guard depth < Self.deepest else { return }
    for inner in names(in: group.id) { try gather(name + "/" + inner, depth: depth + 1, &budget, into: &parts) }
  }

  private func names(in group: hid_t) -> [String] {
    var information = H5G_info_t()
    guard H5Gget_info(group, &information) >= 0 else { return [] }
    return (0..<min(information.nlinks, hsize_t(Self.maximumNameCount))).compactMap { place in
      Self.name { buffer, size in
        H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, place, buffer, size, tessera_h5_default())
      }
    }
  }

  // MARK: Data sets

  private func shape(_ name: String) throws(BagError) -> [Int] {
    let set = try open(name)
    return try shape(of: set, name)
  }

  /// Whether a data set holds numbers, and whether these are floating-point ones.
  private func numberKind(_ name: String) throws(BagError) -> (isNumber: Bool, isFloat: Bool) {
    let set = try open(name)
    let type = HDF5Handle(id: H5Dget_type(set.id), release: H5Tclose)
    let kind = H5Tget_class(type.id)
    return (kind == H5T_FLOAT || kind == H5T_INTEGER, kind == H5T_FLOAT)
  }

  /// All values, row by row, as single-precision numbers.
  func floats(_ name: String) throws(BagError) -> [Float] {
    // The library converts half precision bit by bit, which takes a minute for a few hundred megabytes.
    let half = HDF5Handle(id: tessera_h5_half_little(), release: H5Tclose)
    guard try isStored(name, as: half.id) else { return try read(name, inMemory: tessera_h5_float()) }
    let bits: [UInt16] = try read(name, inMemory: half.id)
    return bits.map { Float(half: UInt16(littleEndian: $0)) }
  }

  private func isStored(_ name: String, as type: hid_t) throws(BagError) -> Bool {
    let set = try open(name)
    let stored = HDF5Handle(id: H5Dget_type(set.id), release: H5Tclose)
    return H5Tequal(stored.id, type) > 0
  }

  /// All values, row by row; whole numbers beyond 2^53 lose their last digits.
  func doubles(_ name: String) throws(BagError) -> [Double] {
    try read(name, inMemory: tessera_h5_double())
  }

  /// All texts of a data set, of fixed or variable length; nil where it holds something else.
  func texts(_ name: String) throws(BagError) -> [String]? {
    let set = try open(name)
    let count = try count(of: set, name, maximum: 1 << 25)
    let type = HDF5Handle(id: H5Dget_type(set.id), release: H5Tclose)
    let space = HDF5Handle(id: H5Dget_space(set.id), release: H5Sclose)
    return try texts(count: count, type: type.id, space: space.id) {
      H5Dread(set.id, type.id, tessera_h5_all(), tessera_h5_all(), tessera_h5_default(), $0)
    }
  }

  // MARK: Attributes

  /// The attributes of a data set, or of the file where no name is given, as texts; those of other kinds are left out.
  func attributes(of name: String? = nil) throws(BagError) -> [String: String] {
    guard let name else { return attributes(object: file.id) }
    let set = try open(name)
    return attributes(object: set.id)
  }

  private func attributes(object: hid_t) -> [String: String] {
    var attributes: [String: String] = [:]
    for place in 0..<hsize_t(Self.maximumNameCount) {
      var isThere = true
      let name = Self.name { buffer, size in
        let length = H5Aget_name_by_idx(
          object, ".", H5_INDEX_NAME, H5_ITER_INC, place, buffer, size, tessera_h5_default())
        isThere = length >= 0
        return length
      }
      guard isThere else { break }
      if let name { attributes[name] = text(ofAttribute: name, object) }
    }
    return attributes
  }

  /// One value as it is, several between commas.
  private func text(ofAttribute name: String, _ object: hid_t) -> String? {
    let attribute = HDF5Handle(id: H5Aopen(object, name, tessera_h5_default()), release: H5Aclose)
    guard attribute.id >= 0 else { return nil }
    let type = HDF5Handle(id: H5Aget_type(attribute.id), release: H5Tclose)
    let space = HDF5Handle(id: H5Aget_space(attribute.id), release: H5Sclose)
    let count = Int(H5Sget_simple_extent_npoints(space.id))
    guard (1...64).contains(count) else { return nil }
    switch H5Tget_class(type.id) {
    case H5T_STRING:
      let texts = try? texts(count: count, type: type.id, space: space.id) { H5Aread(attribute.id, type.id, $0) }
      return texts?.joined(separator: ", ")
    case H5T_INTEGER, H5T_ENUM:
      var values = [Int64](repeating: 0, count: count)
      guard H5Aread(attribute.id, tessera_h5_int64(), &values) >= 0 else { return nil }
      return values.map { "\($0)" }.joined(separator: ", ")
    case H5T_FLOAT:
      var values = [Double](repeating: 0, count: count)
      guard H5Aread(attribute.id, tessera_h5_double(), &values) >= 0 else { return nil }
      return values.map(TorchBag.number).joined(separator: ", ")
    default: return nil
    }
  }

  // MARK: Parts

  private static func name(_ read: (UnsafeMutablePointer<CChar>?, Int) -> Int) -> String? {
    var buffer = [CChar](repeating: 0, count: 256)
    let length = buffer.withUnsafeMutableBufferPointer { read($0.baseAddress, $0.count) }
    guard length > 0, length < buffer.count else { return nil }
    return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// - Parameter read: fills the memory given; returns a negative number where that fails.
  private func texts(
    count: Int, type: hid_t, space: hid_t, _ read: (UnsafeMutableRawPointer?) -> herr_t
  ) throws(BagError) -> [String]? {
    guard H5Tget_class(type) == H5T_STRING else { return nil }
    guard count > 0 else { return [] }
    if H5Tis_variable_str(type) > 0 {
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      guard read(&pointers) >= 0 else { throw failure() }
      defer { H5Dvlen_reclaim(type, space, tessera_h5_default(), &pointers) }
      return pointers.map { pointer in
        guard let pointer else { return "" }
        let length = strnlen(pointer, Self.maximumTextByteCount)
        return String(
          decoding: UnsafeRawBufferPointer(start: pointer, count: length).bindMemory(to: UInt8.self), as: UTF8.self)
      }
    }
    let length = H5Tget_size(type)
    guard (1...Self.maximumTextByteCount).contains(length), count <= (1 << 30) / length else {
      throw .tooLarge(path: path, what: "texts of \(length) bytes", limit: "at most \(Self.maximumTextByteCount)")
    }
    var bytes = [UInt8](repeating: 0, count: count * length)
    guard read(&bytes) >= 0 else { throw failure() }
    return stride(from: 0, to: bytes.count, by: length).map { start in
      String(decoding: bytes[start..<start + length].prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private func read<Element: BitwiseCopyable>(_ name: String, inMemory: hid_t) throws(BagError) -> [Element] {
    let set = try open(name)
    let count = try count(of: set, name, maximum: ForeignBag.maximumElementCount)
    guard try numberKind(name).isNumber else {
      throw .unsupported(path: path, what: "its data set \(name) does not hold numbers")
    }
    guard count > 0 else { return [] }
    try checkFilters(of: set, name)
    var status: herr_t = 0
    let values = [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      status = H5Dread(
        set.id, inMemory, tessera_h5_all(), tessera_h5_all(), tessera_h5_default(), buffer.baseAddress)
      filled = status < 0 ? 0 : count
    }
    guard status >= 0 else { throw failure() }
    return values
  }

  private func open(_ name: String) throws(BagError) -> HDF5Handle {
    let id = H5Dopen2(file.id, name, tessera_h5_default())
    guard id >= 0 else { throw failure() }
    return HDF5Handle(id: id, release: H5Dclose)
  }

  private func failure() -> BagError { .damaged(path: path, what: "HDF5's library says “\(HDF5Handle.reason())”") }

  private func shape(of set: borrowing HDF5Handle, _ name: String) throws(BagError) -> [Int] {
    let space = HDF5Handle(id: H5Dget_space(set.id), release: H5Sclose)
    let rank = H5Sget_simple_extent_ndims(space.id)
    guard (0...8).contains(rank) else { throw failure() }
    var extent = [hsize_t](repeating: 0, count: 8)
    guard H5Sget_simple_extent_dims(space.id, &extent, nil) >= 0 else { throw failure() }
    guard extent.allSatisfy({ $0 < 1 << 40 }) else { throw impossible(name) }
    return extent.prefix(Int(rank)).map { Int($0) }
  }

  /// How many values a data set has: no more than may be, and no more than its bytes in the file can unfold to.
  private func count(of set: borrowing HDF5Handle, _ name: String, maximum: Int) throws(BagError) -> Int {
    let shape = try shape(of: set, name)
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw impossible(name) }
      count = product
    }
    guard count <= maximum else {
      throw .tooLarge(
        path: path, what: "a data set \(name) of \(shape.map { "\($0)" }.joined(separator: " × "))",
        limit: "at most \(maximum) values")
    }
    let type = HDF5Handle(id: H5Dget_type(set.id), release: H5Tclose)
    let stored = Int(clamping: H5Dget_storage_size(set.id))
    let (claimed, overflow) = count.multipliedReportingOverflow(by: max(1, Int(H5Tget_size(type.id))))
    guard !overflow, claimed / Self.mostDeflation <= stored else {
      throw .damaged(path: path, what: "its data set \(name) holds less than its shape says")
    }
    return count
  }

  /// - Throws: `compressed` for numbers that the library cannot unpack, for it takes a filter that it does not have.
  private func checkFilters(of set: borrowing HDF5Handle, _ name: String) throws(BagError) {
    let list = HDF5Handle(id: H5Dget_create_plist(set.id), release: H5Pclose)
    for place in 0..<UInt32(clamping: max(H5Pget_nfilters(list.id), 0)) {
      var buffer = [CChar](repeating: 0, count: 64)
      let filter = tessera_h5_filter(list.id, place, &buffer)
      guard filter >= 0, H5Zfilter_avail(filter) <= 0 else { continue }
      let stated = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let known = Self.filters[Int(filter)] ?? (stated.isEmpty ? nil : String(stated.prefix(40)))
      throw .compressed(path: path, part: name, by: known ?? "the filter \(filter)")
    }
  }

  /// Names of filters by their numbers.
  ///
  /// Source: The HDF Group's list of registered filters, and `H5Zpublic.h`.
  private static let filters = [
    1: "gzip", 4: "szip", 5: "N-Bit", 6: "scale-offset", 305: "LZO", 307: "bzip2", 32000: "LZF", 32001: "Blosc",
    32002: "MAFISC", 32003: "Snappy", 32004: "LZ4", 32008: "bitshuffle", 32013: "ZFP", 32015: "Zstandard", 32017: "SZ",
    32024: "SZ3", 32026: "Blosc2",
  ]

  private func impossible(_ name: String) -> BagError {
    .damaged(path: path, what: "the shape of its data set \(name) is impossible")
  }
}
