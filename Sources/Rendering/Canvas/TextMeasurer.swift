import CCairo
import CPango

/// Sets text with pango in DejaVu Sans, and tells how large it becomes.
///
/// Metrics are not hinted, so that a text has the same width at every scale and in every format.
package final class TextMeasurer {
  private let pangoContext: OpaquePointer?
  private let ownedCairo: OpaquePointer?

  /// For layout, before there is a picture.
  init() {
    let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
    ownedCairo = cairo_create(surface)
    cairo_surface_destroy(surface)
    pangoContext = pango_cairo_create_context(ownedCairo)
    Self.turnHintsOff(in: pangoContext)
  }

  /// For drawing on `cairo`, which must outlive this.
  init(drawingOn cairo: OpaquePointer?) {
    ownedCairo = nil
    pangoContext = pango_cairo_create_context(cairo)
    Self.turnHintsOff(in: pangoContext)
  }

  deinit {
    if let pangoContext { g_object_unref(UnsafeMutableRawPointer(pangoContext)) }
    cairo_destroy(ownedCairo)
  }

  /// The room that a text takes, in CSS pixels.
  func size(of block: TextBlock) -> (width: Double, height: Double) {
    withLayout(of: block) { layout in
      var extents = PangoRectangle()
      pango_layout_get_extents(layout, nil, &extents)
      return (Double(extents.width) / Double(PANGO_SCALE), Double(extents.height) / Double(PANGO_SCALE))
    }
  }

  /// Lends a pango layout of the text.
  func withLayout<Value>(of block: TextBlock, _ body: (OpaquePointer?) -> Value) -> Value {
    let layout = pango_layout_new(pangoContext)
    defer { if let layout { g_object_unref(UnsafeMutableRawPointer(layout)) } }
    let font = pango_font_description_new()
    defer { pango_font_description_free(font) }
    pango_font_description_set_family_static(font, "DejaVu Sans")
    pango_font_description_set_absolute_size(font, block.size * Double(PANGO_SCALE))
    pango_font_description_set_weight(font, block.weight == .bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    pango_layout_set_font_description(layout, font)
    pango_layout_set_text(layout, block.text, -1)
    // A hyphen where a long name is broken would read as part of it.
    let attributes = pango_attr_list_new()
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(0))
    pango_layout_set_attributes(layout, attributes)
    pango_attr_list_unref(attributes)
    pango_layout_set_alignment(layout, block.alignment == .centre ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT)
    guard let maximumWidth = block.maximumWidth else { return body(layout) }
    if block.maximumLines == 1 {
      // A right-to-left name in a line wider than itself would stand at the far end: only a cut line gets a width.
      var natural = PangoRectangle()
      pango_layout_get_extents(layout, nil, &natural)
      if Double(natural.width) / Double(PANGO_SCALE) <= maximumWidth { return body(layout) }
    }
    pango_layout_set_width(layout, Int32(maximumWidth * Double(PANGO_SCALE)))
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    // Names of slides and cases often differ only at their ends.
    pango_layout_set_ellipsize(layout, block.maximumLines == 1 ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END)
    // Negative heights count lines.
    pango_layout_set_height(layout, Int32(-block.maximumLines))
    if block.alignment == .centre {
      // Around its own middle, not that of the room it had.
      var broken = PangoRectangle()
      pango_layout_get_extents(layout, nil, &broken)
      pango_layout_set_width(layout, broken.width + 1)
    }
    return body(layout)
  }

  private static func turnHintsOff(in context: OpaquePointer?) {
    let options = cairo_font_options_create()
    defer { cairo_font_options_destroy(options) }
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    pango_cairo_context_set_font_options(context, options)
    // Whole-pixel advances would space rotated labels out.
    pango_context_set_round_glyph_positions(context, 0)
  }
}
