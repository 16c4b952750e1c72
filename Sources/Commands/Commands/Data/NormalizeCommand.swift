import CommandLanguage
import FeatureData
import Rendering
import Slides

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
        "method", .choice(StainChoice.methods), positional: true, required: true,
        "How the colours are measured and moved."),
      StainChoice.source,
    ] + TileChoice.parameters + [
      ParameterDeclaration("n", .integer(1...50), default: "6", "How many tiles are shown at most.")
    ], result: .picture,
    examples: ["normalize reinhard_fast", "normalize macenko slide=DEMO-01 normalizer_source=DEMO-02:3"])

  static let command = Command(
    declaration,
    run: { invocation in
      let value = try Reporting.run { try make(invocation) }
      value?.show(in: invocation.output)
      return value
    })

  private static func make(_ invocation: Invocation) throws -> PictureValue? {
    guard let subject = invocation.subjects.first else { return nil }
    let arguments = invocation.arguments
    let provider = try TileSubject(subject).provider
    let method = arguments.text("method").flatMap(StainNormalizer.Method.init(rawValue:)) ?? .reinhardFast
    let (normalizer, target) = try StainChoice.normalizer(method, arguments) { slide, index in
      guard let place = provider.slides.firstIndex(where: { $0.name == slide }),
        index < provider.slides[place].tileCount
      else { throw CommandFailure("There is no tile \(slide):\(index) here.") }
      return try provider.image(slide: place, tile: index, side: TileDecoder.maximumSide)
    }
    let (tiles, _) = try TileChoice(provider).chosen(arguments, count: arguments.integer("n") ?? 6)
    guard !tiles.isEmpty else { throw CommandFailure("No tile is chosen.", parameter: "area") }
    let images = try TileReading.images(
      of: tiles, from: provider, side: TileDecoder.maximumSide,
      monitor: StatementMonitor(monitor: invocation.monitor))
    var before: [ContactSheet.Tile] = []
    var after: [ContactSheet.Tile] = []
    for (tile, result) in zip(tiles, images) {
      let name = "\(provider.slides[tile.slide].name):\(tile.tile)"
      guard var image = try? result.get() else {
        before.append(ContactSheet.Tile(image: nil, captions: [name]))
        after.append(ContactSheet.Tile(image: nil, captions: ["cannot be read"]))
        continue
      }
      before.append(ContactSheet.Tile(image: image.shrunk(toSide: TileReading.side), captions: [name]))
      let outcome = image.pixels.withUnsafeMutableBufferPointer { normalizer.normalize($0) }
      after.append(
        ContactSheet.Tile(
          image: image.shrunk(toSide: TileReading.side),
          captions: [outcome == .normalized ? method.rawValue : "no two stains: as it was"]))
    }
    // Rows of tiles, each with the same tiles normalised under it.
    let columns = min(tiles.count, 6)
    var rows: [ContactSheet.Tile] = []
    for start in stride(from: 0, to: tiles.count, by: columns) {
      let end = min(start + columns, tiles.count)
      let gap = [ContactSheet.Tile](repeating: .empty, count: columns - (end - start))
      rows += before[start..<end] + gap + after[start..<end] + gap
    }
    let sheet = ContactSheet(
      tiles: rows, columns: columns, tileSide: 180, title: "\(method.rawValue), \(target)",
      footer: (["Above as they are, below normalised."] + [invocation.basisSentence].compactMap(\.self))
        .joined(separator: " "))
    return PictureValue(
      figure: sheet, inline: try sheet.inlinePNG(byteLimit: PictureValue.photographByteLimit),
      text: "\(tiles.count.counted("tile")) before and after \(method.rawValue), \(target)"
        + (invocation.basis.map { ", \($0)." } ?? "."), names: subject.knownNames)
  }
}
