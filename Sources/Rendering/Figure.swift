/// Something that lays itself out in CSS pixels and is drawn the same way as PNG, SVG and PDF.
package protocol Figure: Sendable {
  var metadata: PictureMetadata { get }
  /// What a PNG's compression is tuned to.
  var content: PNGWriter.Content { get }

  /// Decides sizes and places once the sizes of the texts are known.
  func arranged(measuring text: TextMeasurer) -> Arrangement
}

/// A figure with everything in its place, ready to be drawn.
package struct Arrangement {
  /// CSS pixels.
  let width: Double
  let height: Double
  let draw: (Canvas) -> Void
}

extension Figure {
  package var content: PNGWriter.Content { .drawing }

  /// The widest figure that is shown in a notebook, in CSS pixels.
  package static var maximumWidth: Double { 1200 }

  /// - Parameter scale: Device pixels a CSS pixel.
  package func png(scale: Double = 2) throws(RenderingError) -> EncodedPicture {
    try encoded(as: .png, scale: scale)
  }

  package func svg() throws(RenderingError) -> EncodedPicture { try encoded(as: .svg) }

  package func pdf() throws(RenderingError) -> EncodedPicture { try encoded(as: .pdf) }

  /// The same figure gives the same bytes every time.
  package func encoded(as format: PictureFormat, scale: Double = 2) throws(RenderingError) -> EncodedPicture {
    let arrangement = arranged(measuring: TextMeasurer())
    let canvas = try Canvas(
      format: format, width: arrangement.width.rounded(.up), height: arrangement.height.rounded(.up),
      scale: format == .png ? scale : 1, metadata: metadata)
    arrangement.draw(canvas)
    return try canvas.finished(metadata: metadata, content: content)
  }
}
