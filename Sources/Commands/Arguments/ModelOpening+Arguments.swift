import CommandLanguage
import Inference
import Workflows

extension ModelOpening {
  /// What a model may be.
  static let file = PathRole.existingFileOrFolder(
    extensions: ModelFormat.fileExtensions, holding: ModelFormat.savedModelFile,
    explained: ModelFormat.foreignExtensions)

  static let outputs = "outputs"

  /// The parameters by which tiles become the network's input and its outputs are read, which `model` and `features`
  /// share.
  static let parameters = [
    ParameterDeclaration(
      "params", .path(.existingFile(extensions: ["json"])),
      "A params.json that describes the model; left out, the one beside the model, else the only one of the project "
        + "that fits."),
    ParameterDeclaration(
      "standardization", .choice(["torch", "tensorflow", "imagenet", "none"]),
      "How the bytes of a tile become the network's input: x / 127.5 − 1 (torch), each tile by its own mean and deviation "
        + "(tensorflow), by ImageNet's (imagenet), or as they are; left out, what params.json says."),
    ParameterDeclaration(
      "mean", .list(.number(-1e6...1e6)),
      "Subtracted from each byte, 0 to 255 (see `range`); one number or one a channel."),
    ParameterDeclaration(
      "scale", .list(.number(-1e6...1e6)), "Divides each byte after that; one number or one a channel."),
    ParameterDeclaration(
      "range", .choice(Standardization.InputRange.allCases.map(\.rawValue)), default: "255",
      effects: [.without("standardization")],
      "What `mean` and `scale` are of: bytes (255), or x / 255 (1), as the cards of models give them."),
    ParameterDeclaration("channels", .choice(["rgb", "bgr"]), default: "rgb", "The order of the channels."),
    ParameterDeclaration(
      outputs, .choice(OutputReading.Asked.allCases.map(\.rawValue)),
      "What the outputs are: logits of classes that exclude each other (softmax), or of labels that do not (sigmoid), "
        + "numbers, or features; left out, what the file and params.json show."),
  ]

  /// What the statement that opens a model at a path is, however the path is written.
  static func recipe(_ input: PeekInput) -> String? {
    guard let path = input.arguments.text("model") else { return nil }
    let project = input.parameterNames["project"]
    let found = resolved(path, in: project?.names(of: .folder) ?? [])
    let others = parameters.map(\.name).compactMap { name in
      input.arguments[name].map { "\(name)=\($0)" }
    }
    return ([PathResolution.unique(found), project?.names(of: .project)?.first ?? "no project"] + others)
      .joined(separator: "\n")
  }

  /// Layers and outcomes of the model at a path, for checks before a cell runs and for every keystroke.
  static func peek(_ path: String, folders: [String]) -> KnownNames? {
    glance(path, folders: folders).map(KnownNames.init)
  }
}

extension ModelOpening.Asked {
  init(_ arguments: BoundArguments) {
    self.init()
    parametersPath = arguments.text("params")
    preset = arguments.text("standardization")
    mean = arguments.numbers("mean")
    scale = arguments.numbers("scale")
    range = arguments.text("range").flatMap(Standardization.InputRange.init(rawValue:))
    channels = arguments.text("channels").flatMap(Standardization.Channels.init(rawValue:))
    outputs = arguments.text("outputs").flatMap(OutputReading.Asked.init(rawValue:))
  }
}
