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
  let inline: EncodedPicture
  let text: String
  let names: KnownNames

  /// Of tissue.
  init(photograph figure: any Figure, text: String, names: KnownNames) throws {
    self.figure = figure
    inline = try figure.inlinePNG(byteLimit: Self.photographByteLimit)
    self.text = text
    self.names = names
  }

  init(_ figure: any Figure, text: String, names: KnownNames) throws {
    self.figure = figure
    inline = try figure.inlinePNG()
    self.text = text
    self.names = names
  }

  var shape: String { "\(inline.cssWidth) × \(inline.cssHeight) px" }
  var byteCount: Int { inline.bytes.count }
  var knownNames: KnownNames { names }

  func show(in output: any OutputSink) { output.show(picture: inline, text: text) }

  func drawn(as format: PictureFormat, monitor: any WorkMonitor) throws -> [UInt8] {
    try figure.encoded(as: format).bytes
  }
}
