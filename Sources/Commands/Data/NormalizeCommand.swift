import CommandLanguage
import Slides
import Workflows

/// `normalize`: tiles before and after stain normalisation.
enum NormalizeCommand {
  static let declaration = CommandDeclaration(
    name: "normalize", referenceNames: ["StainNormalizer", "norm.autoselect"], topic: "Data",
    summary: "Shows tiles before and after stain normalisation.",
    discussion: """
      `extract_tiles` applies the same with `normalizer`. The methods whose names end in `_fast` leave the brightness of a \
      tile as it is. A tile without two stains, such as a blank one, is left as it is, and that is said.
      """,
    subject: SubjectDeclaration(
      name: "of", types: [.dataset, .features, .slide], documentation: "A dataset, features, or a slide with a grid."),
    parameters: [
      ParameterDeclaration(
        "method", .choice(StainTarget.methods), positional: true, required: true,
        "How the colours are measured and moved."),
      StainTarget.parameter,
    ] + TileChoice.parameters + [
      ParameterDeclaration("n", .integer(1...50), default: "6", "How many tiles are shown at most.")
    ], result: .picture,
    examples: ["normalize reinhard_fast", "normalize macenko slide=DEMO-01 normalizer_source=DEMO-02:3"])

  static let command = Command(
    declaration,
    run: { invocation in
      guard let subject = invocation.subjects.first else { return nil }
      let value = try Reporting.run {
        let arguments = invocation.arguments
        let method = arguments.text("method").flatMap(StainNormalizer.Method.init(rawValue:)) ?? .reinhardFast
        let sheet = try StainSheet(
          of: try subject.tileSource, method, target: StainTarget(arguments), choice: TileChoice.Asked(arguments),
          count: arguments.integer("n") ?? 6, basis: invocation.basis, monitor: invocation.work)
        return try PictureValue(photograph: sheet.figure, text: sheet.text, names: subject.knownNames)
      }
      value.show(in: invocation.output)
      return value
    })
}
