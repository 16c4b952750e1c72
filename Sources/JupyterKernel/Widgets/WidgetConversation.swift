import Files
import JupyterWire

/// What the page of an open view says, which may be anything.
struct WidgetConversation {
  let service: WidgetService
  let widget: Widget
  let context: ExecutionContext

  func hear(_ said: CommMessage) {
    switch said.data["method"]?.text {
    case "request_state":
      let state = WidgetMessages.state(of: widget.identifier, title: widget.title)
      service.publish(WidgetMessages.update(state), on: widget.identifier, parent: context.parent)
    case "custom": if let content = said.data["content"] { hear(content, said.buffers) }
    // A page changes nothing of the state: its script least of all.
    default: break
    }
  }

  private func hear(_ content: JSONValue, _ buffers: [[UInt8]]) {
    guard content.members != nil else { return }
    if let word = content["widget"] { return hearLoader(word.text) }
    guard let number = content["ask"] else {
      return widget.handler.received(content: content, buffers: buffers, on: widget, context: context)
    }
    guard case .integer(let number) = number else { return }
    widget.handler.asked(
      WidgetQuestion(number: number, content: content, buffers: buffers, widget: widget, parent: context.parent),
      context: context)
  }

  private func hearLoader(_ word: String?) {
    switch word {
    case "ready":
      reply(WidgetMessages.source(widget.source))
      guard let fallback = widget.takeFallback() else { return }
      context.updateDisplay(
        widget.displayID, to: WidgetMessages.display(widget.identifier, insteadOf: fallback))
      service.keep(widget, fallback)
    case "need": reply(WidgetMessages.source(widget.source), [widget.source.javascript, widget.source.styleSheet])
    default: break
    }
  }

  private func reply(_ content: JSONFragment, _ buffers: [[UInt8]] = []) {
    widget.send(content, buffers: buffers, parent: context.parent)
  }
}
