import CommandLanguage
import Rendering
import Workflows

extension FigureTheme: ParameterChoice {}
extension FigureStyle.TextInSVG: ParameterChoice {}

/// How a figure looks.
struct StyleParameters: ParameterGroup {
  @Parameter(
    "The ground: light, dark, or print, which has small letters and leaves captions to the journal.")
  var theme: FigureTheme?
  @Parameter(
    "Width of the page; columns of journals are 85, 114 and 174 mm wide. Left out, as wide as the figure needs.",
    in: 30...600, unit: "mm")
  var width: Double?

  var choice: StyleChoice { StyleChoice(theme: theme, widthMillimetres: width) }
  var style: FigureStyle { choice.applied(to: FigureStyle()) }
}
