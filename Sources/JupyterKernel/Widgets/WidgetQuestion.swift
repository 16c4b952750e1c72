public import Files
import JupyterWire
import Synchronization

/// Something that the page of a live view has asked and waits for.
///
/// It is answered once, from any thread; what comes after that does nothing. A question that is forgotten, so that nothing
/// holds it any more, fails by itself. The page gives up after 30 seconds, unless the question was postponed.
public final class WidgetQuestion: Sendable {
  /// What is asked: an object.
  public let content: JSONValue
  public let buffers: [[UInt8]]
  public let widget: Widget
  private let number: Int
  private let parent: JSONFragment
  private let isSettled = Atomic<Bool>(false)

  init(number: Int, content: JSONValue, buffers: [[UInt8]], widget: Widget, parent: JSONFragment) {
    self.number = number
    self.content = content
    self.buffers = buffers
    self.widget = widget
    self.parent = parent
  }

  deinit { fail("The kernel has no answer to this.") }

  /// Answers with the members of an object, none of which may be named `answer`, `error` or `later`.
  public func answer(_ members: [(String, JSONFragment)] = [], buffers: [[UInt8]] = []) { settle(members, buffers) }

  /// Says why there is no answer, in a sentence for the reader of the view.
  public func fail(_ sentence: String) { settle([("error", .string(sentence))], []) }

  /// Lets the page wait as long as it takes.
  public func postpone() {
    if !isSettled.load(ordering: .acquiring) { reply([("later", .bool(true))], []) }
  }

  /// Runs `body` as `Widget.betweenCells` does, and postpones the question until then.
  ///
  /// - Returns: whether it has to wait for a cell.
  @discardableResult
  public func betweenCells(_ body: @escaping @Sendable (ExecutionContext) -> Void) -> Bool {
    // Also where nothing runs: a cell may begin just now.
    postpone()
    return widget.betweenCells(body)
  }

  private func settle(_ members: [(String, JSONFragment)], _ buffers: [[UInt8]]) {
    if !isSettled.exchange(true, ordering: .acquiringAndReleasing) { reply(members, buffers) }
  }

  private func reply(_ members: [(String, JSONFragment)], _ buffers: [[UInt8]]) {
    widget.send(.object([("answer", .integer(number))] + members), buffers: buffers, parent: parent)
  }
}
