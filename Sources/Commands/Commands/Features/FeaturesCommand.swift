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
      cannot be read are left out and reported. `outcomes` is only what \
      later commands use when they are not told otherwise. A model that was trained with stain normalisation gets its \
      tiles normalised the same way. Where the tiles' extent on the slide is known (by what they were cut with, the \
      slide's file, `mpp`, or tiles that lie side by side), their corners are kept besides their centres, both in pixels \
      of level 0 from the corner of the whole slide, as OpenSlide counts them.
      """,
    subject: ModelRun.subject,
    parameters: [
      ParameterDeclaration(
        "dataset", .value([.dataset]),
        implies: Implication(.dataset, otherwise: "all tiles of the project at the model's tile size"), "The slides."),
      ModelRun.datasetOrProjectParameter,
    ] + ModelRun.layersParameters + [
      ParameterDeclaration(
        "include_logits", .boolean, default: "true", referenceNames: ["include_preds"], "Keeps the logits too."),
      ParameterDeclaration(
        "outcomes", .valueOrName([.labels], .column), referenceNames: ["annotations", "labels"],
        implies: Implication(.labels, otherwise: "none"),
        "Labels for later commands: a column, or a labels value."),
      ParameterDeclaration(
        "max_tiles", .integer(0...100_000_000), "The first tiles of each slide; left out, as the dataset says."),
    ] + ModelRun.settingsParameters + [
      StainChoice.ofModel,
      GivenScale.parameter,
    ] + ModelOpening.parameters, result: .features,
    examples: ["df = features models/hpv.onnx outcomes=HPV_status", "df = features models/hpv.onnx layers=[postconv]"])

  static let command = Command(
    declaration,
    peek: ModelRun.peek, identify: { $0.statement },
    run: { invocation in
      let arguments = invocation.arguments
      let (given, ofSession) = ModelRun.source(arguments)
      let model = try ModelRun.model(invocation, project: ofSession)
      let all = try given ?? ModelRun.allTiles(of: ofSession, for: model)
      let project = all.project
      let dataset = try limited(all, arguments.integer("max_tiles"))
      try checkInput(model, dataset, invocation.output)

      let layers = try ModelRun.layers(arguments, of: model)
      let outcomes = try LabelsCommand.labels(
        "outcomes", of: arguments, project: project, slides: dataset.dataset.slides.map(\.name))
      let stain = try StainChoice.normalizer(of: model, arguments)
      let extraction = FeatureExtraction(
        dataset: dataset, model: model, layers: layers, includeLogits: ModelRun.includesLogits(arguments, of: model),
        settings: ModelRun.settings(arguments),
        normalizer: stain.normalizer,
        extents: TileExtents(dataset, given: try GivenScale(arguments, project: project)),
        outcomes: outcomes, monitor: StatementMonitor(monitor: invocation.monitor))
      var value: FeatureSet
      do { value = try Reporting.run { try extraction.run() } } catch {
        // Also a full disk leaves what was finished.
        if let count = try? extraction.completeSlideCount(), count > 0 || error is StatementInterrupted {
          invocation.output.note(
            "\(count) of \(dataset.dataset.slides.count.counted("slide")) are complete and kept; "
              + "the same statement goes on from there.")
        }
        throw error
      }
      value.basis = ModelRun.basis(invocation, given: given, used: dataset)
      value.show(in: invocation.output)
      ModelRun.report(model, stain, in: invocation.output)
      let origins = value.extentOrigins
      if !origins.isEmpty { invocation.output.note("The tiles' extents on their slides: \(origins).") }
      for remark in SlideScale.remarks(on: extraction.extents.ofGiven) { invocation.output.warn(remark) }
      return value
    })

  private static func limited(_ dataset: StudyDataset, _ maxTiles: Int?) throws -> StudyDataset {
    guard let maxTiles, maxTiles != dataset.dataset.maxTiles else { return dataset }
    var selection = dataset.dataset.selection
    selection.maxTiles = maxTiles
    let limited = try Reporting.run(parameter: "max_tiles") {
      try Dataset(dataset.study.project, tileSize: dataset.dataset.tileSize, selection: selection)
    }
    return StudyDataset(project: dataset.project, dataset: limited)
  }

  /// A model whose tile size is on record takes no other; any other model gets its tiles resized, which is said.
  private static func checkInput(_ model: StudyModel, _ dataset: StudyDataset, _ output: any OutputSink)
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
}
