package import Analysis
package import FeatureData
import FeatureStore

extension FeatureSet {
  /// The activations of tiles as the analyses take them.
  ///
  /// - Parameter areCopied: False leaves them in the store's files, from which they are read when they are needed.
  /// - Throws: `WorkInterrupted`.
  package func rows(
    _ points: [FeatureMap.Point], areCopied: Bool, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> FeatureRows {
    let width = featureCount
    let stored = slides.map(\.stored.features)
    if !areCopied {
      return FeatureRows(
        columnCount: width,
        starts: points.compactMap { point in stored[point.slide].start.map { $0 + point.row * width } },
        owners: stored)
    }
    let result = FeatureRows(rowCount: points.count, columnCount: width) { places in
      var start = 0
      while start < points.count && !monitor.isInterrupted {
        let slide = points[start].slide
        let end = points[start...].firstIndex { $0.slide != slide } ?? points.count
        stored[slide].withValues { values in
          for index in start..<end {
            guard let from = values.baseAddress, let to = places.baseAddress else { return }
            if index.isMultiple(of: 1024) && monitor.isInterrupted { return }
            (to + index * width).update(from: from + points[index].row * width, count: width)
          }
        }
        start = end
      }
    }
    try monitor.checkInterrupted()
    return result
  }
}
