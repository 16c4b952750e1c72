import Analysis
package import FeatureData
import Rendering

extension OutcomeComparison {
  /// Writes slideflow's table of slides, where outcomes are categories, and everything else.
  ///
  /// `slide_level_summary.csv` holds slides and their analysis of variance, whatever the units and the test are.
  /// - Returns: what was written, a sentence each.
  package func write(toFolder folder: String, monitor: any WorkMonitor = SilentMonitor()) throws -> [String] {
    var sentences: [String] = []
    func write(_ text: String, _ name: String, formulaCount: Int) throws {
      let path = folder + "/" + name
      try Reporting.run(parameter: "outdir") { try PathResolution.write(Array(text.utf8), to: path) }
      sentences.append("Written: \(path)")
      sentences += DataTable.formulaRemarks(formulaCount)
    }
    if !units.areNumbers, !units.areTileGroups {
      let names = features.columnNames.map { "Feature_" + $0 }
      let statistics = try slideStatistics(monitor)
      try write(
        statistics.summaryCSV(featureNames: names), "slide_level_summary.csv", formulaCount: statistics.formulaCount)
    }
    let table = fullTable
    try write(table.csv(), "statistics.csv", formulaCount: table.formulaCount)
    return sentences
  }

  private func slideStatistics(_ monitor: any WorkMonitor) throws -> FeatureStatistics {
    let slides = units.slides.map { FeatureStatistics.Slide(name: $0.name, category: categories[$0.category]) }
    if units.unit == .slide { return FeatureStatistics(slides, vectors, method: request.method) }
    return try Reporting.run {
      try FeatureStatistics.compute(slides: slides, method: request.method, monitor: monitor) {
        features.activations(of: units.slides[$0])
      }
    }
  }
}
