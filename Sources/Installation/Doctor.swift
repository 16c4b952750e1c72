import Foundation
import Glibc

/// Looks whether everything that the kernel needs is there.
package struct Doctor: Sendable {
  /// One thing that is needed.
  package struct Finding: Sendable, Equatable {
    /// Such as "HDF5".
    package let name: String
    /// nil where it is not known.
    package let version: String?
    /// Where it was found; nil if it was not.
    package let path: String?
    /// What to do if it is missing or broken; nil if all is well.
    package let remedy: String?
    /// True for what only some need, such as a font of a script: without it the kernel works.
    package var isOptional = false
    package var isFine: Bool { remedy == nil }

    package init(name: String, version: String?, path: String?, remedy: String?, isOptional: Bool = false) {
      self.name = name
      self.version = version
      self.path = path
      self.remedy = remedy
      self.isOptional = isOptional
    }
  }

  /// An engine that runs models; it has a library of its name, such as libopenvino.so.
  package struct Engine: Sendable {
    let name: String
    /// Loads it, and gives its version.
    let version: @Sendable () throws -> String

    package init(name: String, version: @escaping @Sendable () throws -> String) {
      self.name = name
      self.version = version
    }
  }

  /// Scripts that fonts of a Debian package have.
  package struct Letters: Sendable {
    let scripts: String
    let package: String
    /// Whether some font of this machine has them.
    let areDrawn: Bool

    package init(scripts: String, package: String, areDrawn: Bool) {
      self.scripts = scripts
      self.package = package
      self.areDrawn = areDrawn
    }
  }

  package struct Report: Sendable, Equatable {
    package let findings: [Finding]
    package var isComplete: Bool { findings.allSatisfy { $0.isFine || $0.isOptional } }

    /// A line for each finding, what is missing last, and what only some need behind it.
    package var text: String {
      let width = findings.map(\.name.count).max() ?? 0
      let lines = findings.map { finding in
        let name = finding.name.padding(toLength: width, withPad: " ", startingAt: 0)
        let what = [finding.version, finding.path].compactMap(\.self).joined(separator: "  ")
        let state = finding.isFine ? "ok     " : finding.isOptional ? "absent " : "MISSING"
        return "\(state)  \(name)  \(what)"
      }
      func remedies(optional: Bool) -> [String] {
        findings.filter { $0.isOptional == optional }.compactMap { finding in
          finding.remedy.map { "\(finding.name): \($0)" }
        }
      }
      let missing = remedies(optional: false)
      let absent = remedies(optional: true)
      let end = missing.isEmpty ? ["Nothing is missing."] : ["", "What is missing:"] + missing
      return (lines + end + (absent.isEmpty ? [] : ["", "What only some names, models or views need:"] + absent))
        .joined(separator: "\n")
    }
  }

  /// A library that Debian has, by the name that the loader knows.
  private static let libraries: [(name: String, file: String, package: String)] = [
    ("ZeroMQ", "libzmq.so.5", "libzmq5"), ("OpenSSL", "libcrypto.so.3", "libssl3"),
    ("HDF5", "libhdf5_serial.so.103", "libhdf5-103-1"), ("OpenBLAS", "libopenblas.so.0", "libopenblas0"),
    ("LAPACKE", "liblapacke.so.3", "liblapacke"), ("libpng", "libpng16.so.16", "libpng16-16"),
    ("TurboJPEG", "libturbojpeg.so.0", "libturbojpeg0"), ("OpenSlide", "libopenslide.so.0", "libopenslide0"),
    ("libtiff", "libtiff.so.6", "libtiff6"), ("cairo", "libcairo.so.2", "libcairo2"),
    ("Pango", "libpangocairo-1.0.so.0", "libpangocairo-1.0-0"), ("zlib", "libz.so.1", "zlib1g"),
  ]

  package let environment: InstallationEnvironment

  package init(environment: InstallationEnvironment = InstallationEnvironment()) { self.environment = environment }

  /// - Parameters:
  ///   - versions: by the names above, what the libraries themselves say; the Debian package's is used otherwise.
  ///   - engines: those that run models.
  ///   - letters: scripts that names may be in.
  ///   - others: further findings.
  package func examine(
    versions: [String: String] = [:], engines: [Engine], letters: [Letters] = [], others: [Finding] = []
  ) -> Report {
    var findings = Self.libraries.map { library(name: $0.name, file: $0.file, package: $0.package, versions: versions) }
    findings += engines.map(Self.finding)
    findings.append(font())
    findings += letters.map { letters in
      Finding(
        name: "letters of \(letters.scripts)", version: nil, path: nil,
        remedy: letters.areDrawn
          ? nil : "pictures show boxes for some or all of them: sudo apt-get install \(letters.package)",
        isOptional: true)
    }
    findings += others
    findings.append(FrontEnd(environment: environment).finding())
    findings.append(kernelspec())
    return Report(findings: findings)
  }

  private func library(name: String, file: String, package: String, versions: [String: String]) -> Finding {
    guard let handle = dlopen(file, RTLD_LAZY) else {
      return Finding(
        name: name, version: nil, path: nil, remedy: "\(file) is not found: sudo apt-get install \(package)")
    }
    defer { dlclose(handle) }
    let stem = file.prefix { $0 != "." }
    let path = (try? LoadedLibraries.paths())?.first {
      let name = URL(fileURLWithPath: $0).lastPathComponent
      return name.hasPrefix(file) || (name.hasPrefix(stem) && name.contains(".so"))
    }
    return Finding(
      name: name, version: versions[name] ?? DebianPackages.version(of: package), path: path ?? file, remedy: nil)
  }

  private static func finding(_ engine: Engine) -> Finding {
    do {
      let version = try engine.version()
      let path = (try? LoadedLibraries.paths())?.first { $0.contains("/lib\(engine.name.lowercased()).so") }
      return Finding(name: engine.name, version: version, path: path, remedy: nil)
    } catch {
      return Finding(
        name: engine.name, version: nil, path: nil, remedy: "\(error) Run kernelspec/install again.")
    }
  }

  private func font() -> Finding {
    let users = (try? environment.userDataFolder()).map { [$0 + "/fonts"] } ?? []
    for folder in ["/usr/share/fonts", "/usr/local/share/fonts"] + users {
      let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      if let file = files.first(where: { $0.hasSuffix("DejaVuSans.ttf") }) {
        return Finding(name: "font DejaVu Sans", version: nil, path: folder + "/" + file, remedy: nil)
      }
    }
    return Finding(
      name: "font DejaVu Sans", version: nil, path: nil, remedy: "sudo apt-get install fonts-dejavu-core")
  }

  private func kernelspec() -> Finding {
    struct Contents: Decodable { let argv: [String] }
    let name = "kernelspec tessera"
    for folder in environment.jupyterFolders.map({ $0 + "/kernels/tessera" }) {
      guard let data = FileManager.default.contents(atPath: folder + "/kernel.json") else { continue }
      guard let program = (try? JSONDecoder().decode(Contents.self, from: data))?.argv.first else {
        return Finding(name: name, version: nil, path: folder, remedy: "kernel.json is damaged: tessera install")
      }
      guard FileManager.default.isExecutableFile(atPath: program) else {
        return Finding(
          name: name, version: nil, path: folder, remedy: "it names \(program), which is not there: tessera install")
      }
      return Finding(name: name, version: nil, path: folder, remedy: nil)
    }
    return Finding(name: name, version: nil, path: nil, remedy: "tessera install")
  }
}
