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

  static func layers(_ arguments: BoundArguments, of model: StudyModel) throws -> [NamedLayer] {
    let names = arguments.texts("layers") ?? ["postconv"]
    guard !names.isEmpty else {
      throw WorkflowFailure("No layer is named.", remedy: "layers=[postconv]", parameter: "layers")
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
          throw WorkflowFailure(
            model.model.layers.postconvReason, remedy: model.model.layers.names.last.map { "layers=[\($0)]" },
            parameter: "layers")
        }
        layer = postconv
      } else {
        layer = try Reporting.run(parameter: "layers") { try model.model.layers.layer(named: name) }
      }
      if let first = layers.first(where: { $0.layer.name == layer.name }) {
        throw WorkflowFailure(
          first.name == name ? "The layer \(name) is named twice." : "\(first.name) and \(name) are the same layer.",
          parameter: "layers")
      }
      let pooled = try Reporting.run(parameter: "pooling") { try layer.pooled(by: pooling) }
      layers.append(.init(name: name, layer: pooled))
    }
    return layers
  }

  /// Which columns of layers side by side are whose.
  static func columns(of layers: [NamedLayer]) -> [FeatureSet.LayerColumns] {
    var start = 0
    return layers.map { layer in
      defer { start += layer.layer.width }
      return FeatureSet.LayerColumns(layer: layer.name, columns: start..<start + layer.layer.width)
    }
  }

  static func includesLogits(_ arguments: BoundArguments, of model: StudyModel) -> Bool {
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
  static func model(_ invocation: Invocation, study: Study?) throws -> StudyModel {
    let arguments = invocation.arguments
    guard let value = invocation.subjects.first as? StudyModel else {
      return try ModelOpening.open(arguments.text("model") ?? "", arguments: arguments, project: project)
    }
    let given = ModelOpening.parameters.filter { arguments.has($0.name) }.map(\.name)
    if given.isEmpty { return value }
    if given == [ModelOpening.outputs] {
      return try ModelOpening.reread(value, arguments: arguments, project: project)
    }
    return try ModelOpening.open(value.model.path, arguments: arguments, project: project)
  }

  /// What is known of the model that a statement names, and of the dataset, the slide or the project that it works on.
  static func peek(_ input: PeekInput) -> KnownNames {
    let names = ["dataset", "project", "slide"].lazy.compactMap { input.parameterNames[$0] }.first
    var known = names ?? KnownNames()
    if let subject = input.subjectNames { known = known.merging(subject) }
    if let path = input.arguments.text("model") {
      let model = ModelOpening.peek(path, folders: names?.names(of: .folder) ?? [])
      known = known.merging(model ?? KnownNames())
    }
    if input.arguments.texts("layers") != nil { known.widths["features"] = nil }
    known.settle("outcomes", by: input.arguments)
    return known
  }

  /// Says how tiles became the network's input.
  static func report(_ model: StudyModel, _ stain: StainChoice.ForModel, in output: any OutputSink) {
    output.note("Standardisation: \(model.choice.standardization.sentence), \(model.choice.reason.withShortPaths).")
    model.noteReading(in: output)
    if let sentence = stain.sentence { output.note(sentence) }
    if let warning = stain.warning { output.warn(warning) }
  }

  // MARK: Tiles

  /// Whose models' params.json are looked at, and whose folder relative paths are looked for in.
  static let projectParameter = ParameterDeclaration(
    "project", .value([.project]), implies: Implication(.project, otherwise: "none"), "The project.")

  /// The same where a dataset has its own.
  static let datasetOrProjectParameter = ParameterDeclaration(
    "project", .value([.project]), effects: [.without("dataset")],
    implies: Implication(.project, otherwise: "none"), "The project, where no dataset says it.")

  /// The dataset that is given or meant, and its project; without a dataset the project alone, if there is one.
  static func source(_ arguments: BoundArguments) -> (dataset: StudyDataset?, study: Study?) {
    let dataset = arguments.value("dataset") as? StudyDataset
    return (dataset, dataset?.project ?? arguments.value("project") as? Study)
  }

  /// What a model is run on without a dataset: all tiles of the project at the model's size.
  static func allTiles(of study: Study?, for model: StudyModel) throws -> StudyDataset {
    guard let project else {
      throw WorkflowFailure("This needs tiles of a project, and none is open.", remedy: "project PATH")
    }
    var size = ModelOpening.tileSize(of: model)
    if size == nil, let side = model.model.input.sidePixels {
      let fitting = study.project.tileSizes.filter { $0.pixels == side }
      if fitting.count == 1 { size = fitting[0] }
    }
    let dataset = try Reporting.run(parameter: "model") {
      try Dataset(study.project, tileSize: size, selection: Dataset.Selection())
    }
    return StudyDataset(project: project, dataset: dataset)
  }

  /// What a result was made from: the dataset and whatever else was not named, or all tiles of the project.
  ///
  /// - Parameter dataset: nil where none is given or meant.
  static func basis(_ invocation: Invocation, given dataset: StudyDataset?, used: StudyDataset) -> String? {
    guard dataset == nil else { return invocation.basis }
    let project = invocation.implied.first { $0.parameter == "project" }?.phrase ?? "of the project"
    let all = "on all tiles \(project) at \(used.dataset.tileSize.label)"
    return ([all] + invocation.implied.filter { $0.parameter != "project" }.map(\.phrase)).joined(separator: ", ")
  }
}

extension KnownNames {
  /// Notes that a parameter was given, which later commands take over from the result.
  mutating func settle(_ parameter: String, by arguments: BoundArguments) {
    guard arguments.has(parameter) else { return }
    if case .none? = arguments[parameter] { return }
    settled.insert(parameter)
  }
}

/// The file format that tiles had when a model was trained, which is done to tiles that come straight from a slide.
enum TileFormatChoice {
  static let parameter = ParameterDeclaration(
    "img_format", .choice(["auto", "jpg", "none"]), default: "auto",
    "Passes each tile through a JPEG of quality 95 in memory; auto does for models that were trained on JPEG tiles.")

  static func usesJPEG(_ arguments: BoundArguments, _ model: StudyModel) -> Bool {
    switch arguments.text("img_format") {
    case "jpg": true
    case "none": false
    default: ["jpg", "jpeg"].contains(model.choice.parameters?.imageFormat?.lowercased() ?? "")
    }
  }
}
