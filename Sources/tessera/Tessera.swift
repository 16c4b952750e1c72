import ArgumentParser

/// The program: a kernel for notebooks, and what belongs to it.
@main
struct Tessera: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "tessera", abstract: "Look into what a trained histology model has learned.", version: version,
    subcommands: [
      KernelSubcommand.self, RunSubcommand.self, ManualSubcommand.self, InstallSubcommand.self, DoctorSubcommand.self,
    ])
}
