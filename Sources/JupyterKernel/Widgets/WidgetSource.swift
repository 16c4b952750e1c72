import JupyterWire

/// What a live view is made of in the page.
///
/// The script is an ES module that exports `render({host, el})`: it fills the element `el`, asks the kernel through `host`,
/// and may return a function that is called when the view goes.
public struct WidgetSource: Sendable, Equatable {
  /// In UTF-8.
  public let javascript: [UInt8]
  /// Applies to the whole page, so its selectors begin with a class of the view's own; empty for none.
  public let styleSheet: [UInt8]
  /// The same for the same bytes, so that a page which has them need not load them again.
  public let digest: String

  public init(javascript: [UInt8], styleSheet: [UInt8] = []) {
    self.javascript = javascript
    self.styleSheet = styleSheet
    let lengths = "\(javascript.count) \(styleSheet.count)"
    digest = String(
      decoding: MessageSigner(key: Array("widget".utf8)).signature(of: [Array(lengths.utf8), javascript, styleSheet]),
      as: UTF8.self)
  }
}
