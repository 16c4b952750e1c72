public import Files

/// What a kernel says about its language and itself.
///
/// Protocol: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-info>.
public struct LanguageInfo: Sendable, Equatable {
  public struct HelpLink: Sendable, Equatable {
    public let text: String
    public let url: String

    public init(text: String, url: String) {
      self.text = text
      self.url = url
    }
  }

  /// How the code mirror editor colours the language.
  public enum EditorMode: Sendable, Equatable, ExpressibleByStringLiteral {
    /// A mode that the front end already has, such as `shell`.
    case named(String)
    /// A mode with its settings, such as `{"name": "python", "version": 3}`.
    case configured(JSONFragment)

    public init(stringLiteral name: String) { self = .named(name) }

    var fragment: JSONFragment {
      switch self {
      case .named(let name): .string(name)
      case .configured(let settings): settings
      }
    }
  }

  public var name: String
  public var version: String
  public var mimetype: String
  /// With its dot.
  public var fileExtension: String
  public var codemirrorMode: EditorMode
  /// A Pygments lexer, which nbconvert colours with.
  public var pygmentsLexer: String
  /// What a terminal front end prints at its start.
  public var banner: String
  public var implementation: String
  public var implementationVersion: String
  public var helpLinks: [HelpLink]

  public init(
    name: String, version: String, mimetype: String, fileExtension: String, codemirrorMode: EditorMode,
    pygmentsLexer: String, banner: String, implementation: String, implementationVersion: String,
    helpLinks: [HelpLink] = []
  ) {
    self.name = name
    self.version = version
    self.mimetype = mimetype
    self.fileExtension = fileExtension
    self.codemirrorMode = codemirrorMode
    self.pygmentsLexer = pygmentsLexer
    self.banner = banner
    self.implementation = implementation
    self.implementationVersion = implementationVersion
    self.helpLinks = helpLinks
  }

  /// The content of `kernel_info_reply`.
  public var replyContent: JSONFragment {
    .object([
      ("status", .string("ok")), ("protocol_version", .string(MessageCodec.protocolVersion)),
      ("implementation", .string(implementation)), ("implementation_version", .string(implementationVersion)),
      (
        "language_info",
        .object([
          ("name", .string(name)), ("version", .string(version)), ("mimetype", .string(mimetype)),
          ("file_extension", .string(fileExtension)), ("pygments_lexer", .string(pygmentsLexer)),
          ("codemirror_mode", codemirrorMode.fragment), ("nbconvert_exporter", .string("script")),
        ])
      ),
      ("banner", .string(banner)), ("debugger", .bool(false)), ("supported_features", .array([])),
      (
        "help_links",
        .array(helpLinks.map { .object([("text", .string($0.text)), ("url", .string($0.url))]) })
      ),
    ])
  }
}
