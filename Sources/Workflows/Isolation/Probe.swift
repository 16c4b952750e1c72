import ChildProcesses
import FeatureData
import Foundation
import Glibc

/// Has a file opened by a process of its own before this one opens it.
enum Probe {
  /// - Parameter companions: other files that are read with it.
  /// - Throws: `WorkflowFailure` if the file cannot be used, also when its reader crashes or does not come to an end;
  ///   `WorkInterrupted`.
  static func check(
    _ kind: ForeignFile, _ path: String, with companions: [String] = [], monitor: (any WorkMonitor)? = nil
  ) throws {
    guard let program else { return }
    // A file that comes later is one more in the key.
    let key = ([kind.rawValue, path] + companions).joined(separator: " ")
    let report = try memory.value(for: key) { () throws -> (value: ForeignFile.Report, files: [String])? in
      (try Self.report(kind, path, program: program, monitor: monitor), [path] + companions)
    }
    if let problem = report?.problem { throw WorkflowFailure(problem, remedy: report?.remedy) }
  }

  /// A view of a map goes back and forth between all slides of a project.
  private static let memory = FileCache<ForeignFile.Report>(capacity: 4096)

  /// The program that knows `probe`: this one, or the one beside it where this is a test; nil if there is none.
  static let program: String? = {
    guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
    let url = URL(fileURLWithPath: own)
    // The link also works when the file it names has been replaced since.
    if url.lastPathComponent.hasPrefix("tessera"), url.pathExtension != "xctest" { return "/proc/self/exe" }
    let beside = url.deletingLastPathComponent().appendingPathComponent("tessera").path
    return FileManager.default.isExecutableFile(atPath: beside) ? beside : nil
  }()

  /// - Parameters:
  ///   - rest: of the arguments of the process.
  ///   - file: an open file that the process writes to.
  static func report(
    _ kind: ForeignFile, _ path: String, _ rest: [String] = [], sharing file: Int32? = nil, program: String,
    monitor: (any WorkMonitor)?
  ) throws -> ForeignFile.Report {
    let child: ChildProcess
    do throws(ChildProcessError) {
      child = try ChildProcess(
        program, ["tessera", "probe", kind.rawValue, path] + rest, sharing: file.map { [$0] } ?? [])
    } catch {
      throw WorkflowFailure("A process to look at the file cannot be started: \(error.reason).")
    }
    let secondsLimit = kind.secondsLimit(of: path)
    let deadline = ContinuousClock.now + .seconds(secondsLimit)
    while !child.hasEnded(within: 50) {
      if monitor?.isInterrupted ?? false {
        child.stop()
        throw WorkInterrupted()
      }
      if ContinuousClock.now > deadline {
        child.stop()
        break
      }
    }
    // An answer is an answer, however the process ends after it.
    if let report = try? JSONDecoder().decode(ForeignFile.Report.self, from: Data(child.output)) { return report }
    // What another moment may answer otherwise is thrown, and so not cached.
    switch child.end() {
    case .exited(0):
      throw WorkflowFailure("\(path) cannot be looked at: the process that should gave no answer.")
    case .exited(let status):
      throw WorkflowFailure("\(path) cannot be opened: \(kind.reader) ended with status \(status).")
    case .killed(SIGKILL) where !child.wasStopped:
      throw WorkflowFailure(
        "\(path) cannot be opened: the system ended the process that looked at it; memory may be short.")
    case .killed(SIGKILL), .killed(SIGXCPU), .killed(SIGALRM):
      throw WorkflowFailure(
        "\(path) cannot be opened: \(kind.reader) did not come to an end within \(secondsLimit) seconds.",
        remedy: "The file is damaged, or far from here; copy it again.")
    case .killed(let signal):
      return ForeignFile.Report(
        problem: "\(path) cannot be opened: \(kind.reader) crashed on it (\(String(cString: strsignal(signal)))).",
        remedy: "The file is damaged; copy it again.")
    }
  }
}
