import CommandLanguage
import Workflows

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
    peek: { input in KnownNames(ofProject: input.arguments.text("path") ?? defaultPath) },
    identify: { input in Study.identity(inFolder: input.arguments.text("path") ?? defaultPath, store: nil) },
    run: { invocation in
      let value = try Study.demo(
        at: invocation.arguments.text("path") ?? defaultPath, monitor: invocation.work)
      value.show(in: invocation.output)
      return value
    })

  private static let defaultPath = "tessera-demo"
}
