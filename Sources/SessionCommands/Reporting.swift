import Analysis
import CommandLanguage
import DemoProject
import FeatureData
import FeatureStore
import Foundation
import Inference
import Rendering
import Slides

/// Turns errors of the libraries into what a user reads: the one place where that happens.
enum Reporting {
  /// Runs part of a command; what the libraries throw comes out as `CommandFailure` or `StatementInterrupted`.
  ///
  /// - Parameter parameter: the argument that the caret shall stand under.
  static func run<Result>(parameter: String? = nil, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw translated(error, parameter: parameter) }
  }

  static func translated(_ error: any Error, parameter: String? = nil) -> any Error {
    switch error {
    case is WorkInterrupted: return StatementInterrupted()
    case let failure as CommandFailure:
      guard failure.parameter == nil, let parameter else { return failure }
      return CommandFailure(failure.message, remedy: failure.remedy, parameter: parameter)
    case let error as ProjectError:
      return CommandFailure(error.description, remedy: error.remedy, parameter: parameter)
    case let error as SlideError:
      return CommandFailure(error.description, remedy: error.remedy, parameter: parameter)
    case let error as SlidesError: return CommandFailure(error.description, parameter: parameter)
    case let error as StainError: return CommandFailure(error.description, parameter: parameter)
    case let error as InferenceError:
      return CommandFailure(error.message, remedy: error.remedy, parameter: parameter)
    case let error as FeatureStoreError:
      return CommandFailure(error.description, remedy: remedy(for: error), parameter: parameter)
    case let error as BagError:
      return CommandFailure(error.description, remedy: error.remedy, parameter: parameter)
    case let error as AnalysisError: return CommandFailure(sentence(for: error), parameter: parameter)
    case let error as RenderingError: return CommandFailure(sentence(for: error), parameter: parameter)
    case let error as DemoProjectError: return CommandFailure(sentence(for: error), parameter: parameter)
    case is StatementInterrupted: return error
    default: return CommandFailure(error.localizedDescription, parameter: parameter)
    }
  }

  private static func remedy(for error: FeatureStoreError) -> String? {
    switch error {
    case .cannotCreateFolder, .cannotWrite: "project PATH store=FOLDER, with a folder that can be written"
    case .cannotRead, .notOfFormat, .unknownVersion, .damaged: nil
    }
  }

  private static func sentence(for error: AnalysisError) -> String {
    switch error {
    case .notFinite(let row, let column):
      "Feature \(column) of row \(row) is not a finite number; the model gives NaN or infinity there."
    case .notComparable(let row):
      "The values of row \(row) are larger by far than those of the tiles on the map: they cannot be compared."
    case .noColumns: "There are no features to work on."
    case .invalidParameter(let name, let value, let allowed): "\(name) cannot be \(value); it may be \(allowed)."
    case .countMismatch(let what, let expected, let got): "There are \(got) \(what) where \(expected) were expected."
    case .linearAlgebraFailed(let routine, let code): "The linear algebra routine \(routine) failed with code \(code)."
    }
  }

  private static func sentence(for error: DemoProjectError) -> String {
    switch error {
    case .folderNotEmpty(let path): "\(path) holds something already."
    case .cannotMakeFolder(let path, let reason): "The folder \(path) cannot be made: \(reason)."
    }
  }

  private static func sentence(for error: RenderingError) -> String {
    switch error {
    case .surface(let reason): "The picture cannot be drawn: \(reason)."
    case .compression(let code): "The picture cannot be compressed: zlib error \(code)."
    case .unequalCounts(let expected, let found): "There are \(found) values for \(expected) points."
    case .tooLarge(let width, let height): "A picture of \(width) × \(height) pixels is too large."
    }
  }
}

/// The language's monitor as the libraries know it.
struct StatementMonitor: WorkMonitor {
  let monitor: any ProgressMonitor

  var isInterrupted: Bool { monitor.isInterrupted }
  func report(phase: String, unit: String, done: Int, total: Int) {
    monitor.report(phase: phase, unit: unit, done: done, total: total)
  }
}
