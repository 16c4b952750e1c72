import CommandLanguage
import Workflows

/// `features`: activations, logits and locations for every tile of a dataset.
struct FeaturesCommand: TypedCommand {
  static let page = CommandPage(
    "features", topic: "Features",
    summary: "Computes layer activations, logits and locations for every tile of a dataset.",
    discussion: """
      Every slide is kept in the store as soon as it is complete; what is there is not computed again. Records that \
      cannot be read are left out and reported. `outcomes` is only what \
      later commands use when they are not told otherwise. A model that was trained with stain normalisation gets its \
      tiles normalised the same way. Where the tiles' extent on the slide is known (by what they were cut with, the \
      slide's file, `mpp`, or tiles that lie side by side), their corners are kept besides their centres, both in pixels \
      of level 0 from the corner of the whole slide, as OpenSlide counts them.
      """,
    reference: ["DatasetFeatures", "Project.generate_features", "DatasetFeatures.concat", "DatasetFeatures.merge"],
    synonyms: [
      "extract_features", "encode", "dataset_features", "generate_features", "feature", "compute", "embed_tiles",
    ],
    examples: ["df = features models/hpv.onnx outcomes=HPV_status", "df = features models/hpv.onnx layers=[postconv]"])

  @Subject("A model, or its file.", orPath: ModelOpening.file) var model: ModelSource
  @Parameter(
    "The slides.",
    implies: ImpliedParameter(StudyDataset.type, otherwise: "all tiles of the project at the model's tile size"))
  var dataset: StudyDataset?
  @Parameter(
    "The project, where no dataset says it.", only: [.without(\FeaturesCommand.$dataset)],
    implies: ImpliedParameter(Study.type, otherwise: "none"))
  var project: Study?
  @Group var layers: LayerParameters
  @Group var logits: LogitParameters
  @Group var uncertainty: UncertaintyParameters
  @Parameter(
    "Labels for later commands: a column, or a labels value.", referenceNames: ["annotations", "labels"],
    implies: ImpliedParameter(LabelSet.type, otherwise: "none"))
  var outcomes: LabelChoice?
  @Parameter("The first tiles of each slide; left out, as the dataset says.", in: 0...100_000_000) var maxTiles: Int?
  @Group var inference: InferenceParameters
  @Group var stain: ModelStainParameters
  @Parameter(ScaleParameter.documentation, unit: "µm") var mpp: ScaleParameter?
  @Group var reading: ModelReadingParameters

  func peek(_ input: PeekInput) -> KnownNames? {
    var known = KnownNames(model: $model.path, input, on: $dataset.names ?? $project.names)
    if layers.$layers.isGiven { known.widths["features"] = nil }
    if uncertainty.uncertainty { known.widths["uncertainty"] = 1 }
    known.settle($outcomes)
    return known
  }

  func identify(_ input: PeekInput) -> String? { input.statement }

  func run(_ invocation: Invocation) throws -> FeatureSet {
    let study = dataset?.study ?? project
    let opened = try model.opened(reading.asked, study: study, invocation)
    let all = try dataset ?? opened.allTiles(of: study)
    let chosen = try all.limited(toTiles: maxTiles)
    let network = try NetworkRun(opened, layers, logits, inference, stain, uncertainty)
    var (value, remarks) = try chosen.features(
      network, scale: try mpp?.scale(in: all.study) ?? .none, outcomes: $outcomes.choice,
      remarks: invocation.remarks, monitor: invocation.work)
    value.basis = invocation.basis(given: dataset, used: chosen)
    value.show(in: invocation.output)
    invocation.output.add(remarks)
    return value
  }
}
