import EchoInterpreter
import Glibc
import JupyterKernel
import JupyterWire

/// Runs the echo language as a kernel for real front ends: `EchoKernel CONNECTION_FILE`.
func complain(_ text: String) { _ = write(STDERR_FILENO, text + "\n", text.utf8.count + 1) }

guard CommandLine.arguments.count == 2 else {
  complain("usage: EchoKernel CONNECTION_FILE")
  exit(2)
}
do {
  let connection = try ConnectionFile(path: CommandLine.arguments[1])
  let kernel = Kernel(connection: connection, interpreter: EchoInterpreter())
  kernel.comms.register(EchoComm.name, EchoComm())
  _exit(try kernel.run())
} catch {
  complain("EchoKernel: \(error)")
  exit(1)
}
