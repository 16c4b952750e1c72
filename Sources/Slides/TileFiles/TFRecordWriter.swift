import FeatureData
import Files
import Glibc

/// Writes one slide's tiles as `<slide>.tfrecords` and, when finished, `<slide>.index.npz`.
///
/// The index is slideflow's: `arr_0` int64 `n × 2` of byte offset and frame length, and `locations` int64 `n × 2`
/// where every tile has a location.
package struct TFRecordWriter: ~Copyable {
  private var file: UnfinishedFile
  private let indexPath: String
  private var offset = 0
  private var frames: [(Int, Int)] = []
  private var locations: [TileLocation?] = []

  /// - Throws: `SlidesError.cannotWrite` if the folder does not exist or cannot be written.
  package init(folder: String, slideName: String) throws(SlidesError) {
    let path = "\(folder)/\(slideName).tfrecords"
    WholeFile.removeLeftovers(in: folder, of: slideName + ".tfrecords")
    file = try SlidesError.writing(path) { () throws(FileFault) in try UnfinishedFile(path: path) }
    indexPath = "\(folder)/\(slideName).index.npz"
  }

  package var count: Int { frames.count }
  package var byteCount: Int { offset }

  package mutating func append(_ example: TileExample) throws(SlidesError) {
    try append(frame: Self.frame(example.encoded()), location: example.location)
  }

  /// - Parameter frame: a record with its length and checksums, as `frame(_:)` makes it.
  mutating func append(frame: [UInt8], location: TileLocation?) throws(SlidesError) {
    do throws(FileFault) { try file.append(frame) } catch { throw SlidesError(writing: file.path, error) }
    frames.append((offset, frame.count))
    locations.append(location)
    offset += frame.count
  }

  /// Gives the file its name and writes the index; nothing of an unfinished one remains.
  package mutating func finish() throws(SlidesError) {
    // An index of the file that was there before must not stand beside this one.
    unlink(indexPath)
    do throws(FileFault) { try file.finish() } catch { throw SlidesError(writing: file.path, error) }
    var arrays = [(TFRecordIndexFile.frameArray, frames)]
    let known = locations.compactMap { $0 }
    if known.count == locations.count {
      arrays.append((TFRecordIndexFile.locationArray, known.map { ($0.x, $0.y) }))
    }
    let indexPath = indexPath
    try SlidesError.writing(indexPath) { () throws(FileFault) in try NumPyArchive.write(arrays, to: indexPath) }
  }

  /// A record with its length and both checksums.
  static func frame(_ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(payload.count + 16)
    bytes.append(littleEndian: UInt64(payload.count), byteCount: 8)
    bytes.append(littleEndian: UInt64(bytes.withUnsafeBytes(CRC32C.masked)), byteCount: 4)
    bytes += payload
    bytes.append(littleEndian: UInt64(payload.withUnsafeBytes(CRC32C.masked)), byteCount: 4)
    return bytes
  }
}
