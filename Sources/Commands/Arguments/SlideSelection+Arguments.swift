import CommandLanguage
import Slides
import Workflows

extension SlideSelection {
  /// The parameters that choose slides, which other commands share.
  static let parameters = [
    ParameterDeclaration(
      "filters", .categoriesByColumn,
      "Only slides whose column holds one of the values; all columns must match, `{column: [a, b]}`."),
    ParameterDeclaration("filter_blank", .list(.name(.column)), "Leaves out slides that are blank in these columns."),
  ]

  init(_ arguments: BoundArguments) {
    self.init(
      dataset: arguments.value("dataset") as? StudyDataset, filters: [Dataset.Filter](arguments),
      filterBlank: arguments.texts("filter_blank") ?? [])
  }
}

extension [Dataset.Filter] {
  init(_ arguments: BoundArguments) {
    self = (arguments.categoriesByColumn("filters") ?? []).map {
      Dataset.Filter(column: $0.column, values: $0.categories)
    }
  }
}
