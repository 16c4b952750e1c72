/// What a figure is made for: the ground, the width of the page, and how its texts are kept.
package struct FigureStyle: Sendable, Hashable {
  package enum TextInSVG: String, Sendable, CaseIterable {
    /// Letters that can be searched, read aloud and edited.
    case text
    /// Shapes, which look the same where the font is missing.
    case outlines
  }

  package var theme: FigureTheme
  /// Of the page, in millimetres; nil for as wide as the content needs.
  package var widthMillimetres: Double?
  package var textInSVG: TextInSVG
  /// The statement that made the figure, which its file keeps.
  package var statement: String?

  package init(
    theme: FigureTheme = .light, widthMillimetres: Double? = nil, textInSVG: TextInSVG = .text, statement: String? = nil
  ) {
    self.theme = theme
    self.widthMillimetres = widthMillimetres
    self.textInSVG = textInSVG
    self.statement = statement
  }

  /// As wide as a column, a column and a half, and a page of most journals.
  package static let printWidths = [85.0, 114, 174]
  private static let cssPixelsPerMillimetre = 96 / 25.4

  /// CSS pixels for each unit that a figure is laid out in: in print the twelve units of a name are 6.75 points.
  var unit: Double { theme == .print ? 0.75 : 1 }

  /// Device pixels a CSS pixel of a PNG: 600 dots an inch in print, half as many for photographs.
  func scale(of content: PNGWriter.Content) -> Double {
    guard theme == .print else { return 2 }
    return content == .drawing ? 6.25 : 3.125
  }

  /// How wide the page may be, in units of the layout.
  var room: PageRoom {
    if let widthMillimetres {
      let width = (widthMillimetres * Self.cssPixelsPerMillimetre / unit).rounded(.down)
      return PageRoom(narrowest: width, widest: width)
    }
    let page = (Self.printWidths[2] * Self.cssPixelsPerMillimetre / unit).rounded(.down)
    return theme == .print ? PageRoom(narrowest: 0, widest: page) : PageRoom(narrowest: 0, widest: 1200)
  }

  /// Captions are the journal's.
  var showsCaptions: Bool { theme != .print }
}

/// How wide a page may be, in units of the layout.
struct PageRoom: Equatable {
  let narrowest: Double
  let widest: Double

  var isFixed: Bool { narrowest == widest }

  /// A width that content asks for, within what there is.
  func width(for content: Double) -> Double { min(max(content, narrowest), widest) }
}
