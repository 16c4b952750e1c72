/// One output in the forms a front end may choose from.
package struct RichOutput: Sendable, Equatable {
  /// A picture, and its size on the screen in CSS pixels.
  package struct Picture: Sendable, Equatable {
    package let png: [UInt8]
    package let width: Int
    package let height: Int
    /// The statement that made it.
    package var statement: String?
    package init(png: [UInt8], width: Int, height: Int) {
      self.png = png
      self.width = width
      self.height = height
    }
  }

  /// Always present; complete in itself.
  package var text: String
  package var markdown: String?
  package var html: String?
  package var picture: Picture?

  /// With the statement that made its picture, if it has one.
  func made(by statement: String) -> RichOutput {
    var output = self
    if output.picture?.statement == nil { output.picture?.statement = statement }
    return output
  }

  package init(text: String, markdown: String? = nil, html: String? = nil, picture: Picture? = nil) {
    self.text = text
    self.markdown = markdown
    self.html = html
    self.picture = picture
  }
}
