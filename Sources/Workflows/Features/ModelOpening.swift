import Foundation
import Inference
import Slides

/// Opens a model with what the arguments, a params.json and the project say about it.
enum ModelOpening {
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

  /// - Parameter project: whose models' params.json files are looked at; nil without a project.
  static func open(_ path: String, arguments: BoundArguments, study: Study?) throws -> StudyModel {
    let folders = project.map { [$0.project.folder] } ?? []
    let path = resolved(path, in: folders)
    let preset = arguments.text("standardization").flatMap { Standardization.presets[$0] }
    if preset != nil, let other = ["mean", "scale"].first(where: arguments.has) {
      throw WorkflowFailure(
        "`standardization` and `\(other)` both say how bytes become the network's input.",
        remedy: "either standardization=imagenet, or mean=[…] scale=[…]", parameter: other)
    }
    return try Reporting.run(parameter: "model") {
      try Probe.check(.model, path)
      let model = try Model.open(path)
      let given = try arguments.text("params").map {
        try ModelParameters.read(PathResolution.existing($0, in: folders))
      }
      // A damaged params.json of another model of the project must not stand in the way of this one.
      let inProject = (study?.project.modelParameterFiles ?? []).compactMap { try? ModelParameters.read($0) }
      let choice = try StandardizationChoice.choose(
        given: preset, mean: arguments.numbers("mean"), scale: arguments.numbers("scale"),
        range: arguments.text("range").flatMap(Standardization.InputRange.init(rawValue:)),
        channels: arguments.text("channels").flatMap(Standardization.Channels.init(rawValue:)), parameters: given,
        beside: try given == nil ? ModelParameters.beside(modelPath: path) : nil, inProject: inProject, model: model)
      let reading = try readOutputs(model, choice.parameters, arguments: arguments, project: project)
      return StudyModel(opened: model, reading: reading, choice: choice)
    }
  }

  /// The same model, its outputs read as the arguments say.
  static func reread(_ value: StudyModel, arguments: BoundArguments, study: Study?) throws -> StudyModel {
    let reading = try Reporting.run(parameter: outputs) {
      try readOutputs(value.opened, value.choice.parameters, arguments: arguments, project: project)
    }
    return StudyModel(opened: value.opened, reading: reading, choice: value.choice)
  }

  private static func readOutputs(
    _ model: Model, _ parameters: ModelParameters?, arguments: BoundArguments, study: Study?
  ) throws -> OutputReading {
    try OutputReading.choose(
      model, parameters: parameters, asked: arguments.text(outputs).flatMap(OutputReading.Asked.init(rawValue:)),
      largestOutcome: project.map { largestOutcome(of: $0.project.annotations) } ?? 0)
  }

  /// Categories of the column that has most; columns that name nearly every slide differently are no outcomes.
  private static func largestOutcome(of annotations: Annotations) -> Int {
    annotations.outcomeColumns.filter {
      annotations.distinctCount(of: $0) * 2 <= annotations.slides.count && !annotations.isContinuous($0)
    }.compactMap { try? annotations.counts(of: $0).count }.max() ?? 0
  }

  /// The tile size that the model was trained on, as its params.json says.
  static func tileSize(of model: StudyModel) -> TileSize? {
    guard let parameters = model.choice.parameters, let pixels = parameters.tilePixels else { return nil }
    switch parameters.tileMicrons {
    case .microns(let microns): return Int(exactly: microns).map { TileSize(pixels: pixels, extent: .microns($0)) }
    case .magnification(let power):
      return TileSize(label: "\(pixels)px_\(power.lowercased())")
    case nil: return nil
    }
  }

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
    let path = resolved(path, in: folders)
    return peeks.value(for: path) {
      guard (try? Probe.check(.model, path)) != nil, let model = try? Model.open(path) else { return nil }
      var known = KnownNames(names: [NameKind.layer.key: model.layers.names])
      // What may be features or classes is settled when the model is opened.
      if model.layers.heads.allSatisfy({ $0.whyFeatures(largestOutcome: 0) == nil }) {
        let width = model.layers.heads.reduce(0) { $0 + $1.width }
        if width > 0 { known.widths["logits"] = width }
        if let width = model.layers.postconv?.width { known.widths["features"] = width }
      }
      return (known, [path, path + "/" + ModelFormat.savedModelFile].filter(FileManager.default.fileExists))
    }
  }

  /// A folder is the same model with a slash at its end.
  private static func resolved(_ path: String, in folders: [String]) -> String {
    var path = PathResolution.existing(path, in: folders)
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private static let peeks = FileCache<KnownNames>()
}
