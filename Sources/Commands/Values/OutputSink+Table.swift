import CommandLanguage
import Rendering

extension OutputSink {
  /// Shows a table as HTML and as text.
  ///
  /// - Parameter more: how rows beyond are seen.
  func show(table: DataTable, maximumRows: Int? = nil, more: String? = nil) {
    show(
      RichOutput(
        text: table.plainText(maximumRows: maximumRows, more: more),
        html: table.html(maximumRows: maximumRows, more: more)))
  }

  /// Shows a picture, with a sentence for front ends without pictures, and says which letters there is no font for.
  func show(picture: EncodedPicture, text: String) {
    show(
      RichOutput(
        text: text,
        picture: RichOutput.Picture(png: picture.bytes, width: picture.cssWidth, height: picture.cssHeight)))
    if let sentence = picture.undrawn.sentence { warn(sentence) }
  }
}
