import JupyterWire

/// What is left of a live view when its kernel is gone: enough for a reopened notebook to show a picture in its place.
struct Keepsake: Sendable, Equatable {
  /// Of the view, which the saved notebook names.
  let identifier: String
  /// The path of the notebook, as Jupyter's server tells it; nil where it does not.
  let notebook: String?
  let title: String
  let text: String
  /// The longest title or text that is kept, in UTF-8.
  static let textLimit = 20_000

  init(identifier: String, notebook: String?, title: String, text: String) {
    self.identifier = identifier
    self.notebook = notebook
    self.title = Self.cut(title)
    self.text = Self.cut(text)
  }

  private static func cut(_ text: String) -> String {
    text.utf8.count <= textLimit ? text : String(decoding: text.utf8.prefix(textLimit), as: UTF8.self) + " …"
  }

  /// Whether a text can be the identifier of a view, and so a name of a file.
  static func isIdentifier(_ text: String) -> Bool {
    text.utf8.count == 36
      && text.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
