import JupyterWire

/// The thread that answers the pages of live views, also while a cell runs.
struct WidgetThread: Sendable {
  let widgets: WidgetService

  let replier: Replier

  /// Returns after a stop.
  func run() {
    // A cell's own signal is for the cell.
    let signal = WakeSignal()
    while let item = widgets.queue.next() {
      switch item {
      case .message(let message, _):
        replier.surround(message) { () throws(WireError) in
          try widgets.receive(message, signal: signal)
        }
      case .work(let work): work()
      }
    }
  }
}
