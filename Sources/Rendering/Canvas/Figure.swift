import FeatureData

/// Something that lays itself out in CSS pixels and is drawn the same way as PNG, SVG and PDF.
package protocol Figure: Sendable {
  var metadata: PictureMetadata { get }
  /// What a PNG's compression is tuned to.
  var content: PNGWriter.Content { get }

  /// Colours that a picture of few colours shows exactly.
  var exactColours: [Colour] { get }

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

  package var exactColours: [Colour] { FigureTexts.colours }

  /// In levels of 255 a channel; it lies at the edges of points, where neighbours of many colours are blended.
  private static var largestDrawingError: Double { 2.5 }

  /// The widest figure that is shown in a notebook, in CSS pixels.
  package static var maximumWidth: Double { 1200 }

  /// - Parameter scale: Device pixels a CSS pixel.
  package func png(scale: Double = 2) throws(RenderingError) -> EncodedPicture {
    try encoded(as: .png, scale: scale)
  }

  /// The figure for a notebook: as a PNG with a palette where that is smaller and looks the same.
  ///
  /// - Parameter scale: Device pixels a CSS pixel.
  package func inlinePNG(scale: Double = 2) throws(RenderingError) -> EncodedPicture {
    let canvas = try drawn(as: .png, scale: scale)
    let image = try canvas.image()
    let quantizer = ColourQuantizer(tolerance: content.colourTolerance, exactColours: exactColours)
    let indexed = quantizer.indexed(image)
    var bytes = try PNGWriter.png(of: indexed, pixelsPerCSSPixel: scale, metadata: metadata, content: content)
    if content == .drawing {
      let looksTheSame = indexed.rootMeanSquareError(from: image) <= Self.largestDrawingError
      let full = try PNGWriter.png(of: image, pixelsPerCSSPixel: scale, metadata: metadata, content: content)
      if !looksTheSame || full.count <= bytes.count { bytes = full }
    }
    return canvas.picture(bytes, widthPixels: image.width, heightPixels: image.height)
  }

  /// The same with fewer device pixels a CSS pixel, never under one, where it would pass a number of bytes: for figures
  /// that are photographs.
  package func inlinePNG(byteLimit: Int) throws(RenderingError) -> EncodedPicture {
    var (picture, made) = (try inlinePNG(), 2.0)
    for scale in [1.5, 1.25, 1] where picture.bytes.count > byteLimit {
      // Tissue does not become smaller than its area does.
      let least = Double(picture.bytes.count) * (scale / made) * (scale / made)
      if scale > 1, least > Double(byteLimit) { continue }
      (picture, made) = (try inlinePNG(scale: scale), scale)
    }
    return picture
  }

  package func svg() throws(RenderingError) -> EncodedPicture { try encoded(as: .svg) }

  package func pdf() throws(RenderingError) -> EncodedPicture { try encoded(as: .pdf) }

  /// The same figure gives the same bytes every time.
  package func encoded(as format: PictureFormat, scale: Double = 2) throws(RenderingError) -> EncodedPicture {
    try drawn(as: format, scale: scale).finished(metadata: metadata, content: content)
  }

  func drawn(as format: PictureFormat, scale: Double) throws(RenderingError) -> Canvas {
    let arrangement = arranged(measuring: TextMeasurer())
    let canvas = try Canvas(
      format: format, width: arrangement.width.rounded(.up), height: arrangement.height.rounded(.up),
      scale: format == .png ? scale : 1, metadata: metadata)
    arrangement.draw(canvas)
    return canvas
  }
}
