import CommandLanguage
import FeatureData
import Slides

/// `slide_map`: a UMAP of activations, or a map by predictions.
enum SlideMapCommand {
  /// What both `slide_map` and `mosaic` take to choose slides and labels.
  ///
  /// - Parameter outcomes: that of the command.
  static func selectionParameters(_ outcomes: ParameterDeclaration) -> [ParameterDeclaration] {
    [ParameterDeclaration("dataset", .value([.dataset]), "Only slides of this dataset; left out, all of them.")]
      + DatasetCommand.filterParameters + [outcomes, useFloat]
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
    parameters: MapMaking.parameters + selectionParameters(outcomes), result: .map,
    examples: ["u = slide_map df", "u = slide_map df n_neighbors=20 min_dist=0.3 seed=7"])

  static let command = Command(
    declaration,
    run: { invocation in
      guard let features = invocation.subjects.first as? FeatureSet else { return nil }
      let value = try Reporting.run { try map(features, invocation) }
      value.show(in: invocation.output)
      return value
    })

  /// Maps the features of the slides that the arguments choose.
  static func map(_ features: FeatureSet, _ invocation: Invocation) throws -> FeatureMap {
    let map = try MapMaking(
      features: features, slides: try slides(of: features, invocation.arguments),
      labels: try LabelsCommand.outcomes(invocation.arguments, of: features), arguments: invocation.arguments,
      monitor: StatementMonitor(monitor: invocation.monitor)
    ).run()
    return map.adding([invocation.basisSentence].compactMap(\.self))
  }

  static func labels(of features: FeatureSet, _ arguments: BoundArguments) throws -> SlideLabels? {
    try LabelsCommand.labels(
      "outcomes", of: arguments, project: features.study, slides: features.slides.map(\.name),
      useFloat: arguments.boolean("use_float"))
  }

  /// Indices of the slides that `dataset`, `filters` and `filter_blank` leave.
  static func slides(of features: FeatureSet, _ arguments: BoundArguments) throws -> [Int] {
    var kept = Array(features.slides.indices)
    if let dataset = arguments.value("dataset") as? StudyDataset {
      let names = Set(dataset.dataset.slides.map(\.name))
      kept = kept.filter { names.contains(features.slides[$0].name) }
    }
    let annotations = features.study.project.annotations
    let selection = DatasetCommand.selection(arguments)
    for filter in selection.filters {
      kept = try kept.filter { slide in
        try Reporting.run(parameter: "filters") {
          try annotations.matches(
            slide: features.slides[slide].name, column: filter.column, values: filter.values)
        }
      }
    }
    for column in selection.filterBlank {
      kept = try kept.filter { slide in
        let value = try Reporting.run(parameter: "filter_blank") {
          try annotations.value(of: column, slide: features.slides[slide].name)
        }
        return !Annotations.isBlank(value ?? "")
      }
    }
    guard !kept.isEmpty else {
      throw CommandFailure(
        "No slide of the features is left.", parameter: arguments.has("filters") ? "filters" : "dataset")
    }
    return kept
  }
}
