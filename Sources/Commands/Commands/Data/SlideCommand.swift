import CommandLanguage
import FeatureData
import Foundation
import Slides

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
      let value = try make(invocation)
      value.show(in: invocation.output)
      return value
    })

  private static func gridFault(
    _ slide: WholeSlideImage, _ size: TileSize, _ arguments: BoundArguments, _ scale: GivenScale
  ) -> SlideError? {
    do throws(SlideError) {
      _ = try TileGrid(
        slide, size: size, strideDivisor: arguments.number("stride_div") ?? 1, micronsPerPixel: scale[slide.name])
      return nil
    } catch {
      return error
    }
  }

  /// The size of the tiles where it is not given: that of the dataset, else the only one that the project has.
  private static func knownSize(_ arguments: BoundArguments, _ study: Study?) -> TileSize? {
    if let dataset = arguments.value("dataset") as? StudyDataset { return dataset.dataset.tileSize }
    let sizes = study?.project.tileSizes ?? []
    return sizes.count == 1 ? sizes[0] : nil
  }

  private static func make(_ invocation: Invocation) throws -> StudySlide {
    let arguments = invocation.arguments
    let project = (invocation.subjects.first as? Study)
    let opened = arguments.value("slide") as? StudySlide
    let isOfProject = opened.map { $0.project != nil } ?? (arguments.text("slide") != nil && !isPath(arguments))
    let (slide, regions, folders) = try SlideOpening.asked(arguments, project: project, monitor: invocation.monitor)
    let monitor = StatementMonitor(monitor: invocation.monitor)
    // Without a size the slide is shown, where its tiles can be known from the project also with their grid.
    let given = try TilePlan.size(arguments)
    let size = given ?? opened?.plan?.size ?? (isOfProject ? knownSize(arguments, project) : nil)
    if size == nil, let first = TilePlan.parameters.first(where: { arguments.has($0.name) && $0.name != "mpp" }) {
      throw CommandFailure(
        "\(first.name) is about tiles, and their size is not known.", remedy: "tile_px=299 tile_um=302",
        parameter: first.name)
    }
    let overview = try Reporting.run(parameter: "slide") {
      try SlideOverview(slide, longestSide: TissueMask.longestSide, monitor: monitor)
    }
    var selection: TileSelection?
    let givenScale = try GivenScale(arguments, project: project, as: opened)
    let scale = SlideScale(file: slide.micronsPerPixel, given: givenScale[slide.name], hint: slide.scaleHint)
    let plan = try size.map { try TilePlan(arguments, size: $0, project: project, as: opened) }
    if let size, given == nil, let fault = gridFault(slide, size, arguments, givenScale) {
      // Nobody asked for a grid: the slide is shown without one.
      invocation.output.note("No grid of \(size.label) is laid: \(fault.description.withShortPaths)")
    } else if let plan {
      selection = try Reporting.run(parameter: given == nil ? "slide" : "tile_um") {
        let wanted = try plan.selection(
          of: slide, regions: regions, regionFolders: folders, overview: overview, monitor: monitor)
        return try TileExtraction(slide, selection: wanted, filter: plan.filter).judged(monitor: monitor)
      }
    }
    return StudySlide(
      slide: slide, scale: scale, selection: selection, regions: regions, overview: overview, plan: plan,
      project: isOfProject ? opened?.project ?? project : nil, basis: isOfProject ? invocation.basis : nil)
  }

  private static func isPath(_ arguments: BoundArguments) -> Bool {
    if case .path? = arguments["slide"] { true } else { false }
  }
}
