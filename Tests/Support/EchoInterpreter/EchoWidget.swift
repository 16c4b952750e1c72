package import Files
import Glibc
package import JupyterKernel
import JupyterWire
import Synchronization

/// A toy of a live view: it counts, says what the pointer is over, and gives back what it is sent.
package final class EchoWidget: WidgetHandler {
  private let count = Atomic<Int>(0)

  package static let source = WidgetSource(
    javascript: Array(script.utf8), styleSheet: Array(".echo-widget output { margin-left: 1em; }\n".utf8))

  package init() {}

  static func show(_ title: String, in context: ExecutionContext) {
    var fallback = onePixel(byteCount: 0)
    fallback.set("text/plain", .text("\(title), a picture"))
    _ = context.widgets.show(source, title: title, fallback: fallback, handler: EchoWidget(), in: context)
  }

  package func asked(_ question: WidgetQuestion, context: ExecutionContext) {
    switch question.content["do"]?.text {
    case "count": question.answer([("count", .integer(count.add(1, ordering: .relaxed).newValue))])
    case "hover":
      question.answer([("over", question.content["over"].map { JSONFragment($0) } ?? .null)], buffers: question.buffers)
    case "later":
      pause()
      question.answer([("after", .string("a while"))])
    case "keep":
      let mustWait = question.betweenCells { context in
        context.write(.stdout, "kept")
        question.answer([("cell", .integer(context.executionCount))])
      }
      if mustWait { question.widget.say("waiting") }
    case "forget": break
    case "print": context.write(.stdout, "printed")
    case "close": question.widget.close()
    default: question.fail("There is nothing of that name to do.")
    }
  }

  package func received(content: JSONValue, buffers: [[UInt8]], on widget: Widget, context: ExecutionContext) {
    widget.say("echo", [("told", JSONFragment(content))], buffers: buffers)
  }

  private func pause() { usleep(20_000) }

  private static let script = """
    export function render({ host, el }) {
      const button = document.createElement("button");
      const output = document.createElement("output");
      const state = (text) => { output.textContent = text; };
      const ask = (content) => host.ask(content).then(
        ({ content }) => state(String(content.count ?? content.over)), (error) => state(error.message));
      el.className = "echo-widget";
      button.textContent = host.title;
      button.onclick = () => ask({ do: "count" });
      button.onpointermove = (event) => ask({ do: "hover", over: Math.round(event.offsetX) });
      host.onDisconnect(() => state("The kernel is gone."));
      el.append(button, output);
      return () => el.replaceChildren();
    }

    """
}
