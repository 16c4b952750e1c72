package import Slides

/// Which slides of what is there are worked on: those of a dataset, those whose annotations match, those that are not
/// blank. One rule for tables, maps, mosaics and extraction; that of `Dataset` is the same.
package struct SlideSelection: Sendable {
  package var dataset: StudyDataset?
  /// All columns must match; within a column one of the values.
  package var filters: [Dataset.Filter]
  /// Slides blank in one of these columns are left out.
  package var filterBlank: [String]

  package init(dataset: StudyDataset? = nil, filters: [Dataset.Filter] = [], filterBlank: [String] = []) {
    self.dataset = dataset
    self.filters = filters
    self.filterBlank = filterBlank
  }

  /// The items whose slides are chosen, in their order.
  package func chosen<Item>(
    from items: [Item], _ annotations: Annotations, name: (Item) -> String
  ) throws -> [Item] {
    var kept = items
    if let dataset {
      let names = Set(dataset.dataset.slides.map(\.name))
      kept = kept.filter { names.contains(name($0)) }
    }
    for filter in filters {
      kept = try Reporting.run(parameter: "filters") {
        try kept.filter { try annotations.matches(name($0), filter) }
      }
    }
    for column in filterBlank {
      kept = try Reporting.run(parameter: "filter_blank") {
        try kept.filter { try !annotations.isBlank(name($0), in: column) }
      }
    }
    return kept
  }
}
