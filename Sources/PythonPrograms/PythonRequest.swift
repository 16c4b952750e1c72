import ChildProcesses
package import Foundation
import Glibc

/// One thing that a program in Python is asked to do, and its answer.
package struct PythonRequest {
  /// Why there is none.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    /// A sentence of the program.
    case refused(String)
    /// A module is not there.
    case missing(String)
    /// The disk is full.
    case noRoom
    /// It cannot be started; in the system's words.
    case notStarted(String)
    /// It ended without an answer; with the last lines that it wrote.
    case ended(String, lines: String)
    case interrupted

    package var description: String {
      switch self {
      case .refused(let problem): problem
      case .missing(let module): "The Python has no \(module)."
      case .noRoom: "The disk is full."
      case .notStarted(let reason): "A program in Python cannot be started: \(reason)"
      case .ended(let how, let lines): "Of a program in Python, \(how)." + (lines.isEmpty ? "" : " It said: \(lines)")
      case .interrupted: "It was interrupted."
      }
    }
  }

  private let environment: PythonEnvironment
  /// Whose `do` is called.
  private let module: String
  /// Of ours; and of each core's.
  private let secondsLimit: Int

  package init(_ module: String, in environment: PythonEnvironment, secondsLimit: Int) {
    self.module = module
    self.environment = environment
    self.secondsLimit = secondsLimit
  }

  /// - Parameters:
  ///   - fields: of the request.
  ///   - byteCount: of the files that it reads.
  ///   - isStopping: asked every 50 ms.
  /// - Returns: the result as JSON.
  package func answer(
    _ fields: [String: Any], byteCount: Int, isStopping: () -> Bool
  ) throws(Failure) -> Data {
    let child: ChildProcess
    let errors: Int32
    do {
      var fields = fields
      fields["module"] = module
      fields["seconds"] = secondsLimit * ProcessInfo.processInfo.activeProcessorCount
      // Libraries map much more than they use.
      fields["bytes"] = Int(ProcessInfo.processInfo.physicalMemory) + 6 * byteCount + (32 << 30)
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
    let deadline = ContinuousClock.now + .seconds(secondsLimit)
    while !child.hasEnded(within: 50) {
      if isStopping() {
        child.stop()
        throw .interrupted
      }
      if ContinuousClock.now > deadline {
        child.stop()
        break
      }
    }
    let ending = child.end()
    let reply = try? JSONSerialization.jsonObject(with: Data(child.output)) as? [String: Any]
    if let module = reply?["missing"] as? String { throw .missing(module) }
    if reply?["full"] != nil { throw .noRoom }
    if let problem = reply?["problem"] as? String { throw .refused(problem) }
    if let result = reply?["result"], let data = try? JSONSerialization.data(withJSONObject: result) { return data }
    throw .ended(Self.phrase(ending, secondsLimit, wasStopped: child.wasStopped), lines: Self.lastLines(errors))
  }

  private static func phrase(_ ending: ChildProcess.Ending, _ seconds: Int, wasStopped: Bool) -> String {
    switch ending {
    case .killed(SIGKILL) where wasStopped: "it did not come to an end within \(seconds) seconds"
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
