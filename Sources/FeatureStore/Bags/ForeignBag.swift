package import FeatureData
import Foundation

/// Features of one slide as another program wrote them, brought to one convention.
package struct ForeignBag: Sendable, Equatable {
  /// The file's name without its ending; the folder's where the file is only named features; a table's slide column.
  package let slide: String
  package let kind: BagKind
  /// `n × d`; `1 × d` of a whole slide or patient.
  package let features: Matrix
  /// Each tile's top-left corner in level-0 pixels, where known.
  package let corners: [TileLocation]?
  /// Each tile's centre in level-0 pixels, where known.
  package let centres: [TileLocation]?
  /// Level-0 pixels of a tile's side, where known.
  package let tileExtent: Int?
  /// `n × outputs`, where the file has any.
  package let logits: Matrix?
  /// What they are, by the names of their columns.
  package let outputs: ModelOutputs
  package let isSlideLevel: Bool
  /// Whether the file says that it is of a patient, and not of a slide.
  package let isPatientLevel: Bool
  /// True where the file gives places, or the tile's side, in micrometres: the slide's microns per pixel decide what they are in
  /// pixels.
  package let needsMicronsPerPixel: Bool
  /// Numbers of each tile besides its features, each with `n` values.
  package let quantities: [TileQuantity]
  /// Sentences on what the file does not say and was assumed.
  package let assumptions: [String]
  /// What the file says beyond its numbers, such as the encoder's name: as texts, by its own names.
  package let attributes: [String: String]

  init(
    slide: String, kind: BagKind, features: Matrix, corners: [TileLocation]? = nil, centres: [TileLocation]? = nil,
    tileExtent: Int? = nil, logits: Matrix? = nil, outputs: ModelOutputs = .none, isSlideLevel: Bool = false,
    isPatientLevel: Bool = false, needsMicronsPerPixel: Bool = false, quantities: [TileQuantity] = [],
    assumptions: [String] = [], attributes: [String: String] = [:]
  ) {
    self.slide = slide
    self.kind = kind
    self.features = features
    self.corners = corners
    self.centres = centres
    self.tileExtent = tileExtent
    self.logits = logits
    self.outputs = outputs
    self.isSlideLevel = isSlideLevel
    self.isPatientLevel = isPatientLevel
    self.needsMicronsPerPixel = needsMicronsPerPixel
    self.quantities = quantities
    self.assumptions = assumptions
    self.attributes = attributes
  }

  /// Numbers that one file may hold: 4 GB of them.
  package static let maximumElementCount = 1 << 30
  /// Beyond what any network gives for a tile.
  static let maximumColumnCount = 1 << 20
  /// Numbers of a tile besides its features.
  static let maximumQuantityCount = 256

  /// Reads one file, by its ending, with what lies beside it.
  ///
  /// Some readers can be crashed by a damaged file: the kernel has such files read by a process of their own.
  ///
  /// - Returns: one bag for each slide; only tables hold several.
  package static func read(path: String, _ request: BagRequest) throws(BagError) -> [ForeignBag] {
    guard let reader = ForeignBagReaders.reader(of: path) else { throw .unknownEnding(path: path) }
    return try reader.read(path, request)
  }

  /// - Parameter micronsPerPixel: of level 0, for files that give places in micrometres.
  package static func read(path: String, micronsPerPixel: Double? = nil) throws(BagError) -> [ForeignBag] {
    try read(path: path, BagRequest(micronsPerPixel: micronsPerPixel))
  }

  /// The slide that a file is named after.
  static func slide(ofFile path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let stem = url.deletingPathExtension().lastPathComponent
    guard ["features", "feats", "embeddings"].contains(stem.lowercased()) else { return stem }
    let folder = url.deletingLastPathComponent().lastPathComponent
    return folder.isEmpty || folder == "/" ? stem : folder
  }
}
