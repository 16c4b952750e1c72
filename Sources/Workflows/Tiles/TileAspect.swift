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
  /// The class that is predicted; of a model with several heads, by one of them.
  case prediction(head: String?)
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
    case .prediction(let head): "prediction" + (head.map { ":" + $0 } ?? "")
    case .slide: "slide"
    case .region: "region"
    case .labels(let labels, let name): "\(labels.column) (labels \(name))"
    case .groups(_, let name): name
    }
  }
}
