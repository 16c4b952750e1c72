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
        "slide", .nameOrPath(.slide, .existing), positional: true, required: true, "A slide's name, or a file.")
    ] + TilePlan.sizeParameters + [
      TilePlan.regionsParameter
    ] + TilePlan.parameters, result: .slide,
    examples: ["slide DEMO-01", "s = slide DEMO-01 tile_px=299 tile_um=302 qc=otsu"])

  static let command = Command(
    declaration,
    peek: { input in
      guard let slide = input.arguments.text("slide") else { return nil }
      if case .path(let path)? = input.arguments["slide"] {
        return KnownNames(names: [NameKind.slide.key: [WholeSlideImage.name(ofFile: path)]])
      }
      return KnownNames(names: [NameKind.slide.key: [slide]])
    },
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

  /// The tile size that a project is worked on with: that of its newest dataset, else the only one it has.
  private static func knownSize(_ project: ProjectValue, _ workspace: Workspace) -> TileSize? {
    let datasets = workspace.bindings(of: .dataset).compactMap { $0.value as? DatasetValue }
    if let newest = datasets.last(where: { $0.dataset.project.folder == project.project.folder }) {
      return newest.dataset.tileSize
    }
    let sizes = project.project.tileSizes
    return sizes.count == 1 ? sizes[0] : nil
  }

  private static func make(_ invocation: Invocation) throws -> SlideValue {
    let arguments = invocation.arguments
    let project = invocation.subjects.first as? ProjectValue
    let (slide, regions, folders) = try SlideOpening.asked(arguments, project: project, monitor: invocation.monitor)
    let monitor = StatementMonitor(monitor: invocation.monitor)
    // Without a size the slide is shown, where its tiles can be known from the project also with their grid.
    let given = try TilePlan.size(arguments)
    let size =
      given ?? (arguments.text("slide") == slide.path ? nil : project.flatMap { knownSize($0, invocation.workspace) })
    if size == nil, let first = TilePlan.parameters.first(where: { arguments.has($0.name) && $0.name != "mpp" }) {
      throw CommandFailure(
        "\(first.name) is about tiles, and their size is not known.", remedy: "tile_px=299 tile_um=302",
        parameter: first.name)
    }
    let overview = try Reporting.run(parameter: "slide") {
      try SlideOverview(slide, longestSide: TissueMask.longestSide, monitor: monitor)
    }
    var selection: TileSelection?
    let givenScale = try GivenScale(arguments, project: project)
    let scale = SlideScale(
      file: slide.micronsPerPixel, given: givenScale[slide.name], hint: slide.scaleHint)
    if let size, given == nil, let fault = gridFault(slide, size, arguments, givenScale) {
      // Nobody asked for a grid: the slide is shown without one.
      invocation.output.note("No grid of \(size.label) is laid: \(fault.description.withShortPaths)")
    } else if let size {
      selection = try Reporting.run(parameter: given == nil ? "slide" : "tile_um") {
        let plan = try TilePlan(arguments, size: size, project: project)
        let wanted = try plan.selection(
          of: slide, regions: regions, regionFolders: folders, overview: overview, monitor: monitor)
        return try TileExtraction(slide, selection: wanted, filter: plan.filter).judged(monitor: monitor)
      }
    }
    return SlideValue(slide: slide, scale: scale, selection: selection, regions: regions, overview: overview)
  }
}
