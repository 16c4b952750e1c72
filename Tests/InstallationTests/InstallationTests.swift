import Foundation
import Testing

@testable import Installation

@Suite struct InstallationTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tessera test \(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  /// This very test program, which has a run path and libraries of its own.
  private var program: String { (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "" }

  @Test func `The copy has the libraries that Debian lacks, and looks for them beside itself`() throws {
    try withFolder { folder in
      let libraries = try LoadedLibraries.paths().filter { !LoadedLibraries.isDebians($0) }
      #expect(libraries.contains { $0.hasSuffix("/libswiftCore.so") })
      let installation = Installation(.prefix(folder))
      let report = try installation.install(program: program, libraries: libraries)
      #expect(report.isNew && report.libraries.contains("libswiftCore.so"))
      let copy = try #require(ELFFile([UInt8](Data(contentsOf: URL(fileURLWithPath: report.executable)))))
      #expect(copy.runPath == "$ORIGIN/../lib")
      #expect(FileManager.default.isExecutableFile(atPath: report.executable))
      let spec = try #require(FileManager.default.contents(atPath: report.kernelspec + "/kernel.json"))
      let contents = try #require(try JSONSerialization.jsonObject(with: spec) as? [String: Any])
      let argv = [report.executable, "kernel", "--connection-file", "{connection_file}"]
      #expect(contents["argv"] as? [String] == argv)
      #expect(contents["interrupt_mode"] as? String == "message")
      #expect(contents["kernel_protocol_version"] as? String == "5.5")
      #expect(Logo.png64.starts(with: [0x89, 0x50]) && Logo.png32.starts(with: [0x89, 0x50]))

      #expect(report.command == folder + "/bin/tessera")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/bin/tessera") == report.executable)

      let again = try installation.install(program: program, libraries: libraries)
      #expect(!again.isNew && again.executable == report.executable)
      let programs = try FileManager.default.contentsOfDirectory(atPath: folder + "/share/tessera")
      #expect(programs.count == 1, "no partial copy is left")
    }
  }

  @Test func `A build that nothing runs from goes when the next is installed`() throws {
    try withFolder { folder in
      let installation = Installation(.prefix(folder))
      let old = try installation.install(program: program, libraries: [])
      let new = try installation.install(program: program, libraries: ["/proc/self/exe"])
      #expect(old.executable != new.executable)
      #expect(!FileManager.default.fileExists(atPath: old.executable))
      #expect(FileManager.default.fileExists(atPath: new.executable))
    }
  }

  @Test func `The user's folders follow the environment as Jupyter does`() throws {
    func folders(_ variables: [String: String]) throws -> [String] {
      let environment = InstallationEnvironment(variables: variables)
      return [try environment.userDataFolder(), try environment.userJupyterFolder()]
    }
    #expect(try folders(["HOME": "/h"]) == ["/h/.local/share", "/h/.local/share/jupyter"])
    #expect(try folders(["HOME": "/h", "XDG_DATA_HOME": "/x"]) == ["/x", "/x/jupyter"])
    #expect(try folders(["HOME": "/h", "JUPYTER_DATA_DIR": "/j"]) == ["/h/.local/share", "/j"])
    #expect(throws: InstallationError.noHome) { try folders([:]) }
  }

  @Test func `A file that is no program is refused, whatever its bytes`() throws {
    for count in [0, 10, 64, 200] {
      var bytes: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1] + [UInt8](repeating: 255, count: count)
      #expect(ELFFile(bytes)?.runPath == nil)
      bytes[0] = 0
      #expect(ELFFile(bytes) == nil)
    }
    try withFolder { folder in
      #expect(throws: InstallationError.self) {
        try Installation(.prefix(folder)).install(program: "/etc/passwd", libraries: [])
      }
    }
  }

  @Test func `A memory map gives each library once, and those of a toolchain in /usr are not Debian's`() {
    let maps = """
      7f00-7f01 r-xp 00000000 08:01 12 /opt/my libs/libone.so.3
      7f01-7f02 r--p 00000000 08:01 12 /opt/my libs/libone.so.3
      7f02-7f03 rw-p 00000000 00:00 0 [heap]
      7f03-7f04 r-xp 00000000 08:01 13 /usr/lib/locale/archive
      7f04-7f05 r-xp 00000000 08:01 14 /usr/lib/x86_64-linux-gnu/libz.so.1
      """
    #expect(LoadedLibraries.paths(inMaps: maps) == ["/opt/my libs/libone.so.3", "/usr/lib/x86_64-linux-gnu/libz.so.1"])
    #expect(LoadedLibraries.isDebians("/usr/lib/x86_64-linux-gnu/libz.so.1"))
    #expect(!LoadedLibraries.isDebians("/usr/lib/swift/linux/libswiftCore.so"))
    #expect(!LoadedLibraries.isDebians("/opt/my libs/libone.so.3"))
  }

  @Test func `The doctor names what is missing and how to get it`() {
    struct Absent: Error, CustomStringConvertible { let description = "It does not load." }
    let environment = InstallationEnvironment(variables: ["HOME": "/nowhere", "JUPYTER_PATH": "/nowhere"])
    let report = Doctor(environment: environment).examine(engines: [.init(name: "OpenVINO") { throw Absent() }])
    #expect(!report.isComplete)
    #expect(report.text.contains("OpenVINO: It does not load."))
    let zlib = report.findings.first { $0.name == "zlib" }
    #expect(zlib?.isFine == true && zlib?.path != nil && zlib?.version != nil)
  }

  @Test func `Letters that no font has are named with their package, and are no reason to fail`() throws {
    let letters = [
      Doctor.Letters(scripts: "emoji", package: "fonts-noto-color-emoji", areDrawn: false),
      Doctor.Letters(scripts: "Thai", package: "fonts-noto-core", areDrawn: true),
    ]
    let report = Doctor().examine(engines: [], letters: letters)
    let findings = report.findings.filter { $0.name.hasPrefix("letters of") }
    #expect(findings.map(\.isFine) == [false, true])
    #expect(report.isComplete == report.findings.allSatisfy { $0.isFine || $0.isOptional })
    #expect(report.text.contains("absent   letters of emoji"))
    #expect(
      report.text.contains(
        "letters of emoji: pictures show boxes for some or all of them: sudo apt-get install fonts-noto-color-emoji"))
    #expect(!report.text.contains("Thai: "))
  }
}
