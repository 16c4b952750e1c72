import CPango

/// A line of a text as pango broke it.
struct TextLine: Equatable {
  let text: String
  /// From the left of the block, and from its top down to the baseline.
  let left: Double
  let baseline: Double
  let width: Double

  /// The lines of a layout; nil where a line was cut, whose ellipsis is in no text.
  static func lines(of layout: OpaquePointer?, text: String) -> [TextLine]? {
    guard let layout, pango_layout_is_ellipsized(layout) == 0 else { return nil }
    let bytes = Array(text.utf8)
    var lines: [TextLine] = []
    let iterator = pango_layout_get_iter(layout)
    defer { pango_layout_iter_free(iterator) }
    repeat {
      guard let line = pango_layout_iter_get_line_readonly(iterator) else { return nil }
      var extents = PangoRectangle()
      pango_layout_iter_get_line_extents(iterator, nil, &extents)
      let start = Int(line.pointee.start_index)
      let end = min(start + Int(line.pointee.length), bytes.count)
      let scale = Double(PANGO_SCALE)
      lines.append(
        TextLine(
          text: String(decoding: bytes[start..<max(start, end)], as: UTF8.self), left: Double(extents.x) / scale,
          baseline: Double(pango_layout_iter_get_baseline(iterator)) / scale, width: Double(extents.width) / scale))
    } while pango_layout_iter_next_line(iterator) != 0
    return lines
  }
}

/// The texts of an SVG file as texts: cairo writes none but shapes.
///
/// Each line says how long it is, so that it keeps to its room in another font.
struct SVGTexts {
  /// The middle of a text that reads upwards, while it is drawn.
  var turn: (x: Double, y: Double)?
  private var elements = ""

  mutating func add(_ lines: [TextLine], of block: TextBlock, colour: Colour, x: Double, y: Double) {
    for line in lines where line.text.contains(where: { !$0.isWhitespace }) {
      let left = Self.number(x + line.left)
      let baseline = Self.number(y + line.baseline)
      let place =
        turn.map { "transform=\"translate(\(Self.number($0.x)) \(Self.number($0.y))) rotate(-90)\" " } ?? ""
      elements +=
        "<text \(place)x=\"\(left)\" y=\"\(baseline)\" font-size=\"\(Self.number(block.size))\""
        + (block.weight == .bold ? " font-weight=\"bold\"" : "")
        + " fill=\"\(colour.hexText)\" textLength=\"\(Self.number(line.width))\" lengthAdjust=\"spacingAndGlyphs\">"
        + Self.escaped(line.text.trimmingTrailingBlanks) + "</text>\n"
    }
  }

  /// The file with its texts, and with what it says about itself.
  static func completed(
    _ svg: [UInt8], texts: SVGTexts?, unit: Double, metadata: PictureMetadata
  ) -> [UInt8] {
    let root = Array("<svg ".utf8)
    guard
      let start = svg.indices.first(where: { svg[$0...].starts(with: root) }),
      let headEnd = svg[start...].firstIndex(of: UInt8(ascii: ">")),
      let end = svg.indices.reversed().first(where: { svg[$0...].starts(with: Array("</svg>".utf8)) })
    else { return svg }
    var head = ""
    if let title = metadata.title, !title.isEmpty { head += "\n<title>" + escaped(title) + "</title>" }
    let notes = [metadata.description, metadata.statement].compactMap(\.self).filter { !$0.isEmpty }
    if !notes.isEmpty { head += "\n<desc>" + escaped(notes.joined(separator: "\n")) + "</desc>" }
    var tail = ""
    if let texts, !texts.elements.isEmpty {
      tail =
        "<g font-family=\"'DejaVu Sans', Verdana, sans-serif\" xml:space=\"preserve\" transform=\"scale(\(number(unit)))\">\n"
        + texts.elements + "</g>\n"
    }
    return Array(svg[...headEnd]) + Array(head.utf8) + Array(svg[(headEnd + 1)..<end]) + Array(tail.utf8)
      + Array(svg[end...])
  }

  private static func number(_ value: Double) -> String { NumberText.short((value * 1000).rounded() / 1000) }

  /// What XML holds of a text: control characters are no part of it.
  private static func escaped(_ text: some StringProtocol) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.properties.generalCategory == .control: result += " "
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension String {
  /// Where a line is broken its blank stays in the text and takes no room.
  fileprivate var trimmingTrailingBlanks: Substring {
    var end = endIndex
    while end > startIndex, self[index(before: end)].isWhitespace { end = index(before: end) }
    return self[..<end]
  }
}
