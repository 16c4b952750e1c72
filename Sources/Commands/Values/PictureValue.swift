import CommandLanguage
import Rendering

/// A figure that a command drew.
struct PictureValue: SessionValue {
  /// Above this many bytes a picture of tissue gets fewer device pixels, so that notebooks stay small.
  static let photographByteLimit = 300_000

  let figure: any Figure
  let inline: EncodedPicture
  let text: String
  let names: KnownNames

  var valueType: ValueType { .picture }
  var shape: String { "\(inline.cssWidth) × \(inline.cssHeight) px" }
  var byteCount: Int { inline.bytes.count }
  var knownNames: KnownNames { names }

  func show(in output: any OutputSink) { output.show(picture: inline, text: text) }
}
