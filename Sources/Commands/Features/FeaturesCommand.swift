import CommandLanguage
import Workflows

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
      ModelStain.parameter,
      GivenScale.parameter,
    ] + ModelOpening.parameters, result: .features,
    examples: ["df = features models/hpv.onnx outcomes=HPV_status", "df = features models/hpv.onnx layers=[postconv]"])

  static let command = Command(
    declaration,
    peek: ModelRun.peek, identify: { $0.statement },
    run: { invocation in
      let arguments = invocation.arguments
      let (given, ofSession) = ModelRun.source(arguments)
      let model = try ModelRun.model(invocation, study: ofSession)
      let all = try given ?? model.allTiles(of: ofSession)
      let dataset = try all.limited(toTiles: arguments.integer("max_tiles"))
      var (value, remarks) = try dataset.features(
        try ModelRun.network(model, arguments), scale: try GivenScale.given(arguments, study: all.study) ?? .none,
        outcomes: LabelChoice("outcomes", of: arguments), remarks: invocation.remarks, monitor: invocation.work)
      value.basis = ModelRun.basis(invocation, given: given, used: dataset)
      value.show(in: invocation.output)
      invocation.output.add(remarks)
      return value
    })
}
