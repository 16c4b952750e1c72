import FeatureData
import FeatureStore
import Files
import Foundation
import Inference
import Slides

/// Turns errors of the libraries into what a user reads: the one place where that happens.
package enum Reporting {
  /// Runs part of a workflow; what the libraries throw comes out as `WorkflowFailure` or `WorkInterrupted`.
  ///
  /// - Parameter parameter: the argument that is at fault where the error does not name one.
  package static func run<Result>(parameter: String? = nil, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw translated(error, parameter: parameter) }
  }

  package static func translated(_ error: any Error, parameter: String? = nil) -> any Error {
    switch error {
    case is WorkInterrupted: return error
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
    default: return WorkflowFailure(error.sentence, parameter: parameter)
    }
  }

  private static let noSpace = FileFault.system(code: ENOSPC).description

  private static func remedy(for error: FeatureStoreError) -> String? {
    switch error {
    case .cannotCreateFolder(_, let reason) where reason == noSpace,
      .cannotWrite(_, let reason) where reason == noSpace:
      "project PATH store=FOLDER, with a folder on a disk that has room"
    case .cannotCreateFolder, .cannotWrite: "project PATH store=FOLDER, with a folder that can be written"
    case .cannotRead, .notOfFormat, .unknownVersion, .damaged: nil
    }
  }
}
