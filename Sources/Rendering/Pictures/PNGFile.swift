import CPNGWriter

/// A PNG file that libpng writes, to be taken piece by piece, its picture data compressed by the caller.
///
/// A C handle: made, used and dropped by one function.
final class PNGFile {
  private final class Sink {
    var bytes: [UInt8] = []
  }

  private let sink = Sink()
  private let writer: OpaquePointer

  /// Writes everything that stands before the picture data.
  ///
  /// - Parameters:
  ///   - palette: 1 to 256 colours for a picture of indices; nil for an RGB picture.
  ///   - pixelsPerCSSPixel: Written as `pHYs`: a CSS pixel is a 96th of an inch.
  init(
    width: Int, height: Int, palette: [Colour]?, pixelsPerCSSPixel: Double, metadata: PictureMetadata
  ) throws(RenderingError) {
    let created = png_file_create(
      { context, bytes, count in
        guard let context, let bytes else { return }
        Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue().bytes.append(
          contentsOf: UnsafeBufferPointer(start: bytes, count: count))
      }, Unmanaged.passUnretained(sink).toOpaque())
    guard let created else { throw .surface("libpng: out of memory") }
    writer = created
    for (keyword, text) in [
      ("Title", metadata.title), ("Description", metadata.description), ("Software", metadata.software),
      ("Statement", metadata.statement),
    ] {
      guard let text, !text.isEmpty else { continue }
      // A zero byte would end the field.
      try check(png_file_text(writer, keyword, text.replacing("\0", with: "")))
    }
    let entries = palette?.flatMap { [$0.red, $0.green, $0.blue] }
    let status = (entries ?? []).withUnsafeBufferPointer { buffer in
      var header = png_file_header(
        width: UInt32(width), height: UInt32(height),
        pixels_per_metre: UInt32((pixelsPerCSSPixel * 96 / 0.0254).rounded()),
        palette: entries == nil ? nil : buffer.baseAddress, palette_count: Int32(buffer.count / 3))
      return png_file_begin(writer, &header)
    }
    try check(status)
  }

  deinit { png_file_destroy(writer) }

  /// Appends a part of the picture's zlib stream as a chunk of its own.
  func append(_ data: [UInt8]) throws(RenderingError) {
    try check(data.withUnsafeBufferPointer { png_file_data(writer, $0.baseAddress, $0.count) })
  }

  /// The bytes of the file that were not taken before.
  func taken() -> [UInt8] {
    defer { sink.bytes = [] }
    return sink.bytes
  }

  /// The last bytes of the file; nothing can be appended afterwards.
  func finished() throws(RenderingError) -> [UInt8] {
    try check(png_file_end(writer))
    return taken()
  }

  private func check(_ status: Int32) throws(RenderingError) {
    guard Int(status) != PNG_FILE_WRITTEN else { return }
    throw .surface("libpng: \(String(cString: png_file_message(writer)))")
  }
}
