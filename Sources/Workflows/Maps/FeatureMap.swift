package import Analysis
package import FeatureData
import FeatureStore
package import Rendering

/// Tiles laid out in two dimensions.
package struct FeatureMap: Sendable {
  /// Which tile a point is: a row of one slide of the features.
  package struct Point: Sendable, Hashable {
    package let slide: Int
    package let row: Int

    package init(slide: Int, row: Int) {
      self.slide = slide
      self.row = row
    }
  }

  /// A map as it came out, on which other features can be placed.
  package struct Layout: Sendable {
    /// `n × 2` or `n × 3`.
    package let coordinates: Matrix
    package let parameters: EmbeddingParameters
    /// True if a point stands at the average of its slide, whose tile it shows.
    package let isOfAverages: Bool
    /// How many of the points the map was fitted to, the others being placed on it (see `FitSample`); nil for all.
    package var fitTiles: Int?
  }

  package let features: FeatureSet
  package let points: [Point]
  /// `n × 2` or `n × 3`, by one factor brought into the unit square or cube; points placed on a map of others keep that
  /// map's scale, and predictions are probabilities as they are.
  package let coordinates: Matrix
  /// What the points were computed as, and by what; nil for predictions, and for points placed on a map of others.
  package let layout: Layout?
  /// Such as "UMAP 1" and "UMAP 2".
  package let axisNames: [String]
  /// How the map was made and how good it is, a sentence each.
  package private(set) var remarks: [String]

  /// What was computed, with its parameters, and how far the picture can be trusted: what stands under it.
  package var caption: String { remarks.filter { !Self.isDetail($0) }.joined(separator: " ") }
  /// How the computation went; nothing that changes how the picture is read.
  package var details: [String] { remarks.filter(Self.isDetail) }

  /// What makes the map doubtful.
  package var warnings: [String] { remarks.filter { $0.hasPrefix(Self.doubtHeading) } }

  /// Sentences of maps that are kept in stores begin so, too.
  static let searchHeading = "Neighbours: "
  static let doubtHeading = "Few of the true neighbours: "
  private static func isDetail(_ remark: String) -> Bool { remark.hasPrefix(searchHeading) }

  /// What the map shows by colour when nothing is asked: labels of slides.
  package let labels: SlideLabels?
  package let isFromStore: Bool
  /// Whether a point stands for a whole slide.
  package var isOfSlides = false
  /// What is predicted, shown in place of the labels.
  private(set) var prediction: PredictionColour?
  /// The same of slides as wholes.
  private(set) var slidePredictions: SlideLabels?
  /// Of points placed on a map of others: where those lie.
  var ground: Matrix?
  /// How its picture looks.
  package private(set) var style = FigureStyle()

  /// Maps by predictions are made anew from the logits.
  package var isKept: Bool { layout != nil }
  package var shape: String { "\(points.count) points" + (coordinates.columnCount == 3 ? " in 3 dimensions" : "") }
  package var byteCount: Int { coordinates.elements.count * MemoryLayout<Float>.size }

  /// The same with more sentences about how it was made.
  package func adding(_ sentences: [String]) -> FeatureMap {
    var map = self
    map.remarks += sentences
    return map
  }

  /// The same, its picture in another style.
  package func styled(_ style: FigureStyle) -> FeatureMap {
    var map = self
    map.style = style
    return map
  }

  /// The same, its picture coloured by what is predicted instead of the labels; nil for the labels.
  package func coloured(by prediction: PredictionColour?, monitor: any WorkMonitor) throws -> FeatureMap {
    var map = self
    map.prediction = isOfSlides ? nil : prediction
    map.slidePredictions =
      isOfSlides ? try prediction?.ofSlides(Set(points.map(\.slide)).sorted(), monitor: monitor) : nil
    return map
  }

  /// What its picture is coloured by when nothing else is asked: what is predicted, or the labels, if there are any.
  var ownColouring: ScatterPlot.Colouring {
    let colouring = PointColouring(map: self)
    if let prediction { return colouring.colouring(by: prediction) }
    return (slidePredictions ?? labels).map { colouring.colouring(by: $0) } ?? .plain
  }

  /// What its picture shows: "Map of 2321 tiles by HPV_status."
  package var sentence: String { "Map of \(countText)" + (ownColouring.label.map { " by \($0)" } ?? "") + "." }

  /// "2321 tiles", "12 slides".
  var countText: String { points.count.counted(isOfSlides ? "slide" : "tile") }

  /// The plain view.
  package func figure(title: String?) throws -> ScatterFigure {
    try ScatterFigure(
      plot(ownColouring, palette: ownPalette), title: title, subtitle: nil, footer: caption, xLabel: axisNames[0],
      yLabel: axisNames[1])
  }

  /// The colours that are kept for the classes of the labels.
  private var ownPalette: FigurePalette {
    FigurePalette(own: prediction == nil && slidePredictions == nil ? labels.map(features.study.colours) ?? [:] : [:])
  }

  /// The points with what lies below them.
  package func plot(
    _ colouring: ScatterPlot.Colouring, title: String? = nil, palette: FigurePalette = FigurePalette()
  ) -> ScatterPlot {
    ScatterPlot(
      x: coordinates.column(0), y: coordinates.column(1), colouring: colouring, title: title,
      context: ground.map { ScatterPlot.Context(x: $0.column(0), y: $0.column(1), label: "tiles of the map") },
      palette: palette)
  }

  /// What the coordinates of a saved table are.
  private var scaleRemark: String {
    let axes = ["x", "y", "z"].prefix(coordinates.columnCount)
    let names = axes.dropLast().joined(separator: ", ") + " and " + (axes.last ?? "")
    if ground != nil { return "\(names) are in the scale of the map that the tiles were placed on." }
    return layout == nil
      ? "\(names) are predicted probabilities."
      : "\(names) are the map's coordinates, all by one factor brought into 0 to 1."
  }

  package var table: DataTable {
    let axes = ["x", "y", "z"].prefix(coordinates.columnCount)
    let rows: [[DataTable.Cell]] = points.indices.map { index in
      let point = points[index]
      let slide = features.slides[point.slide]
      let location = slide.stored.locations?[point.row]
      return [.text(slide.name), .integer(slide.records[point.row])]
        + axes.indices.map { .number(Double(coordinates[index, $0])) } + [
          location.map { .integer($0.x) } ?? .missing, location.map { .integer($0.y) } ?? .missing,
        ]
    }
    return DataTable(
      columns: [DataTable.Column("slide"), DataTable.Column("index", .integer)]
        + axes.map { DataTable.Column($0, .number(significantDigits: 9)) } + [
          DataTable.Column("location_x", .integer), DataTable.Column("location_y", .integer),
        ], rows: rows)
  }
}

extension FeatureMap: Tabular, Drawable {
  package func drawn(as format: PictureFormat, _ request: SaveRequest) throws -> [UInt8] {
    try figure(title: nil).encoded(as: format, request.style.applied(to: style)).bytes
  }

  package func remarks(onFileOf fileExtension: String) -> [String] {
    guard ["csv", "tsv"].contains(fileExtension) else { return [] }
    return ["location_x and location_y are tiles' centres in \(PlaceFrame.ofLocations(in: features)).", scaleRemark]
  }
}
