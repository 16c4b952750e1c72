import CommandLanguage
import Workflows

/// `slide_map`: a UMAP of activations, or a map by predictions.
enum SlideMapCommand {
  /// What both `slide_map` and `mosaic` take to choose slides and labels.
  ///
  /// - Parameter outcomes: that of the command.
  static func selectionParameters(_ outcomes: ParameterDeclaration) -> [ParameterDeclaration] {
    [ParameterDeclaration("dataset", .value([.dataset]), "Only slides of this dataset; left out, all of them.")]
      + SlideSelection.parameters + [outcomes, useFloat]
  }

  private static let useFloat = ParameterDeclaration(
    "use_float", .boolean, effects: [.with("outcomes", values: [])],
    "Reads the labels as numbers; left out, a column of many different numbers is.")

  private static let outcomes = ParameterDeclaration(
    "outcomes", .valueOrName([.labels], .column),
    implies: Implication(.labels, broughtAlong: "those that the features were made with", otherwise: "none"),
    "Labels to colour by: a column, or a labels value.")

  static let declaration = CommandDeclaration(
    name: "slide_map", referenceNames: ["SlideMap.from_features", "SlideMap"], topic: "Maps",
    summary: "Maps tiles by their activations (UMAP), or by the predictions for two outcomes.",
    discussion: """
      The same seed gives the same map, whatever the number of processor cores. The output names the parameters and \
      how far the map can be trusted. All axes have one scale, in which the longest fills 0 to 1; predictions are \
      probabilities as they are. Tiles with NaN or infinity are left out and named.
      """,
    subject: SubjectDeclaration(name: "features", types: [.features], documentation: "The features."),
    parameters: MapRequest.declarations + selectionParameters(outcomes), result: .map,
    examples: ["u = slide_map df", "u = slide_map df n_neighbors=20 min_dist=0.3 seed=7"])

  static let command = Command(
    declaration,
    run: { invocation in
      guard let features = invocation.subjects.first as? FeatureSet else { return nil }
      let arguments = invocation.arguments
      let value = try features.map(
        MapRequest(arguments), of: SlideSelection(arguments), outcomes: LabelChoice("outcomes", of: arguments),
        useFloat: arguments.boolean("use_float"), monitor: invocation.work
      ).adding([invocation.basisSentence].compactMap(\.self))
      value.show(in: invocation.output)
      return value
    })
}
