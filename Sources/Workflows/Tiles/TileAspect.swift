package import FeatureData

/// What tiles are looked at by.
package enum TileAspect: Sendable {
  /// A column of the annotations.
  case column(String)
  case feature(layer: String?, index: Int)
  /// By number or class name.
  case logit(String)
  /// Of an output, by number or name; of one that is a number, the number.
  case probability(String)
  /// The class that is predicted; of a model with several heads, by one of them. `among` names the classes that it is
  /// chosen from; nil for all.
  case prediction(head: String?, among: [SlidePredictions.OutputName]? = nil)
  /// How far the probabilities of a head are spread over its outputs.
  case uncertainty(head: String?)
  case slide
  /// The region of interest that the tile lies in.
  case region
  /// Labels that were given as a value, under its name.
  case labels(SlideLabels, name: String)
  /// Clusters, or a selection, under the name of the value.
  case groups(TileGroups, name: String)

  /// As it is asked for; labels with the column that they were read from.
  package var written: String {
    switch self {
    case .column(let name): name
    case .feature(let layer, let index): "feature:" + (layer.map { $0 + "/" } ?? "") + String(index)
    case .logit(let name): "logit:" + name
    case .probability(let name): "probability:" + name
    case .prediction(let head, let among):
      "prediction" + (head.map { ":" + $0 } ?? "")
        + (among.map { " among " + $0.map(\.written).joined(separator: ", ") } ?? "")
    case .uncertainty(let head): "uncertainty" + (head.map { ":" + $0 } ?? "")
    case .slide: "slide"
    case .region: "region"
    case .labels(let labels, let name): "\(labels.column) (labels \(name))"
    case .groups(_, let name): name
    }
  }
}
