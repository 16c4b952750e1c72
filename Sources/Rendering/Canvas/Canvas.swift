import CCairo
import CPango
import CSIMDKernels
import FeatureData

/// A page, measured in units of the layout from its top left corner, that is drawn on once and becomes PNG, SVG or PDF.
///
/// A cairo context belongs to one thread at a time: a canvas is made, drawn on and finished by one function.
package final class Canvas {
  let format: PictureFormat
  /// Device pixels a unit; in SVG and PDF CSS pixels a unit.
  let scale: Double
  let width: Double
  let height: Double
  let theme: FigureTheme
  /// CSS pixels a unit.
  private let unit: Double
  /// Device pixels a CSS pixel.
  let density: Double
  /// The texts of an SVG that keeps them as texts.
  private var svgTexts: SVGTexts?
  /// Where (0, 0) lies on the page.
  private var origin = (x: 0.0, y: 0.0)
  private let surface: OpaquePointer?
  private let context: OpaquePointer?
  private let text: TextMeasurer
  private let stream = ByteStream()
  private var undrawn = UndrawnLetters()

  private final class ByteStream {
    var bytes: [UInt8] = []
  }

  /// Pixels that a layer is enlarged to inside an SVG, for each CSS pixel.
  private static let svgDensity = 3.0
  /// Cairo's own limit on the side of an image surface.
  private static let largestSide = 32_767

  /// - Parameters:
  ///   - unit: CSS pixels for each unit of the layout.
  ///   - scale: Device pixels a CSS pixel, of a PNG.
  init(
    format: PictureFormat, width: Double, height: Double, unit: Double = 1, scale: Double,
    style: FigureStyle = FigureStyle(), metadata: PictureMetadata
  ) throws(RenderingError) {
    let density = format == .png ? scale : 1
    let widthPixels = Int((width * unit * density - 1e-6).rounded(.up))
    let heightPixels = Int((height * unit * density - 1e-6).rounded(.up))
    guard widthPixels > 0, heightPixels > 0, widthPixels <= Self.largestSide, heightPixels <= Self.largestSide else {
      throw .tooLarge(width: widthPixels, height: heightPixels)
    }
    self.format = format
    self.scale = density * unit
    self.density = density
    self.unit = unit
    theme = style.theme
    svgTexts = format == .svg && style.textInSVG == .text ? SVGTexts() : nil
    self.width = width
    self.height = height
    let write: cairo_write_func_t = { closure, data, count in
      guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
      let stream = Unmanaged<ByteStream>.fromOpaque(closure).takeUnretainedValue()
      stream.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
      return CAIRO_STATUS_SUCCESS
    }
    let closure = Unmanaged.passUnretained(stream).toOpaque()
    switch format {
    case .png:
      surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(widthPixels), Int32(heightPixels))
    case .svg:
      surface = cairo_svg_surface_create_for_stream(write, closure, width * unit, height * unit)
      cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX)
    case .pdf:
      // 96 CSS pixels are 72 points.
      surface = cairo_pdf_surface_create_for_stream(
        write, closure, width * unit * 0.75, height * unit * 0.75)
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, metadata.title ?? "")
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, metadata.description ?? "")
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, metadata.software)
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_KEYWORDS, metadata.statement ?? "")
      // The hour of drawing would make two equal pictures differ.
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z")
    }
    context = cairo_create(surface)
    let device = format == .pdf ? 0.75 * unit : self.scale
    cairo_scale(context, device, device)
    text = TextMeasurer(drawingOn: context)
    // Up to the edge of the last pixel, of which the page may need a part only.
    fillRectangle(
      x: 0, y: 0, width: (width * self.scale).rounded(.up) / self.scale,
      height: (height * self.scale).rounded(.up) / self.scale, colour: theme.ground)
  }

  deinit {
    cairo_destroy(context)
    // Before the stream goes: an unfinished document still writes.
    cairo_surface_finish(surface)
    cairo_surface_destroy(surface)
  }

  // MARK: Shapes

  func fillRectangle(
    x: Double, y: Double, width: Double, height: Double, colour: Colour, opacity: Double = 1
  ) {
    setSource(colour, opacity: opacity)
    cairo_new_path(context)
    cairo_rectangle(context, x, y, width, height)
    cairo_fill(context)
  }

  func strokeRectangle(x: Double, y: Double, width: Double, height: Double, colour: Colour, lineWidth: Double) {
    setSource(colour)
    cairo_new_path(context)
    cairo_rectangle(context, x, y, width, height)
    cairo_set_line_width(context, lineWidth)
    cairo_stroke(context)
  }

  func fillPolygon(_ points: [(x: Double, y: Double)], colour: Colour, opacity: Double = 1) {
    guard let first = points.first else { return }
    setSource(colour, opacity: opacity)
    cairo_new_path(context)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_close_path(context)
    cairo_fill(context)
  }

  /// A point of a shape around (x, y).
  func fill(_ shape: PointShape, x: Double, y: Double, diameter: Double, colour: Colour, opacity: Double = 1) {
    guard let corners = shape.corners else {
      return fillDisc(x: x, y: y, diameter: diameter, colour: colour, opacity: opacity)
    }
    fillPolygon(
      corners.map { (x + $0.x * diameter, y + $0.y * diameter) }, colour: colour, opacity: opacity)
  }

  func line(fromX: Double, fromY: Double, toX: Double, toY: Double, colour: Colour, lineWidth: Double) {
    setSource(colour)
    cairo_new_path(context)
    cairo_move_to(context, fromX, fromY)
    cairo_line_to(context, toX, toY)
    cairo_set_line_width(context, lineWidth)
    cairo_stroke(context)
  }

  /// The outline of a closed shape.
  func strokePolygon(_ points: [(x: Double, y: Double)], colour: Colour, lineWidth: Double) {
    guard let first = points.first else { return }
    setSource(colour)
    cairo_new_path(context)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_close_path(context)
    cairo_set_line_width(context, lineWidth)
    cairo_stroke(context)
  }

  func fillDisc(x: Double, y: Double, diameter: Double, colour: Colour, opacity: Double = 1) {
    setSource(colour, opacity: opacity)
    // Text leaves a current point, from which the arc would draw a line.
    cairo_new_path(context)
    cairo_arc(context, x, y, diameter / 2, 0, 2 * Double.pi)
    cairo_fill(context)
  }

  // MARK: Text

  /// Draws with the block's top left corner at (x, y).
  func draw(_ block: TextBlock, x: Double, y: Double) {
    let colour = theme.colour(of: block.ink)
    setSource(colour)
    text.withLayout(of: block) { layout in
      undrawn.add(from: layout)
      if svgTexts != nil, let lines = TextLine.lines(of: layout, text: block.text) {
        svgTexts?.add(lines, of: block, colour: colour, x: origin.x + x, y: origin.y + y)
        return
      }
      cairo_new_path(context)
      cairo_move_to(context, x, y)
      pango_cairo_show_layout(context, layout)
    }
  }

  /// Draws with an edge in the colour of the ground, so that it is read on points of any colour.
  func drawWithHalo(_ block: TextBlock, x: Double, y: Double) {
    setSource(theme.ground, opacity: 0.9)
    text.withLayout(of: block) { layout in
      cairo_new_path(context)
      cairo_move_to(context, x, y)
      pango_cairo_layout_path(context, layout)
    }
    cairo_set_line_width(context, 4.5)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_stroke(context)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_MITER)
    draw(block, x: x, y: y)
  }

  /// Draws with (0, 0) at another place.
  func shifted(x: Double, y: Double, _ draw: () -> Void) {
    cairo_save(context)
    cairo_translate(context, x, y)
    origin = (origin.x + x, origin.y + y)
    draw()
    origin = (origin.x - x, origin.y - y)
    cairo_restore(context)
  }

  /// Draws reading upwards, with the middle of the text's box at (x, y).
  func drawUpwards(_ block: TextBlock, centreX: Double, centreY: Double) {
    let size = text.size(of: block)
    let outer = origin
    svgTexts?.turn = (outer.x + centreX, outer.y + centreY)
    origin = (0, 0)
    defer {
      svgTexts?.turn = nil
      origin = outer
    }
    cairo_save(context)
    cairo_translate(context, centreX, centreY)
    cairo_rotate(context, -Double.pi / 2)
    draw(block, x: -size.width / 2, y: -size.height / 2)
    cairo_restore(context)
  }

  func size(of block: TextBlock) -> (width: Double, height: Double) { text.size(of: block) }

  // MARK: Images

  /// Places a photograph so that it fills the rectangle, smoothed; a PNG's begins and ends with whole pixels of the page.
  func draw(smooth picture: RGBImage, x: Double, y: Double, width: Double, height: Double) {
    guard format == .png, picture.width > 0, picture.height > 0 else {
      draw(PixelLayer(picture), x: x, y: y, width: width, height: height, isSharp: false)
      return
    }
    var (left, top, across, down) = (x, y, width, height)
    cairo_user_to_device(context, &left, &top)
    cairo_user_to_device_distance(context, &across, &down)
    let scaling = ImageScaling(
      fromWidth: picture.width, fromHeight: picture.height, toWidth: max(Int(across.rounded()), 1),
      toHeight: max(Int(down.rounded()), 1))
    (left, top, across, down) = (left.rounded(), top.rounded(), Double(scaling.width), Double(scaling.height))
    cairo_device_to_user(context, &left, &top)
    cairo_device_to_user_distance(context, &across, &down)
    draw(PixelLayer(scaling.scaled(picture)), x: left, y: top, width: across, height: down)
  }

  /// Places a layer so that it fills the rectangle.
  ///
  /// - Parameter isSharp: shows the pixels as they are instead of smoothing between them.
  func draw(_ layer: PixelLayer, x: Double, y: Double, width: Double, height: Double, isSharp: Bool = true) {
    guard layer.width > 0, layer.height > 0 else { return }
    var layer = layer
    // An SVG does not say that pixels are to stay sharp, and every viewer smooths what it enlarges itself.
    if isSharp, format == .svg, Double(layer.width) < width || Double(layer.height) < height {
      layer = layer.enlarged(
        toWidth: Int((width * Self.svgDensity).rounded(.up)), height: Int((height * Self.svgDensity).rounded(.up)))
    }
    layer.pixels.withUnsafeBytes { pixels in
      guard let first = pixels.baseAddress else { return }
      // Only read: it is never drawn on.
      let image = cairo_image_surface_create_for_data(
        UnsafeMutableRawPointer(mutating: first).assumingMemoryBound(to: UInt8.self), CAIRO_FORMAT_ARGB32,
        Int32(layer.width), Int32(layer.height),
        Int32(layer.width * 4))
      defer {
        // What holds on to the surface after this, as a PDF does until it is finished, has to copy its pixels first.
        cairo_surface_finish(image)
        cairo_surface_destroy(image)
      }
      cairo_save(context)
      cairo_translate(context, x, y)
      cairo_scale(context, width / Double(layer.width), height / Double(layer.height))
      cairo_set_source_surface(context, image, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(context), isSharp ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD)
      cairo_paint(context)
      cairo_restore(context)
    }
  }

  // MARK: The end

  /// The picture as the bytes of a file; nothing can be drawn afterwards.
  func finished(metadata: PictureMetadata, content: PNGWriter.Content) throws(RenderingError) -> EncodedPicture {
    switch format {
    case .png:
      let image = try image()
      let bytes = try PNGWriter.png(of: image, pixelsPerCSSPixel: density, metadata: metadata, content: content)
      return picture(bytes, widthPixels: image.width, heightPixels: image.height)
    case .svg, .pdf:
      try checkStatus()
      cairo_surface_finish(surface)
      let surfaceStatus = cairo_surface_status(surface)
      guard surfaceStatus == CAIRO_STATUS_SUCCESS else { throw Self.error(surfaceStatus) }
      let bytes =
        format == .svg
        ? SVGTexts.completed(SVGIdentifiers.renumbered(stream.bytes), texts: svgTexts, unit: unit, metadata: metadata)
        : stream.bytes
      return picture(bytes, widthPixels: cssSize.width, heightPixels: cssSize.height)
    }
  }

  /// The bytes of a file with the sizes of this page.
  func picture(_ bytes: [UInt8], widthPixels: Int, heightPixels: Int) -> EncodedPicture {
    EncodedPicture(
      bytes: bytes, format: format, widthPixels: widthPixels, heightPixels: heightPixels,
      cssWidth: cssSize.width, cssHeight: cssSize.height, undrawn: undrawn)
  }

  private var cssSize: (width: Int, height: Int) {
    (Int((width * unit - 1e-6).rounded(.up)), Int((height * unit - 1e-6).rounded(.up)))
  }

  private func checkStatus() throws(RenderingError) {
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else { throw Self.error(status) }
  }

  /// The pixels that were drawn; empty for SVG and PDF.
  func image() throws(RenderingError) -> RGBImage {
    try checkStatus()
    guard format == .png else { return RGBImage(width: 0, height: 0, pixels: []) }
    cairo_surface_flush(surface)
    let width = Int(cairo_image_surface_get_width(surface))
    let height = Int(cairo_image_surface_get_height(surface))
    let stride = Int(cairo_image_surface_get_stride(surface))
    guard let data = cairo_image_surface_get_data(surface) else { return RGBImage(width: 0, height: 0, pixels: []) }
    let bytes = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, written in
      for row in 0..<height {
        let line = UnsafeMutableRawPointer(data + row * stride).assumingMemoryBound(to: UInt32.self)
        // The page is opaque; what stands in the upper byte of such a surface is nobody's.
        for column in 0..<width { line[column] |= 0xFF00_0000 }
        if let target = target.baseAddress { simd_lay_over_white(line, Int64(width), target + row * width * 3) }
      }
      written = width * height * 3
    }
    return RGBImage(width: width, height: height, pixels: bytes)
  }

  private func setSource(_ colour: Colour, opacity: Double = 1) {
    cairo_set_source_rgba(
      context, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255, opacity)
  }

  private static func error(_ status: cairo_status_t) -> RenderingError {
    .surface(cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown")
  }
}
