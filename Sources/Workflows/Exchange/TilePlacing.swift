import FeatureData
import Foundation
import Slides

/// Brings the places of loose tiles, as names of files and tables tell them, to centres in pixels of level 0, and says how.
struct TilePlacing {
  private let asked: TileImportRequest.Places?
  private let extent: TileSize.Extent
  private let pixels: Int
  private let project: Project

  init(_ project: Project, size: TileSize, asked: TileImportRequest.Places?) {
    self.project = project
    self.asked = asked
    extent = size.extent
    pixels = size.pixels
  }

  /// How the side of a tile on its slide is known.
  private enum Side: Hashable {
    case slide, names, step

    var clause: String {
      switch self {
      case .slide: "as the slide's microns per pixel have it"
      case .names: "as they say"
      case .step: "for so far apart they lie"
      }
    }
  }

  /// What is said of the places of a slide's tiles, with those of other slides of which the same is to be said.
  private enum Verdict: Hashable {
    case quPath(added: [Int], isSlideKnown: Bool)
    case corners(LooseTiles.Telling, side: Int, Side)
    case centres
    case rowsAndColumns
    case sideUnknown(LooseTiles.Telling)
  }

  /// Gives tiles their centres.
  func settle(_ tiles: inout LooseTiles, remarks: any RemarkSink) throws {
    var verdicts: [Verdict: (slides: [String], tileCount: Int, example: String)] = [:]
    var order: [Verdict] = []
    let files = Dictionary(project.slideFiles().map { ($0.name, $0) }) { first, _ in first }
    for (slide, own) in tiles.slides {
      guard let places = tiles.places[slide] else { continue }
      if asked == TileImportRequest.Places.none, places.telling != .manifestCorners { continue }
      let example = own.first { $0.place != nil }?.path ?? ""
      let verdict = settle(slide, places, own.compactMap(\.place), image: image(files[slide]), &tiles)
      if verdicts[verdict] == nil { order.append(verdict) }
      verdicts[verdict, default: ([], 0, example)].slides.append(slide)
      verdicts[verdict]?.tileCount += own.count { $0.place != nil }
    }
    for verdict in order {
      guard let (slides, count, example) = verdicts[verdict] else { continue }
      let text = sentence(verdict, slides: slides, count: count, example: (example as NSString).lastPathComponent)
      switch verdict {
      case .rowsAndColumns, .sideUnknown: remarks.warn(text)
      default: remarks.note(text)
      }
    }
  }

  private func settle(
    _ slide: String, _ places: LooseTiles.Places, _ told: [TileNamePlaces.Place], image: WholeSlideImage?,
    _ tiles: inout LooseTiles
  ) -> Verdict {
    func centre(_ place: TileNamePlaces.Place, width: Int, height: Int) -> TileLocation {
      TileLocation(x: place.x + width / 2, y: place.y + height / 2)
    }
    if places.telling == .names(.quPath), told.allSatisfy({ $0.sides != nil }) {
      let scanned = image?.scannedPart
      let (x, y) = (scanned?.x ?? 0, scanned?.y ?? 0)
      tiles.settle(slide) { place in
        place.sides.map { TileLocation(x: place.x + x + $0.width / 2, y: place.y + y + $0.height / 2) }
      }
      return .quPath(added: scanned == nil ? [] : [x, y], isSlideKnown: image != nil)
    }
    let isOfManifest = places.telling == .manifestCorners
    if places.areRowsAndColumns, isOfManifest || asked == nil { return .rowsAndColumns }
    if asked == .centers, !isOfManifest {
      tiles.settle(slide) { TileLocation(x: $0.x, y: $0.y) }
      return .centres
    }
    let ofNames = Set(told.compactMap { $0.sides?.width })
    let known: (Int, Side)? =
      image?.micronsPerPixel.map { (Int(microns / $0), .slide) } ?? (ofNames.count == 1 ? ofNames.first : nil).map {
        ($0, .names)
      }
      ?? places.step.map { (Int($0.rounded()), .step) }
    guard let (side, source) = known, side > 0 else { return .sideUnknown(places.telling) }
    tiles.settle(slide) { centre($0, width: side, height: side) }
    return .corners(places.telling, side: side, source)
  }

  /// Of a tile's side on its slide.
  private var microns: Double {
    switch extent {
    case .microns(let microns): Double(microns)
    case .magnification(let power): Double(pixels) * 10 / (Double(power) ?? 10)
    }
  }

  private func image(_ file: SlideFile?) -> WholeSlideImage? {
    guard let file, file.isUnambiguous, (try? Probe.check(.slide, file.path)) != nil else { return nil }
    return try? WholeSlideImage(path: file.path)
  }

  // MARK: Words

  private func sentence(_ verdict: Verdict, slides: [String], count: Int, example: String) -> String {
    let whose = slides.count == 1 ? slides[0] : slides.count.counted("slide")
    switch verdict {
    case .quPath(let added, let isSlideKnown):
      let frame =
        added.count == 2
        ? "QuPath counts from the corner of the scanned part, so (\(added[0]), \(added[1])) was added."
        : isSlideKnown
          ? "QuPath counts them as OpenSlide does here."
          : "QuPath counts from the corner of the scanned part; no slide file is here, and nothing was added, which is right "
            + "for slides that are scanned from their corner on."
      return
        "\(whose): places of \(count.counted("tile")) are read from the names of files as QuPath writes them, upper "
        + "left corners and sides in pixels of level 0. " + frame
    case .corners(let telling, let side, let source):
      let origin = telling == .manifestCorners ? "the table" : "the names of files (as in \(example))"
      let otherwise =
        telling == .manifestCorners ? "" : " places=centers reads the centres, and places=none leaves them out."
      return
        "\(whose): places of \(count.counted("tile")) are read from \(origin), x before y, as upper left corners of "
        + "tiles of \(side) pixels of level 0, \(source.clause)." + otherwise
    case .centres:
      return
        "\(whose): places of \(count.counted("tile")) are read from the names of files (as in \(example)), x before y, "
        + "as centres in pixels of level 0."
    case .rowsAndColumns:
      return
        "\(whose): the numbers (as in \(example)) seem to count rows and columns of tiles, so the tiles are left without "
        + "places."
    case .sideUnknown(let telling):
      let what = telling == .manifestCorners ? "the table gives" : "the names of files (as in \(example)) give"
      return
        "\(whose): \(what) upper left corners, and how many pixels of level 0 a tile has is not known, for the tiles lie on "
        + "no grid and no slide file says; they are left without places."
    }
  }
}
