import Slides
import Synchronization

/// From which corner places on a slide are counted, and in what. Inside, all are pixels of level 0 from the corner of the
/// whole slide; what comes in or goes out otherwise says so.
enum PlaceFrame {
  static let level0 = "pixels of level 0, from the corner of the whole slide as OpenSlide counts them"

  /// What the locations of features count, as they were read.
  static func ofLocations(in features: FeatureSet) -> String {
    let factor = features.dataset?.locationFactor ?? 1
    return (factor == 1 ? "" : "tenths, as slideflow wrote them until version 1.4, of ") + level0
  }

  /// That regions are not counted as QuPath shows them; nil where no slide has a scanned part of its own.
  static func remark(onRegionsOf slides: [(slide: String, x: Int, y: Int)]) -> String? {
    guard !slides.isEmpty else { return nil }
    let shown = slides.prefix(5).map { "\($0.slide) from (\($0.x), \($0.y)) on" }.joined(separator: ", ")
    return "Regions are read as \(level0); QuPath counts from that of the scanned part: "
      + shown + (slides.count > 5 ? ", …" : ".")
  }
}

extension StudyDataset {
  /// By which locations are multiplied to be pixels of level 0: 10 for the tenths of slideflow until 1.4.
  var locationFactor: Int {
    let bySelf = dataset.locationVerdict(slideSize: { _ in nil }, fullExtractPixels: { _ in nil }).verdict?.unit
    guard bySelf == .unknown else { return bySelf == .tenths ? 10 : 1 }
    let bySlides = dataset.locationVerdict(
      slideSize: Self.sizes(of: dataset.project), fullExtractPixels: { _ in nil }
    ).verdict?.unit
    return bySlides == .tenths ? 10 : 1
  }
}

/// That factor, found out when it is first needed.
final class LocationFactor: Sendable {
  private let dataset: StudyDataset?
  private let known = Mutex<Int?>(nil)

  /// - Parameter dataset: nil for places that are pixels.
  init(_ dataset: StudyDataset?) { self.dataset = dataset }

  var value: Int {
    known.withLock { known in
      let value = known ?? dataset?.locationFactor ?? 1
      known = value
      return value
    }
  }
}
