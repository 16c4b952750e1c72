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
    var (mapped, coordinates) = (base.points, layout.coordinates)
    if let count = layout.fitTiles {
      let chosen = FitSample(of: mapped, count: count, seed: layout.parameters.seed).indices
      let dims = coordinates.columnCount
      coordinates = Matrix(
        rowCount: chosen.count, columnCount: dims, elements: chosen.flatMap { layout.coordinates.row($0) })
      mapped = chosen.map { mapped[$0] }
    }
    let transform = try MapTransform(
      of: try base.features.rows(mapped, areCopied: true, monitor: monitor), coordinates: coordinates,
      parameters: layout.parameters, monitor: monitor)
    let placement = TilePlacement(features: features, transform: transform, monitor: monitor)
    let places = try placement.places(of: points, at: Array(points.indices))
    let quality = try placement.quality(of: points, metric: layout.parameters.metric)
    return FeatureMap(
      features: features, points: points, coordinates: places.scaled(asUnit: layout.coordinates), layout: nil,
      axisNames: base.axisNames,
      remarks: [
        "\(points.count.counted("tile")) placed on a map of \(base.points.count.counted("tile")), in its scale.",
        "Grey: the map's own tiles.",
      ] + quality + [leftOut].compactMap(\.self), labels: labels, isFromStore: false, ground: base.coordinates)
  }

  private static func description(_ features: FeatureSet) -> String {
    features.layers.map { "\($0.layer) (\($0.columns.count))" }.joined(separator: ", ")
  }
}
