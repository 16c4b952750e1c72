import Analysis
import FeatureStore
import Foundation

/// Everything that the coordinates of a map depend on.
struct MapKey: Codable, Equatable {
  /// What stands on the map.
  enum Points: String, Codable {
    case tiles
    /// The centroid tile of each slide, placed by its own activations or by the mean of its slide.
    case centroid, average
  }

  /// Changes with the way maps are computed, so that a map of an earlier program is not taken for one of this.
  static let newest = 8

  private(set) var version = newest
  /// The digest of the key that the features lie under.
  let features: String
  /// A digest of the slides' names, tile data and numbers of tiles.
  let slides: String
  let points: Points
  let pointCount: Int
  /// The first tiles of each slide; 0 for all.
  let maxTiles: Int
  let parameters: EmbeddingParameters
  /// A digest of the categories of the slides; nil without a target.
  let target: String?
  /// Tiles that the map is fitted to, the others being placed on it; nil for all.
  let fitTiles: Int?

  init(
    features: String, slides: String, points: Points, pointCount: Int, maxTiles: Int,
    parameters: EmbeddingParameters, target: String?, fitTiles: Int? = nil
  ) {
    self.features = features
    self.slides = slides
    self.points = points
    self.pointCount = pointCount
    self.maxTiles = maxTiles
    self.parameters = parameters
    self.target = target
    self.fitTiles = fitTiles
  }

  /// What is noted in a map; nil where that is no key of this form.
  init?(noted text: String) {
    guard let key = try? JSONDecoder().decode(MapKey.self, from: Data(text.utf8)) else { return nil }
    self = key
  }

  var storeKey: StoreKey { StoreKey(self, prefix: "map\n") }

  /// The keys that the map may lie under, the one of `storeKey` first.
  var storeKeys: [StoreKey] {
    guard isOfEarlierMetric else { return [storeKey] }
    var seven = self
    seven.version = 7
    return [storeKey, seven.storeKey, StoreKey(text: versionSix)]
  }

  /// Points that were compared as they are up to version 7; more were compared on weighted components.
  private static let mostComparedAsTheyWere = 2048

  /// Whether earlier versions compared what this key is of by the same metric, so that their maps are ones of this key.
  private var isOfEarlierMetric: Bool {
    fitTiles == nil && parameters.componentCount == nil
      && (pointCount <= Self.mostComparedAsTheyWere || parameters.method == .pca)
  }

  /// What sets the map of another key apart.
  enum Difference { case features, slides, points, target, parameters, version }

  /// The first that differs; nil for equal keys.
  func difference(from other: MapKey) -> Difference? {
    if features != other.features { return .features }
    if slides != other.slides { return .slides }
    if (points, pointCount, maxTiles) != (other.points, other.pointCount, other.maxTiles) { return .points }
    if fitTiles != other.fitTiles { return .parameters }
    if target != other.target { return .target }
    if parameters != other.parameters { return .parameters }
    return version == other.version ? nil : .version
  }
}

extension MapKey {
  /// How version 6 noted this key, letter by letter. Maps were computed then as in version 7.
  private var versionSix: String {
    [
      "map 6", "features \(features)", "slides \(slides)",
      "points \(pointCount) \(points.rawValue) of the first \(maxTiles)",
      "parameters \(parameters.versionSix)", "target \(target ?? "none")",
    ].joined(separator: "\n")
  }
}

extension EmbeddingParameters {
  /// As Swift's reflection described them when version 6 was written.
  fileprivate var versionSix: String {
    let fields = [
      "method: Analysis.EmbeddingParameters.Method.\(method.rawValue)", "neighbours: \(neighbours)",
      "minDist: \(minDist)", "spread: \(spread)", "metric: Analysis.DistanceMetric.\(metric.rawValue)",
      "epochs: \(epochs.map { "Optional(\($0))" } ?? "nil")", "dimensions: \(dimensions)", "seed: \(seed)",
      "negativeSampleRate: \(negativeSampleRate)", "repulsionStrength: \(repulsionStrength)",
      "initialisation: Analysis.EmbeddingParameters.Initialisation.\(initialisation.rawValue)",
      "preservesDensity: \(preservesDensity)", "targetWeight: \(targetWeight)",
    ]
    return "EmbeddingParameters(\(fields.joined(separator: ", ")))"
  }
}
