import CommandLanguage
import Slides
import Workflows

/// `dataset`: chooses slides of a project, with their tiles at one size.
enum DatasetCommand {
  static let declaration = CommandDeclaration(
    name: "dataset", referenceNames: ["Project.dataset", "Dataset"], topic: "Data",
    summary: "Chooses slides of the project, with their tiles at one size.",
    discussion: """
      A slide belongs to the dataset when it has a row in the annotations and a file of tiles. Without `size`, `tile_px` \
      and `tile_um` the only size there is is taken; with several, they are listed. `by=patient` shows a row for each \
      patient, with the number of slides and tiles. What is wrong with tile files is said below the table: extractions \
      that were interrupted, files that are cut off, indexes and manifests that do not fit, and locations that are \
      tenths of pixels, as slideflow wrote them until version 1.4.
      """,
    subject: SubjectDeclaration(name: "project", types: [.project], documentation: "The project."),
    parameters: [
      ParameterDeclaration("tile_px", .integer(1...16384), unit: "px", "Side of the tiles in pixels."),
      ParameterDeclaration(
        "tile_um", .microns, unit: "µm", "Side of the tiles on the slide, or a magnification (20x)."),
      ParameterDeclaration(
        "size", .text, effects: [.without("tile_px"), .without("tile_um")],
        "Both, as the folder of the tiles is named: 299px_302um, 299px_10x."),
    ] + SlideSelection.parameters + [
      ParameterDeclaration("min_tiles", .integer(0...100_000_000), default: "0", "Leaves out slides with fewer tiles."),
      ParameterDeclaration(
        "max_tiles", .integer(0...100_000_000), default: "0", "Takes the first tiles of each slide; 0 takes all."),
      ParameterDeclaration("sources", .list(.text), "Only these sources of datasets.json."),
      ParameterDeclaration("by", .choice(["slide", "patient"]), default: "slide", "What the table has a row for."),
    ], result: .dataset,
    examples: [
      "dataset tile_px=299 tile_um=302", "dataset size=299px_302um by=patient",
      "dataset tile_px=299 tile_um=302 filters={HPV_status: [positive]}",
    ])

  static let command = Command(
    declaration, identify: { $0.statement },
    run: { invocation in
      guard let study = invocation.subjects.first as? Study else { return nil }
      let arguments = invocation.arguments
      var selection = Dataset.Selection()
      selection.filters = [Dataset.Filter](arguments)
      selection.filterBlank = arguments.texts("filter_blank") ?? []
      selection.minTiles = arguments.integer("min_tiles") ?? 0
      selection.maxTiles = arguments.integer("max_tiles") ?? 0
      selection.sources = arguments.texts("sources")
      let value = try StudyDataset(
        study, size: try TileSizeRequest(arguments).size(in: study.project), selection: selection,
        isByPatient: arguments.text("by") == "patient", basis: invocation.basis)
      value.show(in: invocation.output)
      return value
    })
}
