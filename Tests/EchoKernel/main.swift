import EchoInterpreter
import Foundation
import JupyterKernel
import JupyterWire

/// Runs the echo language as a kernel for real front ends: `EchoKernel CONNECTION_FILE`.
guard CommandLine.arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: EchoKernel CONNECTION_FILE\n".utf8))
  exit(2)
}
do {
  let connection = try ConnectionFile(path: CommandLine.arguments[1])
  _exit(try Kernel(connection: connection, interpreter: EchoInterpreter()).run())
} catch {
  FileHandle.standardError.write(Data("EchoKernel: \(error)\n".utf8))
  exit(1)
}
