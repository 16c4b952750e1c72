import FeatureData
import Files
import Foundation
import Glibc

/// Bags as one process hands them to another: plain numbers behind a header that is checked when it is read.
///
/// The format, version 2: the eight bytes "TSSRBAGS", a UInt32 version, a UInt64 length, a header of so many bytes in JSON,
/// and for each bag its arrays without gaps: features f4 n × d, corners i8 n × 2, centres i8 n × 2, logits f4 n × c, each
/// where the header says that it is there, and f4 n for each of its quantities; all little-endian. The file has exactly the length that follows from that.
package enum BagTransfer {
  private static let magic = Array("TSSRBAGS".utf8)
  private static let version: UInt32 = 2
  private static let maximumHeaderByteCount = 1 << 28

  private struct Header: Codable {
    var bags: [Bag]
  }

  private struct Bag: Codable {
    let slide: String
    let kind: BagKind
    let rowCount: Int
    let columnCount: Int
    let hasCorners: Bool
    let hasCentres: Bool
    let tileExtent: Int?
    let logitCount: Int?
    let outputs: ModelOutputs
    let isSlideLevel: Bool
    let isPatientLevel: Bool
    let quantities: [String]
    let needsMicronsPerPixel: Bool
    let assumptions: [String]
    let attributes: [String: String]

    init(_ bag: ForeignBag) {
      slide = bag.slide
      kind = bag.kind
      (rowCount, columnCount) = (bag.features.rowCount, bag.features.columnCount)
      (hasCorners, hasCentres) = (bag.corners != nil, bag.centres != nil)
      tileExtent = bag.tileExtent
      logitCount = bag.logits?.columnCount
      outputs = bag.outputs
      isSlideLevel = bag.isSlideLevel
      isPatientLevel = bag.isPatientLevel
      quantities = bag.quantities.map(\.name)
      needsMicronsPerPixel = bag.needsMicronsPerPixel
      assumptions = bag.assumptions
      attributes = bag.attributes
    }

    /// Bytes of all arrays; nil for sizes that cannot be.
    var byteCount: Int? {
      guard (0...ForeignBag.maximumElementCount).contains(rowCount),
        (0...ForeignBag.maximumColumnCount).contains(columnCount),
        (0...ForeignBag.maximumColumnCount).contains(logitCount ?? 0),
        quantities.count <= ForeignBag.maximumQuantityCount
      else { return nil }
      return rowCount
        * (4 * (columnCount + (logitCount ?? 0) + quantities.count) + 16
          * ((hasCorners ? 1 : 0) + (hasCentres ? 1 : 0)))
    }
  }

  // MARK: Writing

  /// Writes to a file that is there or is made, such as `/dev/fd/3`.
  package static func write(_ bags: [ForeignBag], to path: String) throws(BagError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    guard let json = try? JSONEncoder().encode(Header(bags: bags.map(Bag.init))) else {
      throw .cannotWrite(path: path, reason: "its header cannot be made")
    }
    let file = OpenFile(descriptor)
    func write<Item: BitwiseCopyable>(_ items: [Item]) throws(BagError) {
      do throws(FileFault) { try file.write(items) } catch {
        throw .cannotWrite(path: path, reason: error.description)
      }
    }
    func write(_ places: [TileLocation]?) throws(BagError) {
      guard let places else { return }
      var numbers: [Int64] = []
      numbers.reserveCapacity(places.count * 2)
      for place in places {
        numbers.append(Int64(place.x).littleEndian)
        numbers.append(Int64(place.y).littleEndian)
      }
      try write(numbers)
    }
    try write(magic)
    try write([version.littleEndian])
    try write([UInt64(json.count).littleEndian])
    try write(Array(json))
    for bag in bags {
      try write(bag.features.elements)
      try write(bag.corners)
      try write(bag.centres)
      try write(bag.logits?.elements ?? [])
      for quantity in bag.quantities { try write(quantity.values) }
    }
  }

  // MARK: Reading

  /// Reads what `write` wrote.
  ///
  /// - Parameters:
  ///   - descriptor: of an open file, which stays the caller's and is read from its beginning.
  ///   - path: of the file that the bags come from, for messages.
  package static func read(_ descriptor: Int32, of path: String) throws(BagError) -> [ForeignBag] {
    let damaged = BagError.cannotRead(path: path, reason: "the process that read it gave an answer that is not whole")
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw damaged }
    let byteCount = Int(status.st_size)
    var place = 0
    func read<Item: BitwiseCopyable>(_: Item.Type, count: Int) throws(BagError) -> [Item] {
      let size = count * MemoryLayout<Item>.stride
      guard count >= 0, size <= byteCount - place else { throw damaged }
      guard let items = try? OpenFile(descriptor).read(Item.self, count: count, at: place) else { throw damaged }
      place += size
      return items
    }
    func places(_ isThere: Bool, count: Int) throws(BagError) -> [TileLocation]? {
      guard isThere else { return nil }
      let numbers = try read(Int64.self, count: count * 2)
      return (0..<count).map { TileLocation(x: Int(numbers[2 * $0]), y: Int(numbers[2 * $0 + 1])) }
    }
    guard try read(UInt8.self, count: magic.count) == magic, try read(UInt32.self, count: 1) == [version] else {
      throw damaged
    }
    let length = try read(UInt64.self, count: 1)[0]
    guard length <= maximumHeaderByteCount else { throw damaged }
    let json = try read(UInt8.self, count: Int(length))
    guard let header = try? JSONDecoder().decode(Header.self, from: Data(json)) else { throw damaged }
    var rest = byteCount - place
    for bag in header.bags {
      guard let count = bag.byteCount, count <= rest else { throw damaged }
      rest -= count
    }
    guard rest == 0 else { throw damaged }
    var bags: [ForeignBag] = []
    for bag in header.bags {
      let features = try read(Float.self, count: bag.rowCount * bag.columnCount)
      let corners = try places(bag.hasCorners, count: bag.rowCount)
      let centres = try places(bag.hasCentres, count: bag.rowCount)
      let logits = try bag.logitCount.map { count throws(BagError) in
        Matrix(
          rowCount: bag.rowCount, columnCount: count, elements: try read(Float.self, count: bag.rowCount * count))
      }
      var quantities: [TileQuantity] = []
      for name in bag.quantities {
        quantities.append(TileQuantity(name: name, values: try read(Float.self, count: bag.rowCount)))
      }
      bags.append(
        ForeignBag(
          slide: bag.slide, kind: bag.kind,
          features: Matrix(rowCount: bag.rowCount, columnCount: bag.columnCount, elements: features),
          corners: corners, centres: centres, tileExtent: bag.tileExtent, logits: logits,
          outputs: bag.outputs, isSlideLevel: bag.isSlideLevel, isPatientLevel: bag.isPatientLevel,
          needsMicronsPerPixel: bag.needsMicronsPerPixel, quantities: quantities, assumptions: bag.assumptions,
          attributes: bag.attributes))
    }
    return bags
  }
}
