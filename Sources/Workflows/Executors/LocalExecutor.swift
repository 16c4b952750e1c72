package import FeatureData

/// Runs plans in this process, on the calling thread and threads of its own.
package struct LocalExecutor: Executor {
  /// What a session has open already, so that it is not opened once more.
  private let study: Study?
  private let inputs: FeatureComputation.Inputs?

  package init() { self.init(study: nil) }

  init(study: Study?, inputs: FeatureComputation.Inputs? = nil) {
    self.study = study ?? inputs?.dataset.study
    self.inputs = inputs
  }

  package func run(
    _ plan: ExtractionPlan, monitor: any WorkMonitor, outcome: (SlideExtraction.Outcome) throws -> Void
  ) throws {
    try SlideExtraction(plan, in: try open(plan.study), monitor: monitor).run(outcome: outcome)
  }

  package func run(_ plan: FeaturePlan, monitor: any WorkMonitor) throws -> FeaturePlan.Outcome {
    let inputs =
      if let inputs, plan.isOf(inputs.dataset, inputs.network) { inputs } else {
        try plan.inputs(in: try open(plan.study))
      }
    return try FeatureComputation(plan, inputs, monitor: monitor).run()
  }

  private func open(_ place: StudyPlace) throws -> Study {
    if let study, StudyPlace(study) == place { return study }
    return try place.open()
  }
}
