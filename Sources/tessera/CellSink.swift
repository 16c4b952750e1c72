import CommandLanguage
import FeatureData
import JupyterKernel
import JupyterWire
import Rendering
import Synchronization

/// Results as notebook outputs.
final class CellSink: OutputSink {
  private let context: ExecutionContext
  private let hasPager: Bool
  private let collected = Mutex<[MIMEBundle]>([])

  /// - Parameter hasPager: the answer to a cell takes `pages`; nothing else does.
  init(context: ExecutionContext, hasPager: Bool) {
    self.context = context
    self.hasPager = hasPager
  }

  /// What goes to the pager.
  var pages: [MIMEBundle] { collected.withLock { $0 } }

  func show(_ output: RichOutput) { context.display(output.bundle) }
  func showValue(_ output: RichOutput) { context.executeResult(output.bundle) }

  func showPage(_ output: RichOutput) {
    if hasPager { collected.withLock { $0.append(output.bundle) } } else { show(output) }
  }

  func show(_ output: RichOutput, orLive view: any LiveView) {
    let source = WidgetSource(javascript: view.page.javascript, styleSheet: view.page.styleSheet)
    _ = context.widgets.show(
      source, title: view.title.visibleLines, fallback: output.bundle, handler: FrontEndView(view: view), in: context)
  }

  func showUpdatable(_ output: RichOutput) -> DisplayHandle {
    let display = DisplayHandle("display-\(randomIdentifier())")
    context.display(output.bundle, displayID: display.name)
    return display
  }

  func update(_ display: DisplayHandle, to output: RichOutput) {
    context.updateDisplay(display.name, to: output.bundle)
  }

  func note(_ text: String) { context.write(.stdout, text.visibleLines + "\n") }
  func warn(_ text: String) { context.write(.stderr, text.visibleLines + "\n") }
}

extension RichOutput {
  var bundle: MIMEBundle {
    if let picture {
      return MIMEBundle(
        png: PNGText.stating(picture.statement, picture.png), width: picture.width, height: picture.height,
        plain: text.visibleLines)
    }
    return MIMEBundle(plain: text.visibleLines, html: html?.visibleLines, markdown: markdown?.visibleLines)
  }
}

/// Progress and interruption of a running cell.
struct CellMonitor: ProgressMonitor {
  let context: ExecutionContext

  var isInterrupted: Bool { context.isInterrupted }
  func report(phase: String, unit: String, done: Int, total: Int) {
    context.progress.report(phase: phase, unit: unit, done: done, total: total)
  }
}
