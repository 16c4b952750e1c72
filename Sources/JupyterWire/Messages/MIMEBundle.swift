public import Files

/// One result in several representations, from which a front end shows the richest it knows.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#display-data>.
public struct MIMEBundle: Sendable, Equatable {
  public enum Representation: Sendable, Equatable {
    /// Text types such as `text/html`.
    case text(String)
    /// Binary types such as `image/png`, sent in base64.
    case bytes([UInt8])
    /// Types that end in `json`, which are JSON inside the message.
    case json(JSONFragment)
  }

  /// Media type and representation, in the order they were added.
  public private(set) var representations: [(type: String, value: Representation)] = []
  /// What a front end should know about a representation, by media type.
  public private(set) var metadata: [(type: String, value: JSONFragment)] = []

  /// An empty bundle: a display of it shows nothing.
  public init() {}

  /// The plain text that every bundle should have, and optionally a page of HTML or Markdown for the same.
  public init(plain: String, html: String? = nil, markdown: String? = nil) {
    set("text/plain", .text(plain))
    if let html { set("text/html", .text(html)) }
    if let markdown { set("text/markdown", .text(markdown)) }
  }

  /// A picture.
  ///
  /// - Parameters:
  ///   - png: the bytes of the file.
  ///   - width: CSS pixels, half the picture's own for a picture drawn at 2x; `height` likewise.
  ///   - plain: what is shown where there are no pictures.
  public init(png: [UInt8], width: Int, height: Int, plain: String) {
    set("image/png", .bytes(png))
    set("text/plain", .text(plain))
    setMetadata("image/png", .object([("width", .integer(width)), ("height", .integer(height))]))
  }

  /// Adds or replaces one representation.
  public mutating func set(_ type: String, _ value: Representation) {
    representations.removeAll { $0.type == type }
    representations.append((type, value))
  }

  /// Adds or replaces the metadata of one representation.
  public mutating func setMetadata(_ type: String, _ value: JSONFragment) {
    metadata.removeAll { $0.type == type }
    metadata.append((type, value))
  }

  /// The plain text, if there is one.
  public var plainText: String? {
    for (type, value) in representations where type == "text/plain" {
      if case .text(let text) = value { return text }
    }
    return nil
  }

  /// The bundle as the `data` member of a message.
  public var dataFragment: JSONFragment {
    .object(
      representations.map { type, value in
        switch value {
        case .text(let text): (type, .string(text))
        case .bytes(let bytes): (type, .base64(bytes))
        case .json(let fragment): (type, fragment)
        }
      })
  }

  /// The bundle's own metadata followed by `extra`, as the `metadata` member of a message.
  public func metadataFragment(extra: [(String, JSONFragment)] = []) -> JSONFragment { .object(metadata + extra) }

  public static func == (left: MIMEBundle, right: MIMEBundle) -> Bool {
    left.representations.elementsEqual(right.representations) { $0 == $1 }
      && left.metadata.elementsEqual(right.metadata) { $0 == $1 }
  }
}
