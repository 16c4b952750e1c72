import FeatureData

/// Something that lays itself out in CSS pixels and is drawn the same way as PNG, SVG and PDF.
package protocol Figure: Sendable {
  var metadata: PictureMetadata { get }
  /// What a PNG's compression is tuned to.
  var content: PNGWriter.Content { get }

  /// Colours that a picture of few colours shows exactly, beside those of the page and its texts.
  func exactColours(in theme: FigureTheme) -> [Colour]

  /// Decides sizes and places once the sizes of the texts are known.
  func arranged(in style: FigureStyle, measuring text: TextMeasurer) -> Arrangement
}

/// A figure with everything in its place, ready to be drawn.
package struct Arrangement {
  /// Units of the layout: CSS pixels, unless the style says otherwise.
  let width: Double
  let height: Double
  let draw: (Canvas) -> Void
}

extension Figure {
  package var content: PNGWriter.Content { .drawing }

  package func exactColours(in theme: FigureTheme) -> [Colour] { [] }

  /// In levels of 255 a channel; it lies at the edges of points, where neighbours of many colours are blended.
  private static var largestDrawingError: Double { 2.5 }

  /// - Parameter scale: Device pixels a CSS pixel; nil for those that the style asks for.
  package func png(_ style: FigureStyle = FigureStyle(), scale: Double? = nil) throws(RenderingError) -> EncodedPicture
  {
    try encoded(as: .png, style, scale: scale)
  }

  /// The figure for a notebook: as a PNG with a palette where that is smaller and looks the same.
  ///
  /// - Parameter scale: Device pixels a CSS pixel.
  package func inlinePNG(
    _ style: FigureStyle = FigureStyle(), scale: Double = 2
  ) throws(RenderingError) -> EncodedPicture {
    let canvas = try drawn(as: .png, style, scale: scale)
    return try inlinePNG(canvas, try canvas.image(), style)
  }

  /// The same with fewer device pixels a CSS pixel, never under one, where it would pass a number of bytes: for figures
  /// that are photographs.
  package func inlinePNG(
    _ style: FigureStyle = FigureStyle(), byteLimit: Int
  ) throws(RenderingError) -> EncodedPicture {
    try InlineFitting(byteLimit: byteLimit, scales: [2, 1.5, 1.25, 1]).picture {
      number, scale, byteLimit throws(RenderingError) in
      try inlineTrial(style, scale: scale, byteLimit: byteLimit)
    }
  }

  /// Makes the picture unless a part of it tells that it would be clearly larger than a limit.
  func inlineTrial(
    _ style: FigureStyle = FigureStyle(), scale: Double, byteLimit: Int?
  ) throws(RenderingError) -> InlineFitting.Trial {
    let canvas = try drawn(as: .png, style, scale: scale)
    let image = try canvas.image()
    if let byteLimit, content == .photograph, let strips = image.strips(height: 16, every: 8) {
      let bytes = try PNGWriter.png(of: quantizer(style).indexed(strips), content: content).count
      let estimate = bytes * image.height / strips.height
      // A part may mislead by a quarter; what remains is surely too large.
      if estimate > byteLimit + byteLimit / 4 { return .tooLarge(byteCount: estimate - estimate / 5) }
    }
    return .made(try inlinePNG(canvas, image, style))
  }

  private func quantizer(_ style: FigureStyle) -> ColourQuantizer {
    ColourQuantizer(
      tolerance: content.colourTolerance, exactColours: style.theme.exactColours + exactColours(in: style.theme))
  }

  private func inlinePNG(
    _ canvas: Canvas, _ image: RGBImage, _ style: FigureStyle
  ) throws(RenderingError) -> EncodedPicture {
    let indexed = quantizer(style).indexed(image)
    let metadata = metadata.stating(style.statement)
    var bytes = try PNGWriter.png(
      of: indexed, pixelsPerCSSPixel: canvas.density, metadata: metadata, content: content)
    if content == .drawing {
      let looksTheSame = indexed.rootMeanSquareError(from: image) <= Self.largestDrawingError
      if !looksTheSame {
        bytes = try PNGWriter.png(
          of: image, pixelsPerCSSPixel: canvas.density, metadata: metadata, content: content)
      }
    }
    return canvas.picture(bytes, widthPixels: image.width, heightPixels: image.height)
  }

  package func svg(_ style: FigureStyle = FigureStyle()) throws(RenderingError) -> EncodedPicture {
    try encoded(as: .svg, style)
  }

  package func pdf(_ style: FigureStyle = FigureStyle()) throws(RenderingError) -> EncodedPicture {
    try encoded(as: .pdf, style)
  }

  /// The same figure in the same style gives the same bytes every time.
  package func encoded(
    as format: PictureFormat, _ style: FigureStyle = FigureStyle(), scale: Double? = nil
  ) throws(RenderingError) -> EncodedPicture {
    try drawn(as: format, style, scale: scale ?? style.scale(of: content)).finished(
      metadata: metadata.stating(style.statement), content: content)
  }

  func drawn(as format: PictureFormat, _ style: FigureStyle, scale: Double) throws(RenderingError) -> Canvas {
    let arrangement = arranged(in: style, measuring: TextMeasurer())
    // What cannot be laid out at the width that is asked for is drawn smaller or larger.
    let fit = style.room.isFixed ? style.room.widest / arrangement.width : 1
    let canvas = try Canvas(
      format: format, width: arrangement.width.rounded(.up), height: arrangement.height.rounded(.up),
      unit: style.unit * fit, scale: scale, style: style, metadata: metadata.stating(style.statement))
    arrangement.draw(canvas)
    return canvas
  }
}

extension RGBImage {
  /// One of every so many strips of rows, not always the same one, one below the other; nil where there are no two.
  fileprivate func strips(height stripHeight: Int, every step: Int) -> RGBImage? {
    let count = height / (stripHeight * step)
    guard count >= 2 else { return nil }
    var chosen: [UInt8] = []
    for number in 0..<count {
      // Five has no factor in common with a power of two: each phase comes in turn.
      let top = (number * step + number * 5 % step) * stripHeight
      chosen += pixels[top * width * 3..<(top + stripHeight) * width * 3]
    }
    return RGBImage(width: width, height: count * stripHeight, pixels: chosen)
  }
}
