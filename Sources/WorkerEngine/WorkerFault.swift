import Glibc
import Inference

/// Why a worker cannot be used, or not any more.
enum WorkerFault: Error, Equatable, CustomStringConvertible {
  /// - Parameter code: of the system.
  case notStarted(code: Int32)
  /// The process ended; `signal` is nil where it did so by itself.
  case ended(status: Int32, signal: Int32?, lastLines: [String])
  /// No sign of life for so long.
  case silent(seconds: Int)
  /// Alive for so long, and not done.
  case stuck(seconds: Int, lastLines: [String])
  /// It sent what is not of the protocol: completes "it sent …".
  case garbage(String)
  /// It says itself that it cannot; completes "the engine torch …".
  case refused(reason: String, remedy: String?)
  /// It was told to stop.
  case stopped

  /// Whether a process started anew may do better.
  var isWorthAnotherTry: Bool {
    switch self {
    case .ended, .silent, .stuck: true
    case .notStarted, .garbage, .refused, .stopped: false
    }
  }

  /// Completes "the engine torch on cuda:0 …".
  var phrase: String {
    switch self {
    case .notStarted(let code): "cannot be started: \(String(cString: strerror(code)))"
    case .ended(_, SIGKILL?, _): "was killed by the system or by somebody; memory may be short"
    case .ended(_, let signal?, let lines): "crashed (\(String(cString: strsignal(signal))))" + Self.said(lines)
    case .ended(let status, nil, let lines): "ended by itself with status \(status)" + Self.said(lines)
    case .silent(let seconds): "gave no sign of life for \(seconds) seconds and was ended"
    case .stuck(let seconds, let lines):
      "worked for \(seconds) seconds on one batch without an end and was ended" + Self.said(lines)
    case .garbage(let what): "sent \(what)"
    case .refused(let reason, _): reason
    case .stopped: "was stopped"
    }
  }

  private static func said(_ lines: [String]) -> String {
    lines.last.map { "; its last line was “\($0)”" } ?? ""
  }

  var description: String { "A worker \(phrase)." }

  /// - Parameters:
  ///   - device: nil where none is meant.
  ///   - tries: that the same batch has cost.
  func error(engine: String, device: String?, tries: Int = 1) -> InferenceError {
    let remedy: String? =
      switch self {
      case .refused(_, let remedy): remedy
      case .ended, .silent, .stuck: "the same statement goes on from there; engine=openvino computes without it"
      case .garbage: "engine=openvino, or another version of that engine"
      case .notStarted, .stopped: nil
      }
    return .workerFailed(
      engine: engine, device: device, reason: phrase + (tries > 1 ? ", \(tries) times on the same tiles" : ""),
      remedy: remedy)
  }
}
