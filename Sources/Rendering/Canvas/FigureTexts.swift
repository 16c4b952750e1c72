/// The lines above and below a figure: title, subtitle and footer, wrapped to its width.
struct FigureTexts {
  static let margin = 16.0
  /// The page, the colours of texts, and shades for the smooth edges of their letters.
  static let colours: [Colour] =
    [.white, .ink, .softInk]
    + [Colour.ink, .softInk].flatMap { ink in
      stride(from: 0.0625, to: 1, by: 0.0625).map { ink.covering($0, of: .white) }
    }

  private let above: [(block: TextBlock, top: Double)]
  private let below: TextBlock?
  /// From the top of the page to where the figure itself may begin.
  let topRoom: Double
  /// From the end of the figure itself to the bottom of the page.
  let bottomRoom: Double

  /// - Parameter width: The figure's, margins included.
  init(title: String?, subtitle: String?, footer: String?, width: Double, measuring text: TextMeasurer) {
    let room = width - 2 * Self.margin
    var above: [(block: TextBlock, top: Double)] = []
    var top = 14.0
    if let title, !title.isEmpty {
      var block = TextBlock(title, size: 17, weight: .bold, maximumWidth: room, maximumLines: 3)
      // A title that needs a third line is set smaller before it is cut.
      if text.size(of: block).height > 50 { block.size = 14 }
      above.append((block, top))
      top += text.size(of: block).height + 4
    }
    if let subtitle, !subtitle.isEmpty {
      let block = TextBlock(subtitle, size: 12.5, colour: .softInk, maximumWidth: room, maximumLines: 3)
      above.append((block, top))
      top += text.size(of: block).height + 4
    }
    self.above = above
    topRoom = above.isEmpty ? Self.margin : top + 8
    guard let footer, !footer.isEmpty else {
      below = nil
      bottomRoom = Self.margin
      return
    }
    let block = TextBlock(footer, size: 11, colour: .softInk, maximumWidth: room, maximumLines: 8)
    below = block
    bottomRoom = text.size(of: block).height + 10 + 12
  }

  func draw(on canvas: Canvas) {
    for line in above { canvas.draw(line.block, x: Self.margin, y: line.top) }
    if let below { canvas.draw(below, x: Self.margin, y: canvas.height - bottomRoom + 10) }
  }
}
