import ChildProcesses
package import Foundation
import Glibc

/// One thing that a program in Python is asked to do, and its answer.
package struct PythonRequest {
  /// Why there is none.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    /// A sentence of the program.
    case refused(String)
    /// It cannot be started; in the system's words.
    case notStarted(String)
    /// It ended without an answer; with the last lines that it wrote.
    case ended(String, lines: String)
    case interrupted

    package var description: String {
      switch self {
      case .refused(let problem): problem
      case .notStarted(let reason): "A program in Python cannot be started: \(reason)"
      case .ended(let how, let lines): "Of a program in Python, \(how)." + (lines.isEmpty ? "" : " It said: \(lines)")
      case .interrupted: "It was interrupted."
      }
    }
  }

  private let environment: PythonEnvironment
  /// Whose `do` is called.
  private let module: String
  /// Processor seconds that it may take, and twice as many of ours.
  private let secondsLimit: Int

  package init(_ module: String, in environment: PythonEnvironment, secondsLimit: Int) {
    self.module = module
    self.environment = environment
    self.secondsLimit = secondsLimit
  }

  /// - Parameters:
  ///   - fields: of the request.
  ///   - isStopping: asked every 50 ms.
  /// - Returns: the result as JSON.
  package func answer(_ fields: [String: Any], isStopping: () -> Bool) throws(Failure) -> Data {
    let child: ChildProcess
    let errors: Int32
    do {
      var fields = fields
      fields["module"] = module
      fields["seconds"] = secondsLimit
      let request = try PythonProgram.memoryFile([UInt8](JSONSerialization.data(withJSONObject: fields)))
      defer { close(request) }
      let program = try PythonProgram.open(main: "child")
      defer { close(program) }
      errors = try PythonProgram.memoryFile()
      child = try ChildProcess(
        environment.interpreter, [environment.interpreter, "-I", "/proc/self/fd/\(ChildProcess.sharedDescriptor + 1)"],
        sharing: [request, program], errors: errors)
    } catch {
      throw .notStarted("\(error)")
    }
    defer { close(errors) }
    let deadline = ContinuousClock.now + .seconds(2 * secondsLimit)
    while !child.hasEnded(within: 50) {
      if isStopping() {
        child.stop()
        throw .interrupted
      }
      if ContinuousClock.now > deadline { child.stop() }
    }
    let ending = child.end()
    let reply = try? JSONSerialization.jsonObject(with: Data(child.output)) as? [String: Any]
    if let problem = reply?["problem"] as? String { throw .refused(problem) }
    if let result = reply?["result"], let data = try? JSONSerialization.data(withJSONObject: result) { return data }
    throw .ended(Self.phrase(ending, secondsLimit), lines: Self.lastLines(errors))
  }

  private static func phrase(_ ending: ChildProcess.Ending, _ seconds: Int) -> String {
    switch ending {
    case .exited(let status): "it ended with status \(status)"
    case .killed(SIGKILL): "the system ended it; memory may be short"
    case .killed(SIGXCPU): "it did not come to an end within \(seconds) seconds"
    case .killed(let signal): "it crashed (\(String(cString: strsignal(signal))))"
    }
  }

  /// The last lines of what it wrote, short enough for a message.
  private static func lastLines(_ file: Int32) -> String {
    let size = lseek(file, 0, SEEK_END)
    guard size > 0 else { return "" }
    let count = min(Int(size), 4096)
    var bytes = [UInt8](repeating: 0, count: count)
    guard pread(file, &bytes, count, size - count) == count else { return "" }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(3)
    return lines.joined(separator: " ").trimmingCharacters(in: .whitespaces)
  }
}
