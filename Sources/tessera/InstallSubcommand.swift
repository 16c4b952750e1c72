import ArgumentParser
import Inference
import Installation
import Workflows

/// `tessera install`: copies the program and its libraries, and writes the kernelspec.
struct InstallSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Install the kernel, so that Jupyter finds it.")

  @Flag(help: "For this user (the default).")
  var user = false

  @Option(help: ArgumentHelp("Under this folder, such as /usr/local.", valueName: "dir"))
  var prefix: String?

  @Option(help: ArgumentHelp("Into this Python environment.", valueName: "dir"))
  var sysPrefix: String?

  func validate() throws {
    if [user, prefix != nil, sysPrefix != nil].count(where: \.self) > 1 {
      throw ValidationError("Give one of --user, --prefix and --sys-prefix.")
    }
  }

  func run() throws {
    let place = (prefix ?? sysPrefix).map(Installation.Place.prefix) ?? .user
    let report = try Installation(place, supportedEncryption: ["curve"]).run {
      for engine in InferenceEngines.all { try engine.warmUp() }
    }
    print(report.isNew ? "Installed \(report.executable)" : "Already installed: \(report.executable)")
    print("Kernelspec \(report.kernelspec)")
    if let command = report.command { print("Command \(command)") }
    let frontEnd = FrontEnd(prefix: prefix ?? sysPrefix).finding()
    print(
      "Live views: \(frontEnd.remedy ?? [frontEnd.version, frontEnd.path].compactMap(\.self).joined(separator: " in "))"
    )
  }
}
