import FeatureData
import FeatureStore
import Foundation
import Inference
import Slides

/// Turns errors of the libraries into what a user reads: the one place where that happens.
enum Reporting {
  /// Runs part of a command; what the libraries throw comes out as `WorkflowFailure` or `WorkInterrupted`.
  ///
  /// - Parameter parameter: the argument that the caret shall stand under.
  static func run<Result>(parameter: String? = nil, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw translated(error, parameter: parameter) }
  }

  static func translated(_ error: any Error, parameter: String? = nil) -> any Error {
    switch error {
    case is WorkInterrupted: return WorkInterrupted()
    case let failure as WorkflowFailure:
      guard failure.parameter == nil, let parameter else { return failure }
      return WorkflowFailure(failure.message, remedy: failure.remedy, parameter: parameter)
    case let error as ProjectError:
      return WorkflowFailure(error.description, remedy: error.remedy, parameter: parameter)
    case let error as SlideError:
      return WorkflowFailure(error.description, remedy: error.remedy, parameter: parameter)
    case let error as InferenceError:
      return WorkflowFailure(error.message, remedy: error.remedy, parameter: error.parameter ?? parameter)
    case let error as FeatureStoreError:
      return WorkflowFailure(error.description, remedy: remedy(for: error), parameter: parameter)
    case let error as BagError:
      return WorkflowFailure(error.description, remedy: error.remedy, parameter: parameter)
    case is WorkInterrupted: return error
    default: return WorkflowFailure(error.sentence, parameter: parameter)
    }
  }

  private static func remedy(for error: FeatureStoreError) -> String? {
    switch error {
    case .cannotCreateFolder, .cannotWrite: "project PATH store=FOLDER, with a folder that can be written"
    case .cannotRead, .notOfFormat, .unknownVersion, .damaged: nil
    }
  }
}

/// The language's monitor as the libraries know it.
struct StatementMonitor: WorkMonitor {
  let monitor: any WorkMonitor

  var isInterrupted: Bool { monitor.isInterrupted }
  func report(phase: String, unit: String, done: Int, total: Int) {
    monitor.report(phase: phase, unit: unit, done: done, total: total)
  }
}
