import FeatureData
import FeatureStore
import Slides
import Synchronization

/// Cuts tiles of features from the slides of their study, where there are no files of the tiles.
///
/// Each slide is looked at by a process of its own and opened when its first tile is asked for; only the slides used last
/// stay open. A slide that cannot be opened costs its own tiles.
final class TileCutting: Sendable {
  private let study: Study
  private let files: SlideFiles
  private let open = Mutex(RecentSlides())

  init(_ study: Study) {
    self.study = study
    files = SlideFiles(study)
  }

  /// Closes the slides.
  func forget() { open.withLock { $0 = RecentSlides() } }

  /// The picture of a tile of features, of about `side` pixels.
  ///
  /// - Throws: `WorkflowFailure` where the tile's place, its size or its slide is not known, or the slide cannot be read.
  func image(of tile: Int, _ slide: FeatureSet.Slide, side: Int) throws -> RGBImage {
    if let gap = slide.gap {
      if gap.needsSlide { _ = try files.path(of: slide.name, else: Self.noTileFile) }
      throw gap.failure(slide.name)
    }
    guard let corners = slide.stored.corners, let length = corners.sidePixels else {
      throw TileOrigins.Gap.extents.failure(slide.name)
    }
    return try Reporting.run {
      let image = try self.slide(slide.name)
      try corners.checkSize(of: image)
      let corner = corners.corners[tile]
      guard corner.x < image.width, corner.y < image.height, corner.x > -length, corner.y > -length else {
        throw WorkflowFailure(
          "It lies outside of \(image.path.withShortPaths), which is \(image.width) × \(image.height) pixels.")
      }
      return try image.picture(
        ofSquareAt: corner, side: length, pictureSide: min(side, corners.tilePixels ?? Self.largestSide))
    }
  }

  /// Of a picture where nothing says how large the tile was for the network.
  private static let largestSide = 512

  private static let noTileFile = "There is no tile file of these tiles."

  /// The slide of a name, opened when it is first asked for.
  func slide(_ slide: String) throws -> WholeSlideImage {
    let place = open.withLock { $0.place(of: slide) }
    return try place.image {
      try SlideOpening.open(files.path(of: slide, else: Self.noTileFile), monitor: SilentMonitor())
    }
  }
}

extension TileCorners {
  /// - Throws: `WorkflowFailure` where the places were found on a picture of another size: they would show something else.
  func checkSize(of slide: WholeSlideImage) throws(WorkflowFailure) {
    guard let size = slideSize, size.width != slide.width || size.height != slide.height else { return }
    throw WorkflowFailure(
      "The features are of a slide of \(size.width) × \(size.height) pixels, and \(slide.path.withShortPaths) has "
        + "\(slide.width) × \(slide.height): it is another scan, or another level of it.")
  }
}

/// The slides that tiles were cut from last.
private struct RecentSlides {
  /// A slide that is open, or why it cannot be.
  final class Place: Sendable {
    private let state = Mutex<Result<WholeSlideImage, any Error>?>(nil)

    /// The first who asks opens it; others wait.
    func image(_ open: () throws -> WholeSlideImage) throws -> WholeSlideImage {
      try state.withLock { state in
        let known = state ?? Result { try open() }
        state = known
        return known
      }.get()
    }
  }

  /// OpenSlide caches up to 32 MB for each.
  private static let most = 24

  private var places: [String: Place] = [:]
  /// The one used last comes last.
  private var order: [String] = []

  mutating func place(of slide: String) -> Place {
    order.removeAll { $0 == slide }
    order.append(slide)
    if let place = places[slide] { return place }
    if order.count > Self.most { places[order.removeFirst()] = nil }
    let place = Place()
    places[slide] = place
    return place
  }
}

/// The slide files of a study, looked for when the first is asked for.
final class SlideFiles: Sendable {
  private let study: Study
  private let known = Mutex<[String: SlideFile]?>(nil)

  init(_ study: Study) { self.study = study }

  private var files: [String: SlideFile] {
    known.withLock { known in
      if let known { return known }
      let files = Dictionary(study.project.slideFiles().map { ($0.name, $0) }) { first, _ in first }
      known = files
      return files
    }
  }

  func file(of slide: String) -> SlideFile? { files[slide] }

  /// - Parameter else: what the slide is instead of, a sentence for where it is missing too.
  /// - Throws: `WorkflowFailure` where there is none, or two that differ.
  func path(of slide: String, else missing: String? = nil) throws -> String {
    guard let file = file(of: slide) else {
      do { return try SlideOpening.file(of: slide, in: study).path } catch {
        throw WorkflowFailure((missing.map { $0 + " " } ?? "") + error.message, remedy: remedy(slide))
      }
    }
    try Reporting.run { try file.checkUnambiguous() }
    return file.path
  }

  private func remedy(_ slide: String) -> String {
    guard let folder = study.project.sources.lazy.compactMap(\.slides).first else {
      return "\"slides\": \"./slides\" in the source of datasets.json, with the folder that the slides are in"
    }
    return "put the slide into \(folder.withShortPaths), under the name \(slide)"
  }

  /// The folders of slides that files lie in, for sentences.
  func folders(of slides: [String]) -> String {
    let sources = Set(slides.compactMap { file(of: $0)?.source })
    let folders = study.project.sources.filter { sources.contains($0.name) }.compactMap { $0.slides?.withShortPaths }
    var different: [String] = []
    for folder in folders where !different.contains(folder) { different.append(folder) }
    return different.joined(separator: ", ")
  }
}
