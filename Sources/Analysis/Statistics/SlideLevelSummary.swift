import FeatureData
import Files

extension FeatureStatistics {
  /// The text of `slide_level_summary.csv` in the reference's layout, with CR LF line ends.
  ///
  /// A header, a row for each slide with its vector, and four rows of statistics; features by slide-level p ascending.
  /// No name is a formula in a spreadsheet. An undefined test is written as the reference does, F −1 and p 1.
  /// - Parameter featureNames: One a feature; nil for `Feature_0`, `Feature_1`, …
  package func summaryCSV(featureNames: [String]? = nil) -> String {
    func name(_ feature: Int) -> String {
      guard let featureNames, featureNames.indices.contains(feature) else { return "Feature_\(feature)" }
      return featureNames[feature]
    }
    var lines = [["slide", "category"] + featureOrder.map(name)]
    for (row, slide) in slides.enumerated() {
      lines.append([slide.name, slide.category] + featureOrder.map { "\(slideVectors[row, $0])" })
    }
    for (level, tests) in [("Tile statistic", tileTests), ("Slide statistic", slideTests)] {
      lines.append([level, "ANOVA P-value"] + featureOrder.map { "\(tests[$0].p ?? 1)" })
      lines.append([level, "ANOVA F-value"] + featureOrder.map { "\(tests[$0].f ?? -1)" })
    }
    return lines.map { CSVText.line($0.map { CSVText.field(CSVText.withoutFormula($0)) }) }.joined()
  }

  /// How many names have an apostrophe before them in the summary.
  package var formulaCount: Int {
    slides.reduce(0) { $0 + [$1.name, $1.category].count(where: CSVText.isFormula) }
  }
}
