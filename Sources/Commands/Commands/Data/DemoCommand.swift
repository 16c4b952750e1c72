import CommandLanguage
import DemoProject
import Foundation
import Slides

/// `demo`: writes the built-in project, or finds it written, and opens it.
enum DemoCommand {
  static let declaration = CommandDeclaration(
    name: "demo", topic: "Data", summary: "Writes the built-in demo project and opens it.",
    discussion: """
      Synthetic H&E-like slides of two sites with four tissues, annotations, and a small network trained on such \
      tissue. Two of the slides are there as whole-slide images too, in slides/, for any viewer that knows Aperio's \
      SVS files. The folder is written from a seed, so it is the same everywhere; a demo that is already there is \
      opened as it is.
      """,
    parameters: [
      ParameterDeclaration(
        "path", .path(.output(extensions: [])), positional: true, default: "tessera-demo", "The folder to write.")
    ], result: .project, examples: ["demo", "demo ./tessera-demo"], writesFiles: true)

  static let command = Command(
    declaration,
    peek: { input in Study.knownNames(inFolder: input.arguments.text("path") ?? "tessera-demo") },
    identify: { input in
      let path = input.arguments.text("path") ?? "tessera-demo"
      return Study.identity(inFolder: path, store: ProjectCommand.storeFolder(path, store: nil))
    },
    run: { invocation in
      let path = invocation.arguments.text("path") ?? "tessera-demo"
      let manager = FileManager.default
      if !manager.fileExists(atPath: path + "/settings.json") {
        if let entries = try? manager.contentsOfDirectory(atPath: path), !entries.isEmpty {
          throw CommandFailure(
            "\(path) holds other files and no demo project.", remedy: "demo \(path)/tessera-demo", parameter: "path")
        }
        try Reporting.run(parameter: "path") {
          try DemoProject.write(to: path, monitor: StatementMonitor(monitor: invocation.monitor))
        }
      }
      let value = try ProjectCommand.open(path, store: nil)
      value.show(in: invocation.output)
      return value
    })
}
