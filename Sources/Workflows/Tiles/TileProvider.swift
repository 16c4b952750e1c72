package import FeatureData
import FeatureStore
import Foundation
import Slides
import Synchronization

/// Tiles that can be shown: those of a dataset, of features, or of a slide, by slide and number.
package protocol TileProvider: Sendable {
  /// In the order in which they are shown.
  var slides: [(name: String, tileCount: Int)] { get }

  /// The picture of a tile, if possible not much larger than `side`. Called from several threads.
  func image(slide: Int, tile: Int, side: Int) throws -> RGBImage

  /// The tile's centre in pixels of level 0; nil where it is not known.
  func location(slide: Int, tile: Int) throws -> TileLocation?
}

/// Tiles of a dataset, from its tile files.
final class DatasetTiles: TileProvider {
  let slides: [(name: String, tileCount: Int)]
  private let paths: [String]
  /// By slide, of a dataset of some records alone.
  private let records: [[Int]?]
  private let indexes: TFRecordIndexes
  private let files = Mutex<[Int: TFRecordFile]>([:])
  private let factor: LocationFactor

  init(_ value: StudyDataset) {
    let dataset = value.dataset
    slides = dataset.slides.map { ($0.name, dataset.tileCount(of: $0)) }
    paths = dataset.slides.map(\.tfrecord)
    records = dataset.slides.map { dataset.records(of: $0) }
    indexes = dataset.project.indexes
    factor = LocationFactor(value)
  }

  func image(slide: Int, tile: Int, side: Int) throws -> RGBImage {
    try file(slide).image(records[slide]?[tile] ?? tile, fittingSide: side, decoder: TileDecoder())
  }

  func location(slide: Int, tile: Int) throws -> TileLocation? {
    try file(slide).location(records[slide]?[tile] ?? tile)?.multiplied(by: factor.value)
  }

  private func file(_ slide: Int) throws -> TFRecordFile {
    if let file = files.withLock({ $0[slide] }) { return file }
    let file = try TFRecordFile(path: paths[slide], indexes: indexes)
    files.withLock { $0[slide] = file }
    return file
  }
}

/// Tiles of features: those that gave some, by their rows.
struct FeatureTiles: TileProvider {
  let features: FeatureSet
  private let images: TileImages
  private let factor: LocationFactor

  init(_ features: FeatureSet) {
    self.features = features
    factor = LocationFactor(features.dataset)
    images = TileImages(features)
  }

  var slides: [(name: String, tileCount: Int)] { features.slides.map { ($0.name, $0.tileCount) } }

  /// The file of a slide, opened when it is first asked for.
  func slide(_ name: String) throws -> WholeSlideImage { try images.cutting.slide(name) }

  /// Closes files; they are opened anew when something is asked of them.
  func forget() { images.forget() }

  func image(slide: Int, tile: Int, side: Int) throws -> RGBImage {
    try images.image(FeatureMap.Point(slide: slide, row: tile), side: side)
  }

  func location(slide: Int, tile: Int) -> TileLocation? {
    features.slides[slide].stored.locations?[tile].multiplied(by: factor.value)
  }
}

/// Tiles of a slide, cut when they are asked for.
struct SlideTiles: TileProvider {
  private let slide: WholeSlideImage
  private let grid: TileGrid
  private let cells: [TileGrid.Cell]

  /// Nil for a slide without a grid.
  init?(_ value: StudySlide) {
    guard let grid = value.selection?.grid else { return nil }
    slide = value.slide
    self.grid = grid
    cells = value.keptCells
  }

  var slides: [(name: String, tileCount: Int)] { [(slide.name, cells.count)] }

  func image(slide index: Int, tile: Int, side: Int) throws -> RGBImage {
    try TileExtraction.image(of: cells[tile], on: slide, grid: grid).shrunk(toSide: side)
  }

  func location(slide index: Int, tile: Int) -> TileLocation? { grid.location(of: cells[tile]) }
}

extension TileLocation {
  /// Locations of a damaged file may be anything.
  fileprivate func multiplied(by factor: Int) -> TileLocation {
    TileLocation(x: x.multipliedReportingOverflow(by: factor).0, y: y.multipliedReportingOverflow(by: factor).0)
  }
}

extension RGBImage {
  /// A square picture no larger than `side`; itself where it is not.
  func shrunk(toSide side: Int) -> RGBImage {
    guard width > side, height > side, side > 0 else { return self }
    return ImageScaling(fromWidth: width, fromHeight: height, toWidth: side, toHeight: side).scaled(self)
  }
}
