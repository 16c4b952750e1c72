import CommandLanguage
import FeatureData
import Rendering
import Workflows

/// `table`: another look at a table, sorted, with some of its rows.
struct TableCommand: TypedCommand {
  /// What has a table.
  struct Listed: SubjectValue {
    let value: TableValue

    static let subjectTypes = [
      TableValue.type, LabelSet.type, StudyDataset.type, FeatureSet.type, FeatureMap.type, TileMosaic.type,
      StudyModel.type,
    ]

    init?(subjects: [any SessionValue], path: String?) {
      switch subjects.first {
      case let table as TableValue: value = table
      case let labels as LabelSet:
        var table = Self.table(of: labels, labels.dataset.study) { labels.table }
        table.outcomes = Dictionary(labels.columns.map { ($0.column, $0.categories) }) { first, _ in first }
        value = table
      case let dataset as StudyDataset: value = Self.table(of: dataset, dataset.study) { dataset.table }
      case let features as FeatureSet: value = Self.table(of: features, features.study) { features.table }
      case let map as FeatureMap: value = Self.table(of: map, map.features.study) { map.table }
      case let mosaic as TileMosaic: value = Self.table(of: mosaic, mosaic.map.features.study) { mosaic.table }
      case let model as StudyModel: value = Self.table(of: model, nil) { model.table }
      default: return nil
      }
    }

    private static func table(
      of value: some SessionValue, _ study: Study?, _ make: () -> DataTable
    ) -> TableValue {
      let table = make()
      return TableValue(
        whole: { table }, shown: table, shownRows: 20, shape: "\(table.rows.count) × \(table.columns.count)",
        names: value.knownNames, study: study)
    }
  }

  static let page = CommandPage(
    "table", topic: "Session", summary: "Shows a table again, sorted, with the rows that are asked for.",
    discussion: """
      Of labels, a dataset, features, a map, a mosaic or a model it is the table that `save` writes, or that their name shows. \
      The result is a table of its own: it is saved with all of its rows, as .csv or .tsv. \(TableRowParameters.discussion)
      """,
    synonyms: ["sort", "sort_values", "order", "order_by", "nlargest", "nsmallest", "rank", "dataframe"],
    examples: [
      "t = logits_mean\ntable t sort=[site, -tiles]", "table t where={prediction: positive, tiles: >=100} top=50",
    ])

  @Subject("What has a table.") var of: Listed
  @Group var rows: TableRowParameters

  func run(_ invocation: Invocation) throws -> TableValue {
    let value = try of.value.choosing(rows)
    value.show(in: invocation.output)
    return value
  }
}
