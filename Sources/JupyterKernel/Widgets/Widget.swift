public import Files
import JupyterWire

/// A live view in the front end: a picture first, and in its place what the page draws by itself once it can.
///
/// Every member may be used from any thread.
public final class Widget: Sendable {
  public let identifier: String
  public let title: String
  let source: WidgetSource
  let handler: any WidgetHandler
  /// Under which the picture is displayed.
  let displayID: String
  /// The notebook's cell that has shown it; nil if the front end does not say.
  let cellID: String?
  /// The number of that cell.
  let executionCount: Int
  let service: WidgetService

  private struct State {
    /// What is shown where there is no view; nil once a page has said that it can show the view.
    var fallback: MIMEBundle?
    /// The header of the message that the page sent last, or of the cell.
    var parent: JSONFragment
  }

  private let state: Locked<State>

  init(
    source: WidgetSource, title: String, fallback: MIMEBundle, handler: any WidgetHandler, context: ExecutionContext,
    service: WidgetService
  ) {
    identifier = randomIdentifier()
    displayID = "widget-\(identifier)"
    self.title = title
    self.source = source
    self.handler = handler
    self.service = service
    cellID = context.cellID
    executionCount = context.executionCount
    state = Locked(State(fallback: fallback, parent: context.parent))
  }

  /// False once the page has let it go, its cell was run again, or too many others came after it.
  public var isOpen: Bool { service.isOpen(self) }

  /// Sends a message of the view's own; does nothing once the view is closed.
  ///
  /// - Parameter content: an object without the members `widget`, `answer` and `say`, which have a meaning.
  public func send(_ content: JSONFragment, buffers: [[UInt8]] = []) {
    send(content, buffers: buffers, parent: parent)
  }

  /// Sends what the page's script hears by `host.on(kind, …)`.
  public func say(_ kind: String, _ members: [(String, JSONFragment)] = [], buffers: [[UInt8]] = []) {
    send(.object([("say", .string(kind))] + members), buffers: buffers)
  }

  func send(_ content: JSONFragment, buffers: [[UInt8]] = [], parent: JSONFragment) {
    if isOpen { service.publish(WidgetMessages.custom(content), on: identifier, buffers: buffers, parent: parent) }
  }

  /// Runs `body` on the thread of the cells as soon as none runs, before those that are queued; it may be interrupted as a
  /// cell. It is not run if the kernel ends first.
  ///
  /// - Returns: whether it has to wait for a cell.
  @discardableResult
  public func betweenCells(_ body: @escaping @Sendable (ExecutionContext) -> Void) -> Bool {
    service.runBetweenCells(body)
  }

  /// Takes the view out of the page; the picture under which it was displayed is not shown again.
  public func close() { service.close(self, parent: parent) }

  var parent: JSONFragment {
    get { state.withLock { $0.parent } }
    set { state.withLock { $0.parent = newValue } }
  }

  /// What the page showed until now in place of the view; nil from the second call on.
  func takeFallback() -> MIMEBundle? { state.withLock { $0.fallback.take() } }

  /// Whether some page has said that it can show the view.
  var wasShown: Bool { state.withLock { $0.fallback == nil } }
}
