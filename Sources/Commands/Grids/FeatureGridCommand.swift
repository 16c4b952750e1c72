import CommandLanguage
import Workflows

/// `feature_grid`: activations over a whole slide.
struct FeatureGridCommand: TypedCommand {
  static let page = CommandPage(
    "feature_grid", topic: "Features",
    summary: "Computes activations and logits over a whole slide, as a grid of rows and columns.",
    discussion: """
      The grid is laid and the background found as `slide` does; places without tissue are masked. Tiles are cut from \
      the slide and nothing is written. The size of the tiles is the one that the model was trained on. Shown is the \
      probability of the last class or label, or the number that the model gives, without logits the first feature; \
      `label` shows any other quantity, and `save` \
      writes the grid as .h5, .csv or .geojson (for QuPath).
      """, reference: ["Features", "Features(slide)", "Heatmap"],
    synonyms: [
      "heatmap", "heat_map", "heatmaps", "saliency", "attention", "attention_map", "activation_map", "gradcam", "grid",
      "overlay",
    ], examples: ["g = feature_grid models/hpv.onnx slide=DEMO-01", "label g by=feature:12", "save g grid.geojson"])

  @Subject("A model, or its file.", orPath: ModelOpening.file) var model: ModelSource
  @Parameter(
    "A slide that is open, a slide's name, or a file.", implies: ImpliedParameter(StudySlide.type, otherwise: nil))
  var slide: SlideOpening.Asked
  @Parameter(
    "The project that has the slide.",
    implies: ImpliedParameter(Study.type, otherwise: "none", where: \FeatureGridCommand.needsProject))
  var project: Study?
  @Group var layers: LayerParameters
  @Group var logits: LogitParameters
  @Group var size: TileSizeParameters
  @Group var regions: RegionParameters
  @Group var cutting: CuttingParameters
  @Group var inference: InferenceParameters
  @Group var stain: ModelStainParameters
  @Parameter(
    "Passes each tile through a JPEG of quality 95 in memory; auto does for models that were trained on JPEG tiles.")
  var imgFormat = TileFormatChoice.auto
  @Group var reading: ModelReadingParameters

  /// A slide that is open has its own, also before it exists.
  private var needsProject: Bool {
    switch $slide.given {
    case .open?: false
    case .named?, .file?: true
    case nil: !$slide.isGiven
    }
  }

  func peek(_ input: PeekInput) -> KnownNames? {
    var known = KnownNames(model: $model.path, input, on: $project.names ?? $slide.names)
    if layers.$layers.isGiven { known.widths["features"] = nil }
    return known
  }

  func run(_ invocation: Invocation) throws -> FeatureGrid {
    let study = slide.opened?.study ?? project
    let opened = try model.opened(reading.asked, study: study, invocation)
    let network = try NetworkRun(opened, layers, logits, inference, stain)
    var request = GridRequest(slide)
    request.size = try size.size
    request.cutting = cutting.given
    request.scale = try cutting.mpp?.scale(in: study)
    request.regionsPath = regions.roi
    request.format = imgFormat
    let (value, remarks) = try FeatureGrid.compute(
      network, request, study: study, basis: invocation.basis, remarks: invocation.remarks, monitor: invocation.work)
    value.show(in: invocation.output)
    invocation.output.add(remarks)
    return value
  }
}
