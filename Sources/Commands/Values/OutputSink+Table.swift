import CommandLanguage
import Rendering

extension OutputSink {
  /// Shows a table as HTML and as text.
  func show(table: DataTable, maximumRows: Int? = nil) {
    show(RichOutput(text: table.plainText(maximumRows: maximumRows), html: table.html(maximumRows: maximumRows)))
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
