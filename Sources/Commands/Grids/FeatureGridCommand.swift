import CommandLanguage
import Workflows

/// `feature_grid`: activations over a whole slide.
enum FeatureGridCommand {
  static let declaration = CommandDeclaration(
    name: "feature_grid", referenceNames: ["Features", "Heatmap"], topic: "Features",
    summary: "Computes activations and logits over a whole slide, as a grid of rows and columns.",
    discussion: """
      The grid is laid and the background found as `slide` does; places without tissue are masked. Tiles are cut from \
      the slide and nothing is written. The size of the tiles is the one that the model was trained on. Shown is the \
      probability of the last class or label, or the number that the model gives, without logits the first feature; \
      `label` shows any other quantity, and `save` \
      writes the grid as .h5, .csv or .geojson (for QuPath).
      """,
    subject: ModelRun.subject,
    parameters: [
      ParameterDeclaration(
        "slide", .nameOrPath(.slide, .existing), required: true, implies: Implication(.slide, otherwise: nil),
        "A slide that is open, a slide's name, or a file."),
      ParameterDeclaration(
        "project", .value([.project]),
        implies: Implication(.project, otherwise: "none") { arguments in
          if case .value? = arguments["slide"] { false } else { true }
        }, "The project that has the slide."),
    ] + ModelRun.layersParameters + [
      ParameterDeclaration(
        "include_logits", .boolean, default: "true", referenceNames: ["include_preds"], "Keeps the logits too.")
    ] + TilePlan.sizeParameters + [
      TilePlan.regionsParameter
    ] + TilePlan.parameters + ModelRun.settingsParameters
      + [ModelStain.parameter, TileFormatChoice.parameter] + ModelOpening.parameters, result: .grid,
    examples: [
      "g = feature_grid models/hpv.onnx slide=DEMO-01", "label g by=feature:12", "save g grid.geojson",
    ])

  static let command = Command(
    declaration,
    peek: ModelRun.peek,
    run: { invocation in
      let arguments = invocation.arguments
      let slide = SlideOpening.Asked(arguments)
      let study = slide.opened?.study ?? arguments.value("project") as? Study
      let network = try ModelRun.network(try ModelRun.model(invocation, study: study), arguments)
      var request = GridRequest(slide)
      request.size = try TileSizeRequest(arguments).whole()
      request.cutting = TilePlan.Cutting(given: arguments)
      request.scale = try GivenScale.given(arguments, study: study)
      request.regionsPath = arguments.text("roi")
      request.format = TileFormatChoice(arguments)
      let (value, remarks) = try FeatureGrid.compute(
        network, request, study: study, basis: invocation.basis, remarks: invocation.remarks,
        monitor: invocation.work)
      value.show(in: invocation.output)
      invocation.output.add(remarks)
      return value
    })
}
