import FeatureData
import FeatureStore
import Slides
import Synchronization

/// The tile images of a set of features, when they are asked for: from their tile files, or cut from the slides.
final class TileImages: Sendable {
  private let features: FeatureSet
  private let open: Mutex<[Int: TFRecordFile]>
  let cutting: TileCutting

  init(_ features: FeatureSet) {
    self.features = features
    open = Mutex([:])
    cutting = TileCutting(features.study)
  }

  func forget() {
    open.withLock { $0 = [:] }
    cutting.forget()
  }

  /// The image of a tile, at least `side` pixels where the tile has that many.
  func image(_ point: FeatureMap.Point, side: Int) throws -> RGBImage {
    let slide = features.slides[point.slide]
    guard let file = try file(of: point.slide) else { return try cutting.image(of: point.row, slide, side: side) }
    let record = slide.records[point.row]
    return try file.image(record, fittingSide: side, decoder: TileDecoder())
  }

  /// Nil for features without one.
  private func file(of slide: Int) throws -> TFRecordFile? {
    if let file = open.withLock({ $0[slide] }) { return file }
    let known = features.slides[slide]
    guard let tfrecord = known.tfrecord else { return nil }
    guard try features.study.store.tileDigest(of: tfrecord) == known.tileDigest else {
      throw WorkflowFailure("\(tfrecord) was changed since its features were computed.", remedy: "features again")
    }
    let file = try TFRecordFile(
      path: tfrecord, indexes: features.study.project.indexes)
    open.withLock { $0[slide] = file }
    return file
  }
}
