import ArgumentParser
import Foundation
import JupyterKernel
import JupyterWire

/// `tessera kernel`: what a Jupyter front end starts.
struct KernelSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Serve a Jupyter front end; front ends start this themselves.")

  @Option(name: [.customShort("f"), .long], help: "The connection file that the front end wrote.")
  var connectionFile: String

  func run() { Self.serve(connectionFile: connectionFile) }

  static func serve(connectionFile: String) -> Never {
    let connection: ConnectionFile
    do { connection = try ConnectionFile(path: connectionFile) } catch { complain("\(error)") }
    let status: Int32
    do { status = try Kernel(connection: connection, interpreter: TesseraInterpreter()).run() } catch {
      complain(error.description)
    }
    // A cell that ignored its interruption still has its thread, which must not keep the program alive.
    _exit(status)
  }
}
