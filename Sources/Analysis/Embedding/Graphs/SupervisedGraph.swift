import FeatureData
import Glibc

extension FuzzyGraph {
  /// The graph in which edges between different categories, and such of which one end is unknown, count less.
  ///
  /// Source: McInnes, Healy, Melville, 2018, doi:10.48550/arXiv.1802.03426, section 4.6 on labels; the constants are
  /// umap-learn's: an edge to another category is multiplied by exp(−2.5 / (1 − weight)), one of an unknown end by
  /// 1 / e. Each row is then scaled so that its heaviest edge has weight 1, and the directions are joined anew.
  ///
  /// - Parameters:
  ///   - categories: n numbers, negative where unknown.
  ///   - weight: At 0 an edge between categories counts for a twelfth, at 1 for nothing.
  /// - Throws: `WorkInterrupted`.
  func parted(
    by categories: [Int], weight: Double, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> FuzzyGraph {
    let otherFactor = weight < 1 ? Float(exp(-2.5 / (1 - weight))) : 0
    let unknownFactor = Float(exp(-1.0))
    var parted = weights
    for row in 0..<rowCount {
      if row.isMultiple(of: 4096) { try monitor.checkInterrupted() }
      var heaviest: Float = 0
      for edge in edges(of: row) {
        let (own, other) = (categories[row], categories[Int(columns[edge])])
        if own < 0 || other < 0 { parted[edge] *= unknownFactor } else if own != other { parted[edge] *= otherFactor }
        heaviest = max(heaviest, parted[edge])
      }
      if heaviest > 0 { for edge in edges(of: row) { parted[edge] /= heaviest } }
    }
    return try FuzzyGraph(
      directedOffsets: rowOffsets, columns: columns, weights: parted, threads: threads, monitor: monitor)
  }
}
