import CommandLanguage
import Slides
import Workflows

/// Which slides are chosen by their annotations.
struct SlideFilterParameters: ParameterGroup {
  @Parameter("Only slides whose column holds one of the values; all columns must match, `{column: [a, b]}`.")
  var filters: CategoriesByColumn?
  @Parameter("Leaves out slides that are blank in these columns.", as: .list(.name(.column)))
  var filterBlank: [String]?

  var datasetFilters: [Dataset.Filter] {
    (filters?.pairs ?? []).map { Dataset.Filter(column: $0.column, values: $0.categories) }
  }
}

/// Which slides of features are worked on.
struct SlideSelectionParameters: ParameterGroup {
  @Parameter("Only slides of this dataset; left out, all of them.") var dataset: StudyDataset?
  @Group var slides: SlideFilterParameters

  var selection: SlideSelection {
    SlideSelection(dataset: dataset, filters: slides.datasetFilters, filterBlank: slides.filterBlank ?? [])
  }
}
