import FeatureData
import FeatureStore
import Slides

/// What is written under a tile: a column of its slide, a number of its own, an activation, a logit, the prediction.
struct TileQuantities: Sendable {
  private let aspects: [TileAspect]
  private let annotations: Annotations?
  private let features: FeatureSet?
  /// By the names of columns that are no columns of the annotations.
  private let numbers: [String: TileNumbers]
  /// By the names of clusters and selections: by slide and tile.
  private let groups: [String: [[Int32]]]
  private let region: @Sendable (_ slideName: String, _ slide: Int, _ tile: Int) -> String?

  /// - Throws: `WorkflowFailure` for a quantity that these tiles do not have.
  init(_ aspects: [TileAspect], of collection: TileCollection) throws {
    self.aspects = aspects
    annotations = collection.annotations
    features = collection.features
    region = { slideName, slide, tile in
      guard let place = (try? collection.provider.location(slide: slide, tile: tile)) ?? nil else { return nil }
      return (try? collection.regions.label(of: slideName, at: place)) ?? nil
    }
    let features = collection.features
    numbers = aspects.reduce(into: [:]) { numbers, aspect in
      if case .column(let name) = aspect { numbers[name] = features?.quantity(name) }
    }
    groups = try aspects.reduce(into: [:]) { numbers, aspect in
      guard case .groups(let groups, let name) = aspect else { return }
      guard let features else {
        throw WorkflowFailure(
          "Clusters and selections are of the tiles of features.", remedy: "tiles FEATURES values=\(name)",
          parameter: "values")
      }
      numbers[name] = try groups.numbers(on: features, parameter: "values")
    }
    for aspect in aspects {
      switch aspect {
      case .slide, .labels, .groups: break
      case .column(let column) where numbers[column] != nil: break
      case .region:
        let slides = collection.provider.slides.map(\.name)
        guard try !collection.regions.names(of: slides).isEmpty else {
          throw collection.regions.noRegions(parameter: "values")
        }
      case .column(let column):
        guard let annotations else {
          throw WorkflowFailure("A slide alone has no annotations, so there is no \(column).", parameter: "values")
        }
        if !annotations.columns.contains(column) {
          throw Reporting.translated(
            ProjectError.unknownColumn(name: column, known: annotations.columns), parameter: "values")
        }
      case .feature(let layer, let index): _ = try known().column(layer: layer, index: index)
      case .logit(let name): _ = try known().logit(name)
      case .probability(let name): _ = try known().probability(name)
      case .uncertainty(let head):
        let features = try known()
        if features.keptUncertainty(head) == nil {
          _ = try features.outputs.headWithUncertainty(
            head, for: "values=uncertainty", of: features.modelName, parameter: "values")
        }
      case .prediction(let head, _):
        let features = try known()
        _ = try features.outputs.headWithClasses(
          head, for: "values=prediction", of: features.modelName, parameter: "values")
      }
    }
  }

  private func known() throws(WorkflowFailure) -> FeatureSet {
    guard let features else {
      throw WorkflowFailure(
        "Only features have activations and logits.", remedy: "tiles FEATURES values=…", parameter: "values")
    }
    return features
  }

  /// A line for each quantity.
  func captions(slideName: String, slide: Int, tile: Int) -> [String] {
    aspects.map { aspect in
      switch aspect {
      case .labels(let labels, let name): return label(of: slideName, labels, name)
      case .groups(let value, let name):
        let number = groups[name]?[slide][tile] ?? -1
        return "\(value.label): \(number < 0 ? "none" : value.names[Int(number)])"
      case .slide: return slideName
      case .region: return "region: \(region(slideName, slide, tile) ?? "none")"
      case .column(let column):
        if let numbers = numbers[column] { return "\(column): \(Double(numbers[slide, tile]).shortText)" }
        return "\(column): \(((try? annotations?.value(of: column, slide: slideName)) ?? nil) ?? "")"
      case .feature(let layer, let index):
        guard let features, let column = try? features.column(layer: layer, index: index) else { return "" }
        let value = Double(features.slides[slide].stored.features.row(tile)[column])
        return "feature \(layer.map { $0 + "/" } ?? "")\(index): \(value.shortText)"
      case .logit(let name):
        guard let features, let index = try? features.logit(name),
          let row = features.slides[slide].stored.logits?.row(tile)
        else { return "" }
        return "\(features.outputs.heading(index)): \(Double(row[index]).shortText)"
      case .probability(let name):
        guard let features, let index = try? features.probability(name) else { return "" }
        let value = features.outputs.probabilities(of: features.slides[slide].outputs(tile))[index]
        return "probability \(features.classNames[index]): \(Double(value).shortText)"
      case .uncertainty(let name):
        guard let features else { return "" }
        let own = features.keptUncertainty(name)
        let head = try? features.outputs.headWithUncertainty(name, for: "", of: "", parameter: "values")
        let value =
          own.map { $0[slide, tile] }
          ?? head.map { features.outputs.uncertainty(of: $0, in: features.slides[slide].outputs(tile)) } ?? .nan
        return "uncertainty\(name.map { " of " + $0 } ?? ""): \(Double(value).shortText)"
      case .prediction(let name, _):
        guard let features,
          let head = try? features.outputs.headWithClasses(
            name, for: "values=prediction", of: features.modelName, parameter: "values")
        else { return "" }
        let predicted = features.outputs.predictedColumn(of: head, in: features.slides[slide].outputs(tile))
        return "\(features.outputs.predictionTitle(of: head)): \(predicted.map { features.classNames[$0] } ?? "none")"
      }
    }
  }

  private func label(of slide: String, _ labels: SlideLabels, _ name: String) -> String {
    let label: String? =
      switch labels.values {
      case .categorical(let bySlide, _): bySlide[slide]
      case .continuous(let bySlide): bySlide[slide]?.shortText
      }
    return "\(labels.column) (\(name)): \(label ?? "")"
  }
}
