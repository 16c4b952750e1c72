import Files
package import JupyterKernel
package import JupyterWire

/// A toy of an interactive view: a display that changes, and a comm that a cell has opened to the front end.
package struct EchoView: CommTarget {
  /// The target in the front end that the comm is opened to.
  package static let target = "view"
  private let displayID: String

  static func show(_ title: String, in context: ExecutionContext) {
    let view = EchoView(displayID: "view-\(randomIdentifier())")
    context.display(MIMEBundle(plain: "\(title), drawing"), displayID: view.displayID)
    let buffer = Array(title.utf8)
    _ = context.comms.open(target, data: .object([("title", .string(title))]), buffers: [buffer], handler: view)
    context.updateDisplay(view.displayID, to: MIMEBundle(plain: "\(title), drawn"))
  }

  package func opened(_ comm: Comm, by message: CommMessage, context: ExecutionContext) {}

  /// The display follows what was chosen, and the buffers go back with their bytes in reverse.
  package func received(_ message: CommMessage, on comm: Comm, context: ExecutionContext) {
    if message.data["close"] == .bool(true) { return comm.close() }
    let chosen = message.data["chosen"]?.text ?? "nothing"
    context.updateDisplay(displayID, to: MIMEBundle(plain: "chosen: \(chosen)"))
    comm.send(.object([("chosen", .string(chosen))]), buffers: message.buffers.map { $0.reversed() })
  }

  package func closed(_ comm: Comm, by message: CommMessage, context: ExecutionContext) {
    context.updateDisplay(displayID, to: MIMEBundle(plain: "closed"))
  }
}
