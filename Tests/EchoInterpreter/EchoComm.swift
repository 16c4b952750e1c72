package import JupyterKernel
package import JupyterWire

/// A comm target that sends everything back, binary data too.
package struct EchoComm: CommTarget {
  package static let name = "echo"

  package init() {}

  package func opened(_ comm: Comm, by message: CommMessage) { received(message, on: comm) }

  package func received(_ message: CommMessage, on comm: Comm) {
    if message.data["close"] == .bool(true) { return comm.close() }
    comm.send(JSONFragment(message.data), buffers: message.buffers)
  }

  package func closed(_ comm: Comm, by message: CommMessage) {}
}
