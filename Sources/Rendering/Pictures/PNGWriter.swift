import CZlib
import Dispatch
package import FeatureData
import Foundation

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

    /// For indices, which are few; the last hundredth would cost three times the work.
    fileprivate var indexEffort: Effort { Effort(level: 6, strategy: Z_DEFAULT_STRATEGY) }
  }

  /// How zlib is set.
  fileprivate struct Effort: Sendable {
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
    of image: IndexedImage, pixelsPerCSSPixel: Double = 1, metadata: PictureMetadata = PictureMetadata(),
    content: Content = .drawing
  ) throws(RenderingError) -> [UInt8] {
    try checkSize(width: image.width, height: image.height)
    let rows = rowsPerBand(rowBytes: image.width, height: image.height)
    return try whole {
      var bytes: [UInt8] = []
      let file = try PNGFile(
        width: image.width, height: image.height, palette: image.palette, pixelsPerCSSPixel: pixelsPerCSSPixel,
        metadata: metadata)
      try write(
        file, height: image.height, rowsPerBand: rows, effort: content.indexEffort,
        filtered: { rows in
          RowFilter.unfiltered(
            image.indices[rows.lowerBound * image.width..<rows.upperBound * image.width], rowBytes: image.width)
        }, output: { bytes += $0 })
      return bytes
    }
  }

  /// Writes a picture that is made band by band, each on any core, so that only a few bands lie in memory uncompressed.
  ///
  /// - Throws: what `band` throws, or `RenderingError`.
  package static func png(
    width: Int, height: Int, rowsPerBand: Int, pixelsPerCSSPixel: Double = 1,
    metadata: PictureMetadata = PictureMetadata(), content: Content = .photograph, band: BandSource
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try write(
      width: width, height: height, rowsPerBand: rowsPerBand, pixelsPerCSSPixel: pixelsPerCSSPixel, metadata: metadata,
      content: content, band: band
    ) { bytes += $0 }
    return bytes
  }

  /// Writes such a picture and hands its file on piece by piece, so that neither lies in memory as a whole.
  ///
  /// - Parameter output: gets the bytes of the file in their order; never called twice at once. What it throws ends the
  ///   picture.
  /// - Throws: what `band` or `output` throws, or `RenderingError`.
  package static func write(
    width: Int, height: Int, rowsPerBand: Int, pixelsPerCSSPixel: Double = 1,
    metadata: PictureMetadata = PictureMetadata(), content: Content = .photograph, band: BandSource,
    output: ([UInt8]) throws -> Void
  ) throws {
    try checkSize(width: width, height: height)
    let file = try PNGFile(
      width: width, height: height, palette: nil, pixelsPerCSSPixel: pixelsPerCSSPixel, metadata: metadata)
    try write(
      file, height: height, rowsPerBand: rowsPerBand, effort: content.effort,
      filtered: { RowFilter.filtered(try band($0), rowBytes: width * 3) }, output: output)
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
  private static func write(
    _ file: PNGFile, height: Int, rowsPerBand: Int, effort: Effort,
    filtered: @Sendable (Range<Int>) throws -> [UInt8], output: ([UInt8]) throws -> Void
  ) throws {
    let bandCount = (height + rowsPerBand - 1) / rowsPerBand
    let threadCount = min(max(ProcessInfo.processInfo.activeProcessorCount, 1), bandCount)
    let failure = withoutActuallyEscaping(output) { output in
      let stream = BandStream(file, bandCount: bandCount, lead: threadCount, output: output)
      DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
        while let index = stream.claim() {
          let rows = index * rowsPerBand..<min((index + 1) * rowsPerBand, height)
          stream.deliver(
            Result { try DeflatedBand(filtered: try filtered(rows), isLast: index == bandCount - 1, effort: effort) },
            as: index)
        }
      }
      return stream.failure
    }
    if let failure { throw failure }
    try output(try file.finished())
  }
}

/// Brings bands that are made on several threads into the order of their file.
///
/// Made and used within one call that waits for its threads; everything inside is used under the condition's lock.
private final class BandStream: @unchecked Sendable {
  private let file: PNGFile
  private let bandCount: Int
  /// How many bands may wait for an earlier one.
  private let lead: Int
  private let output: ([UInt8]) throws -> Void
  private let condition = NSCondition()
  private var claimed = 0
  private var written = 0
  private var waiting: [Int: DeflatedBand] = [:]
  private var checksum = adler32(0, nil, 0)
  private(set) var failure: (any Error)?
  private var failedBand = Int.max

  init(_ file: PNGFile, bandCount: Int, lead: Int, output: @escaping ([UInt8]) throws -> Void) {
    self.file = file
    self.bandCount = bandCount
    self.lead = lead
    self.output = output
  }

  /// The next band that is to be made, once there is room for it; nil where there is none.
  func claim() -> Int? {
    condition.withLock {
      while failure == nil, claimed < bandCount, claimed - written >= 2 * lead { condition.wait() }
      guard failure == nil, claimed < bandCount else { return nil }
      claimed += 1
      return claimed - 1
    }
  }

  func deliver(_ band: Result<DeflatedBand, any Error>, as index: Int) {
    condition.withLock {
      do {
        waiting[index] = try band.get()
        while failure == nil, let next = waiting.removeValue(forKey: written) { try write(next) }
      } catch  where index < failedBand {
        // That of the lowest band is reported, so that the same fault gives the same words each time.
        failure = error
        failedBand = index
      } catch {}
      condition.broadcast()
    }
  }

  private func write(_ band: DeflatedBand) throws {
    checksum = adler32_combine(checksum, band.checksum, band.sourceByteCount)
    // The header and the checksum of a zlib stream, RFC 1950.
    var data: [UInt8] = written == 0 ? [0x78, 0x01] : []
    data += band.bytes
    if written == bandCount - 1 {
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: checksum).bigEndian) { data.append(contentsOf: $0) }
    }
    try file.append(data)
    try output(file.taken())
    written += 1
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
