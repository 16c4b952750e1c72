package import Rendering

/// How a picture is to look, as far as that was said.
package struct StyleChoice: Sendable, Equatable {
  package var theme: FigureTheme?
  /// Of the page.
  package var widthMillimetres: Double?
  package var textInSVG: FigureStyle.TextInSVG?
  /// The statement that made it.
  package var statement: String?

  package init(
    theme: FigureTheme? = nil, widthMillimetres: Double? = nil, textInSVG: FigureStyle.TextInSVG? = nil,
    statement: String? = nil
  ) {
    self.theme = theme
    self.widthMillimetres = widthMillimetres
    self.textInSVG = textInSVG
    self.statement = statement
  }

  /// True where something was said of the look.
  package var isLook: Bool { theme != nil || widthMillimetres != nil || textInSVG != nil }

  /// A style with what was said in place of what it had.
  package func applied(to style: FigureStyle) -> FigureStyle {
    FigureStyle(
      theme: theme ?? style.theme, widthMillimetres: widthMillimetres ?? style.widthMillimetres,
      textInSVG: textInSVG ?? style.textInSVG, statement: statement ?? style.statement)
  }
}
