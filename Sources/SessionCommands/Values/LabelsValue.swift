import CommandLanguage
import FeatureData
import Rendering

/// A label for each slide of a dataset.
struct LabelsValue: SessionValue {
  let labels: SlideLabels
  /// Slides of the dataset that are blank in the column.
  let unlabelled: [String]
  let names: KnownNames

  var valueType: ValueType { .labels }
  var knownNames: KnownNames { names }
  var shape: String {
    switch labels.values {
    case .categorical(let bySlide, let categories):
      "\(bySlide.count.counted("slide")), \(categories.count.counted("outcome"))"
    case .continuous(let bySlide): "\(bySlide.count.counted("slide")), numbers"
    }
  }

  var table: DataTable {
    switch labels.values {
    case .categorical(let bySlide, _):
      DataTable(
        columns: [DataTable.Column("slide"), DataTable.Column(labels.column)],
        rows: bySlide.sorted { $0.key < $1.key }.map { [.text($0.key), .text($0.value)] }, caption: caption)
    case .continuous(let bySlide):
      DataTable(
        columns: [DataTable.Column("slide"), DataTable.Column(labels.column, .number(significantDigits: 6))],
        rows: bySlide.sorted { $0.key < $1.key }.map { [.text($0.key), .number($0.value)] }, caption: caption)
    }
  }

  private var caption: String {
    switch labels.values {
    case .categorical(let bySlide, let categories):
      "Labels \(labels.column), unique outcomes: "
        + categories.map { name in "\(name) (\(bySlide.values.count { $0 == name }))" }.joined(separator: ", ")
    case .continuous(let bySlide):
      "Labels \(labels.column), numbers from \((bySlide.values.min() ?? 0).shortText)"
        + " to \((bySlide.values.max() ?? 0).shortText)"
    }
  }

  func show(in output: any OutputSink) {
    output.show(table: table, maximumRows: 20)
    if !unlabelled.isEmpty {
      output.note("Blank in \(labels.column): \(unlabelled.count) (\(unlabelled.prefix(5).joined(separator: ", "))).")
    }
  }
}
