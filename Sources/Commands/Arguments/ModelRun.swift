import CommandLanguage
import Inference
import Slides
import Workflows

/// What the commands that run a model share: the model, its layers and settings.
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

  static let settingsParameters = [
    ParameterDeclaration(
      "batch_size", .integer(1...1024), "Tiles computed together; part of what is stored, where something is."),
    ParameterDeclaration(
      "precision", .choice(["f32", "bf16"]), default: "f32", "Arithmetic of the network; bf16 is faster and coarser."),
  ]

  /// The model that a statement names, opened anew where it says how tiles become the network's input.
  static func model(_ invocation: Invocation, study: Study?) throws -> StudyModel {
    let asked = ModelOpening.Asked(invocation.arguments)
    guard let value = invocation.subjects.first as? StudyModel else {
      return try ModelOpening.open(invocation.arguments.text("model") ?? "", asked, study: study)
    }
    return try ModelOpening.reopen(value, asked, study: study)
  }

  /// A model with its layers and settings.
  static func network(_ model: StudyModel, _ arguments: BoundArguments) throws -> NetworkRun {
    let pooling: Layer.Pooling =
      switch arguments["pooling"] {
      case .none?: .none
      case let value: value?.text.flatMap(Layer.Pooling.init(rawValue:)) ?? .average
      }
    var settings = InferenceSettings()
    if let batch = arguments.integer("batch_size") { settings.batchSize = batch }
    if let precision = arguments.text("precision").flatMap(InferenceSettings.Precision.init(rawValue:)) {
      settings.precision = precision
    }
    return try NetworkRun(
      model, layers: arguments.texts("layers") ?? ["postconv"], pooling: pooling,
      includesLogits: arguments.boolean("include_logits") ?? true, settings: settings,
      stain: ModelStain(ModelStain.Choice(arguments), of: model))
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

  // MARK: Tiles

  /// Whose models' params.json are looked at, and whose folder relative paths are looked for in.
  static let projectParameter = ParameterDeclaration(
    "project", .value([.project]), implies: Implication(.project, otherwise: "none"), "The project.")

  /// The same where a dataset has its own.
  static let datasetOrProjectParameter = ParameterDeclaration(
    "project", .value([.project]), effects: [.without("dataset")],
    implies: Implication(.project, otherwise: "none"), "The project, where no dataset says it.")

  /// The dataset that is given or meant, and its study; without a dataset the study alone, if there is one.
  static func source(_ arguments: BoundArguments) -> (dataset: StudyDataset?, study: Study?) {
    let dataset = arguments.value("dataset") as? StudyDataset
    return (dataset, dataset?.study ?? arguments.value("project") as? Study)
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

extension TileFormatChoice {
  static let parameter = ParameterDeclaration(
    "img_format", .choice(["auto", "jpg", "none"]), default: "auto",
    "Passes each tile through a JPEG of quality 95 in memory; auto does for models that were trained on JPEG tiles.")

  init(_ arguments: BoundArguments) {
    self = arguments.text("img_format").flatMap(TileFormatChoice.init(rawValue:)) ?? .auto
  }
}
