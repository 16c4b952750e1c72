import CommandLanguage
import FeatureData
import Rendering
import Workflows

/// A figure that a command drew.
struct PictureValue: TypedValue, Drawable {
  static let declaration = ValueTypeDeclaration(
    ValueType("Picture"), phrase: "a picture", summary: "A figure that can be saved.", savedAs: fileExtensions)

  /// Above this many bytes a picture of tissue gets fewer device pixels, so that notebooks stay small.
  static let photographByteLimit = 300_000

  let figure: any Figure
  let style: FigureStyle
  let inline: EncodedPicture
  let text: String
  let names: KnownNames

  init(_ figure: any Figure, in style: FigureStyle = FigureStyle(), text: String, names: KnownNames) throws {
    self.figure = figure
    self.style = style
    inline =
      figure.content == .photograph
      ? try figure.inlinePNG(style, byteLimit: Self.photographByteLimit) : try figure.inlinePNG(style)
    self.text = text
    self.names = names
  }

  var shape: String { "\(inline.cssWidth) × \(inline.cssHeight) px" }
  var byteCount: Int { inline.bytes.count }
  var knownNames: KnownNames { names }

  func show(in output: any OutputSink) { output.show(picture: inline, text: text) }

  func drawn(as format: PictureFormat, _ request: SaveRequest) throws -> [UInt8] {
    try figure.encoded(as: format, request.style.applied(to: style)).bytes
  }
}
