/// The lines above and below a figure: title, subtitle and footer, wrapped to its width.
struct FigureTexts {
  static let margin = 16.0

  private let above: [(block: TextBlock, top: Double)]
  private let below: TextBlock?
  /// From the top of the page to where the figure itself may begin.
  let topRoom: Double
  /// From the end of the figure itself to the bottom of the page.
  let bottomRoom: Double

  /// - Parameter width: The figure's, margins included.
  init(
    title: String?, subtitle: String?, footer: String?, width: Double, in style: FigureStyle = FigureStyle(),
    measuring text: TextMeasurer
  ) {
    let (subtitle, footer) = style.showsCaptions ? (subtitle, footer) : (nil, nil)
    let room = width - 2 * Self.margin
    var above: [(block: TextBlock, top: Double)] = []
    var top = 14.0
    if let title, !title.isEmpty {
      var block = TextBlock(title, size: 17, weight: .bold, maximumWidth: room, maximumLines: Self.mostLines)
      // A title that needs a third line is set smaller.
      if text.size(of: block).height > 50 { block.size = 14 }
      above.append((block, top))
      top += text.size(of: block).height + 4
    }
    if let subtitle, !subtitle.isEmpty {
      let block = TextBlock(subtitle, size: 12.5, ink: .soft, maximumWidth: room, maximumLines: Self.mostLines)
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
    let block = TextBlock(footer, size: 11, ink: .soft, maximumWidth: room, maximumLines: Self.mostLines)
    below = block
    bottomRoom = text.size(of: block).height + 10 + 12
  }

  /// What is longer than this many lines is no caption.
  private static let mostLines = 40

  /// Up to this width a figure grows to have a text on one line, in CSS pixels.
  private static let widestForALine = 700.0
  /// The width of a figure whose content has `content`, margins included: more where a line of text would else be broken,
  /// and still more where a word would.
  static func width(
    content: Double, title: String?, subtitle: String?, footer: String?, in style: FigureStyle = FigureStyle(),
    measuring text: TextMeasurer
  ) -> Double {
    let room = style.room
    guard !room.isFixed else { return max(content, room.widest) }
    let (subtitle, footer) = style.showsCaptions ? (subtitle, footer) : (nil, nil)
    let widest = room.widest
    let lines = [(title, 17.0, TextBlock.Weight.bold), (subtitle, 12.5, .regular), (footer, 11, .regular)]
    var width = content
    for case (let line?, let size, let weight) in lines where !line.isEmpty {
      func length(_ part: String) -> Double {
        // What fits exactly may not, by the last bit of a sum.
        text.size(of: TextBlock(part, size: size, weight: weight)).width.rounded(.up) + 1 + 2 * margin
      }
      let whole = length(line)
      if whole <= min(widestForALine, widest) { width = max(width, whole) }
      guard whole > width else { continue }
      let words = line.split { $0.isWhitespace && $0 != "\u{A0}" }
      if let longest = words.max(by: { $0.count < $1.count }) {
        width = max(width, min(length(String(longest)), widest))
      }
    }
    return width
  }

  func draw(on canvas: Canvas) {
    for line in above { canvas.draw(line.block, x: Self.margin, y: line.top) }
    if let below { canvas.draw(below, x: Self.margin, y: canvas.height - bottomRoom + 10) }
  }
}
