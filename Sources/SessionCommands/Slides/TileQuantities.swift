import CommandLanguage
import FeatureData
import FeatureStore
import Slides

/// What is written under a tile: a column of its slide, an activation, a logit, the prediction.
struct TileQuantities {
  private let quantities: [Quantity]
  private let annotations: Annotations?
  private let features: FeaturesValue?

  /// - Throws: `CommandFailure` for a quantity that these tiles do not have.
  init(_ quantities: [Quantity], annotations: Annotations?, features: FeaturesValue?) throws {
    self.quantities = quantities
    self.annotations = annotations
    self.features = features
    for quantity in quantities {
      switch quantity {
      case .slide: break
      case .column(let column):
        guard let annotations else {
          throw CommandFailure("A slide alone has no annotations, so there is no \(column).", parameter: "values")
        }
        if !annotations.columns.contains(column) {
          throw Reporting.translated(
            ProjectError.unknownColumn(name: column, known: annotations.columns), parameter: "values")
        }
      case .feature(let layer, let index): _ = try known().column(layer: layer, index: index)
      case .logit(let name): _ = try known().logit(name)
      case .prediction:
        if try known().logitCount == 0 {
          throw CommandFailure("The model gives no logits, so there is no prediction.", parameter: "values")
        }
      case .cluster, .uncertainty:
        throw CommandFailure("There is no such value for these tiles.", remedy: "values=slide", parameter: "values")
      }
    }
  }

  private func known() throws(CommandFailure) -> FeaturesValue {
    guard let features else {
      throw CommandFailure(
        "Only features have activations and logits.", remedy: "tiles FEATURES values=…", parameter: "values")
    }
    return features
  }

  /// A line for each quantity.
  func captions(slideName: String, slide: Int, tile: Int) -> [String] {
    quantities.map { quantity in
      switch quantity {
      case .slide: return slideName
      case .column(let column):
        return "\(column): \(((try? annotations?.value(of: column, slide: slideName)) ?? nil) ?? "")"
      case .feature(let layer, let index):
        guard let features, let column = try? features.column(layer: layer, index: index) else { return "" }
        let value = Double(features.slides[slide].stored.features.row(tile)[column])
        return "feature \(layer.map { $0 + "/" } ?? "")\(index): \(value.shortText)"
      case .logit(let name):
        guard let features, let index = try? features.logit(name),
          let row = features.slides[slide].stored.logits?.row(tile)
        else { return "" }
        return "logit \(features.classNames[index]): \(Double(row[index]).shortText)"
      case .prediction:
        guard let features, let row = features.slides[slide].stored.logits?.row(tile),
          let index = row.indices.max(by: { row[$0] < row[$1] })
        else { return "" }
        return "prediction: " + features.classNames[index - row.startIndex]
      case .cluster, .uncertainty: return ""
      }
    }
  }
}
