import CommandLanguage
import Workflows

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
      guard let study = invocation.subjects.first as? Study, let path = invocation.arguments.text("path") else {
        return nil
      }
      let arguments = invocation.arguments
      let (value, remarks) = try study.importFeatures(
        from: path, scale: try GivenScale.given(arguments, study: study) ?? .none,
        outcomes: LabelChoice("outcomes", of: arguments), basis: invocation.basis, monitor: invocation.work)
      value.show(in: invocation.output)
      invocation.output.add(remarks)
      return value
    })
}
