import CommandLanguage
import Inference
import Slides

/// `features`: activations, logits and locations for every tile of a dataset.
enum FeaturesCommand {
  static let declaration = CommandDeclaration(
    name: "features",
    referenceNames: ["DatasetFeatures", "Project.generate_features"],
    topic: "Features", summary: "Computes layer activations, logits and locations for every tile of a dataset.",
    discussion: """
      Every slide is kept in the store as soon as it is complete; what is there is not computed again. Records that \
      cannot be read are left out and reported. Without `dataset` the unnamed dataset is taken (the one of a `dataset` \
      statement without a name), else all tiles of the project at the model's tile size. `outcomes` is only what \
      later commands use when they are not told otherwise. A model that was trained with stain normalisation gets its \
      tiles normalised the same way. Where the tiles' extent on the slide is known (by the slide, `mpp`, or tiles that \
      lie side by side), their corners are kept besides their centres.
      """,
    subject: SubjectDeclaration(
      name: "model", types: [.model], path: ModelOpening.file, documentation: "A model, or its file."),
    parameters: [
      ParameterDeclaration("dataset", .value([.dataset]), "The slides."),
      ParameterDeclaration(
        "layers", .list(.name(.layer)), default: "[postconv]", "Layers, joined side by side; spatial ones are averaged."
      ),
      ParameterDeclaration(
        "include_logits", .boolean, default: "true", referenceNames: ["include_preds"], "Keeps the logits too."),
      ParameterDeclaration(
        "outcomes", .valueOrName([.labels], .column), referenceNames: ["annotations", "labels"],
        "Labels for later commands: a column, or a labels value."),
      ParameterDeclaration(
        "max_tiles", .integer(0...100_000_000), "The first tiles of each slide; left out, as the dataset says."),
      ParameterDeclaration("batch_size", .integer(1...1024), "Tiles computed together; part of what is stored."),
      ParameterDeclaration(
        "precision", .choice(["f32", "bf16"]), default: "f32", "Arithmetic of the network; bf16 is faster and coarser."),
      StainChoice.ofModel,
      ParameterDeclaration(
        "mpp", .number(0.001...1000), unit: "µm",
        "Microns per pixel of the slides, where there are no slide files that tell."),
    ] + ModelOpening.parameters, result: .features,
    examples: ["df = features models/hpv.onnx outcomes=HPV_status", "df = features models/hpv.onnx layers=[postconv]"])

  static let command = Command(
    declaration,
    peek: { input in
      let project = input.sessionNames[.project]
      var known = input.parameterNames["dataset"] ?? input.sessionNames[.dataset] ?? project ?? KnownNames()
      if let subject = input.subjectNames { known = known.merging(subject) }
      if let path = input.arguments.text("model") {
        let model = ModelOpening.peek(path, folders: project?.names(of: .folder) ?? [])
        known = known.merging(model ?? KnownNames())
      }
      if input.arguments.texts("layers") != nil { known.widths["features"] = nil }
      return known
    },
    run: { invocation in
      let arguments = invocation.arguments
      let chosen = arguments.value("dataset") as? DatasetValue
      let project = try chosen?.project ?? onlyProject(invocation)
      let model: ModelValue
      if let value = invocation.subjects.first as? ModelValue {
        model = try reopened(value, arguments, project)
      } else {
        model = try ModelOpening.open(arguments.text("model") ?? "", arguments: arguments, project: project)
      }
      let (given, origin) = try chosen.map { ($0, nil) } ?? defaultDataset(invocation, model: model, project: project)
      let dataset = try limited(given, arguments.integer("max_tiles"))
      if let origin { invocation.output.note("On \(origin): \(dataset.shape).") }
      try checkInput(model, dataset, invocation.output)

      var settings = InferenceSettings()
      if let batch = arguments.integer("batch_size") { settings.batchSize = batch }
      if let precision = arguments.text("precision").flatMap(InferenceSettings.Precision.init(rawValue:)) {
        settings.precision = precision
      }
      let layers = try layers(arguments.texts("layers") ?? ["postconv"], of: model)
      let outcomes = try LabelsCommand.labels(
        "outcomes", of: arguments, project: project, slides: dataset.dataset.slides.map(\.name))
      let stain = try StainChoice.normalizer(of: model, arguments)
      let includeLogits = (arguments.boolean("include_logits") ?? true) && model.model.layers.logits != nil
      let extraction = FeatureExtraction(
        dataset: dataset, model: model, layers: layers, includeLogits: includeLogits, settings: settings,
        normalizer: stain.normalizer, extents: TileExtents(dataset, micronsPerPixel: arguments.number("mpp")),
        outcomes: outcomes, monitor: StatementMonitor(monitor: invocation.monitor))
      let value: FeaturesValue
      do { value = try Reporting.run { try extraction.run() } } catch is StatementInterrupted {
        let count = try Reporting.run { try extraction.completeSlideCount() }
        invocation.output.note(
          "\(count) of \(dataset.dataset.slides.count.counted("slide")) are complete and kept; "
            + "the same statement goes on from there.")
        throw StatementInterrupted()
      }
      value.show(in: invocation.output)
      invocation.output.note(
        "Standardisation: \(model.choice.standardization.sentence), \(model.choice.reason.withShortPaths).")
      if let sentence = stain.sentence { invocation.output.note(sentence) }
      if let warning = stain.warning { invocation.output.warn(warning) }
      return value
    })

  private static func onlyProject(_ invocation: Invocation) throws(CommandFailure) -> ProjectValue {
    let projects = invocation.workspace.bindings(of: .project)
    guard let project = projects.last?.value as? ProjectValue else {
      throw CommandFailure("`features` needs a project, and none is open.", remedy: "project PATH")
    }
    guard projects.count == 1 else {
      throw CommandFailure(
        "Several projects are open: \(projects.map(\.displayName).joined(separator: ", ")).",
        remedy: "d = dataset PROJECT …, then features MODEL dataset=d")
    }
    return project
  }

  /// A model value with other standardisation when the statement gives it.
  private static func reopened(
    _ model: ModelValue, _ arguments: BoundArguments, _ project: ProjectValue
  ) throws -> ModelValue {
    guard ModelOpening.parameters.contains(where: { arguments.has($0.name) }) else { return model }
    return try ModelOpening.open(model.model.path, arguments: arguments, project: project)
  }

  private static func defaultDataset(
    _ invocation: Invocation, model: ModelValue, project: ProjectValue
  ) throws -> (DatasetValue, origin: String?) {
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

  private static func limited(_ dataset: DatasetValue, _ maxTiles: Int?) throws -> DatasetValue {
    guard let maxTiles, maxTiles != dataset.dataset.maxTiles else { return dataset }
    var selection = dataset.dataset.selection
    selection.maxTiles = maxTiles
    let limited = try Reporting.run(parameter: "max_tiles") {
      try Dataset(dataset.project.project, tileSize: dataset.dataset.tileSize, selection: selection)
    }
    return DatasetValue(project: dataset.project, dataset: limited)
  }

  /// A model whose tile size is on record takes no other; any other model gets its tiles resized, which is said.
  private static func checkInput(_ model: ModelValue, _ dataset: DatasetValue, _ output: any OutputSink)
    throws(CommandFailure)
  {
    let size = dataset.dataset.tileSize
    if let trained = ModelOpening.tileSize(of: model) {
      let remedy = "dataset tile_px=\(trained.pixels) tile_um=\(trained.extentText)"
      guard trained.pixels == size.pixels else {
        throw CommandFailure(
          "The model was trained on tiles of \(trained.label), and those of the dataset are \(size.label).",
          remedy: dataset.dataset.project.tileSizes.contains(trained) ? remedy : "extract tiles of \(trained.label)",
          parameter: "dataset")
      }
      if trained != size {
        output.warn("The model was trained on tiles of \(trained.label), and those of the dataset are \(size.label).")
      }
    } else if let side = model.model.input.sidePixels, side != size.pixels {
      output.note("Tiles of \(size.pixels) px are resized to the \(side) px that the model takes.")
    }
  }

  private static func layers(_ names: [String], of model: ModelValue) throws -> [FeatureExtraction.NamedLayer] {
    guard !names.isEmpty else {
      throw CommandFailure("No layer is named.", remedy: "layers=[postconv]", parameter: "layers")
    }
    var layers: [FeatureExtraction.NamedLayer] = []
    for name in names {
      if name == "postconv", let postconv = model.model.layers.postconv {
        layers.append(.init(name: name, layer: postconv))
      } else if name == "postconv" {
        throw CommandFailure(
          model.model.layers.postconvReason, remedy: model.model.layers.names.last.map { "layers=[\($0)]" },
          parameter: "layers")
      } else {
        let layer = try Reporting.run(parameter: "layers") { try model.model.layers.layer(named: name) }
        layers.append(.init(name: name, layer: layer))
      }
      if let last = layers.last, let first = layers.dropLast().first(where: { $0.layer == last.layer }) {
        throw CommandFailure(
          first.name == name
            ? "The layer \(name) is named twice." : "\(first.name) and \(name) are the same layer.", parameter: "layers"
        )
      }
    }
    return layers
  }
}
