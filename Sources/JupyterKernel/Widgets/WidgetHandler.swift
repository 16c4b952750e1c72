public import Files

/// What answers a live view on the kernel's side.
///
/// All methods are called on one thread for all views of the kernel, also while a cell runs. So they must be quick: what
/// takes longer than some milliseconds belongs on a thread of its own, which answers when it is done, and what changes
/// the session belongs between cells (`Widget.betweenCells`). What comes from a page is to be judged as hostile.
public protocol WidgetHandler: Sendable {
  /// The page waits for `question` to be answered or failed, now or later.
  ///
  /// What is shown through `context` before this returns appears with the view.
  func asked(_ question: WidgetQuestion, context: ExecutionContext)

  /// The page has told something without a question.
  func received(content: JSONValue, buffers: [[UInt8]], on widget: Widget, context: ExecutionContext)

  /// The last call: the page has let the view go, its cell was run again, or too many others came after it. Nothing
  /// can be sent any more, and what the view holds should be given back.
  func closed(_ widget: Widget)
}

extension WidgetHandler {
  public func received(content: JSONValue, buffers: [[UInt8]], on widget: Widget, context: ExecutionContext) {}
  public func closed(_ widget: Widget) {}
}
