import CommandLanguage
import FeatureData
import Inference
import Slides

/// A layer under the name by which its columns are called later.
struct NamedLayer: Sendable {
  let name: String
  let layer: Layer
}

/// What the commands that run a model share: the model, its layers and settings, and what is said about the run.
enum ModelRun {
  static let subject = SubjectDeclaration(
    name: "model", types: [.model], path: ModelOpening.file, documentation: "A model, or its file.")

  static let layersParameters = [
    ParameterDeclaration(
      "layers", .list(.name(.layer)), default: "[postconv]", "Layers, joined side by side."),
    ParameterDeclaration(
      "pooling", .optional(.choice(["avg", "max"])), default: "avg",
      "How the places within a tile become one vector in spatial layers: by mean, by maximum, or all of them (none)."),
  ]

  static func layers(_ arguments: BoundArguments, of model: ModelValue) throws -> [NamedLayer] {
    let names = arguments.texts("layers") ?? ["postconv"]
    guard !names.isEmpty else {
      throw CommandFailure("No layer is named.", remedy: "layers=[postconv]", parameter: "layers")
    }
    let pooling: Layer.Pooling =
      switch arguments["pooling"] {
      case .none?: .none
      case let value: value?.text.flatMap(Layer.Pooling.init(rawValue:)) ?? .average
      }
    var layers: [NamedLayer] = []
    for name in names {
      let layer: Layer
      if name == "postconv" {
        guard let postconv = model.model.layers.postconv else {
          throw CommandFailure(
            model.model.layers.postconvReason, remedy: model.model.layers.names.last.map { "layers=[\($0)]" },
            parameter: "layers")
        }
        layer = postconv
      } else {
        layer = try Reporting.run(parameter: "layers") { try model.model.layers.layer(named: name) }
      }
      if let first = layers.first(where: { $0.layer.name == layer.name }) {
        throw CommandFailure(
          first.name == name ? "The layer \(name) is named twice." : "\(first.name) and \(name) are the same layer.",
          parameter: "layers")
      }
      let pooled = try Reporting.run(parameter: "pooling") { try layer.pooled(by: pooling) }
      layers.append(.init(name: name, layer: pooled))
    }
    return layers
  }

  /// Which columns of layers side by side are whose.
  static func columns(of layers: [NamedLayer]) -> [FeaturesValue.LayerColumns] {
    var start = 0
    return layers.map { layer in
      defer { start += layer.layer.width }
      return FeaturesValue.LayerColumns(layer: layer.name, columns: start..<start + layer.layer.width)
    }
  }

  static func includesLogits(_ arguments: BoundArguments, of model: ModelValue) -> Bool {
    (arguments.boolean("include_logits") ?? true) && model.reading.outputs.count > 0
  }

  /// Batch size and precision as a statement gives them.
  static func settings(_ arguments: BoundArguments) -> InferenceSettings {
    var settings = InferenceSettings()
    if let batch = arguments.integer("batch_size") { settings.batchSize = batch }
    if let precision = arguments.text("precision").flatMap(InferenceSettings.Precision.init(rawValue:)) {
      settings.precision = precision
    }
    return settings
  }

  static let settingsParameters = [
    ParameterDeclaration(
      "batch_size", .integer(1...1024), "Tiles computed together; part of what is stored, where something is."),
    ParameterDeclaration(
      "precision", .choice(["f32", "bf16"]), default: "f32", "Arithmetic of the network; bf16 is faster and coarser."),
  ]

  /// The model that a statement names, opened anew where it says how tiles become the network's input.
  static func model(_ invocation: Invocation, project: ProjectValue?) throws -> ModelValue {
    let arguments = invocation.arguments
    guard let value = invocation.subjects.first as? ModelValue else {
      return try ModelOpening.open(arguments.text("model") ?? "", arguments: arguments, project: project)
    }
    let given = ModelOpening.parameters.filter { arguments.has($0.name) }.map(\.name)
    if given.isEmpty { return value }
    if given == [ModelOpening.outputs] {
      return try ModelOpening.reread(value, arguments: arguments, project: project)
    }
    return try ModelOpening.open(value.model.path, arguments: arguments, project: project)
  }

  /// What is known of the model that a statement names, and of `names`, what it works on.
  static func peek(_ input: PeekInput, on names: KnownNames?) -> KnownNames {
    let project = input.sessionNames[.project]
    var known = names ?? project ?? KnownNames()
    if let subject = input.subjectNames { known = known.merging(subject) }
    if let path = input.arguments.text("model") {
      let model = ModelOpening.peek(path, folders: project?.names(of: .folder) ?? [])
      known = known.merging(model ?? KnownNames())
    }
    if input.arguments.texts("layers") != nil { known.widths["features"] = nil }
    return known
  }

  /// Says how tiles became the network's input.
  static func report(_ model: ModelValue, _ stain: StainChoice.ForModel, in output: any OutputSink) {
    output.note("Standardisation: \(model.choice.standardization.sentence), \(model.choice.reason.withShortPaths).")
    model.noteReading(in: output)
    if let sentence = stain.sentence { output.note(sentence) }
    if let warning = stain.warning { output.warn(warning) }
  }

  // MARK: Tiles

  static func onlyProject(_ invocation: Invocation) throws(CommandFailure) -> ProjectValue {
    let projects = invocation.workspace.bindings(of: .project)
    guard let project = projects.last?.value as? ProjectValue else {
      throw CommandFailure("This needs tiles of a project, and none is open.", remedy: "project PATH")
    }
    guard projects.count == 1 else {
      throw CommandFailure(
        "Several projects are open: \(projects.map(\.displayName).joined(separator: ", ")).",
        remedy: "d = dataset PROJECT …, then dataset=d")
    }
    return project
  }

  /// What a model is run on where no dataset is named: the unnamed one, else all tiles of the project at the model's size.
  static func defaultDataset(
    _ invocation: Invocation, model: ModelValue, project: ProjectValue
  ) throws -> (dataset: DatasetValue, origin: String) {
    // A dataset of a project that was open before is not meant.
    if let dataset = invocation.workspace.unnamed(.dataset)?.value as? DatasetValue,
      dataset.project.project.folder == project.project.folder
    {
      return (dataset, "the unnamed dataset")
    }
    var size = ModelOpening.tileSize(of: model)
    if size == nil, let side = model.model.input.sidePixels {
      let fitting = project.project.tileSizes.filter { $0.pixels == side }
      if fitting.count == 1 { size = fitting[0] }
    }
    let dataset = try Reporting.run(parameter: "model") {
      try Dataset(project.project, tileSize: size, selection: Dataset.Selection())
    }
    return (
      DatasetValue(project: project, dataset: dataset), "all tiles of the project at \(dataset.tileSize.label)"
    )
  }
}

/// The file format that tiles had when a model was trained, which is done to tiles that come straight from a slide.
enum TileFormatChoice {
  static let parameter = ParameterDeclaration(
    "img_format", .choice(["auto", "jpg", "none"]), default: "auto",
    "Passes each tile through a JPEG of quality 95 in memory; auto does for models that were trained on JPEG tiles.")

  static func usesJPEG(_ arguments: BoundArguments, _ model: ModelValue) -> Bool {
    switch arguments.text("img_format") {
    case "jpg": true
    case "none": false
    default: ["jpg", "jpeg"].contains(model.choice.parameters?.imageFormat?.lowercased() ?? "")
    }
  }
}
