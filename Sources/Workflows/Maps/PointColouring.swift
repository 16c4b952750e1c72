import FeatureData
import FeatureStore
import Rendering
import Slides

/// Turns a quantity into colours for tiles: the points of a map, or those of a slide.
struct PointColouring {
  let features: FeatureSet
  let points: [FeatureMap.Point]

  init(features: FeatureSet, points: [FeatureMap.Point]) {
    self.features = features
    self.points = points
  }

  init(map: FeatureMap) { self.init(features: map.features, points: map.points) }

  /// - Parameter scale: the ends of the colours of numbers.
  func colouring(by aspect: TileAspect, scale: ValueScale = ValueScale()) throws -> ScatterPlot.Colouring {
    let colouring = try plainColouring(by: aspect)
    guard case .continuous(let values, let label, let own) = colouring else {
      guard scale == ValueScale() else {
        throw WorkflowFailure(
          "`vmin` and `vmax` are the ends of colours of numbers, and \(aspect.written) has categories.",
          remedy: "by=feature:0", parameter: "by")
      }
      return colouring
    }
    return .continuous(
      values: values, label: label, scale: ValueScale(low: scale.low, high: scale.high, diverges: own.diverges))
  }

  private func plainColouring(by aspect: TileAspect) throws -> ScatterPlot.Colouring {
    switch aspect {
    case .labels(let labels, _): return colouring(by: labels)
    case .groups(let groups, _):
      let numbers = try groups.numbers(on: features, parameter: "by")
      return .categorical(
        names: groups.names, indices: points.map { Int(numbers[$0.slide][$0.row]) }, label: groups.label)
    case .slide:
      let names = NaturalOrder.sorted(features.slides.map(\.name))
      let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      let order = features.slides.map { places[$0.name] ?? -1 }
      return .categorical(
        names: names, indices: points.map { order[$0.slide] }, label: "slide",
        colours: ClassColours.ofSlides(names, in: features.study))
    case .region:
      let regions = try TileRegionLabels(features, parameter: "by")
      let places = Dictionary(uniqueKeysWithValues: regions.names.enumerated().map { ($1, $0) })
      let indices = points.map { regions.labels[$0.slide][$0.row].flatMap { places[$0] } ?? -1 }
      return .categorical(names: regions.names, indices: indices, label: "region")
    case .column(let column):
      if let numbers = features.quantity(column) {
        return .continuous(values: points.map { numbers[$0.slide, $0.row] }, label: column)
      }
      return colouring(by: try labels(column))
    case .feature(let layer, let index):
      let column = try features.column(layer: layer, index: index)
      return .continuous(
        values: values(ofColumn: column) { $0.stored.features },
        label: "activation of feature \(layer.map { $0 + "/" } ?? "")\(index)")
    case .logit(let name):
      let index = try features.logit(name)
      return .continuous(
        values: values(ofColumn: index) { $0.stored.logits }, label: features.outputs.title(index),
        scale: ValueScale(diverges: !features.outputs.heads[features.outputs.head(ofColumn: index)].areProbabilities))
    case .probability(let name):
      let index = try features.probability(name)
      let outputs = features.outputs
      return .continuous(
        values: points.map { outputs.probabilities(of: features.slides[$0.slide].outputs($0.row))[index] },
        label: outputs.probabilityTitle(index))
    case .prediction(let name, let among):
      let outputs = features.outputs
      let head = try outputs.headWithClasses(name, for: "by=prediction", of: features.modelName, parameter: "by")
      let allowed = try among.map { try features.classColumns($0, of: head) }
      let first = outputs.columns(of: head).lowerBound
      let indices = points.map { point in
        outputs.predictedColumn(of: head, in: features.slides[point.slide].outputs(point.row), among: allowed)
          .map { $0 - first } ?? -1
      }
      return .categorical(
        names: outputs.heads[head].outputNames, indices: indices,
        label: outputs.predictionTitle(of: head, among: allowed))
    case .uncertainty(let name):
      let outputs = features.outputs
      if let numbers = features.keptUncertainty(name) {
        return .continuous(
          values: points.map { numbers[$0.slide, $0.row] }, label: features.keptUncertaintyTitle(name))
      }
      let head = try outputs.headWithUncertainty(name, for: "by=uncertainty", of: features.modelName, parameter: "by")
      return .continuous(
        values: points.map { outputs.uncertainty(of: head, in: features.slides[$0.slide].outputs($0.row)) },
        label: outputs.uncertaintyTitle(of: head))
    }
  }

  func colouring(by prediction: PredictionColour) -> ScatterPlot.Colouring {
    let label = prediction.title(isOfSlides: false)
    let numbers = points.map(prediction.number)
    if let first = numbers.first, first != nil {
      return .continuous(values: numbers.map { $0 ?? .nan }, label: label)
    }
    return .categorical(
      names: prediction.classNames, indices: points.map { prediction.predictedClass($0) ?? -1 }, label: label)
  }

  /// Colours that are kept for the classes of an aspect, or that its labels were given.
  func ownColours(of aspect: TileAspect) -> [String: Colour] {
    switch aspect {
    case .labels(let labels, _): features.study.colours(of: labels)
    case .column(let column): features.study.looks.colours(ofColumn: column)
    default: [:]
    }
  }

  func colouring(by labels: SlideLabels) -> ScatterPlot.Colouring {
    switch labels.values {
    case .categorical(let bySlide, let categories):
      let indexBySlide = features.slides.map { slide in
        bySlide[slide.name].flatMap { categories.firstIndex(of: $0) } ?? -1
      }
      return .categorical(
        names: categories, indices: points.map { indexBySlide[$0.slide] }, label: labels.column,
        colours: ClassColours.of(categories, column: labels.column, in: features.study))
    case .continuous(let bySlide):
      let valueBySlide = features.slides.map { Float(bySlide[$0.name] ?? .nan) }
      return .continuous(values: points.map { valueBySlide[$0.slide] }, label: labels.column)
    }
  }

  /// A column of numbers with many values is shown as numbers, any other as categories.
  private func labels(_ column: String) throws -> SlideLabels {
    let annotations = features.study.project.annotations
    return features.study.looks.applied(
      to: try annotations.labels(
        column, slides: features.slides.map(\.name), useFloat: annotations.isContinuous(column)))
  }

  /// One number for each point, a slide's points at a time; NaN where the slide has none.
  private func values(ofColumn column: Int, _ matrix: (FeatureSet.Slide) -> MappedMatrix?) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(points.count)
    var start = 0
    while start < points.count {
      let slide = points[start].slide
      let end = points[start...].firstIndex { $0.slide != slide } ?? points.endIndex
      if let matrix = matrix(features.slides[slide]) {
        let width = matrix.columnCount
        matrix.withValues { values in
          for point in points[start..<end] { result.append(values[point.row * width + column]) }
        }
      } else {
        result += [Float](repeating: .nan, count: end - start)
      }
      start = end
    }
    return result
  }
}
