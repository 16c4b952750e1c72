import CommandLanguage
import Rendering

extension OutputSink {
  /// Shows a table as HTML and as text.
  func show(table: DataTable, maximumRows: Int? = nil) {
    show(RichOutput(text: table.plainText(maximumRows: maximumRows), html: table.html(maximumRows: maximumRows)))
  }

  /// Shows a picture, with a sentence for front ends without pictures.
  func show(picture: EncodedPicture, text: String) {
    show(
      RichOutput(
        text: text,
        picture: RichOutput.Picture(png: picture.bytes, width: picture.cssWidth, height: picture.cssHeight)))
  }
}

extension Double {
  /// At most four significant digits, without an exponent where that is readable.
  var shortText: String {
    if self == rounded(), abs(self) < 1e15 { return String(Int(self)) }
    var digits = 4
    var scale = abs(self)
    while scale >= 10, digits > 1 {
      scale /= 10
      digits -= 1
    }
    let power = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    return String((self * power).rounded() / power)
  }
}
