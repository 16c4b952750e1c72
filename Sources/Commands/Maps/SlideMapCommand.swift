import CommandLanguage
import Workflows

/// `slide_map`: a UMAP of activations, or a map by predictions.
struct SlideMapCommand: TypedCommand {
  static let page = CommandPage(
    "slide_map", topic: "Maps",
    summary: "Maps tiles by their activations (UMAP), or by the predictions for two outcomes.",
    discussion: """
      The same seed gives the same map, whatever the number of processor cores. The output names the parameters and \
      how far the map can be trusted. All axes have one scale, in which the longest fills 0 to 1; predictions are \
      probabilities as they are. Tiles with NaN or infinity are left out and named. The picture is coloured by the \
      labels, or by what is predicted (`show_prediction`); `label` colours it by anything else.
      """,
    reference: [
      "SlideMap.from_features", "SlideMap", "SlideMap.from_precalculated", "SlideMap.umap_transform", "SlideMap.load",
      "SlideMap.load_umap", "SlideMap.save_umap", "SlideMap.load_cache", "SlideMap.save_cache",
      "DatasetFeatures.map_activations", "DatasetFeatures.map_predictions", "DatasetFeatures.map_to_predictions",
    ],
    synonyms: [
      "umap", "tsne", "t_sne", "pca", "pacmap", "densmap", "map", "embed", "embedding", "embeddings", "projection",
      "reduce", "scatter", "scatterplot", "latent", "plot_umap", "dimensionality_reduction",
    ], examples: ["u = slide_map df", "u = slide_map df n_neighbors=20 min_dist=0.3 seed=7"])

  @Subject("The features.") var features: FeatureSet
  @Group var mapping: MappingParameters
  @Group var selection: SlideSelectionParameters
  @Parameter(
    "Labels to colour by: a column, or a labels value.",
    implies: ImpliedParameter(
      LabelSet.type, broughtAlong: "those that the features were made with", otherwise: "none"))
  var outcomes: LabelChoice?
  @Parameter(
    "Reads the labels as numbers; left out, a column of many different numbers is.",
    only: [.with(\SlideMapCommand.$outcomes)])
  var useFloat: Bool?
  @Group var prediction: PredictionColourParameters
  @Group var look: StyleParameters

  func run(_ invocation: Invocation) throws -> FeatureMap {
    let colour = try prediction.colour(of: features)
    let value = try features.map(
      mapping.request, of: selection.selection, outcomes: $outcomes.choice, useFloat: useFloat,
      monitor: invocation.work
    ).adding([invocation.basisSentence].compactMap(\.self)).styled(look.style)
      .coloured(by: colour, monitor: invocation.work)
    value.show(in: invocation.output)
    return value
  }
}
