import FeatureData
import FeatureStore
import Slides
import Synchronization

/// How large the tiles of a dataset are on their slides, and so where they begin: from the microns per pixel that they were
/// cut with, that the slide's file says, or that are given; else from how far the tiles lie apart.
final class TileExtents: Sendable {
  let dataset: Dataset
  private let given: GivenScale
  private let study: Study
  private let measures: ProjectMeasures
  /// What the locations count; found out when it is first needed, for slides have to be opened for it.
  private let knownUnit = Mutex<LocationUnit?>(nil)

  init(_ dataset: StudyDataset, given: GivenScale) {
    self.dataset = dataset.dataset
    self.given = given
    study = dataset.study
    measures = ProjectMeasures(dataset.study.project)
  }

  private var unit: LocationUnit {
    knownUnit.withLock { known in
      if let known { return known }
      let found =
        dataset.slides.isEmpty
        ? nil
        : dataset.locationVerdict(
          slideSize: { self.size(of: $0).map { ($0.width, $0.height) } },
          fullExtractPixels: { self.measured($0)?.side }
        ).verdict?.unit
      known = found ?? .unknown
      return known ?? .unknown
    }
  }

  /// The top left of each tile; nil where the tiles' extent is not known.
  func corners(of slide: Dataset.Slide, locations: [TileLocation]) -> TileCorners? {
    guard unit != .unknown else { return nil }
    let factor = unit == .tenths ? 10 : 1
    guard let (side, origin) = extent(of: slide, locations: locations, factor) else { return nil }
    let corners = locations.map { location in
      TileLocation(
        x: Self.corner(location.x, factor: factor, side: side), y: Self.corner(location.y, factor: factor, side: side))
    }
    return TileCorners(
      corners: corners, sidePixels: side, tilePixels: dataset.tileSize.pixels, slideSize: size(of: slide),
      origin: origin)
  }

  /// The scales of slides for which one is given.
  var ofGiven: [(slide: String, scale: SlideScale)] {
    guard !given.isEmpty else { return [] }
    return dataset.slides.compactMap { slide in
      given[slide.name] == nil ? nil : scale(of: slide).map { (slide.name, $0) }
    }
  }

  /// True if corners that were kept may be others now: `mpp` is given, or they were found by what an earlier version believed.
  func mayDiffer(from corners: TileCorners?, _ slide: Dataset.Slide) -> Bool {
    if given[slide.name] != nil { return true }
    guard let corners else { return record(of: slide)?.scale != nil }
    // Then what was given went before what files say.
    if corners.origin.hasPrefix("mpp=") { return true }
    guard let cut = record(of: slide)?.scale, let side = side(by: cut, nil) else { return false }
    return side != corners.sidePixels
  }

  /// From a tile's centre. Of tenths the last digit is lost; the tiles of most slides lie side by side, and tell it.
  private static func corner(_ centre: Int, factor: Int, side: Int) -> Int {
    // Locations of a damaged file may be anything.
    guard abs(centre) < 1 << 40 else { return centre }
    let corner = centre * factor - side / 2
    guard factor > 1 else { return corner }
    let onGrid = Int((Double(corner) / Double(side)).rounded()) * side
    return abs(onGrid - corner) <= factor ? onGrid : corner
  }

  // MARK: Scale

  private func record(of slide: Dataset.Slide) -> ExtractionRecord? {
    ExtractionRecord.read(
      ExtractionRecord.path(of: slide.name, source: slide.source, size: dataset.tileSize, in: study)
    ).flatMap { $0.fits(tileFile: slide.tfrecord) ? $0 : nil }
  }

  private func scale(of slide: Dataset.Slide) -> SlideScale? {
    let measures = measures.measures(of: slide.name, source: slide.source)
    return SlideScale(
      cut: record(of: slide)?.scale?.micronsPerPixel, file: measures?.micronsPerPixel, given: given[slide.name],
      hint: measures?.scaleHint)
  }

  private func size(of slide: Dataset.Slide) -> TileCorners.PixelSize? {
    measures.measures(of: slide.name, source: slide.source).map {
      TileCorners.PixelSize(width: $0.levels[0].width, height: $0.levels[0].height)
    }
  }

  private func measured(_ slide: Dataset.Slide) -> (side: Int, scale: SlideScale)? {
    guard let scale = scale(of: slide),
      let side = side(by: scale, measures.measures(of: slide.name, source: slide.source))
    else { return nil }
    return (side, scale)
  }

  /// Pixels of level 0 along a tile.
  private func side(by scale: SlideScale, _ measures: SlideMeasures?) -> Int? {
    if let measures, let grid = try? TileGrid(measures.levels, of: measures.path, size: dataset.tileSize, scale: scale)
    {
      return grid.fullExtractPixels
    }
    let side: Double
    switch dataset.tileSize.extent {
    case .microns(let microns): side = (Double(microns) / scale.micronsPerPixel).rounded(.down)
    case .magnification(let power):
      guard let power = Double(power), power > 0 else { return nil }
      side = (Double(dataset.tileSize.pixels) * 10 / (power * scale.micronsPerPixel)).rounded()
    }
    return (1...1e6).contains(side) ? Int(side) : nil
  }

  // MARK: Extent

  private func extent(
    of slide: Dataset.Slide, locations: [TileLocation], _ factor: Int
  ) -> (side: Int, origin: String)? {
    let lattice = factor == 1 ? Self.sideBySide(locations) : nil
    guard let (side, scale) = measured(slide) else {
      guard let lattice, isPossible(lattice.side) else { return nil }
      return (lattice.side, "neighbours are \(lattice.side) pixels apart")
    }
    // What cut the tiles is not on record, and may have believed another scale.
    if scale.source != .extraction, record(of: slide)?.scale == nil, let lattice, lattice.contradicts(side: side) {
      return (lattice.side, "neighbours are \(lattice.side) pixels apart, and not as by \(scale.words)")
    }
    return (side, scale.words)
  }

  /// A tile of so many pixels is of the dataset's size on some slide.
  private func isPossible(_ side: Int) -> Bool {
    guard case .microns(let microns) = dataset.tileSize.extent else { return true }
    return (0.1...1.2).contains(Double(microns) / Double(side))
  }

  /// Tiles that lie side by side from the slide's edge on.
  private struct SideBySide {
    let step: Double
    let tileCount: Int
    var side: Int { Int(step.rounded()) }

    /// True if tiles of a side cannot lie so. Those that overlap by an odd part can: their centres fall on the same places.
    func contradicts(side: Int) -> Bool {
      guard tileCount >= 12, abs(Double(side) - step) > max(2, 0.01 * step) else { return false }
      let phase = (Double(side) / 2).truncatingRemainder(dividingBy: step)
      return abs(phase - step / 2) > max(2, 0.05 * step)
    }
  }

  /// Tiles side by side have their centres half a step off the lines of the grid; those that overlap by half have them on
  /// the lines. Only the former tell their side.
  private static func sideBySide(_ locations: [TileLocation]) -> SideBySide? {
    guard let step = TileLattice(locations)?.step, abs(step - step.rounded()) < 0.05 else { return nil }
    let isCentred = { (value: Int) in
      let rest = Double(value).truncatingRemainder(dividingBy: step)
      return abs(rest - step / 2) <= 1.5
    }
    let centred = locations.count { isCentred($0.x) && isCentred($0.y) }
    return centred * 20 >= locations.count * 19 ? SideBySide(step: step, tileCount: locations.count) : nil
  }
}

extension TileExtents {
  /// The corners of tiles of which only the centres are known, where these lie side by side; nil elsewhere.
  static func cornersSideBySide(_ centres: [TileLocation]) -> TileCorners? {
    guard let side = sideBySide(centres)?.side else { return nil }
    return TileCorners(
      corners: centres.map { TileLocation(x: $0.x - side / 2, y: $0.y - side / 2) }, sidePixels: side, tilePixels: nil,
      slideSize: nil, origin: "neighbours are \(side) pixels apart")
  }
}

extension FeatureSet {
  /// How the extents of the tiles on their slides are known, each way once with how many slides it holds for; empty where no
  /// tile has a place.
  var extentOrigins: String {
    var counts: [String: Int] = [:]
    for slide in slides where slide.stored.locations != nil {
      counts[slide.stored.corners?.origin ?? "not known", default: 0] += 1
    }
    guard let only = counts.first else { return "" }
    guard counts.count > 1 else { return only.key }
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return sorted.prefix(4).map { "\($0.key) (\($0.value.counted("slide")))" }.joined(separator: "; ")
      + (counts.count > 4 ? "; …" : "")
  }
}
