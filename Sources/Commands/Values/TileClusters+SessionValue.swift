package import CommandLanguage
import FeatureData
import Rendering
import Workflows

extension TileClusters: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Clusters"), phrase: "clusters", summary: "Tiles of features in clusters.",
    members: ["composition": TableValue.type], standsFor: .column, quantity: "cluster", savedAs: fileExtensions)

  package var shape: String { "\(names.count.counted("cluster")) of \(features.tileCount.counted("tile"))" }
  package var valueIdentity: String? { identity }
  package var memberNames: [String] { ["composition"] }
  package var knownNames: KnownNames {
    var known = features.knownNames
    known.settled.insert("clusters")
    return known
  }

  package func member(_ name: String) -> (any SessionValue)? {
    guard name == "composition" else { return nil }
    let table = composition.table
    return TableValue(
      whole: { table }, shown: table, shownRows: 30, shape: "\(table.rows.count) × \(table.columns.count)",
      names: features.knownNames)
  }

  package func show(in output: any OutputSink) {
    do {
      if let figure = try mapFigure() {
        output.show(
          picture: try figure.inlinePNG(style),
          text: (["Map of \(map?.points.count ?? 0) tiles by cluster."] + figure.notes).joined(separator: " "))
      }
    } catch {
      output.warn("The map cannot be shown. \(error.sentence)")
    }
    let summary = composition.summary
    output.show(table: summary, maximumRows: 30, more: summary.more("table top"))
    for remark in remarks { output.note(remark) }
    for warning in warnings { output.warn(warning) }
  }

  /// Tiles of each cluster, as far as they can be shown.
  func showExemplars(in output: any OutputSink, monitor: any WorkMonitor) throws {
    guard let (figure, failures) = try sheet(monitor: monitor) else {
      output.note("The tiles of these features cannot be shown.")
      return
    }
    let picture = try PictureValue(
      figure, in: style,
      text: "Tiles of each cluster, the nearest to its middle first: "
        + zip(names, exemplars).prefix(8).map { name, tiles in
          "\(name): \(tiles.prefix(3).map { features.name(of: $0) }.joined(separator: ", "))"
        }
        .joined(separator: "; ") + (names.count > 8 ? "; …" : "."), names: knownNames)
    picture.show(in: output)
    output.add(failures)
  }
}
