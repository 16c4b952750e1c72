import CommandLanguage
import FeatureData
import Workflows

/// The language's monitor as the workflows know it.
struct StatementMonitor: WorkMonitor {
  let monitor: any ProgressMonitor

  var isInterrupted: Bool { monitor.isInterrupted }
  func report(phase: String, unit: String, done: Int, total: Int) {
    monitor.report(phase: phase, unit: unit, done: done, total: total)
  }
}

extension WorkflowFailure: ExplainedError {}
extension WorkInterrupted: InterruptionError {}

extension Invocation {
  var work: StatementMonitor { StatementMonitor(monitor: monitor) }
  var remarks: OutputRemarks { OutputRemarks(output) }
}
