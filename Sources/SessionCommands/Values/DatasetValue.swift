import CommandLanguage
import Rendering
import Slides

/// Slides chosen from a project, at one tile size.
struct DatasetValue: SessionValue {
  let project: ProjectValue
  let dataset: Dataset
  let knownNames: KnownNames

  init(project: ProjectValue, dataset: Dataset) {
    self.project = project
    self.dataset = dataset
    var known = project.knownNames
    known.names[NameKind.slide.key] = dataset.slides.map(\.name)
    known.counts[NameKind.slide.key] = Dictionary(
      uniqueKeysWithValues: dataset.slides.map { ($0.name, dataset.tileCount(of: $0)) })
    knownNames = known
  }

  var valueType: ValueType { .dataset }
  var shape: String { "\(dataset.slides.count.counted("slide")), \(dataset.tileCount.counted("tile"))" }

  /// Columns that describe slides well in a table: those with few values, and numbers.
  private var shownColumns: [String] {
    let annotations = dataset.project.annotations
    return annotations.outcomeColumns.filter { column in
      annotations.isNumeric(column) || ((try? annotations.counts(of: column).count) ?? 0) <= 12
    }.prefix(6).map { $0 }
  }

  func show(in output: any OutputSink) {
    let columns = shownColumns
    let annotations = dataset.project.annotations
    let rows: [[DataTable.Cell]] = dataset.slides.map { slide in
      [.text(slide.name)]
        + columns.map { .text(((try? annotations.value(of: $0, slide: slide.name)) ?? nil) ?? "") }
        + [.integer(dataset.tileCount(of: slide))]
    }
    let table = DataTable(
      columns: [DataTable.Column("slide")] + columns.map { DataTable.Column($0) }
        + [DataTable.Column("tiles", .integer)],
      rows: rows,
      caption:
        "Dataset \(dataset.tileSize.label): \(dataset.slides.count.counted("slide")), \(dataset.tileCount.counted("tile"))"
    )
    output.show(table: table, maximumRows: 20)
    for removal in dataset.removals {
      let names = removal.slides.prefix(5).joined(separator: ", ") + (removal.slides.count > 5 ? ", …" : "")
      output.note("Left out, \(removal.reason): \(removal.slides.count) (\(names)).")
    }
  }
}
