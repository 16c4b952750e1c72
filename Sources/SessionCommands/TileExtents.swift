import CommandLanguage
import FeatureData
import FeatureStore
import Slides
import Synchronization

/// How large the tiles of a dataset are on their slides, and so where they begin: from the microns per pixel that are
/// given, from the slide's file, or from how far the tiles lie apart.
final class TileExtents: Sendable {
  let dataset: Dataset
  /// As given.
  let micronsPerPixel: Double?
  private let files: [String: String]
  /// What the locations count; found out when it is first needed, for slides have to be opened for it.
  private let knownUnit = Mutex<LocationUnit?>(nil)

  init(_ dataset: DatasetValue, micronsPerPixel: Double?) {
    self.dataset = dataset.dataset
    self.micronsPerPixel = micronsPerPixel
    files = Dictionary(
      dataset.project.project.slideFiles().map { ("\($0.source)\n\($0.name)", $0.path) }, uniquingKeysWith: { $1 })
  }

  private var unit: LocationUnit {
    knownUnit.withLock { known in
      if let known { return known }
      let found =
        dataset.slides.isEmpty
        ? nil
        : dataset.locationVerdict(
          slideSize: { self.measured($0)?.size.map { ($0.width, $0.height) } },
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
    let measured = measured(slide)
    guard
      let (side, origin) = measured.map({ ($0.side, $0.origin) }) ?? Self.side(ofLattice: locations, factor, dataset)
    else { return nil }
    let corners = locations.map { location in
      TileLocation(
        x: Self.corner(location.x, factor: factor, side: side), y: Self.corner(location.y, factor: factor, side: side))
    }
    return TileCorners(
      corners: corners, sidePixels: side, tilePixels: dataset.tileSize.pixels, slideSize: measured?.size, origin: origin
    )
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

  private struct Measured {
    let side: Int
    let size: TileCorners.PixelSize?
    let origin: String
  }

  private func measured(_ slide: Dataset.Slide) -> Measured? {
    let image = files["\(slide.source)\n\(slide.name)"].flatMap { path -> WholeSlideImage? in
      guard (try? Probe.check(.slide, path)) != nil else { return nil }
      return try? WholeSlideImage(path: path)
    }
    let size = image.map { TileCorners.PixelSize(width: $0.width, height: $0.height) }
    if let image, let grid = try? TileGrid(image, size: dataset.tileSize, micronsPerPixel: micronsPerPixel) {
      let origin =
        micronsPerPixel.map { "mpp=\($0.shortText), as given" }
        ?? "\(grid.micronsPerPixel.shortText) µm per pixel, as the slide says"
      return Measured(side: grid.fullExtractPixels, size: size, origin: origin)
    }
    guard let micronsPerPixel else { return nil }
    let side: Double
    switch dataset.tileSize.extent {
    case .microns(let microns): side = (Double(microns) / micronsPerPixel).rounded(.down)
    case .magnification(let power):
      guard let power = Double(power), power > 0 else { return nil }
      side = (Double(dataset.tileSize.pixels) * 10 / (power * micronsPerPixel)).rounded()
    }
    guard (1...1e6).contains(side) else { return nil }
    return Measured(side: Int(side), size: size, origin: "mpp=\(micronsPerPixel.shortText), as given")
  }

  /// Tiles that lie side by side from the slide's edge on have their centres half a step off the lines of the grid;
  /// those that overlap by half have them on the lines. Only the former tell their side.
  private static func side(
    ofLattice locations: [TileLocation], _ factor: Int, _ dataset: Dataset
  ) -> (Int, String)? {
    guard factor == 1, let step = TileLattice(locations)?.step, abs(step - step.rounded()) < 0.05 else { return nil }
    let side = Int(step.rounded())
    let isCentred = { (value: Int) in
      let rest = Double(value).truncatingRemainder(dividingBy: step)
      return abs(rest - step / 2) <= 1.5
    }
    let centred = locations.count { isCentred($0.x) && isCentred($0.y) }
    guard centred * 20 >= locations.count * 19 else { return nil }
    if case .microns(let microns) = dataset.tileSize.extent {
      guard (0.1...1.2).contains(Double(microns) / step) else { return nil }
    }
    return (side, "tiles lie side by side, \(side) pixels apart")
  }
}
