import FeatureData
import Foundation

/// Puts the running program, with the libraries that Debian lacks, into a folder of its own, and tells Jupyter of it.
///
/// Each build gets a folder named after its content, made whole under another name and then renamed; a kernel that is
/// running keeps the folder it was started from.
package struct Installation: Sendable {
  /// For whom.
  package enum Place: Sendable, Equatable {
    /// The user's own Jupyter.
    case user
    /// A folder such as `/usr/local`, or that of a Python environment.
    case prefix(String)
  }

  package struct Report: Sendable, Equatable {
    package let executable: String
    /// The link that a shell finds the program by; nil where a file of somebody else's stands in its place.
    package let command: String?
    package let kernelspec: String
    package let libraries: [String]
    /// False if the same build was installed already.
    package let isNew: Bool
  }

  package let place: Place
  package let environment: InstallationEnvironment
  /// Encryption that the kernel offers, as the kernelspec's metadata names it, such as "curve".
  package let supportedEncryption: [String]

  package init(
    _ place: Place, environment: InstallationEnvironment = InstallationEnvironment(),
    supportedEncryption: [String] = []
  ) {
    self.place = place
    self.environment = environment
    self.supportedEncryption = supportedEncryption
  }

  /// Installs the program that is running.
  ///
  /// - Parameter loadLibraries: makes the process load what it otherwise loads late (OpenVINO's plug-ins).
  /// - Throws: `InstallationError`.
  package func run(loadLibraries: () throws -> Void) throws(InstallationError) -> Report {
    do {
      try loadLibraries()
    } catch {
      throw .librariesUnavailable(reason: "\(error)")
    }
    let paths = try LoadedLibraries.paths()
    guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
      throw .cannotRead(path: "/proc/self/exe", reason: "the program does not know its own file")
    }
    return try install(program: program, libraries: paths.filter { !LoadedLibraries.isDebians($0) })
  }

  func install(program: String, libraries: [String]) throws(InstallationError) -> Report {
    let folders = try folders()
    let content = try ProgramCopy(program: program, libraries: libraries)
    let home = folders.programs + "/" + content.identity
    let isNew = !FileManager.default.fileExists(atPath: home)
    if isNew { try content.write(to: home) }
    let executable = home + "/bin/" + content.name
    let kernelspec = Kernelspec(executable: executable, supportedEncryption: supportedEncryption)
    try kernelspec.write(to: folders.kernelspec)
    let command = try link(executable, in: folders.commands)
    removeUnused(in: folders.programs, keeping: content.identity)
    return Report(
      executable: executable, command: command, kernelspec: folders.kernelspec, libraries: content.libraryNames,
      isNew: isNew)
  }

  private func folders() throws(InstallationError) -> (programs: String, kernelspec: String, commands: String?) {
    switch place {
    case .user:
      return (
        try environment.userDataFolder() + "/tessera", try environment.userJupyterFolder() + "/kernels/tessera",
        environment["HOME"].map { $0 + "/.local/bin" }
      )
    case .prefix(let prefix):
      let path = URL(fileURLWithPath: prefix).standardizedFileURL.path
      return (path + "/share/tessera", path + "/share/jupyter/kernels/tessera", path + "/bin")
    }
  }

  /// Points the command `tessera` at this build, at once; a file that is no link is left alone.
  private func link(_ executable: String, in folder: String?) throws(InstallationError) -> String? {
    guard let folder else { return nil }
    let files = FileManager.default
    let command = folder + "/tessera"
    if files.fileExists(atPath: command), (try? files.destinationOfSymbolicLink(atPath: command)) == nil { return nil }
    let temporary = command + ".\(ProcessInfo.processInfo.processIdentifier).partial"
    do {
      try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try? files.removeItem(atPath: temporary)
      try files.createSymbolicLink(atPath: temporary, withDestinationPath: executable)
    } catch {
      throw .cannotWrite(path: command, reason: error.reason)
    }
    guard rename(temporary, command) == 0 else {
      throw .cannotWrite(path: command, reason: String(cString: strerror(errno)))
    }
    return command
  }

  /// Earlier builds go once no process runs from them.
  private func removeUnused(in folder: String, keeping identity: String) {
    let files = FileManager.default
    let running = ((try? files.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap {
      try? files.destinationOfSymbolicLink(atPath: "/proc/\($0)/exe")
    }
    for name in (try? files.contentsOfDirectory(atPath: folder)) ?? [] where name != identity {
      guard ProgramCopy.isIdentity(name), !running.contains(where: { $0.hasPrefix(folder + "/" + name + "/") }) else {
        continue
      }
      // Failing to tidy up is no failure of the installation.
      try? files.removeItem(atPath: folder + "/" + name)
    }
  }
}
