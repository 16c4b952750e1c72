import CZlib
import Dispatch
package import FeatureData
import Synchronization

/// Writes 8-bit RGB pictures as PNG, compressing bands of rows in parallel.
///
/// The bands do not depend on the number of cores, so neither do the bytes. Each band is a raw deflate stream ended
/// by a full flush, and the joined stream gets one combined checksum. Source: PNG specification, third edition, W3C 2025,
/// https://www.w3.org/TR/png-3/.
package enum PNGWriter {
  /// Called with a range of rows; gives their `rows × width × 3` bytes.
  package typealias BandSource = @Sendable (Range<Int>) throws -> [UInt8]

  /// What a picture shows.
  package enum Content: Sendable {
    /// Lines and plain areas: worth a search for repetitions.
    case drawing
    /// Tissue: its noise repeats nothing, so that only runs are looked for: several times as fast and about a
    /// tenth larger.
    case photograph

    fileprivate var level: Int32 { self == .drawing ? 6 : 1 }
    fileprivate var strategy: Int32 { self == .drawing ? Z_DEFAULT_STRATEGY : Z_RLE }
  }

  /// The largest side that is written, in pixels.
  package static let maximumSide = 200_000

  /// - Parameters:
  ///   - pixelsPerCSSPixel: 2 for a picture to be shown at half its pixels (written as `pHYs`, 96 dpi × this).
  ///   - content: What the compression is tuned to; it changes no pixel.
  package static func png(
    of image: RGBImage, pixelsPerCSSPixel: Double = 1, metadata: PictureMetadata = PictureMetadata(),
    content: Content = .photograph
  ) throws(RenderingError) -> [UInt8] {
    let rowBytes = image.width * 3
    let rowsPerBand = max(1, min(image.height, 1_048_576 / max(rowBytes, 1)))
    do {
      return try png(
        width: image.width, height: image.height, rowsPerBand: rowsPerBand, pixelsPerCSSPixel: pixelsPerCSSPixel,
        metadata: metadata, content: content
      ) { rows in
        Array(image.pixels[rows.lowerBound * rowBytes..<rows.upperBound * rowBytes])
      }
    } catch let error as RenderingError {
      throw error
    } catch {
      throw .compression(Z_STREAM_ERROR)
    }
  }

  /// Writes a picture that is made band by band, each on any core, so that only a few bands lie in memory uncompressed.
  ///
  /// - Throws: what `band` throws, or `RenderingError`.
  package static func png(
    width: Int, height: Int, rowsPerBand: Int, pixelsPerCSSPixel: Double = 1,
    metadata: PictureMetadata = PictureMetadata(), content: Content = .photograph, band: BandSource
  ) throws -> [UInt8] {
    guard width > 0, height > 0, width <= maximumSide, height <= maximumSide else {
      throw RenderingError.tooLarge(width: width, height: height)
    }
    let bandCount = (height + rowsPerBand - 1) / rowsPerBand
    let finished = Mutex<[Result<DeflatedBand, any Error>?]>(Array(repeating: nil, count: bandCount))
    DispatchQueue.concurrentPerform(iterations: bandCount) { index in
      let hasFailed = finished.withLock { bands in
        bands.contains { if case .failure = $0 { true } else { false } }
      }
      if hasFailed { return }
      let rows = index * rowsPerBand..<min((index + 1) * rowsPerBand, height)
      let result = Result {
        try DeflatedBand(
          filtered: RowFilter.filtered(try band(rows), rowBytes: width * 3), isLast: index == bandCount - 1,
          content: content)
      }
      finished.withLock { $0[index] = result }
    }
    // The failure of the lowest band is reported, so that the same fault gives the same words each time.
    let bands = try finished.withLock { bands in
      for case .failure(let error) in bands { throw error }
      return bands.compactMap { try? $0?.get() }
    }
    return assembled(
      bands, width: width, height: height, pixelsPerCSSPixel: pixelsPerCSSPixel, metadata: metadata)
  }

  private static func assembled(
    _ bands: [DeflatedBand], width: Int, height: Int, pixelsPerCSSPixel: Double, metadata: PictureMetadata
  ) -> [UInt8] {
    var file = PNGChunks(capacity: bands.reduce(2048) { $0 + $1.bytes.count + 12 })
    file.append("IHDR", bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0])
    file.append("sRGB", [0])
    // 96 CSS pixels an inch.
    let pixelsPerMetre = Int((pixelsPerCSSPixel * 96 / 0.0254).rounded())
    file.append("pHYs", bigEndian(pixelsPerMetre) + bigEndian(pixelsPerMetre) + [1])
    for (keyword, text) in [
      ("Title", metadata.title), ("Description", metadata.description), ("Software", metadata.software),
    ] {
      guard let text, !text.isEmpty else { continue }
      // A zero byte would end the field.
      let content = Array(text.utf8.filter { $0 != 0 })
      file.append("iTXt", Array(keyword.utf8) + [0, 0, 0, 0, 0] + content)
    }
    var checksum = adler32(0, nil, 0)
    for (index, band) in bands.enumerated() {
      checksum = adler32_combine(checksum, band.checksum, band.sourceByteCount)
      var data: [UInt8] = index == 0 ? [0x78, 0x01] : []
      data += band.bytes
      if index == bands.count - 1 { data += bigEndian(Int(checksum)) }
      file.append("IDAT", data)
    }
    file.append("IEND", [])
    return file.bytes
  }

  static func bigEndian(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian) { Array($0) }
  }
}

/// A PNG file that grows chunk by chunk.
private struct PNGChunks {
  private(set) var bytes: [UInt8]

  init(capacity: Int) {
    bytes = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    bytes.reserveCapacity(capacity)
  }

  mutating func append(_ name: String, _ data: [UInt8]) {
    bytes += PNGWriter.bigEndian(data.count)
    let start = bytes.count
    bytes += Array(name.utf8)
    bytes += data
    let checksum = bytes.withUnsafeBufferPointer { buffer in
      crc32_z(0, buffer.baseAddress.map { $0 + start }, buffer.count - start)
    }
    bytes += PNGWriter.bigEndian(Int(checksum))
  }
}

/// A band of filtered rows as a raw deflate stream that others can follow.
private struct DeflatedBand: Sendable {
  let bytes: [UInt8]
  let checksum: UInt
  let sourceByteCount: Int

  init(filtered: [UInt8], isLast: Bool, content: PNGWriter.Content) throws(RenderingError) {
    var stream = z_stream()
    let status = deflate_begin_raw(&stream, content.level, content.strategy)
    guard status == Z_OK else { throw .compression(status) }
    defer { deflateEnd(&stream) }
    // The flush that ends a band adds a few bytes that deflateBound does not count.
    let capacity = Int(deflateBound(&stream, UInt(filtered.count))) + 64
    var outcome = Z_OK
    var source = filtered
    bytes = [UInt8](unsafeUninitializedCapacity: capacity) { target, written in
      source.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(capacity)
        outcome = deflate(&stream, isLast ? Z_FINISH : Z_FULL_FLUSH)
        written = capacity - Int(stream.avail_out)
      }
    }
    guard stream.avail_in == 0, outcome == (isLast ? Z_STREAM_END : Z_OK) else { throw .compression(outcome) }
    checksum = filtered.withUnsafeBufferPointer { adler32_z(1, $0.baseAddress, $0.count) }
    sourceByteCount = filtered.count
  }
}
