import CommandLanguage
import Workflows

/// `demo`: writes the built-in project, or finds it written, and opens it.
struct DemoCommand: TypedCommand {
  static let page = CommandPage(
    "demo", topic: "Data", summary: "Writes the built-in demo project and opens it.",
    discussion: """
      Synthetic H&E-like slides of two sites with four tissues, annotations, and a small network trained on such \
      tissue. Two of the slides are there as whole-slide images too, in slides/, for any viewer that knows Aperio's \
      SVS files. The folder is written from a seed, so it is the same everywhere; a demo that is already there is \
      opened as it is.
      """, examples: ["demo", "demo ./tessera-demo"], writesFiles: true)

  @Parameter("The folder to write.", as: .path(.output(extensions: [])), positional: true) var path = "tessera-demo"

  func peek(_ input: PeekInput) -> KnownNames? { KnownNames(ofProject: path) }
  func identify(_ input: PeekInput) -> String? { Study.identity(inFolder: path, store: nil) }

  func run(_ invocation: Invocation) throws -> Study {
    let value = try Study.demo(at: path, monitor: invocation.work)
    value.show(in: invocation.output)
    return value
  }
}
