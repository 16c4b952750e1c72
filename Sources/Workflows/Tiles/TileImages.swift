import FeatureData
import FeatureStore
import Slides
import Synchronization

/// The tile images of a set of features, read from their tile files when they are asked for.
final class TileImages: Sendable {
  private let features: FeatureSet
  private let open: Mutex<[Int: TFRecordFile]>

  init(_ features: FeatureSet) {
    self.features = features
    open = Mutex([:])
  }

  /// The image of a tile, at least `side` pixels where the tile has that many.
  func image(_ point: FeatureMap.Point, side: Int) throws -> RGBImage {
    let file = try file(of: point.slide)
    let record = features.slides[point.slide].records[point.row]
    return try file.image(record, fittingSide: side, decoder: TileDecoder())
  }

  private func file(of slide: Int) throws -> TFRecordFile {
    if let file = open.withLock({ $0[slide] }) { return file }
    let known = features.slides[slide]
    guard let tfrecord = known.tfrecord else {
      throw WorkflowFailure(
        "There are no pictures of the tiles of \(known.name): the project has no tile file of it that fits.",
        remedy: "extract_tiles")
    }
    guard try features.study.store.tileDigest(of: tfrecord) == known.tileDigest else {
      throw WorkflowFailure("\(tfrecord) was changed since its features were computed.", remedy: "features again")
    }
    let file = try TFRecordFile(
      path: tfrecord, indexes: features.study.project.indexes)
    open.withLock { $0[slide] = file }
    return file
  }
}
