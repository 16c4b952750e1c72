import Analysis
import CommandLanguage
import FeatureData
import FeatureStore
import Inference
import Rendering

/// Lays out tiles, or slides, in two dimensions; answers from the store where the same map was made before.
struct MapMaking {
  /// What a slide is shown by, when one point stands for a whole slide.
  enum SlidePoint: String, Sendable {
    /// The tile nearest to the mean of its slide, placed by its own activations.
    case centroid
    /// That tile, placed by the mean activations of its slide.
    case average
  }

  static let parameters = [
    ParameterDeclaration(
      "n_neighbors", .integer(2...1000), default: "50", effects: ofUMAP, "Neighbours of each tile that UMAP looks at."),
    ParameterDeclaration(
      "min_dist", .number(0...10), default: "0.1", effects: ofUMAP, "How close points may come on the map."),
    ParameterDeclaration(
      "metric", .choice(DistanceMetric.allCases.map(\.rawValue)), default: "cosine", effects: ofUMAP,
      "Distance of activations."),
    ParameterDeclaration(
      "seed", .integer(0...Int.max), default: "42", effects: ofUMAP,
      "The same seed gives the same map, bit for bit."),
    ParameterDeclaration(
      "map_slide", .optional(.choice(["centroid", "average"])), default: "none", effects: ofUMAP,
      "One point for each slide: its centroid tile, placed by its own activations or by the slide's average."),
    ParameterDeclaration(
      "predict_on_axes", .list(.indexOrName(.outcome)), effects: [.on([.features])],
      "Two outcomes: maps tiles by their predicted probabilities instead of UMAP."),
    ParameterDeclaration(
      "max_tiles", .integer(0...100_000_000), default: "0", effects: [.on([.features])],
      "The first tiles of each slide; 0 takes all."),
  ]

  /// A map that is there is not made anew, and predictions need no UMAP.
  private static let ofUMAP: [ParameterEffect] = [.on([.features]), .without("predict_on_axes")]

  let features: FeaturesValue
  /// Indices of the slides that are mapped.
  let slides: [Int]
  let labels: SlideLabels?
  let arguments: BoundArguments
  let monitor: any WorkMonitor

  func run() throws -> MapValue {
    if let axes = arguments.values["predict_on_axes"]?.items { return try predictions(axes) }
    let slidePoint = arguments.text("map_slide").flatMap(SlidePoint.init(rawValue:))
    let (points, matrix) = try slidePoint.map(slidePoints) ?? tilePoints()
    guard points.count > 1 else {
      throw CommandFailure("A map needs at least two points, and there is \(points.count).")
    }
    var parameters = UMAP.Parameters()
    parameters.neighbours = arguments.integer("n_neighbors") ?? 50
    parameters.minDist = arguments.number("min_dist") ?? 0.1
    parameters.metric = arguments.text("metric").flatMap(DistanceMetric.init(rawValue:)) ?? .cosine
    parameters.seed = UInt64(arguments.integer("seed") ?? 42)

    let store = features.project.store
    let identity = identity(of: points, slidePoint: slidePoint, parameters: parameters)
    let stored = store.map(identity).flatMap { $0.coordinates.rowCount == points.count ? $0 : nil }
    let map: StoredMap
    if let stored {
      map = stored
    } else {
      map = try compute(matrix(), parameters, identity: identity, slidePoint: slidePoint)
      try store.saveMap(map)
    }
    return MapValue(
      features: features, points: points, coordinates: map.coordinates, axisNames: ["UMAP 1", "UMAP 2"],
      remarks: map.remarks, labels: labels, isFromStore: stored != nil)
  }

  // MARK: Points

  /// All tiles, and their activations when they are asked for.
  private func tilePoints() -> ([MapValue.Point], () throws -> Matrix) {
    let limit = arguments.integer("max_tiles") ?? 0
    let points = slides.flatMap { slide in
      let count = features.slides[slide].tileCount
      return (0..<(limit > 0 ? min(limit, count) : count)).map { MapValue.Point(slide: slide, row: $0) }
    }
    return (points, { gathered(points) })
  }

  /// The centroid tile of each slide, and its activations or the slide's mean.
  private func slidePoints(_ kind: SlidePoint) throws -> ([MapValue.Point], () throws -> Matrix) {
    var points: [MapValue.Point] = []
    var means: [Float] = []
    for slide in slides where features.slides[slide].tileCount > 0 {
      try monitor.checkInterrupted()
      let stored = features.slides[slide].stored.features
      let limit = arguments.integer("max_tiles") ?? 0
      let rows = limit > 0 ? min(limit, stored.rowCount) : stored.rowCount
      let mean = SlideCentroid.mean(of: stored, rows: rows)
      points.append(MapValue.Point(slide: slide, row: SlideCentroid.nearestRow(to: mean, in: stored, rows: rows)))
      means += mean.map { Float($0) }
    }
    let averages = Matrix(rowCount: points.count, columnCount: features.featureCount, elements: means)
    return (points, { kind == .average ? averages : gathered(points) })
  }

  private func gathered(_ points: [MapValue.Point]) -> Matrix {
    var elements: [Float] = []
    elements.reserveCapacity(points.count * features.featureCount)
    var start = 0
    while start < points.count {
      let slide = points[start].slide
      let end = points[start...].firstIndex { $0.slide != slide } ?? points.count
      let width = features.featureCount
      features.slides[slide].stored.features.withValues { values in
        for point in points[start..<end] { elements += values[point.row * width..<(point.row + 1) * width] }
      }
      start = end
    }
    return Matrix(rowCount: points.count, columnCount: features.featureCount, elements: elements)
  }

  // MARK: UMAP

  private func compute(
    _ matrix: Matrix, _ parameters: UMAP.Parameters, identity: String, slidePoint: SlidePoint?
  ) throws -> StoredMap {
    let embedding = try UMAP(parameters).embed(matrix, monitor: monitor)
    let coordinates = embedding.normalised()
    let quality = try MapQuality.measure(
      original: matrix, metric: parameters.metric, map: coordinates, monitor: monitor)
    let what =
      switch slidePoint {
      case nil: "tiles"
      case .centroid: "centroid tiles"
      case .average: "slide averages"
      }
    var remarks = [
      "UMAP of \(matrix.rowCount) \(what) × \(matrix.columnCount) features: n_neighbors \(embedding.neighboursUsed), "
        + "min_dist \(parameters.minDist.shortText), \(parameters.metric.rawValue), seed \(parameters.seed)."
    ]
    if let trust = quality.trustworthiness, let continuity = quality.continuity,
      let kept = quality.neighbourPreservation
    {
      remarks.append(
        "At \(quality.neighbourCount) neighbours: trustworthiness \(trust.shortText), "
          + "continuity \(continuity.shortText), \(Int((kept * 100).rounded())) % of neighbours kept.")
    }
    remarks += embedding.notes.map(Self.sentence)
    return StoredMap(identity: identity, coordinates: coordinates, remarks: remarks)
  }

  private static func sentence(_ note: Embedding.Note) -> String {
    switch note {
    case .neighboursTruncated(let asked, let used):
      "There are too few points for \(asked) neighbours; \(used) were used."
    case .zeroVectors(let count, let firstRow):
      "\(count) tiles have no activation at all (the first is row \(firstRow)); they have no direction under cosine."
    case .noSpread: "All tiles have the same activations."
    }
  }

  /// A text that names everything the coordinates depend on. Its first line changes with the way maps are computed, so
  /// that a map of an earlier program is not taken for one of this.
  private func identity(of points: [MapValue.Point], slidePoint: SlidePoint?, parameters: UMAP.Parameters) -> String {
    let slideList = slides.map { slide in
      let stored = features.slides[slide].stored
      return "\(stored.slide)\t\(stored.tileDigest)\t\(stored.records.count)"
    }
    return [
      "map 2", "features \(features.identity)", "slides \(ContentDigest.ofText(slideList.joined(separator: "\n")))",
      "points \(points.count) \(slidePoint?.rawValue ?? "tiles") of the first \(arguments.integer("max_tiles") ?? 0)",
      "umap \(parameters)",
    ].joined(separator: "\n")
  }

  // MARK: Predictions

  private func predictions(_ axes: [BoundValue]) throws -> MapValue {
    let chosen = try axes.map { axis in
      try Reporting.run(parameter: "predict_on_axes") {
        try features.logit(axis.text ?? axis.integer.map(String.init) ?? "")
      }
    }
    guard chosen.count == 2 else {
      throw CommandFailure(
        "predict_on_axes takes two outcomes, and \(chosen.count) are given.",
        remedy: "predict_on_axes=[\(features.classNames.prefix(2).joined(separator: ", "))]",
        parameter: "predict_on_axes")
    }
    let (points, _) = tilePoints()
    let areProbabilities = features.areProbabilities
    var coordinates = Matrix(rowCount: points.count, columnCount: 2)
    for (index, point) in points.enumerated() {
      let logits = features.slides[point.slide].stored.logits?.row(point.row) ?? []
      let values = areProbabilities ? logits : Softmax.probabilities(of: logits)
      for axis in 0..<2 { coordinates[index, axis] = values[chosen[axis]] }
    }
    let names = chosen.map { "probability of \(features.classNames[$0])" }
    return MapValue(
      features: features, points: points, coordinates: coordinates, axisNames: names,
      remarks: ["\(points.count.counted("tile")) by predicted probability."], labels: labels, isFromStore: false)
  }
}
