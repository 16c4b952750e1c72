package import FeatureData
import Files
import Synchronization

/// A TFRecord file of one slide's tiles, mapped into memory; any thread may read it.
///
/// Opening it reads its index, and the framing only where there is none that fits. A damaged record throws when it is
/// read; it does not keep the others from being read.
package final class TFRecordFile: Sendable {
  package let path: String
  /// The file's name without `.tfrecords`; it may hold dots.
  package let slideName: String
  private let index: TFRecordIndex
  private let file: MappedFile
  private let reads = Atomic<Int>(0)
  private static let readsBetweenGivingBack = 8

  /// - Parameter indexes: where an index is looked for, and kept when it had to be made.
  /// - Throws: `SlidesError.cannotOpen`. An empty file has no records and is no error.
  package init(path: String, indexes: TFRecordIndexes) throws(SlidesError) {
    let plain = try indexes.plainPath(of: path)
    file = try SlidesError.reading(path) { () throws(FileFault) in try MappedFile(path: plain) }
    self.path = path
    let name = path.split(separator: "/").last.map(String.init) ?? path
    slideName = name.hasSuffix(TFRecordIndexes.ending) ? String(name.dropLast(TFRecordIndexes.ending.count)) : name
    index = indexes.index(of: file)
  }

  package var count: Int { index.count }
  /// In file order. Record numbers start at 0, as in slideflow. An index does not tell which are damaged.
  var records: [TFRecord] { (0..<count).map { index[$0] } }
  package var byteCount: Int { file.byteCount }

  /// The whole file's bytes, as for a digest that identifies the tile data.
  package func withMappedBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    defer { file.giveBackPages() }
    return try body(file.bytes)
  }

  /// Gives the payload of one record to `body`; a fault that `body` throws is reported with the record's position.
  package func withPayload<R>(
    of record: Int, verifyingChecksum: Bool = true,
    _ body: (UnsafeRawBufferPointer) throws(RecordFault) -> R
  ) throws(SlidesError) -> R {
    // A file that was replaced since its records were counted may hold fewer.
    guard (0..<count).contains(record) else {
      throw .record(RecordPosition(path: path, record: record, byteOffset: byteCount), .fileChanged)
    }
    let frame = index[record]
    do throws(RecordFault) {
      if let fault = frame.fault { throw fault }
      guard file.isWhole else { throw .fileChanged }
      guard let length = TFRecordFraming.payloadByteCount(file.bytes, at: frame.offset) else { throw .lengthChecksum }
      // A file that was replaced by another of the same length beside its old index.
      guard length == UInt64(frame.payload.count) else { throw .fileChanged }
      if verifyingChecksum, !TFRecordFraming.payloadChecksumFits(file.bytes, frame) { throw .payloadChecksum }
      let result = try body(UnsafeRawBufferPointer(rebasing: file.bytes[frame.payload]))
      // One touch of a page can bring two megabytes of the file along.
      if reads.add(1, ordering: .relaxed).newValue % Self.readsBetweenGivingBack == 0 { file.giveBackPages() }
      return result
    } catch {
      throw .record(RecordPosition(path: path, record: record, byteOffset: frame.offset), error)
    }
  }

  /// One record's example, copied out of the file.
  package func example(_ record: Int) throws(SlidesError) -> TileExample {
    try withPayload(of: record) { payload throws(RecordFault) in
      do throws(ExampleFault) {
        return try TileExample(parsing: payload)
      } catch {
        throw .example(error)
      }
    }
  }

  /// Where the tile of one record lies on its slide; nil if the record does not say.
  package func location(_ record: Int) throws(SlidesError) -> TileLocation? {
    try withFields(of: record) { fields, _ in fields.location }
  }

  /// The locations of a file's first records that have one, without looking for the others; nil if none can be read.
  static func firstLocations(path: String, count: Int, indexes: TFRecordIndexes) -> [TileLocation]? {
    guard let plain = try? indexes.plainPath(of: path), let file = try? MappedFile(path: plain) else { return nil }
    let records = TFRecordFraming.first(count, of: file.bytes)
    let fields = records.compactMap { try? TileExampleFields(UnsafeRawBufferPointer(rebasing: file.bytes[$0.payload])) }
    withExtendedLifetime(file) {}
    return fields.isEmpty ? nil : fields.compactMap(\.location)
  }

  /// The decoded tile of one record.
  package func image(_ record: Int, decoder: TileDecoder = TileDecoder()) throws(SlidesError) -> RGBImage {
    try withFields(of: record) { fields, payload throws(ImageFault) in
      try decoder.decode(UnsafeRawBufferPointer(rebasing: payload[fields.image]))
    }
  }

  /// The tile of one record, decoded smaller where that is cheaper: both sides at least `fittingSide` pixels.
  package func image(
    _ record: Int, fittingSide: Int, decoder: TileDecoder = TileDecoder()
  ) throws(SlidesError) -> RGBImage {
    try withFields(of: record) { fields, payload throws(ImageFault) in
      try decoder.decode(UnsafeRawBufferPointer(rebasing: payload[fields.image]), fittingSide: fittingSide)
    }
  }

  /// The pixels of one record's tile, from the header of its picture.
  package func imageSize(
    _ record: Int, decoder: TileDecoder = TileDecoder()
  ) throws(SlidesError) -> (width: Int, height: Int) {
    try withFields(of: record) { fields, payload throws(ImageFault) in
      try decoder.size(of: UnsafeRawBufferPointer(rebasing: payload[fields.image]))
    }
  }

  /// Decodes the tile of one record into a row of a batch (`height × width × 3` bytes, RGB), and gives its location.
  package func decodeImage(
    _ record: Int, into pixels: UnsafeMutableBufferPointer<UInt8>, width: Int, height: Int,
    decoder: TileDecoder = TileDecoder()
  ) throws(SlidesError) -> TileLocation? {
    try withFields(of: record) { fields, payload throws(ImageFault) in
      let picture = UnsafeRawBufferPointer(rebasing: payload[fields.image])
      try decoder.decode(picture, into: pixels, width: width, height: height)
      return fields.location
    }
  }

  private func withFields<R>(
    of record: Int, _ body: (TileExampleFields, UnsafeRawBufferPointer) throws(ImageFault) -> R
  ) throws(SlidesError) -> R {
    try withPayload(of: record) { payload throws(RecordFault) in
      let fields: TileExampleFields
      do throws(ExampleFault) { fields = try TileExampleFields(payload) } catch { throw .example(error) }
      do throws(ImageFault) { return try body(fields, payload) } catch { throw .image(error) }
    }
  }
}
