package import FeatureData
package import Rendering
package import Slides

/// Activations over a whole slide, by rows and columns of its tile grid; places without tissue are masked.
package struct FeatureGrid: Sendable {
  package let slide: WholeSlideImage
  package let selection: TileSelection
  package let overview: SlideOverview
  package let modelPath: String
  package let layers: [FeatureSet.LayerColumns]
  /// Places of the grid that were computed, by rows: `row * columns + column`, ascending.
  package let cells: [Int]
  /// A row for each of `cells`: features, then logits.
  package let values: Matrix
  package let featureCount: Int
  /// What the logits are; without heads where there are none.
  package let outputs: ModelOutputs
  /// What it was made from without being named: "of slide s, with model m".
  package let basis: String?

  package var classNames: [String] { outputs.names }
  var grid: TileGrid { selection.grid }
  package var shape: String { "\(grid.rowCount) × \(grid.columnCount) × \(values.columnCount)" }
  package var byteCount: Int { values.elements.count * MemoryLayout<Float>.size }

  /// "13 rows × 13 columns × 514, 97 of 169 cells computed.", and which of them have no numbers.
  package var caption: String {
    let lost = cells.indices.filter { row in values.row(row).contains { !$0.isFinite } }.map { place(cells[$0]) }
    let shown = lost.prefix(5).map { "row \($0.row) column \($0.column)" } + (lost.count > 5 ? ["…"] : [])
    let note =
      lost.isEmpty
      ? ""
      : " \(lost.count.counted("cell")) with NaN or infinity (\(shown.joined(separator: ", "))), grey where that is "
        + "shown."
    return
      ("\(grid.rowCount.counted("row")) × \(grid.columnCount.counted("column")) × \(values.columnCount), \(cells.count) of "
      + "\(grid.cellCount.counted("cell")) computed, tiles of \(grid.size.label) by \(grid.scale.words)")
      .followed(by: basis) + "." + note
  }

  /// A name for each column of the values, as `feature:` and `logit:` say them.
  var columnNames: [String] {
    layers.flatMap { layer in
      (0..<layer.columns.count).map { layers.count == 1 ? "Feature_\($0)" : "\(layer.layer)/\($0)" }
    } + OutputColumn.names(of: outputs, byNumber: false)
  }

  package var remarks: [Remark] {
    SlideScale.remarks(on: [(slide.name, grid.scale)]).map { .warning($0) }
  }

  // MARK: Pictures

  /// The grid coloured by a quantity; nil shows the probability of the last class, or the number that the model gives;
  /// without logits the first feature.
  package func figure(by aspect: TileAspect? = nil) throws -> HeatFigure {
    try panel(by: aspect, footer: { [caption, $0].compactMap(\.self).joined(separator: " ") })
  }

  /// The grid coloured by quantities, a panel for each.
  package func figure(
    by aspects: [TileAspect], scale: ValueScale = ValueScale(), palette: PaletteChoice = PaletteChoice(),
    title: String? = nil, showsLegend: Bool = true
  ) throws -> HeatPanels {
    var notes: [String] = []
    let panels = try aspects.map { aspect in
      try panel(
        by: aspect, scale: scale, palette: palette, title: aspects.count > 1 ? aspect.written : title ?? slide.name,
        showsLegend: showsLegend
      ) { note in
        if let note { notes.append(note) }
        return aspects.count > 1 ? nil : [caption, note].compactMap(\.self).joined(separator: " ")
      }
    }
    try palette.check(zip(panels, aspects).map { ($0.colouring.asPoints, $1.written) })
    return HeatPanels(panels, title: title ?? slide.name, footer: ([caption] + notes).joined(separator: " "))
  }

  /// - Parameter footer: what stands below it, made of what its colours cannot show.
  private func panel(
    by aspect: TileAspect?, scale: ValueScale = ValueScale(), palette: PaletteChoice = PaletteChoice(),
    title: String? = nil, showsLegend: Bool = true, footer: (String?) -> String?
  ) throws -> HeatFigure {
    let colouring = try scaled(colouring(by: aspect), scale)
    let missing =
      switch colouring {
      case .continuous(let values, _, _, _): cells.filter { !values[$0].isFinite }
      case .categorical(let indices, _, _, _): cells.filter { indices[$0] < 0 }
      }
    return HeatFigure(
      overview: overview.image, downsample: overview.downsample,
      lattice: HeatFigure.Lattice(
        rowCount: grid.rowCount, columnCount: grid.columnCount, stride: Double(grid.strideLength),
        tileSide: Double(grid.fullExtractPixels)),
      colouring: colouring, missingCells: Set(missing), micronsPerPixel: grid.micronsPerPixel,
      title: title ?? slide.name, footer: footer(colouring.note(scale: scale)), showsLegend: showsLegend,
      palette: palette.palette(for: colouring.asPoints, kept: [:]))
  }

  package static var isOfOneSlide: WorkflowFailure {
    WorkflowFailure(
      "A grid is of one slide, and shows a feature, a logit or the prediction.", remedy: "by=feature:0", parameter: "by"
    )
  }

  private func colouring(by aspect: TileAspect?) throws -> HeatFigure.Colouring {
    let columns = ActivationColumns(owner: "This grid has", layers: layers, outputs: outputs)
    switch aspect {
    case nil where classNames.isEmpty:
      return continuous(values.column(0), label: "activation of feature \(layers.first?.layer ?? "")/0")
    case nil: return probability(outputs.columns(of: 0).upperBound - 1)
    case .probability(let name)?:
      return probability(try Reporting.run(parameter: "by") { try columns.probability(name) })
    case .feature(let layer, let index)?:
      let name = (layer.map { $0 + "/" } ?? "") + String(index)
      let column = try Reporting.run(parameter: "by") { try columns.feature(layer: layer, index: index) }
      return continuous(values.column(column), label: "activation of feature \(name)")
    case .logit(let name)?:
      let index = try Reporting.run(parameter: "by") { try columns.logit(name) }
      let areProbabilities = outputs.heads[outputs.head(ofColumn: index)].areProbabilities
      return continuous(
        values.column(featureCount + index), label: outputs.title(index), range: areProbabilities ? 0...1 : nil,
        scale: ValueScale(diverges: !areProbabilities))
    case .prediction(let name, let among)?:
      guard outputs.count > 0 else { throw Reporting.translated(columns.noLogits, parameter: "by") }
      let head = try outputs.headWithClasses(
        name, for: "by=prediction", of: "The model \(modelPath.withShortPaths)", parameter: "by")
      let allowed = try among.map { try columns.classes($0, of: head) }
      var indices = [Int](repeating: -1, count: grid.cellCount)
      let first = outputs.columns(of: head).lowerBound
      for (row, cell) in cells.enumerated() {
        indices[cell] = outputs.predictedColumn(of: head, in: outputs(of: row), among: allowed).map { $0 - first } ?? -1
      }
      return .categorical(
        indices: indices, names: outputs.heads[head].outputNames,
        label: outputs.predictionTitle(of: head, among: allowed))
    case .uncertainty(let name)?:
      let head = try outputs.headWithUncertainty(
        name, for: "by=uncertainty", of: "The model \(modelPath.withShortPaths)", parameter: "by")
      return continuous(
        cells.indices.map { outputs.uncertainty(of: head, in: outputs(of: $0)) },
        label: outputs.uncertaintyTitle(of: head), range: 0...1)
    case .column?, .slide?, .region?, .labels?, .groups?: throw Self.isOfOneSlide
    }
  }

  private func scaled(_ colouring: HeatFigure.Colouring, _ scale: ValueScale) throws -> HeatFigure.Colouring {
    guard scale != ValueScale() else { return colouring }
    guard case .continuous(let values, let range, let label, let diverges) = colouring else {
      throw WorkflowFailure(
        "`vmin` and `vmax` are the ends of colours of numbers, and a prediction has categories.", remedy: "by=logit:0",
        parameter: "by")
    }
    let whole = ValueScale(
      low: scale.low ?? .value(range.lowerBound), high: scale.high ?? .value(range.upperBound), diverges: diverges)
    return .continuous(
      values: values, range: whole.resolved(values)?.range ?? range, label: label, diverges: diverges)
  }

  private func probability(_ column: Int) -> HeatFigure.Colouring {
    let shown = cells.indices.map { outputs.probabilities(of: outputs(of: $0))[column] }
    let areNumbers = outputs.heads[outputs.head(ofColumn: column)].meaning == .numbers
    return continuous(shown, label: outputs.probabilityTitle(column), range: areNumbers ? nil : 0...1)
  }

  private func outputs(of row: Int) -> ArraySlice<Float> { values.row(row).dropFirst(featureCount) }

  private func continuous(
    _ computed: [Float], label: String, range: ClosedRange<Double>? = nil, scale: ValueScale = ValueScale()
  ) -> HeatFigure.Colouring {
    var all = [Float](repeating: .nan, count: grid.cellCount)
    for (cell, value) in zip(cells, computed) { all[cell] = value }
    let resolved = scale.resolved(computed)
    return .continuous(
      values: all, range: range ?? resolved?.range ?? 0...0, label: label, diverges: resolved?.diverges ?? false)
  }

  func place(_ cell: Int) -> TileGrid.Cell {
    TileGrid.Cell(column: cell % grid.columnCount, row: cell / grid.columnCount)
  }
}
