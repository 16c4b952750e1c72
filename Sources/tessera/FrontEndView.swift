import CommandLanguage
import Files
import JupyterKernel
import JupyterWire

/// A live view of the language as the kernel shows it.
struct FrontEndView: WidgetHandler {
  let view: any LiveView

  func asked(_ question: WidgetQuestion, context: ExecutionContext) { view.hear(FrontEndQuestion(question: question)) }
  func closed(_ widget: Widget) { view.pageClosed() }
}

/// What its page asks.
private struct FrontEndQuestion: ViewQuestion {
  let question: WidgetQuestion

  var json: String { JSONFragment(question.content).text }

  var page: String { question.widget.identifier }

  func answer(_ message: ViewMessage) {
    question.answer(
      message.members.map { ($0.name, JSONFragment(verbatim: Array($0.json.utf8))) }, buffers: message.buffers)
  }

  func fail(_ sentence: String) { question.fail(sentence) }
  func postpone() { question.postpone() }

  func betweenStatements(
    _ body: @escaping @Sendable (_ output: any OutputSink, _ monitor: any ProgressMonitor) -> Void
  ) {
    question.betweenCells { context in
      body(CellSink(context: context, hasPager: false), CellMonitor(context: context))
    }
  }
}
