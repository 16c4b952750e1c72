import Analysis
import FeatureData
import FeatureStore
import Inference
import Rendering

/// Lays out tiles, or slides, in two or three dimensions; answers from the store where the same map was made before.
struct MapMaking {
  let features: FeatureSet
  /// Indices of the slides that are mapped.
  let slides: [Int]
  let labels: SlideLabels?
  let request: MapRequest
  let monitor: any WorkMonitor

  func run() throws -> FeatureMap {
    if let axes = request.axes { return try predictions(axes) }
    if let base = request.base {
      return try MapPlacing(
        features: features, slides: slides, base: base, leftOut: features.leftOut(of: slides, first: limit),
        labels: labels, monitor: monitor
      ).placed(try tilePoints().points)
    }
    let slidePoint = request.slidePoint
    let (points, rows) = try slidePoint.map(slidePoints) ?? tilePoints()
    let leftOut = features.leftOut(of: slides, first: limit)
    guard points.count > 1 else {
      throw WorkflowFailure(
        "A map needs at least two points, and there is \(points.count)." + (leftOut.map { " " + $0 } ?? ""))
    }
    if request.fitTiles != nil && slidePoint != nil {
      throw WorkflowFailure(
        "A map of slides is fitted to all of them: `fit_tiles` is for maps of tiles.", parameter: "fit_tiles")
    }
    let sample = request.fitTiles.flatMap {
      $0 < points.count ? FitSample(of: points, count: $0, seed: request.parameters.seed) : nil
    }
    var parameters = parameters(ofPoints: sample?.indices.count ?? points.count)
    try parameters.validate()
    let target = try targetLabels()
    let store = features.study.store
    func key(_ parameters: EmbeddingParameters) -> MapKey {
      self.key(of: points, slidePoint: slidePoint, parameters: parameters, target: target, sample: sample)
    }
    let cache = try request.cachePath.map { try MapCacheFile(path: $0) }
    // A file from before the number of neighbours was chosen by that of points.
    if let cache, cache.holds(key(request.parameters)) { parameters = request.parameters }
    let key = key(parameters)
    let storeKey = key.storeKey
    let stored = try (cache?.map(key) ?? key.storeKeys.lazy.compactMap(store.map).first).flatMap {
      $0.coordinates.rowCount == points.count ? $0 : nil
    }
    let map: StoredMap
    if let stored {
      map = StoredMap(identity: storeKey.text, coordinates: stored.coordinates, remarks: stored.remarks)
    } else {
      defer { for slide in slides { features.slides[slide].stored.features.giveBackPages() } }
      if let sample {
        map = try fitted(sample, of: points, parameters, key: storeKey, target: target)
      } else {
        let (coordinates, remarks) = try compute(
          rows(), parameters, points: points, slidePoint: slidePoint, target: target.map { categories(points, $0) })
        map = StoredMap(identity: storeKey.text, coordinates: coordinates, remarks: remarks)
      }
      try store.saveMap(map, key: storeKey)
    }
    try cache?.keep(map)
    // Not kept with the map, which is the same where its number of neighbours is given.
    let least = EmbeddingParameters.fewestRowsForAllNeighbours
    let chosen =
      request.choosesNeighbours && parameters.neighbours < request.parameters.neighbours && points.count > 8
      ? "n_neighbors was left out: from \(least) \(sample == nil ? "" : "fitted ")points on it is 50, for fewer less, and at "
        + "least 8." : nil
    return FeatureMap(
      features: features, points: points, coordinates: map.coordinates.scaledToUnit(),
      layout: FeatureMap.Layout(
        coordinates: map.coordinates, parameters: parameters, isOfAverages: slidePoint == .average,
        fitTiles: sample?.indices.count),
      axisNames: Self.axisNames(parameters), remarks: map.remarks + [chosen, leftOut].compactMap(\.self),
      labels: labels, isFromStore: stored != nil)
  }

  private func parameters(ofPoints count: Int) -> EmbeddingParameters {
    var parameters = request.parameters
    if request.choosesNeighbours { parameters.neighbours = EmbeddingParameters.neighbours(ofRows: count) }
    return parameters
  }

  private static func axisNames(_ parameters: EmbeddingParameters) -> [String] {
    let name =
      switch parameters.method {
      case .umap: parameters.preservesDensity ? "densMAP" : "UMAP"
      case .pacmap: "PaCMAP"
      case .pca: "PC"
      }
    return (1...parameters.dimensions).map { "\(name) \($0)" }
  }

  // MARK: Target

  private func targetLabels() throws -> SlideLabels? {
    guard let target = request.target else { return nil }
    let labels = try target.labels(
      of: slides.map { features.slides[$0].name }, in: features.study, useFloat: false, parameter: "target")
    guard labels?.indexBySlide != nil else {
      throw WorkflowFailure(
        "A target needs categories, and these labels are numbers.", remedy: "target=COLUMN of categories",
        parameter: "target")
    }
    return labels
  }

  /// By point, the place of its slide's category; -1 where it has none.
  private func categories(_ points: [FeatureMap.Point], _ labels: SlideLabels) -> [Int] {
    let places = labels.indexBySlide ?? [:]
    return points.map { places[features.slides[$0.slide].name] ?? -1 }
  }

  // MARK: Points

  /// The first tiles of each slide that are looked at; 0 for all.
  private var limit: Int { request.maxTiles }

  /// All tiles, and their activations when they are asked for.
  private func tilePoints(
    _ numbers: FeatureSet.Numbers = .activations
  ) throws(WorkflowFailure) -> (points: [FeatureMap.Point], rows: () throws -> FeatureRows) {
    let points = slides.flatMap { slide in
      features.usableRows(of: slide, first: limit, numbers).map { FeatureMap.Point(slide: slide, row: $0) }
    }
    try checkFinite(points, numbers)
    return (points, { try gathered(points) })
  }

  /// That there is a tile left where some were left out.
  private func checkFinite(_ points: [FeatureMap.Point], _ numbers: FeatureSet.Numbers) throws(WorkflowFailure) {
    guard points.isEmpty, features.notFinite(of: slides, first: limit, numbers) != nil else { return }
    throw features.nothingFinite(of: slides, numbers)
  }

  /// The centroid tile of each slide, and its activations or the slide's mean.
  private func slidePoints(
    _ kind: MapRequest.SlidePoint
  ) throws -> (points: [FeatureMap.Point], rows: () throws -> FeatureRows) {
    var points: [FeatureMap.Point] = []
    var means: [Float] = []
    for slide in slides {
      try monitor.checkInterrupted()
      let stored = features.slides[slide].stored.features
      let rows = features.usableRows(of: slide, first: limit)
      if rows.isEmpty { continue }
      let mean = SlideCentroid.mean(of: stored, rows: rows)
      points.append(FeatureMap.Point(slide: slide, row: SlideCentroid.nearestRow(to: mean, in: stored, rows: rows)))
      means += mean.map { Float($0) }
    }
    try checkFinite(points, .activations)
    let averages = Matrix(rowCount: points.count, columnCount: features.featureCount, elements: means)
    return (points, { kind == .average ? FeatureRows(averages) : try gathered(points) })
  }

  private func gathered(_ points: [FeatureMap.Point]) throws(WorkInterrupted) -> FeatureRows {
    try features.rows(points, areCopied: !request.readsFromFiles, monitor: monitor)
  }

  // MARK: UMAP

  private func compute(
    _ rows: FeatureRows, _ parameters: EmbeddingParameters, points: [FeatureMap.Point],
    slidePoint: MapRequest.SlidePoint?, target: [Int]?
  ) throws -> (coordinates: Matrix, remarks: [String]) {
    let embedding = try Embedder(parameters).embed(rows, target: target, monitor: monitor)
    let quality = try MapQuality.measure(
      original: rows, metric: Self.metric(parameters), map: embedding.coordinates, monitor: monitor)
    let what =
      switch slidePoint {
      case nil: "tiles"
      case .centroid: "centroid tiles"
      case .average: "slide averages"
      }
    var remarks = [
      "\(Self.title(embedding)) of \(rows.rowCount) \(what) × \(rows.columnCount) features\(settings(embedding))."
    ]
    remarks += search(embedding)
    if let text = quality.text { remarks.append("At \(quality.neighbourCount) neighbours: \(text).") }
    remarks += embedding.notes.map { sentence($0, points: points, what: what) }
    return (embedding.coordinates, remarks)
  }

  /// A map of some tiles, with the others placed on it.
  private func fitted(
    _ sample: FitSample, of points: [FeatureMap.Point], _ parameters: EmbeddingParameters, key: StoreKey,
    target: SlideLabels?
  ) throws -> StoredMap {
    let chosen = sample.indices.map { points[$0] }
    let rows = try gathered(chosen)
    var (layout, remarks) = try compute(
      rows, parameters, points: chosen, slidePoint: nil, target: target.map { categories(chosen, $0) })
    let transform = try MapTransform(of: rows, coordinates: layout, parameters: parameters, monitor: monitor)
    let placement = TilePlacement(features: features, transform: transform, monitor: monitor)
    let others = sample.others
    let places = try placement.places(of: points, at: others)
    var coordinates = Matrix(rowCount: points.count, columnCount: layout.columnCount)
    for (place, index) in sample.indices.enumerated() {
      for axis in 0..<layout.columnCount { coordinates[index, axis] = layout[place, axis] }
    }
    for (place, index) in others.enumerated() {
      for axis in 0..<layout.columnCount { coordinates[index, axis] = places[place, axis] }
    }
    remarks.insert(
      "Fitted to these of \(points.count) tiles (\(sample.shareText)), drawn by the seed; the other \(others.count) are "
        + "placed on the map" + (target == nil ? "" : ", by their activations alone") + ".", at: 1)
    remarks += try placement.quality(of: others.map { points[$0] }, metric: Self.metric(parameters))
    return StoredMap(identity: key.text, coordinates: coordinates, remarks: remarks)
  }

  /// By which the quality of a map is measured: distances of the activations as they are.
  private static func metric(_ parameters: EmbeddingParameters) -> DistanceMetric {
    parameters.method == .pca ? .euclidean : parameters.metric
  }

  private static func title(_ embedding: Embedding) -> String {
    switch embedding.parameters.method {
    case .umap: embedding.parameters.preservesDensity ? "densMAP" : "UMAP"
    case .pacmap: "PaCMAP"
    case .pca: "Principal components"
    }
  }

  private func settings(_ embedding: Embedding) -> String {
    let parameters = embedding.parameters
    if parameters.method == .pca { return "" }
    var parts = ["n_neighbors \(embedding.neighboursUsed)"]
    if parameters.method == .umap { parts.append("min_dist \(parameters.minDist.shortText)") }
    let components = embedding.componentsUsed.map { " of \($0) principal components" } ?? ""
    parts += [parameters.metric.rawValue + components, "seed \(parameters.seed)"]
    if let target = request.target?.written {
      parts.append("target \(target) with weight \(parameters.targetWeight.shortText)")
    }
    return ": " + parts.joined(separator: ", ")
  }

  /// Below this share of the true neighbours a map is doubtful.
  private static let leastRecall = 0.9

  /// How neighbours were found, and how many of the true ones.
  private func search(_ embedding: Embedding) -> [String] {
    guard let method = embedding.neighbourMethod else { return [] }
    var text =
      switch method.kind {
      case .exact: FeatureMap.searchHeading + "all compared with all"
      case .descent: FeatureMap.searchHeading + "by trees and neighbours of neighbours"
      }
    if let components = method.components {
      text += " on \(components) principal components, the nearest then ranked in full width"
    }
    guard let recall = embedding.neighbourRecall else { return [text + "."] }
    var sentences = ["\(text); \((recall * 100).shortText) % of the true ones found."]
    if recall < Self.leastRecall {
      sentences.append(
        FeatureMap.doubtHeading + "the map was made from \((recall * 100).shortText) % of them, so that tiles that are "
          + "alike may lie apart."
          + (embedding.componentsUsed == nil ? " n_pcs=50 compares them on 50 principal components instead." : ""))
    }
    return sentences
  }

  private func sentence(_ note: Embedding.Note, points: [FeatureMap.Point], what: String) -> String {
    switch note {
    case .neighboursTruncated(let asked, let used):
      "There are too few points for \(asked) neighbours; \(used) were used."
    case .rowsWithoutDirection(let count, let firstRow):
      "\(count.counted("point")) (the first is \(features.name(of: points[firstRow]))) with the same activation in every "
        + "column: without a direction to compare."
    case .copies(let count): "\(count) of \(points.count) \(what) have the activations of another."
    case .graphInPieces: "The neighbour graph is not in one piece: points started on principal components."
    case .noSpread: "All tiles have the same activations."
    }
  }

  private func key(
    of points: [FeatureMap.Point], slidePoint: MapRequest.SlidePoint?, parameters: EmbeddingParameters,
    target: SlideLabels?, sample: FitSample?
  ) -> MapKey {
    let slideList = slides.map { slide in
      let stored = features.slides[slide].stored
      return "\(stored.slide)\t\(stored.tileDigest)\t\(stored.records.count)"
    }
    let kind: MapKey.Points =
      switch slidePoint {
      case nil: .tiles
      case .centroid: .centroid
      case .average: .average
      }
    return MapKey(
      features: features.contentIdentity, slides: ContentDigest.ofText(slideList.joined(separator: "\n")),
      points: kind, pointCount: points.count, maxTiles: limit, parameters: parameters,
      target: target.map { ContentDigest.ofText(targetText($0)) }, fitTiles: sample?.indices.count)
  }

  private func targetText(_ labels: SlideLabels) -> String {
    (labels.indexBySlide ?? [:]).map { "\($0.key)\t\($0.value)" }.sorted().joined(separator: "\n")
  }

  // MARK: Predictions

  private func predictions(_ axes: [String]) throws -> FeatureMap {
    let chosen = try axes.map { axis in
      try Reporting.run(parameter: "predict_on_axes") {
        try features.logit(axis)
      }
    }
    guard chosen.count == 2 else {
      throw WorkflowFailure(
        "predict_on_axes takes two outcomes, and \(chosen.count) are given.",
        remedy: "predict_on_axes=[\(features.classNames.prefix(2).joined(separator: ", "))]",
        parameter: "predict_on_axes")
    }
    let outputs = features.outputs
    let (points, _) = try tilePoints(.logits)
    var coordinates = Matrix(rowCount: points.count, columnCount: 2)
    for (index, point) in points.enumerated() {
      let values = outputs.probabilities(of: features.slides[point.slide].outputs(point.row))
      for axis in 0..<2 { coordinates[index, axis] = values[chosen[axis]] }
    }
    guard !points.isEmpty else {
      throw WorkflowFailure("No tile has outputs that are finite numbers.", parameter: "predict_on_axes")
    }
    let areNumbers = chosen.contains { outputs.heads[outputs.head(ofColumn: $0)].meaning == .numbers }
    return FeatureMap(
      features: features, points: points, coordinates: coordinates, layout: nil,
      axisNames: chosen.map(outputs.probabilityTitle),
      remarks: ["\(points.count.counted("tile")) by \(areNumbers ? "what is predicted" : "predicted probability")."]
        + [features.leftOut(of: slides, first: limit, .logits)].compactMap(\.self), labels: labels, isFromStore: false)
  }
}
