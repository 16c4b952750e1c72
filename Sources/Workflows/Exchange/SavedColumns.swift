import FeatureData
import FeatureStore
import Rendering
import Slides

/// A result with rows of many numbers, of which some can be chosen for a file.
package protocol ColumnChoosing: Saveable {
  /// What is written with these columns alone beside the places.
  func choosing(_ aspects: [TileAspect]) throws -> any Saveable
}

/// The columns of a file that are chosen: features, logits, probabilities, predictions, columns of the annotations.
struct SavedColumns {
  private enum Source {
    /// A column of the activations.
    case feature(Int)
    /// Of the outputs, as they are kept.
    case output(Int)
    case probability(Int)
    /// By the head.
    case prediction(Int)
    /// By the head.
    case uncertainty(Int)
    /// A number that came along with the features.
    case quantity(String)
    /// By slide.
    case annotation([String: String])
  }

  /// What a tile gives to its columns.
  struct Row {
    let slide: String
    /// A feature by its column.
    let feature: (Int) -> Float
    /// Empty where there are none.
    let outputs: ArraySlice<Float>
    /// A number that came along with the features.
    var quantity: (String) -> Float? = { _ in nil }
  }

  private let outputs: ModelOutputs
  private let sources: [(column: DataTable.Column, source: Source)]

  var columns: [DataTable.Column] { sources.map(\.column) }

  /// The columns of the activations, where nothing else is chosen.
  var features: [Int]? {
    let features = sources.compactMap { if case .feature(let column) = $0.source { column } else { nil } }
    return features.count == sources.count ? features : nil
  }

  /// - Parameters:
  ///   - owner: what has them, in sentences: "These features have".
  ///   - featureNames: as they stand in a file, one for each column of the activations.
  ///   - slides: whose values of annotations are asked for.
  /// - Throws: `WorkflowFailure` for what is not there, with the parameter `columns`.
  init(
    _ aspects: [TileAspect], owner: String, layers: [FeatureSet.LayerColumns], outputs: ModelOutputs,
    featureNames: [String], quantities: [String] = [], annotations: Annotations?, slides: [String]
  ) throws {
    self.outputs = outputs
    let known = ActivationColumns(owner: owner, layers: layers, outputs: outputs)
    let names = OutputColumn.names(of: outputs, byNumber: false)
    func number(_ name: String) -> DataTable.Column { DataTable.Column(name, .number(significantDigits: 9)) }
    sources = try Reporting.run(parameter: "columns") {
      try aspects.map { aspect in
        switch aspect {
        case .feature(let layer, let index):
          let column = try known.feature(layer: layer, index: index)
          return (number(featureNames[column]), .feature(column))
        case .logit(let name):
          let column = try known.logit(name)
          return (number(names[column]), .output(column))
        case .probability(let name):
          let column = try known.probability(name)
          return (number("Probability_" + outputs.names[column]), .probability(column))
        case .uncertainty(let name):
          let kept = FeatureSet.uncertaintyName(name)
          if quantities.contains(kept) { return (number(kept), .quantity(kept)) }
          let head = try outputs.headWithUncertainty(
            name, for: "columns=uncertainty", of: "The model", parameter: "columns")
          return (number("uncertainty" + (name.map { "_" + $0 } ?? "")), .uncertainty(head))
        case .prediction(let name, _):
          guard outputs.count > 0 else { throw known.noLogits }
          let head = try outputs.headWithClasses(name, for: "columns=prediction", of: "The model", parameter: "columns")
          return (DataTable.Column(outputs.predictionTitle(of: head)), .prediction(head))
        case .region:
          throw WorkflowFailure("The region of interest that a tile lies in is no column of a saved file.")
        case .slide:
          return (DataTable.Column("slide"), .annotation(Dictionary(slides.map { ($0, $0) }) { first, _ in first }))
        case .column(let column) where quantities.contains(column): return (number(column), .quantity(column))
        case .column(let column):
          guard let annotations else {
            throw WorkflowFailure("There are no annotations here, and so no column \(column).")
          }
          return (DataTable.Column(column), .annotation(try Self.values(of: column, annotations, slides)))
        case .groups(_, let name):
          throw WorkflowFailure(
            "\(name) is no column of a saved file of features.", remedy: "save \(name) FILE.csv", parameter: "columns")
        case .labels(let labels, let name):
          return (DataTable.Column(name), .annotation(Self.values(of: labels)))
        }
      }
    }
  }

  private static func values(
    of column: String, _ annotations: Annotations, _ slides: [String]
  ) throws(ProjectError) -> [String: String] {
    var values: [String: String] = [:]
    for slide in slides { values[slide] = try annotations.value(of: column, slide: slide) }
    return values
  }

  private static func values(of labels: SlideLabels) -> [String: String] {
    switch labels.values {
    case .categorical(let bySlide, _): bySlide
    case .continuous(let bySlide): bySlide.mapValues(\.shortText)
    }
  }

  /// A cell for each column.
  func cells(_ row: Row) -> [DataTable.Cell] {
    sources.map { _, source in
      switch source {
      case .annotation(let values): values[row.slide].map { $0.isEmpty ? .missing : .text($0) } ?? .missing
      case .prediction(let head):
        outputs.predictedColumn(of: head, in: row.outputs).map {
          .text(outputs.heads[head].outputNames[$0 - outputs.columns(of: head).lowerBound])
        } ?? .missing
      case .quantity(let name): row.quantity(name).map { .number(Double($0)) } ?? .missing
      default: .number(Double(number(source, row)))
      }
    }
  }

  /// A number for each column; NaN for what is none.
  func numbers(_ row: Row) -> [Float] { sources.map { number($0.source, row) } }

  private func number(_ source: Source, _ row: Row) -> Float {
    switch source {
    case .feature(let column): return row.feature(column)
    case .output(let column):
      return column < row.outputs.count ? row.outputs[row.outputs.startIndex + column] : .nan
    case .probability(let column): return outputs.probabilities(of: row.outputs)[column]
    case .prediction(let head):
      let first = outputs.columns(of: head).lowerBound
      return outputs.predictedColumn(of: head, in: row.outputs).map { Float($0 - first) } ?? .nan
    case .uncertainty(let head): return outputs.uncertainty(of: head, in: row.outputs)
    case .quantity(let name): return row.quantity(name) ?? .nan
    case .annotation(let values): return values[row.slide].flatMap { Float($0) } ?? .nan
    }
  }
}

extension FeatureSet {
  /// Chosen columns of these features, named as in slideflow's export.
  func savedColumns(_ aspects: [TileAspect]) throws -> SavedColumns {
    try SavedColumns(
      aspects, owner: "These features have", layers: layers, outputs: outputs,
      featureNames: columnNames.map { "Feature_\($0)" }, quantities: quantityNames,
      annotations: study.project.annotations,
      slides: slides.map(\.name))
  }
}

extension FeatureSet.Slide {
  /// What a tile gives to chosen columns.
  func savedRow(_ row: Int) -> SavedColumns.Row {
    let features = stored.features.row(row)
    return SavedColumns.Row(
      slide: name, feature: { features[$0] }, outputs: outputs(row),
      quantity: { name in quantities.first { $0.name == name }?.values[row] })
  }
}

// MARK: Maps and mosaics

/// The table of a map or a mosaic with chosen columns behind its own.
private struct ChosenTable: Tabular {
  let table: DataTable
  let remarks: [String]

  func remarks(onFileOf fileExtension: String) -> [String] { remarks + table.formulaRemarks }
}

extension FeatureMap: ColumnChoosing {
  package func choosing(_ aspects: [TileAspect]) throws -> any Saveable {
    ChosenTable(
      table: try table.adding(features.savedColumns(aspects), of: points, features),
      remarks: remarks(onFileOf: "csv"))
  }
}

extension SelectedTiles: ColumnChoosing {
  package func choosing(_ aspects: [TileAspect]) throws -> any Saveable {
    let rows = tileMap == nil ? points : restrictedMap?.points ?? points
    return ChosenTable(
      table: try table.adding(features.savedColumns(aspects), of: rows, features), remarks: tableRemarks)
  }
}

extension TileMosaic: ColumnChoosing {
  package func choosing(_ aspects: [TileAspect]) throws -> any Saveable {
    ChosenTable(
      table: try placeTable.adding(
        map.features.savedColumns(aspects), of: grid.cells.map { map.points[$0.point] }, map.features),
      remarks: [])
  }
}

extension DataTable {
  fileprivate func adding(
    _ chosen: SavedColumns, of points: [FeatureMap.Point], _ features: FeatureSet
  ) -> DataTable {
    DataTable(
      columns: columns + chosen.columns,
      rows: zip(rows, points).map { row, point in row + chosen.cells(features.slides[point.slide].savedRow(point.row)) }
    )
  }
}
