import CommandLanguage
import Rendering

/// A figure that a command drew.
struct PictureValue: SessionValue {
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
