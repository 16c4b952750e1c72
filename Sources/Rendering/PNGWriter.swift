import CZlib
import Dispatch
package import FeatureData
import Synchronization

/// Writes RGB pictures and pictures of palette indices as PNG by libpng, compressing bands of rows in parallel.
///
/// The bands do not depend on the number of cores, so neither do the bytes. Each band is a raw deflate stream ended
/// by a full flush; joined they are one zlib stream with one combined checksum, a band a chunk. Source: PNG specification,
/// third edition, W3C 2025, https://www.w3.org/TR/png-3/, chapter 10.
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

    /// The root mean square error that a palette may make, in levels of 255 a channel: tissue hides more than plain areas.
    var colourTolerance: Double { self == .drawing ? 0.75 : 4.4 }

    fileprivate var effort: Effort {
      self == .drawing ? Effort(level: 6, strategy: Z_DEFAULT_STRATEGY) : Effort(level: 1, strategy: Z_RLE)
    }
  }

  /// How zlib is set.
  fileprivate struct Effort: Sendable {
    /// For indices, which are few: the smallest file.
    static let smallest = Effort(level: 9, strategy: Z_DEFAULT_STRATEGY)

    let level: Int32
    let strategy: Int32
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
    return try whole {
      try png(
        width: image.width, height: image.height, rowsPerBand: rowsPerBand(rowBytes: rowBytes, height: image.height),
        pixelsPerCSSPixel: pixelsPerCSSPixel, metadata: metadata, content: content
      ) { rows in
        Array(image.pixels[rows.lowerBound * rowBytes..<rows.upperBound * rowBytes])
      }
    }
  }

  /// Writes a picture of indices, not filtered: neighbouring indices do not stand for neighbouring colours.
  static func png(
    of image: IndexedImage, pixelsPerCSSPixel: Double = 1, metadata: PictureMetadata = PictureMetadata()
  ) throws(RenderingError) -> [UInt8] {
    try checkSize(width: image.width, height: image.height)
    let rows = rowsPerBand(rowBytes: image.width, height: image.height)
    return try whole {
      let bands = try deflated(height: image.height, rowsPerBand: rows, effort: .smallest) { rows in
        RowFilter.unfiltered(
          image.indices[rows.lowerBound * image.width..<rows.upperBound * image.width], rowBytes: image.width)
      }
      return try assembled(
        bands, width: image.width, height: image.height, palette: image.palette, pixelsPerCSSPixel: pixelsPerCSSPixel,
        metadata: metadata)
    }
  }

  /// Writes a picture that is made band by band, each on any core, so that only a few bands lie in memory uncompressed.
  ///
  /// - Throws: what `band` throws, or `RenderingError`.
  package static func png(
    width: Int, height: Int, rowsPerBand: Int, pixelsPerCSSPixel: Double = 1,
    metadata: PictureMetadata = PictureMetadata(), content: Content = .photograph, band: BandSource
  ) throws -> [UInt8] {
    try checkSize(width: width, height: height)
    let bands = try deflated(height: height, rowsPerBand: rowsPerBand, effort: content.effort) { rows in
      RowFilter.filtered(try band(rows), rowBytes: width * 3)
    }
    return try assembled(
      bands, width: width, height: height, palette: nil, pixelsPerCSSPixel: pixelsPerCSSPixel, metadata: metadata)
  }

  private static func checkSize(width: Int, height: Int) throws(RenderingError) {
    guard width > 0, height > 0, width <= maximumSide, height <= maximumSide else {
      throw .tooLarge(width: width, height: height)
    }
  }

  /// About a mebibyte a band.
  private static func rowsPerBand(rowBytes: Int, height: Int) -> Int {
    max(1, min(height, 1_048_576 / max(rowBytes, 1)))
  }

  /// Narrows the errors of work whose bands cannot fail.
  private static func whole(_ work: () throws -> [UInt8]) throws(RenderingError) -> [UInt8] {
    do {
      return try work()
    } catch let error as RenderingError {
      throw error
    } catch {
      throw .compression(Z_STREAM_ERROR)
    }
  }

  /// - Parameter filtered: Gives the rows of a range, each after the byte that names its filter.
  private static func deflated(
    height: Int, rowsPerBand: Int, effort: Effort, filtered: @Sendable (Range<Int>) throws -> [UInt8]
  ) throws -> [DeflatedBand] {
    let bandCount = (height + rowsPerBand - 1) / rowsPerBand
    let finished = Mutex<[Result<DeflatedBand, any Error>?]>(Array(repeating: nil, count: bandCount))
    DispatchQueue.concurrentPerform(iterations: bandCount) { index in
      let hasFailed = finished.withLock { bands in
        bands.contains { if case .failure = $0 { true } else { false } }
      }
      if hasFailed { return }
      let rows = index * rowsPerBand..<min((index + 1) * rowsPerBand, height)
      let result = Result {
        try DeflatedBand(filtered: try filtered(rows), isLast: index == bandCount - 1, effort: effort)
      }
      finished.withLock { $0[index] = result }
    }
    // The failure of the lowest band is reported, so that the same fault gives the same words each time.
    return try finished.withLock { bands in
      for case .failure(let error) in bands { throw error }
      return bands.compactMap { try? $0?.get() }
    }
  }

  private static func assembled(
    _ bands: [DeflatedBand], width: Int, height: Int, palette: [Colour]?, pixelsPerCSSPixel: Double,
    metadata: PictureMetadata
  ) throws(RenderingError) -> [UInt8] {
    let file = try PNGFile(
      width: width, height: height, palette: palette, pixelsPerCSSPixel: pixelsPerCSSPixel, metadata: metadata,
      capacity: bands.reduce(4096) { $0 + $1.bytes.count + 12 })
    var checksum = adler32(0, nil, 0)
    for (index, band) in bands.enumerated() {
      checksum = adler32_combine(checksum, band.checksum, band.sourceByteCount)
      // The header and the checksum of a zlib stream, RFC 1950.
      var data: [UInt8] = index == 0 ? [0x78, 0x01] : []
      data += band.bytes
      if index == bands.count - 1 {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: checksum).bigEndian) { data.append(contentsOf: $0) }
      }
      try file.append(data)
    }
    return try file.finished()
  }
}

/// A band of filtered rows as a raw deflate stream that others can follow.
private struct DeflatedBand: Sendable {
  let bytes: [UInt8]
  let checksum: UInt
  let sourceByteCount: Int

  init(filtered: [UInt8], isLast: Bool, effort: PNGWriter.Effort) throws(RenderingError) {
    var stream = z_stream()
    let status = deflate_begin_raw(&stream, effort.level, effort.strategy)
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
