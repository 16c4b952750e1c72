import CommandLanguage
import Rendering
import Slides
import Workflows

/// `extract_tiles`: cuts the slides of a project into tiles.
enum ExtractTilesCommand {
  static let declaration = CommandDeclaration(
    name: "extract_tiles", referenceNames: ["Project.extract_tiles", "Dataset.extract_tiles", "WSI.extract_tiles"],
    topic: "Data", summary: "Cuts the slides of a project into tiles, as TFRecords in slideflow's layout.",
    discussion: """
      The slides are those of the annotations that have a file in the slide folders of the project. Each becomes one file, \
      written whole: an interruption or a kill loses the slide in progress, and the same statement goes on from there. \
      Tiles of slides that were extracted before are kept (`skip_extracted`). A region of a slide that cannot be read \
      costs that region, and a slide that cannot be opened costs that slide; both are reported. Records are shuffled, so \
      that the first N of a file are a sample of the slide.
      """,
    subject: SubjectDeclaration(name: "project", types: [.project], documentation: "The project."),
    parameters: [
      ParameterDeclaration("tile_px", .integer(1...8192), required: true, unit: "px", "Side of the tiles in pixels."),
      ParameterDeclaration(
        "tile_um", .microns, required: true, unit: "µm", "Side of the tiles on the slide, or a magnification (20x)."),
      ParameterDeclaration("slides", .list(.name(.slide)), "Only these slides."),
    ] + SlideSelection.parameters + [ParameterDeclaration("sources", .list(.text), "Only these sources.")]
      + TilePlan.parameters + [
        ParameterDeclaration("img_format", .choice(["jpg", "png"]), default: "jpg", "How tiles are stored."),
        ParameterDeclaration(
          "quality", .integer(1...100), default: "95", effects: [.with("img_format", values: ["jpg"])],
          "Quality of the JPEGs."),
        ParameterDeclaration(
          "normalizer", .choice(StainTarget.methods),
          "Stain normalisation of the tiles; one without two stains is left out as background."), normalizerSource,
        ParameterDeclaration("shuffle", .boolean, default: "true", "Shuffles the records of each slide."),
        ParameterDeclaration(
          "skip_extracted", .boolean, default: "true", "Keeps the tile files that are there; false makes them anew."),
      ], result: .dataset,
    examples: ["extract_tiles tile_px=299 tile_um=151 slides=[DEMO-01, DEMO-02]"], writesFiles: true)

  /// No tile can be named before there are any.
  private static let normalizerSource = ParameterDeclaration(
    "normalizer_source",
    .either([
      .choice(StainNormalizer.TargetVersion.allCases.map(\.rawValue)),
      .path(.existingFile(extensions: ["png", "jpg", "jpeg"])),
    ]), default: "v3", effects: [.with("normalizer", values: [])],
    "What the tiles are made to look like: a standard (v3 is slideflow's of today, v1 that of 1.x), or a picture.")

  static let command = Command(
    declaration,
    run: { invocation in
      guard let study = invocation.subjects.first as? Study,
        let size = try TileSizeRequest(invocation.arguments).whole()
      else { return nil }
      let output = invocation.output
      let report = try study.extractTiles(
        try request(invocation.arguments, size: size, study: study), basis: invocation.basis,
        remarks: invocation.remarks, monitor: invocation.work)
      output.show(table: report.table, maximumRows: 40)
      output.add(report.remarks)
      let dataset = try report.dataset()
      let sample = report.sample(of: dataset)
      if let picture = try? sample.sheet.inlinePNG(byteLimit: PictureValue.photographByteLimit) {
        output.show(picture: picture, text: sample.text)
      }
      return dataset
    })

  private static func request(
    _ arguments: BoundArguments, size: TileSize, study: Study
  ) throws -> ExtractionRequest {
    var request = ExtractionRequest(
      TilePlan(
        size: size, scale: try GivenScale.given(arguments, study: study) ?? .none,
        cutting: TilePlan.Cutting(given: arguments) ?? TilePlan.Cutting()))
    request.slides = arguments.texts("slides")
    request.filters = [Dataset.Filter](arguments)
    request.filterBlank = arguments.texts("filter_blank") ?? []
    request.sources = arguments.texts("sources")
    request.format.picture =
      arguments.text("img_format").flatMap(TileExtraction.Format.Picture.init(rawValue:)) ?? .jpg
    request.format.quality = arguments.integer("quality") ?? 95
    if arguments.boolean("shuffle") == false { request.format.shuffleSeed = nil }
    if let method = arguments.text("normalizer").flatMap(StainNormalizer.Method.init(rawValue:)) {
      request.normalizer = try StainTarget(arguments).normalizer(method)
    }
    request.skipsExtracted = arguments.boolean("skip_extracted") ?? true
    return request
  }
}
