import CommandLanguage
import Slides
import Workflows

/// `slide`: opens a whole-slide image and shows it with its tile grid.
enum SlideCommand {
  static let declaration = CommandDeclaration(
    name: "slide", referenceNames: ["WSI", "slideflow.WSI"], topic: "Data",
    summary: "Opens a whole-slide image: its properties, and a thumbnail with the tile grid and regions of interest.",
    discussion: """
      A slide of the project by its name, or any file by its path. With `tile_px` and `tile_um`, or where a dataset or \
      the only size of the project's tiles tells them, the grid is laid and the background found as `extract_tiles` \
      would; `tiles` then shows tiles of it. The grid is given as (rows, columns). Regions of interest come from the \
      project, or from `roi`.
      """,
    subject: SubjectDeclaration(
      name: "project", types: [.project], isOptional: true, documentation: "The project that has the slide."),
    parameters: [
      ParameterDeclaration(
        "slide", .nameOrPath(.slide, .existing), positional: true, required: true,
        "A slide's name, a slide that is open, or a file.")
    ] + TilePlan.sizeParameters + [
      ParameterDeclaration(
        "dataset", .value([.dataset]), effects: [.without("tile_px")],
        implies: Implication(.dataset, otherwise: "the only size of the project's tiles") { !isPath($0) },
        "The dataset whose tile size the grid has."),
      TilePlan.regionsParameter,
    ] + TilePlan.parameters, result: .slide,
    examples: ["slide DEMO-01", "s = slide DEMO-01 tile_px=299 tile_um=302 qc=otsu"])

  static let command = Command(
    declaration,
    peek: { input in
      guard let slide = input.arguments.text("slide") else { return input.parameterNames["slide"] }
      if case .path(let path)? = input.arguments["slide"] {
        return KnownNames(names: [NameKind.slide.key: [WholeSlideImage.name(ofFile: path)]])
      }
      var known = KnownNames(names: [NameKind.slide.key: [slide]])
      for kind in [NameKind.folder, .project, .store] { known.names[kind.key] = input.subjectNames?.names(of: kind) }
      return known
    },
    identify: { $0.statement },
    run: { invocation in
      let arguments = invocation.arguments
      let study = invocation.subjects.first as? Study
      var request = SlideRequest(SlideOpening.Asked(arguments))
      request.size = try TileSizeRequest(arguments).whole()
      request.datasetSize = (arguments.value("dataset") as? StudyDataset)?.dataset.tileSize
      request.cutting = TilePlan.Cutting(given: arguments)
      request.cuttingParameter = TilePlan.cuttingParameter(arguments)
      request.scale = try GivenScale.given(arguments, study: study)
      request.regionsPath = arguments.text("roi")
      let value = try StudySlide.open(
        request, study: study, basis: invocation.basis, remarks: invocation.remarks, monitor: invocation.work)
      value.show(in: invocation.output)
      return value
    })

  private static func isPath(_ arguments: BoundArguments) -> Bool {
    if case .path? = arguments["slide"] { true } else { false }
  }
}
