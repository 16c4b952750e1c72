import Foundation
import Testing

@testable import Installation

/// Jupyter's folders as they may be found on a machine, made up.
@Suite struct FrontEndTests {
  private struct Machine {
    let folder: String
    var user: String { folder + "/home/.local/share/jupyter" }
    var lab: String { folder + "/my lab" }

    func environment(_ more: [String: String] = [:]) -> InstallationEnvironment {
      let variables = ["HOME": folder + "/home", "PATH": "\(folder)/nothing:\(lab)/bin"]
      return InstallationEnvironment(variables: variables.merging(more) { $1 })
    }

    func write(_ text: String, to path: String, executable: Bool = false) throws {
      let url = URL(fileURLWithPath: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
      if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
    }

    func addExtension(_ name: String, _ version: String, in jupyter: String) throws {
      try write(
        "{\"name\": \"\(name)\", \"version\": \"\(version)\"}", to: "\(jupyter)/labextensions/\(name)/package.json")
    }

    /// A virtual environment with Jupyter.
    func addLab(pip: Bool = true) throws {
      try write("", to: lab + "/pyvenv.cfg")
      try write("", to: lab + "/bin/python", executable: true)
      let start = "#!/bin/sh\n'''exec' \"\(lab)/bin/python\" \"$0\" \"$@\"\n' '''\nimport jupyter_core\n"
      try write(start, to: lab + "/bin/jupyter", executable: true)
      try write("", to: lab + "/lib/python3.11/site-packages/\(pip ? "pip" : "numpy")/__init__.py")
    }
  }

  private func withMachine(_ body: (Machine) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tessera test \(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(Machine(folder: folder.path))
  }

  private let manager = "@jupyter-widgets/jupyterlab-manager"

  @Test func `Extensions in the environment of the Jupyter on PATH are found with their versions`() throws {
    try withMachine { machine in
      try machine.addLab()
      try machine.addExtension(manager, "5.0.16", in: machine.lab + "/share/jupyter")
      try machine.addExtension("anywidget", "0.11.0", in: machine.lab + "/share/jupyter")
      let finding = FrontEnd(environment: machine.environment()).finding()
      #expect(finding.isFine && finding.isOptional)
      #expect(finding.version == "@jupyter-widgets/jupyterlab-manager 5.0.16, anywidget 0.11.0")
      #expect(finding.path == machine.lab + "/share/jupyter/labextensions")
    }
  }

  @Test(arguments: ["JUPYTER_PATH", "JUPYTER_DATA_DIR", "VIRTUAL_ENV"])
  func `Extensions in a folder that a variable names are found`(variable: String) throws {
    try withMachine { machine in
      let folder = machine.folder + "/a place"
      let jupyter = variable == "VIRTUAL_ENV" ? folder + "/share/jupyter" : folder
      try machine.addExtension(manager, "5.0.16", in: jupyter)
      try machine.addExtension("anywidget", "0.9.0", in: jupyter)
      #expect(FrontEnd(environment: machine.environment([variable: folder])).finding().isFine)
      #expect(!FrontEnd(environment: machine.environment()).finding().isFine)
    }
  }

  @Test func `A Jupyter that is installed for is looked into first`() throws {
    try withMachine { machine in
      try machine.addExtension(manager, "5.0.16", in: machine.folder + "/opt/share/jupyter")
      try machine.addExtension("anywidget", "0.11.0", in: machine.folder + "/opt/share/jupyter")
      #expect(FrontEnd(environment: machine.environment(), prefix: machine.folder + "/opt").finding().isFine)

      try machine.addLab()
      let finding = FrontEnd(environment: machine.environment(["PATH": "/nothing"]), prefix: machine.lab).finding()
      #expect(finding.remedy?.contains("'\(machine.lab)/bin/python' -m pip install") == true)
    }
  }

  @Test func `What is not there is named, with the line that installs it into Jupyter's environment`() throws {
    try withMachine { machine in
      try machine.addLab()
      try machine.addExtension(manager, "5.0.16", in: machine.user)
      let report = Doctor(environment: machine.environment()).examine(engines: [])
      #expect(
        report.text.contains(
          "live views in JupyterLab: `explore` shows a picture and no live view, for anywidget is not found: "
            + "'\(machine.lab)/bin/python' -m pip install --upgrade jupyterlab_widgets anywidget"))
      #expect(report.text.contains("absent   live views in JupyterLab"))
      #expect(!report.text.contains("MISSING  live views"))
    }
  }

  @Test func `Where pip cannot install, the way is copies in the user's folder`() throws {
    try withMachine { machine in
      try machine.addLab(pip: false)
      var remedy = try #require(FrontEnd(environment: machine.environment()).finding().remedy)
      #expect(remedy.hasSuffix("kernelspec/front-end, which copies them into \(machine.user)/labextensions"))
      #expect(!remedy.contains("-m pip"))

      // Debian's own Python has pip and keeps it from installing.
      try machine.write("", to: machine.lab + "/lib/python3/dist-packages/pip/__init__.py")
      #expect(try #require(FrontEnd(environment: machine.environment()).finding().remedy).contains("-m pip"))
      try machine.write("[externally-managed]", to: machine.lab + "/lib/python3.11/EXTERNALLY-MANAGED")
      remedy = try #require(FrontEnd(environment: machine.environment()).finding().remedy)
      #expect(!remedy.contains("-m pip"))
    }
  }

  @Test func `Without a Jupyter both ways are named`() throws {
    try withMachine { machine in
      let remedy = try #require(FrontEnd(environment: machine.environment()).finding().remedy)
      #expect(
        remedy.contains("in the Python environment of JupyterLab, pip install --upgrade jupyterlab_widgets anywidget"))
      #expect(remedy.contains("where there is no pip, kernelspec/front-end"))
    }
  }

  @Test(arguments: [("0.8.9", false), ("0.9.0", true), ("0.10.0", true), ("0.11.0-beta.1", true), ("1.0.0", true)])
  func `Versions are compared by their numbers`(version: String, isFine: Bool) throws {
    try withMachine { machine in
      try machine.addExtension(manager, "5.0.0", in: machine.user)
      try machine.addExtension("anywidget", version, in: machine.user)
      let finding = FrontEnd(environment: machine.environment()).finding()
      #expect(finding.isFine == isFine)
      #expect(finding.version?.hasSuffix("anywidget \(version)") == true)
      if !isFine { #expect(finding.remedy?.contains("anywidget \(version) is older than 0.9") == true) }
    }
  }

  @Test func `An old copy of the user's that hides what pip would install is to be renewed`() throws {
    try withMachine { machine in
      try machine.addLab()
      try machine.addExtension(manager, "3.1.11", in: machine.user)
      try machine.addExtension("anywidget", "0.11.0", in: machine.user)
      func remedy(_ more: [String: String] = [:]) throws -> String {
        try #require(FrontEnd(environment: machine.environment(more)).finding().remedy)
      }
      #expect(try remedy().contains("\(manager) 3.1.11 is older than 5: '"))
      // Jupyter looks into its environment first, unless it is told otherwise.
      #expect(try remedy(["JUPYTER_PREFER_ENV_PATH": "0"]).contains("is older than 5: kernelspec/front-end"))
      try machine.addExtension(manager, "5.0.16", in: machine.lab + "/share/jupyter")
      #expect(FrontEnd(environment: machine.environment()).finding().isFine)
      #expect(!FrontEnd(environment: machine.environment(["JUPYTER_PREFER_ENV_PATH": "0"])).finding().isFine)
    }
  }

  @Test func `A package file without a version is no extension to rely on`() throws {
    try withMachine { machine in
      try machine.addExtension(manager, "5.0.16", in: machine.user)
      try machine.write("{\"name\": ", to: machine.user + "/labextensions/anywidget/package.json")
      let remedy = FrontEnd(environment: machine.environment()).finding().remedy
      #expect(remedy?.contains("package.json of anywidget tells no version") == true)
    }
  }

  @Test(
    arguments: [
      ("#!/opt/lab/bin/python3.11\nimport sys", "/opt/lab/bin/python3.11"), ("#!/usr/bin/env python3\n", "python3"),
      ("#!/usr/bin/env -S python3 -E\n", "python3"),
      ("#!/bin/sh\n'''exec' /a/very/long/path/bin/python \"$0\" \"$@\"\n' '''", "/a/very/long/path/bin/python"),
      ("#!/bin/sh\n'''exec' \"$(dirname -- \"$0\")\"/'python' \"$0\" \"$@\"\n", nil),
      ("#!/usr/bin/env bash\nexec pyenv exec jupyter", nil), ("#!", nil), ("", nil), ("\u{7f}ELF", nil),
    ] as [(String, String?)])
  func `The first lines of a script tell its interpreter`(script: String, interpreter: String?) {
    #expect(JupyterProgram.interpreter(named: script) == interpreter)
  }
}
