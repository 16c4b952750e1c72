import CommandLanguage
import Workflows

/// `import_features`: features that other programs computed.
struct ImportFeaturesCommand: TypedCommand {
  static let page = CommandPage(
    "import_features", topic: "Features",
    summary: "Takes in features made elsewhere: CLAM, TRIDENT, STAMP, slideflow bags, CSV.",
    discussion: """
      A file, or a folder with a file for each slide: HDF5 (.h5), tensors (.pt) or tables (.csv). Slides are joined with \
      the annotations by name: the same name first, then one that differs only by an ending, capitals, zeros and the \
      like, then one that the other begins with; the last two are said pair by pair, and what fits several slides, or \
      may number another one, is left out. Places are brought to pixels of level 0, from the corner of the whole slide \
      as OpenSlide counts them, and what was assumed for that is said. STAMP's are in micrometres, and slideflow's bags \
      give the side of tiles so: they need the microns per pixel of each slide, which its file says, or `mpp` where it \
      does not. Where the project has the same tiles, they can be shown.
      """, reference: ["DatasetFeatures.from_bags", "DatasetFeatures.load_cache"],
    examples: ["save df bags format=slideflow", "bags = import_features bags outcomes=HPV_status"])

  @Subject("The project with the annotations.") var project: Study
  @Parameter("A feature file, or a folder.", as: .path(.existing), positional: true) var path: String
  @Parameter(ScaleParameter.documentation, unit: "µm") var mpp: ScaleParameter?
  @Parameter(
    "Labels for later commands: a column, or a labels value.", referenceNames: ["annotations", "labels"],
    implies: ImpliedParameter(LabelSet.type, otherwise: "none"))
  var outcomes: LabelChoice?

  func peek(_ input: PeekInput) -> KnownNames? {
    var known = input.subjectNames
    known?.settle($outcomes)
    return known
  }

  func identify(_ input: PeekInput) -> String? { input.statement }

  func run(_ invocation: Invocation) throws -> FeatureSet {
    let (value, remarks) = try project.importFeatures(
      from: path, scale: try mpp?.scale(in: project) ?? .none, outcomes: $outcomes.choice, basis: invocation.basis,
      monitor: invocation.work)
    value.show(in: invocation.output)
    invocation.output.add(remarks)
    return value
  }
}
