import FeatureData
import FeatureStore
import Slides

/// Where the pictures of the tiles of features come from: files of tiles, or the slides.
struct TileOrigins {
  /// Why tiles cannot be cut from a slide, though it may be there.
  enum Gap: Sendable, Equatable {
    /// One vector for a whole slide or patient.
    case wholeSlide
    case places
    case extents
    /// Lengths are micrometres, and the slide's microns per pixel are not known.
    case scale

    /// Whether a slide would be of use, if only this were known.
    var needsSlide: Bool { self == .extents || self == .scale }

    /// What is missing, of a slide.
    func failure(_ slide: String) -> WorkflowFailure {
      switch self {
      case .wholeSlide:
        WorkflowFailure("The features of \(slide) are of the whole slide, which has no tile to show.")
      case .places:
        WorkflowFailure(
          "The features of \(slide) came without the places of their tiles, so that these can neither be found in a tile "
            + "file nor cut from the slide.")
      case .extents:
        WorkflowFailure(
          "How large the tiles of \(slide) are is not known, for their file gives places alone, so they cannot be cut from "
            + "the slide: import_features takes tile_um, their side in µm, or tile_px, in pixels of level 0.")
      case .scale:
        WorkflowFailure(
          "The places or sizes of the tiles of \(slide) are in micrometres, and nothing says how many a pixel of the slide "
            + "has, so they cannot be cut from it: import_features takes mpp.")
      }
    }

    /// In a sentence about several slides.
    var words: String {
      switch self {
      case .wholeSlide: "are of whole slides"
      case .places: "come without the places of their tiles"
      case .extents: "come with places of tiles, and nothing says how large these are (tile_um or tile_px does)"
      case .scale: "come with lengths in micrometres, and nothing says how many a pixel of the slide has (mpp does)"
      }
    }
  }

  private let slideCount: Int
  private let withFiles: Int
  /// Names of those whose tiles are cut.
  private let cut: [String]
  private let gaps: [(gap: Gap, count: Int)]
  private let missing: [String]
  private let folders: String
  private let searched: [String]

  init(_ slides: [FeatureSet.Slide], in study: Study) {
    let files = SlideFiles(study)
    let others = slides.filter { $0.tfrecord == nil && $0.tileCount > 0 }
    slideCount = slides.count
    withFiles = slides.count { $0.tfrecord != nil }
    let placed = others.filter { $0.gap?.needsSlide ?? true }
    missing = placed.map(\.name).filter { files.file(of: $0) == nil }
    cut = placed.filter { $0.gap == nil }.map(\.name).filter { files.file(of: $0) != nil }
    gaps = [Gap.wholeSlide, .places, .extents, .scale].compactMap { gap in
      let count = others.count { $0.gap == gap && (!gap.needsSlide || files.file(of: $0.name) != nil) }
      return count == 0 ? nil : (gap, count)
    }
    folders = files.folders(of: cut)
    searched = study.project.sources.compactMap { $0.slides?.withShortPaths }
  }

  /// For pictures: that tiles are cut, and from what; nil where none is.
  var note: String? {
    cut.isEmpty
      ? nil
      : cut.count < slideCount
        ? "Tiles of \(cut.count) of \(slideCount.counted("slide")) are cut from the slides in \(folders)."
        : "Tiles are cut from the slides in \(folders)."
  }

  /// Whether each slide's tiles can be shown, and from what, a sentence for each case.
  var summary: String {
    var sentences: [String] = []
    func of(_ count: Int, _ whole: String, _ part: (String) -> String) {
      guard count > 0 else { return }
      sentences.append(count == slideCount ? whole : part("\(count) of the \(slideCount.counted("slide"))"))
    }
    of(withFiles, "The project has their tiles.") { "The project has the tiles of \($0)." }
    of(cut.count, "Their tiles are cut from the slides in \(folders).") {
      "The tiles of \($0) are cut from the slides in \(folders)."
    }
    let place =
      searched.isEmpty ? "no source names a folder of slides" : "looked for in \(searched.joined(separator: ", "))"
    of(missing.count, "There is neither a tile file nor a slide of their tiles (\(place)), so they cannot be shown.") {
      "Of \($0) there is neither a tile file nor a slide (\(place)): \(Self.list(missing)); their tiles cannot be shown."
    }
    for (gap, count) in gaps where gap != .wholeSlide {
      of(count, "The features \(gap.words): these cannot be shown.") {
        "Those of \($0) \(gap.words): these cannot be shown."
      }
    }
    return sentences.joined(separator: " ")
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
  }
}

extension FeatureSet {
  /// That tiles are cut from slides; nil where all are in tile files, or none can be shown.
  var cuttingNote: String? {
    slides.allSatisfy { $0.tfrecord != nil } ? nil : TileOrigins(slides, in: study).note
  }
}
