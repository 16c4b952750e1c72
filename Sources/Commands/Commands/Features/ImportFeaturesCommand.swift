import CommandLanguage
import FeatureStore
import Slides

/// `import_features`: features that other programs computed.
enum ImportFeaturesCommand {
  static let declaration = CommandDeclaration(
    name: "import_features", referenceNames: ["DatasetFeatures.from_bags", "DatasetFeatures.load_cache"],
    topic: "Features", summary: "Takes in features made elsewhere: CLAM, TRIDENT, STAMP, slideflow bags, CSV.",
    discussion: """
      A file, or a folder with a file for each slide: HDF5 (.h5), tensors (.pt) or tables (.csv). Slides are joined with \
      the annotations by name: the same name first, then one that differs only by an ending, capitals, zeros and the \
      like, then one that the other begins with; the last two are said pair by pair, and what fits several slides, or \
      may number another one, is left out. Places are brought to pixels of level 0, from the corner of the whole slide \
      as OpenSlide counts them, and what was assumed for that is said. STAMP's are in micrometres, and slideflow's bags \
      give the side of tiles so: they need the microns per pixel of each slide, which its file says, or `mpp` where it \
      does not. Where the project has the same tiles, they can be shown.
      """,
    subject: SubjectDeclaration(name: "project", types: [.project], documentation: "The project with the annotations."),
    parameters: [
      ParameterDeclaration("path", .path(.existing), positional: true, required: true, "A feature file, or a folder."),
      GivenScale.parameter,
      ParameterDeclaration(
        "outcomes", .valueOrName([.labels], .column), referenceNames: ["annotations", "labels"],
        implies: Implication(.labels, otherwise: "none"),
        "Labels for later commands: a column, or a labels value."),
    ], result: .features,
    examples: ["save df bags format=slideflow", "bags = import_features bags outcomes=HPV_status"])

  static let command = Command(
    declaration,
    peek: { input in
      var known = input.subjectNames
      known?.settle("outcomes", by: input.arguments)
      return known
    },
    identify: { $0.statement },
    run: { invocation in
      guard let project = invocation.subjects.first as? Study, let given = invocation.arguments.text("path")
      else { return nil }
      let arguments = invocation.arguments
      let path = PathResolution.existing(given, in: [study.project.folder])
      let result = try Reporting.run(parameter: "path") {
        try FeatureImport(
          project: project, path: path, given: try GivenScale(arguments, project: project), monitor: invocation.monitor
        ).run()
      }
      let width = result.slides.first?.stored.features.columnCount ?? 0
      let value = FeatureSet(
        project: project, model: nil, dataset: nil, normalizer: nil, identity: result.identity,
        layers: [FeatureSet.LayerColumns(layer: FeatureSet.importedLayer, columns: 0..<width)],
        slides: result.slides, failedSlides: result.failed, outputs: result.outputs,
        outcomes: try LabelsCommand.labels(
          "outcomes", of: arguments, project: project, slides: result.slides.map(\.name)),
        isFromStore: result.isFromStore, basis: invocation.basis)
      value.show(in: invocation.output)
      report(result, of: project, in: invocation.output)
      return value
    })

  private static func report(_ result: FeatureImport.Result, of study: Study, in output: any OutputSink) {
    let withTiles = result.slides.count { $0.tfrecord != nil }
    let tiles =
      switch withTiles {
      case 0: "The project has no tile files with these tiles, so they cannot be shown."
      case result.slides.count: "The project has their tiles."
      default: "The project has the tiles of \(withTiles) of the \(result.slides.count) slides."
      }
    output.note(
      "From \(result.kinds.sorted().joined(separator: ", ")). "
        + (result.isSlideLevel ? "One vector for each slide." : tiles))
    for remark in result.outputRemarks { output.note(remark) }
    for (assumption, count) in result.assumptions.sorted(by: { $0.key < $1.key }) {
      output.note(count == 1 && result.slides.count == 1 ? assumption : "\(count.counted("slide")): \(assumption)")
    }
    if let summary = SlideScale.summary(of: result.scales) {
      output.note("Micrometres are brought to pixels. " + summary)
    }
    for remark in SlideScale.remarks(on: result.scales) { output.warn(remark) }
    let near = result.join.near
    if !near.isEmpty {
      let ways = NearName.Difference.allCases.filter { way in near.contains { $0.differences.contains(way) } }
      output.warn(
        "Joined \(near.count) by names that differ only by \(ways.map(\.words).joined(separator: " or ")): "
          + pairs(near.map { SlideJoin.Pair(name: $0.name, slide: $0.other) }))
    }
    if !result.join.beginnings.isEmpty {
      output.warn(
        "Joined \(result.join.beginnings.count) by the beginning of their names: " + pairs(result.join.beginnings))
    }
    if !result.unmatched.isEmpty {
      output.warn(
        "\(result.unmatched.count.counted("file")) fit no slide of the annotations and are left out: "
          + names(result.unmatched))
    }
    let refused = result.unmatched.filter { result.join.refusals[$0] != nil }
    for name in refused.prefix(5) { output.warn("\(name): \(result.join.refusals[name] ?? "").") }
    if refused.count > 5 { output.warn("And \(refused.count - 5) more for such reasons.") }
    let known = Set(result.slides.map(\.name))
    let without = study.project.annotations.slides.filter { !known.contains($0) }
    if !without.isEmpty {
      output.note("\(without.count.counted("slide")) of the annotations have no features here: \(names(without))")
    }
  }

  private static func pairs(_ pairs: [SlideJoin.Pair]) -> String {
    pairs.prefix(20).map { "\($0.name) as \($0.slide)" }.joined(separator: ", ") + (pairs.count > 20 ? ", …" : ".")
  }

  private static func names(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : ".")
  }
}
