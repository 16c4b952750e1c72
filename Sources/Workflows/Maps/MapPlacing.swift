import Analysis
import FeatureData

/// Places tiles on a map of other features, which stays as it is.
struct MapPlacing {
  let features: FeatureSet
  /// Indices of the slides of which tiles are placed.
  let slides: [Int]
  let base: FeatureMap
  /// Which tiles are not placed, a sentence.
  let leftOut: String?
  let labels: SlideLabels?
  let monitor: any WorkMonitor

  func placed(_ points: [FeatureMap.Point]) throws -> FeatureMap {
    guard let layout = base.layout, layout.parameters.method == .umap, !layout.isOfAverages else {
      throw WorkflowFailure(
        "Tiles can be placed on a UMAP of tiles only; this map was made in another way.",
        remedy: "slide_map FEATURES, without method, predict_on_axes and map_slide", parameter: "on")
    }
    guard features.layers == base.features.layers else {
      throw WorkflowFailure(
        "The map is of \(Self.description(base.features)), and these features are of \(Self.description(features)).",
        remedy: "features made by the same layers", parameter: "on")
    }
    guard !points.isEmpty else { throw WorkflowFailure("There is no tile to place.") }
    let trained = try base.features.rows(base.points, areCopied: true, monitor: monitor)
    let rows = try features.rows(points, areCopied: true, monitor: monitor)
    let transform = try MapTransform(
      of: trained, coordinates: layout.coordinates, parameters: layout.parameters, monitor: monitor)
    let places: Matrix
    do { places = try transform.places(of: rows, monitor: monitor) } catch AnalysisError.notComparable(let row) {
      throw WorkflowFailure(
        "The activations of \(features.name(of: points[row])) are larger by far than those of the tiles on the map: they "
          + "cannot be compared.")
    }
    return FeatureMap(
      features: features, points: points, coordinates: places.scaled(asUnit: layout.coordinates), layout: nil,
      axisNames: base.axisNames,
      remarks: [
        "\(points.count.counted("tile")) placed on a map of \(base.points.count.counted("tile")), in its scale.",
        "Grey: the map's own tiles.",
      ] + [leftOut].compactMap(\.self), labels: labels, isFromStore: false, ground: base.coordinates)
  }

  private static func description(_ features: FeatureSet) -> String {
    features.layers.map { "\($0.layer) (\($0.columns.count))" }.joined(separator: ", ")
  }
}
