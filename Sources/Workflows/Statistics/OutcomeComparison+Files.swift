import Analysis
package import FeatureData
import Rendering

extension OutcomeComparison {
  /// Writes slideflow's table of slides, where outcomes are categories, and everything else.
  ///
  /// `slide_level_summary.csv` holds slides and their analysis of variance, whatever the units and the test are.
  /// - Returns: the paths.
  package func write(toFolder folder: String, monitor: any WorkMonitor = SilentMonitor()) throws -> [String] {
    var paths: [String] = []
    func write(_ text: String, _ name: String) throws {
      let path = folder + "/" + name
      try Reporting.run(parameter: "outdir") { try PathResolution.write(Array(text.utf8), to: path) }
      paths.append(path)
    }
    if !units.areNumbers {
      let names = features.columnNames.map { "Feature_" + $0 }
      try write(try slideStatistics(monitor).summaryCSV(featureNames: names), "slide_level_summary.csv")
    }
    try write(fullTable.csv(), "statistics.csv")
    return paths
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
