import Analysis
import Dispatch
package import FeatureData
import Files
import Foundation
package import Rendering
import Slides
import Synchronization

/// Box plots of features by outcome, over slides or patients and over tiles.
package struct FeaturePlots: Sendable {
  /// Which features are shown.
  package enum Chosen: Sendable, Equatable {
    /// Those with the smallest q.
    case top(Int)
    case numbers([Int])
    case range(Range<Int>)
    /// By layer, features of its own numbering.
    case ranges([LayerRange])
  }

  package struct LayerRange: Sendable, Equatable {
    package let layer: String
    package let range: Range<Int>

    package init(layer: String, range: Range<Int>) {
      self.layer = layer
      self.range = range
    }
  }

  /// What a box holds.
  package enum Level: String, Sendable, CaseIterable {
    /// A value for each slide or patient.
    case unit
    /// A value for each tile.
    case tile
    case both
  }

  package let comparison: OutcomeComparison
  package let kind: DistributionFigure.Kind
  package let level: Level
  /// Places among the features' columns, by q.
  package let chosen: [Int]
  private let features: FeatureSet
  /// One a category.
  private let colours: [Int]

  /// Panels that one figure shows.
  private static let panelsOnPage = 12
  /// So many features' tiles are held at once.
  private static let batch = 64

  /// - Parameter basis: what was worked on, named or not.
  package init(
    _ features: FeatureSet, _ chosen: Chosen, _ request: ComparisonRequest, kind: DistributionFigure.Kind = .box,
    level: Level = .both, basis: String? = nil, monitor: any WorkMonitor
  ) throws {
    let wanted = try Self.columns(chosen, of: features)
    comparison = try OutcomeComparison(features, request, basis: basis, monitor: monitor)
    guard !comparison.units.areNumbers else {
      let annotations = features.study.project.annotations
      throw WorkflowFailure(
        "Boxes stand for categories, and \(comparison.units.outcome) holds numbers, with which `stats` correlates features.",
        remedy: "outcomes=\(annotations.outcomeColumns.first { !annotations.isContinuous($0) } ?? "COLUMN")",
        parameter: "outcomes")
    }
    self.features = features
    self.kind = kind
    self.level = level
    colours =
      ClassColours.of(comparison.categories, column: comparison.units.outcome, in: features.study)
      ?? Array(comparison.categories.indices)
    if case .top(let count) = chosen {
      self.chosen = Array(comparison.order.prefix(count))
    } else {
      let isWanted = Set(wanted)
      self.chosen = comparison.order.filter(isWanted.contains)
    }
  }

  private static func columns(_ chosen: Chosen, of features: FeatureSet) throws(WorkflowFailure) -> [Int] {
    let columns = ActivationColumns(owner: "These features have", layers: features.layers, outputs: features.outputs)
    func column(_ layer: String?, _ index: Int) throws(WorkflowFailure) -> Int {
      do throws(WorkflowFailure) { return try columns.feature(layer: layer, index: index) } catch {
        // Of a layer that is not there, the first.
        let known = features.layers.first { $0.layer == layer } ?? features.layers[0]
        let count = known.columns.count
        throw WorkflowFailure(
          error.message,
          remedy: features.layers.count > 1 || layer != nil
            ? "features={\(known.layer): 0..<\(layer == known.layer ? count : min(count, 12))}"
            : "features=0..<\(count)",
          parameter: "features")
      }
    }
    switch chosen {
    case .top: return []
    case .numbers(let numbers):
      var found: [Int] = []
      for number in numbers { found.append(try column(nil, number)) }
      return found
    case .range(let range):
      var found: [Int] = []
      // The first that is not there ends it.
      for number in range { found.append(try column(nil, number)) }
      return found
    case .ranges(let ranges):
      var found: [Int] = []
      for part in ranges { for index in part.range { found.append(try column(part.layer, index)) } }
      return found
    }
  }

  // MARK: Pages

  private var panelsAFeature: Int { level == .both ? 2 : 1 }
  private var featuresOnPage: Int { Self.panelsOnPage / panelsAFeature }
  package var pageCount: Int { max(1, (chosen.count + featuresOnPage - 1) / featuresOnPage) }

  /// - Parameter page: from 1.
  package func figure(page: Int, title: String? = nil) throws -> DistributionFigure {
    guard (1...pageCount).contains(page) else {
      throw WorkflowFailure(
        "There \(pageCount == 1 ? "is one page" : "are \(pageCount) pages") of \(chosen.count.counted("feature")).",
        remedy: "page=\(pageCount)", parameter: "page")
    }
    let start = (page - 1) * featuresOnPage
    let shown = Array(chosen[start..<min(start + featuresOnPage, chosen.count)])
    let pages =
      pageCount > 1
      ? "Page \(page) of \(pageCount), features by q\(page < pageCount ? "; page=\(page + 1) shows the next" : "")."
      : nil
    return DistributionFigure(
      panels: panels(of: shown), kind: kind, title: title,
      footer: [comparison.caption.asSentence, pages].compactMap(\.self).joined(separator: " "))
  }

  private func panels(of shown: [Int]) -> [DistributionFigure.Panel] {
    let tiles = level == .unit ? [] : tileValues(of: shown)
    return shown.indices.flatMap { panels(of: shown[$0], tiles: tiles.isEmpty ? [] : tiles[$0]) }
  }

  private func panels(of column: Int, tiles: [[Float]]) -> [DistributionFigure.Panel] {
    let feature = comparison.feature(column)
    func groups(_ values: [[Float]]) -> [DistributionFigure.Group] {
      comparison.categories.indices.map { category in
        DistributionFigure.Group(
          name: comparison.categories[category], colour: colours[category], values: values[category])
      }
    }
    let unit = comparison.units.noun
    var panels: [DistributionFigure.Panel] = []
    if level != .tile {
      let figures = [feature.q.map { "q \(NumberText.pValue($0))" }, feature.effect].compactMap(\.self)
      panels.append(
        DistributionFigure.Panel(
          title: "feature \(feature.name), \(unit)s",
          subtitle: figures.isEmpty ? feature.reason.map { "no test: \($0)" } : figures.joined(separator: " · "),
          valueLabel: comparison.request.method.valueLabel, groups: groups(feature.values.map { $0.map(Float.init) })))
    }
    if level != .unit {
      panels.append(
        DistributionFigure.Panel(
          title: "feature \(feature.name), tiles", subtitle: "tiles of one slide are not independent",
          valueLabel: "activation", groups: groups(tiles)))
    }
    return panels
  }

  /// For each of the columns and each category, the values of its tiles.
  private func tileValues(of columns: [Int]) -> [[[Float]]] {
    let width = features.featureCount
    var values = columns.map { _ in comparison.categories.map { _ in [Float]() } }
    for unit in comparison.units.units {
      features.forEachSlide(of: unit) { rows in
        let count = width > 0 ? rows.count / width : 0
        for (place, column) in columns.enumerated() {
          for row in 0..<count { values[place][unit.category].append(rows[row * width + column]) }
        }
      }
    }
    return values
  }

  // MARK: Files

  /// Writes a picture of each feature and a page that shows all of them, by q.
  ///
  /// - Returns: the path of the page.
  package func write(
    toFolder folder: String, as format: PictureFormat = .png, _ style: FigureStyle = FigureStyle(),
    monitor: any WorkMonitor
  ) throws -> String {
    let names = SafeFileName.distinct(chosen.map { "boxplot_" + features.columnNames[$0] })
      .map { $0 + "." + format.rawValue }
    let done = Mutex(0)
    for start in stride(from: 0, to: chosen.count, by: Self.batch) {
      let columns = Array(chosen[start..<min(start + Self.batch, chosen.count)])
      let tiles = level == .unit ? [] : tileValues(of: columns)
      let failure = Mutex<(any Error)?>(nil)
      DispatchQueue.concurrentPerform(iterations: columns.count) { index in
        guard failure.withLock({ $0 == nil }) else { return }
        do {
          try monitor.checkInterrupted()
          let figure = DistributionFigure(
            panels: panels(of: columns[index], tiles: tiles.isEmpty ? [] : tiles[index]), kind: kind,
            footer: comparison.caption.asSentence)
          let bytes =
            format == .png && style.theme != .print
            ? try figure.inlinePNG(style).bytes : try figure.encoded(as: format, style).bytes
          try PathResolution.write(bytes, to: folder + "/" + names[start + index])
          let number = done.withLock {
            $0 += 1
            return $0
          }
          monitor.report(phase: "box plots", unit: "features", done: number, total: chosen.count)
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
      if let failure = failure.withLock({ $0 }) { throw Reporting.translated(failure, parameter: "outdir") }
    }
    let path = folder + "/index.html"
    try Reporting.run(parameter: "outdir") {
      try PathResolution.write(Array(indexPage(names).utf8), to: path)
    }
    return path
  }

  /// A page without script that shows the pictures under a table of them.
  private func indexPage(_ names: [String]) -> String {
    let table = DataTable(
      columns: [
        DataTable.Column("feature"), DataTable.Column("p", .pValue), DataTable.Column("q", .pValue),
        DataTable.Column("effect"), DataTable.Column("picture"),
      ],
      rows: zip(chosen, names).map { column, name in
        let feature = comparison.feature(column)
        return [
          .text(feature.name), feature.p.map { .number($0) } ?? .missing, feature.q.map { .number($0) } ?? .missing,
          .text(feature.effect ?? feature.reason ?? ""), .text(name),
        ]
      }, caption: comparison.caption)
    let pictures = names.map { name in
      let address = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["_", "-", "."])) ?? name
      return "<figure><a href=\"\(address)\"><img src=\"\(address)\" alt=\"\(name)\" loading=\"lazy\"></a></figure>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Box plots</title>
      <meta name="color-scheme" content="light dark">
      <style>body{font-family:sans-serif;margin:2em}figure{margin:1em 0}img{max-width:100%}</style></head>
      <body>
      \(table.html())
      \(pictures.joined(separator: "\n"))
      </body></html>

      """
  }
}

extension TileSummary {
  /// What the value of a slide or a patient is.
  fileprivate var valueLabel: String {
    switch self {
    case .mean: "mean activation"
    case .median: "median activation"
    case .max: "greatest activation"
    case .top(let count): "mean of the \(count) highest tiles"
    case .threshold(let threshold): "share of tiles above \(Double(threshold).shortText)"
    }
  }
}
