import CommandLanguage
import FeatureData
import Rendering
import Slides

/// `mosaic`: tile images laid over a map.
enum MosaicCommand {
  /// Pixels of a cell in the full picture.
  private static let cellPixels = ["low": 32, "medium": 96]

  static let declaration = CommandDeclaration(
    name: "mosaic", referenceNames: ["Project.generate_mosaic", "Mosaic"], topic: "Maps",
    summary: "Lays tile images over a map, one for each cell of a grid.",
    discussion: """
      On features it maps first, and `dataset` and `filters` choose the slides that are mapped. On a map it lays tiles \
      over that map, and they choose only what is shown. The notebook shows a picture of at most 1,200 pixels width; \
      `save` writes it in full: as PNG the tiles alone, as PDF or SVG with title and caption.
      """,
    subject: SubjectDeclaration(
      name: "features", types: [.features, .map], documentation: "Features, or a map of them."),
    parameters: [
      ParameterDeclaration("num_tiles_x", .integer(1...1000), default: "50", "Columns of the grid."),
      ParameterDeclaration(
        "resolution", .choice(["low", "medium", "high"]), default: "medium",
        "Pixels of a tile in the full picture: 32, 96, or its own size."),
      ParameterDeclaration(
        "expanded", .boolean, default: "false", "Fills empty cells with spare tiles of cells nearby."),
      ParameterDeclaration(
        "leniency", .number(0...100), default: "1.5", effects: [.with("expanded", values: ["true"])],
        "How far such a tile may lie, in cells."),
      ParameterDeclaration(
        "tile_select", .choice(["nearest", "first"]), default: "nearest", effects: [.without("expanded")],
        "Which tile of a cell is shown: the nearest to its middle, or the first."),
      ParameterDeclaration("title", .text, "A title above the picture."),
    ] + MapMaking.parameters + SlideMapCommand.selectionParameters(outcomes), result: .mosaic,
    examples: [
      "m = mosaic df", "m = mosaic df num_tiles_x=30 filters={HPV_status: [positive]}", "mosaic u expanded=true",
    ])

  private static let outcomes = ParameterDeclaration(
    "outcomes", .valueOrName([.labels], .column),
    "Labels to frame tiles by, a column or a labels value; left out, tiles have no frames.")

  static let command = Command(
    declaration,
    run: { invocation in
      let value = try Reporting.run { try make(invocation) }
      value?.show(in: invocation.output)
      return value
    })

  private static func make(_ invocation: Invocation) throws -> TileMosaic? {
    let arguments = invocation.arguments
    let map: FeatureMap
    var slides: Set<Int>
    var remarks: [String]
    if let features = invocation.subjects.first as? FeatureSet {
      map = try SlideMapCommand.map(features, invocation)
      slides = Set(map.points.map(\.slide))
      remarks =
        slides.count == features.slides.count
        ? [] : ["Mapped: \(slides.count) of \(features.slides.count.counted("slide"))."]
    } else if let given = invocation.subjects.first as? FeatureMap {
      try refuseMapping(arguments)
      map = given
      slides = Set(try SlideMapCommand.slides(of: given.features, arguments))
      remarks = ["Tiles laid over the map as it is."] + [invocation.basisSentence].compactMap(\.self)
      let count = map.points.count { slides.contains($0.slide) }
      if count < map.points.count {
        remarks.append(
          "Shown: tiles of \(slides.count) of \(map.features.slides.count.counted("slide")); darker cells are places of "
            + "the others alone.")
      }
    } else {
      return nil
    }
    guard map.points.contains(where: { slides.contains($0.slide) }) else {
      throw CommandFailure("No tile of the map is left to show.", parameter: "filters")
    }

    let grid = grid(map, slides: slides, arguments)
    let images = TileImages(map.features)
    let labels = try SlideMapCommand.labels(of: map.features, arguments)
    let frames = labels.flatMap { self.frames(map, labels: $0) }
    remarks += map.remarks
    let note = frames.flatMap { frames in
      ColourNote.classes(grid.cells.map { frames.indices[$0.point] }, names: frames.names, label: frames.label)
    }
    if let note { remarks.append(note) }
    let picture = MosaicPicture(
      grid: grid, frames: frames, title: arguments.text("title"), footer: remarks.joined(separator: " ")
    ) { point, side in try images.image(map.points[point], side: side) }
    let inline = try picture.inline(monitor: StatementMonitor(monitor: invocation.monitor))
    if inline.drawnTileCount == 0, let first = inline.failures.first {
      // Once more for the error itself, which has a remedy.
      _ = try images.image(map.points[first.point], side: 1)
      throw CommandFailure(first.reason)
    }
    warn(of: inline.failures, invocation.output)
    let resolution = arguments.text("resolution") ?? "medium"
    return TileMosaic(
      map: map, picture: picture, grid: grid,
      cellPixels: cellPixels[resolution] ?? map.features.tileSize?.pixels ?? 256,
      remarks: remarks,
      inline: inline.picture, drawnTileCount: inline.drawnTileCount)
  }

  /// Each reason once, with the number of tiles.
  private static func warn(of failures: [MosaicPicture.Failure], _ output: any OutputSink) {
    var reasons: [String] = []
    var counts: [String: Int] = [:]
    for failure in failures {
      if counts[failure.reason] == nil { reasons.append(failure.reason) }
      counts[failure.reason, default: 0] += 1
    }
    for reason in reasons.prefix(5) {
      output.warn("\((counts[reason] ?? 0).counted("tile")) cannot be shown: \(reason)")
    }
    let rest = reasons.dropFirst(5).reduce(0) { $0 + (counts[$1] ?? 0) }
    if rest > 0 { output.warn("… and \(rest.counted("tile")) more.") }
  }

  /// On a map nothing is mapped again, so what belongs to mapping is refused instead of being ignored.
  private static func refuseMapping(_ arguments: BoundArguments) throws(CommandFailure) {
    guard let given = MapMaking.parameters.first(where: { arguments.has($0.name) }) else { return }
    throw CommandFailure(
      "`mosaic` on a map does not map again, so \(given.name) has nothing to act on.",
      remedy: "mosaic FEATURES \(given.name)=…", parameter: given.name)
  }

  /// The grid covers the whole map, so that mosaics of parts of it can be laid beside each other; that of tiles placed on
  /// a map of others covers that map too.
  private static func grid(_ map: FeatureMap, slides: Set<Int>, _ arguments: BoundArguments) -> MosaicGrid {
    let x = map.coordinates.column(0) + (map.ground?.column(0) ?? [])
    let y = map.coordinates.column(1) + (map.ground?.column(1) ?? [])
    let columns = arguments.integer("num_tiles_x") ?? 50
    let isShown = { (point: Int) in
      map.points.indices.contains(point) && slides.contains(map.points[point].slide)
    }
    if arguments.boolean("expanded") ?? false {
      return MosaicGrid(
        x: x, y: y, columnCount: columns, expandedLeniency: arguments.number("leniency") ?? 1.5, isShown: isShown)
    }
    return MosaicGrid(
      x: x, y: y, columnCount: columns, selection: arguments.text("tile_select") == "first" ? .first : .nearest,
      isShown: isShown)
  }

  private static func frames(_ map: FeatureMap, labels: SlideLabels) -> MosaicPicture.Frames? {
    guard case .categorical(let names, let indices, let label) = PointColouring(map: map).colouring(by: labels) else {
      return nil
    }
    return MosaicPicture.Frames(names: names, indices: indices, label: label)
  }
}
