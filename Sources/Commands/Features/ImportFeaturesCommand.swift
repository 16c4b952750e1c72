import CommandLanguage
import FeatureStore
import Workflows

/// `import_features`: features that other programs computed.
struct ImportFeaturesCommand: TypedCommand {
  static let page = CommandPage(
    "import_features", topic: "Features",
    summary: "Takes in features made elsewhere: CLAM, TRIDENT, STAMP, slideflow bags, NumPy, CSV.",
    discussion: """
      A file, or a folder with a file for each slide: HDF5 (.h5), tensors (.pt), arrays (.npy, .npz) or tables (.csv). \
      Features are found by their name, in groups too, else by their shape where only one part fits the coordinates; that \
      is said, and `key` names another. Slides are joined with the annotations by name: the same name first, then one \
      that differs only by an ending, capitals, zeros and the like, then that of a patient, then one that the other \
      begins with; all but the first are said pair by pair, and what fits several slides, or may number another one, is \
      left out. A file of a patient is joined with the first of the patient's slides, whose row stands for all of them.

      Places are brought to pixels of level 0, from the corner of the whole slide as OpenSlide counts them, and what was \
      assumed for that is said. STAMP's are in micrometres, and slideflow's bags give the side of tiles so: they need the \
      microns per pixel of each slide, which its file says, or `mpp` where it does not. Where the project has the same \
      tiles they can be shown; else they are cut from the slides, for which the side of a tile must be known: from the \
      file, from how the tiles lie, or from `tile_um` or `tile_px`.

      Numbers of tiles besides the features, such as an attention, come along: columns of a table, data sets with a \
      number for each tile, or files of their own (`scores`: CSV with slide, x and y, or HDF5 with coords), which are \
      joined with the tiles by place. `label`, `tiles extremes=` and `values=` take them by their names.
      """,
    reference: [
      "DatasetFeatures.from_bags", "DatasetFeatures.load_cache", "DatasetFeatures.from_df",
    ],
    synonyms: ["load_features", "read_features", "import", "load_embeddings", "bags"],
    examples: [
      "save df bags format=slideflow", "bags = import_features bags outcomes=HPV_status",
    ])

  @Subject("The project with the annotations.") var project: Study
  @Parameter("A feature file, or a folder.", as: .path(.existing), positional: true) var path: String
  @Parameter("The data set, tensor or array that holds the features, or its group.") var key: String?
  @Parameter(ScaleParameter.documentation, unit: "µm") var mpp: ScaleParameter?
  @Parameter(
    "Side of a tile on its slide, or a magnification (20x) at which it has `tile_px`, where the files do not say.",
    unit: "µm")
  var tileUm: TileLength?
  @Parameter(
    "Side of a tile in pixels: of level 0, or at the magnification that `tile_um` gives.", in: 1...100_000, unit: "px")
  var tilePx: Int?
  @Parameter("Numbers of the tiles, joined by place: a file, or a folder.", as: .path(.existing)) var scores: String?
  @Parameter(
    "Labels for later commands: a column, or a labels value.", referenceNames: ["annotations", "labels"],
    implies: ImpliedParameter(LabelSet.type, otherwise: "none"))
  var outcomes: LabelChoice?

  func peek(_ input: PeekInput) -> KnownNames? {
    var known = input.subjectNames
    known?.settle($outcomes)
    known?.mayHaveQuantities = true
    return known
  }

  func identify(_ input: PeekInput) -> String? { input.statement }

  func run(_ invocation: Invocation) throws -> FeatureSet {
    var request = FeatureImportRequest(path: path)
    request.scale = try mpp?.scale(in: project) ?? .none
    request.key = key
    request.tileSide = try tileSide
    request.scores = scores
    request.outcomes = $outcomes.choice
    let (value, remarks) = try project.importFeatures(request, basis: invocation.basis, monitor: invocation.work)
    value.show(in: invocation.output)
    invocation.output.add(remarks)
    return value
  }

  private var tileSide: BagRequest.TileSide? {
    get throws(CommandFailure) {
      switch tileUm {
      case .microns(let microns)?: return .microns(microns)
      case .magnification(let power)?:
        guard let tilePx else {
          throw CommandFailure(
            "A magnification says how large a tile is only with its side in pixels.", remedy: "tile_px=256",
            parameter: $tileUm.name)
        }
        return .magnification(power, pixels: tilePx)
      case nil: return tilePx.map { .pixels($0) }
      }
    }
  }
}
