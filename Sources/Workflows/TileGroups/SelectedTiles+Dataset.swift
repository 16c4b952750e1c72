import FeatureData
import FeatureStore
import Slides

extension SelectedTiles {
  /// The records of these tiles as a dataset, of which features of another model can be computed.
  ///
  /// - Returns: nil for features that were made elsewhere, and where tile files have changed since, so that other tiles may stand
  ///   in their records.
  package func dataset() throws -> StudyDataset? {
    guard let whole = features.dataset else { return nil }
    var selection = whole.dataset.selection
    // Records that gave no features were not among the tiles; of the first ones there are no others here.
    selection.maxTiles = 0
    selection.records = [:]
    for (slide, rows) in zip(features.slides, rows) where !rows.isEmpty {
      guard let path = slide.tfrecord, try features.study.store.tileDigest(of: path) == slide.tileDigest else {
        return nil
      }
      selection.records?[slide.name] = rows.map { slide.records[Int($0)] }.sorted()
    }
    return try StudyDataset(features.study, size: whole.dataset.tileSize, selection: selection)
  }
}
