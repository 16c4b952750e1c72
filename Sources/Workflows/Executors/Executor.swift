package import FeatureData

/// Runs plans: in this process, in another, or on other machines. What comes of them lies in the study's folders and its
/// store, from which it is read afterwards.
package protocol Executor: Sendable {
  /// Cuts slides into tiles.
  ///
  /// - Parameter outcome: called for each slide, in the order of the plan.
  /// - Throws: `WorkInterrupted`, or what keeps every slide from being written.
  func run(
    _ plan: ExtractionPlan, monitor: any WorkMonitor, outcome: (SlideExtraction.Outcome) throws -> Void) throws

  /// Computes features into the store.
  ///
  /// - Returns: slides that gave none, and what is to be said of how they were computed.
  func run(_ plan: FeaturePlan, monitor: any WorkMonitor) throws -> FeaturePlan.Outcome
}
