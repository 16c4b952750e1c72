import CommandLanguage
import Slides
import Workflows

/// `normalize`: tiles before and after stain normalisation.
struct NormalizeCommand: TypedCommand {
  /// A dataset, features, or a slide.
  struct Tiles: TileSubject {
    let source: any TileSource & SessionValue

    static let subjectTypes = [StudyDataset.type, FeatureSet.type, StudySlide.type]
  }

  static let page = CommandPage(
    "normalize", topic: "Data", summary: "Shows tiles before and after stain normalisation.",
    discussion: """
      `extract_tiles` applies the same with `normalizer`. The methods whose names end in `_fast` leave the brightness of a \
      tile as it is. A tile without two stains, such as a blank one, is left as it is, and that is said.
      """, reference: ["StainNormalizer", "norm.autoselect"],
    synonyms: [
      "stain", "macenko", "reinhard", "vahadane", "normalise", "stain_normalize", "stain_normalization", "normalizer",
    ], examples: ["normalize reinhard_fast", "normalize macenko slide=DEMO-01 normalizer_source=DEMO-02:3"])

  @Subject("A dataset, features, or a slide with a grid.") var of: Tiles
  @Parameter("How the colours are measured and moved.", positional: true) var method: StainNormalizer.Method
  @Parameter(
    "What tiles are made to look like: a standard (v3 is slideflow's of today, v1 that of 1.x), a tile, or a picture.")
  var normalizerSource = StainTarget.standard(.v3)
  @Group var choice: TileChoiceParameters
  @Parameter("How many tiles are shown at most.", in: 1...50) var n = 6

  func run(_ invocation: Invocation) throws -> PictureValue {
    let value = try Reporting.run {
      let sheet = try StainSheet(
        of: of.source, method, target: normalizerSource, choice: choice.asked, count: n, basis: invocation.basis,
        monitor: invocation.work)
      return try PictureValue(sheet.figure, text: sheet.text, names: of.source.knownNames)
    }
    value.show(in: invocation.output)
    return value
  }
}
