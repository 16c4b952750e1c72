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

  /// From where regions are counted, of slides that have a scanned part of their own.
  static func remarks(
    onRegionsOf slides: [(slide: String, x: Int, y: Int, frame: RegionsOfInterest.Frame)]
  ) -> [String] {
    func shown(_ frame: RegionsOfInterest.Frame) -> String? {
      let own = slides.filter { $0.frame == frame }
      guard !own.isEmpty else { return nil }
      return own.prefix(5).map { "\($0.slide) from (\($0.x), \($0.y)) on" }.joined(separator: ", ")
        + (own.count > 5 ? ", …" : ".")
    }
    return [
      shown(.wholeSlide).map {
        "Regions are read as \(level0); QuPath counts from that of the scanned part: " + $0
      },
      shown(.scannedPart).map {
        "Regions of GeoJSON are read as QuPath counts, in pixels of level 0 from the corner of the scanned part: " + $0
      },
    ].compactMap(\.self)
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
