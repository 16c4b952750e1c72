import ArgumentParser
import Glibc
import Workflows

/// The program: a kernel for notebooks, and what belongs to it.
struct Tessera: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "tessera", abstract: "Look into what a trained histology model has learned.", version: version,
    subcommands: [
      KernelSubcommand.self, RunSubcommand.self, ManualSubcommand.self, InstallSubcommand.self, DoctorSubcommand.self,
    ])
}

@main
enum Program {
  static func main() {
    // A front end waits for its kernel. What it always writes needs no parser of options, whose look at the types of the
    // whole program would bring most of it into memory.
    let arguments = CommandLine.arguments
    if arguments.count == 4, arguments[1] == "kernel", ["-f", "--connection-file"].contains(arguments[2]) {
      KernelSubcommand.serve(connectionFile: arguments[3])
    }
    // Part of this program, and no command of its users.
    if arguments.count > 2, arguments[1] == "probe" { _exit(ForeignFile.runProbe(Array(arguments.dropFirst(2)))) }
    Tessera.main()
  }
}
