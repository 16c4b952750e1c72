import Files
package import JupyterKernel
package import JupyterWire

/// A comm target that sends everything back, binary data too.
package struct EchoComm: CommTarget {
  package static let name = "echo"

  package init() {}

  package func opened(_ comm: Comm, by message: CommMessage, context: ExecutionContext) {
    received(message, on: comm, context: context)
  }

  package func received(_ message: CommMessage, on comm: Comm, context: ExecutionContext) {
    if message.data["close"] == .bool(true) { return comm.close() }
    if let text = message.data["print"]?.text { return context.write(.stdout, text) }
    if message.data["wait"] == .bool(true) { _ = context.wait(milliseconds: 30_000) }
    comm.send(JSONFragment(message.data), buffers: message.buffers)
  }

  package func closed(_ comm: Comm, by message: CommMessage, context: ExecutionContext) {}
}
