import FileFuzzing
import Foundation
import Glibc

/// Starts children for the seeds, and new ones where a case has ended one.
struct Supervisor {
  /// Seeds that a child runs, so that its peak of memory is that of few cases.
  private static let batch: UInt64 = 20_000
  private let options: Options
  private let folder: String

  init(_ options: Options) {
    self.options = options
    let root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    folder = "\(root)/fuzz-files-\(getpid())"
  }

  /// True if nothing was found.
  func run() -> Bool {
    guard mkdir(folder, 0o700) == 0 else {
      say("\(folder) cannot be made.")
      return false
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var (cases, findings, slowest) = (0 as UInt64, 0 as UInt64, Progress())
    var next = options.seed
    let end = options.seed + options.count
    var running: [pid_t: (first: UInt64, end: UInt64, path: String)] = [:]
    var waiting: [(first: UInt64, end: UInt64)] = []
    while true {
      while running.count < options.jobs {
        if waiting.isEmpty, next < end {
          waiting.append((next, min(next + Self.batch, end)))
          next = min(next + Self.batch, end)
        }
        guard let stretch = waiting.popLast() else { break }
        let path = "\(folder)/\(stretch.first)"
        guard let child = start(stretch.first, stretch.end - stretch.first, path) else {
          say("A child cannot be started.")
          return false
        }
        running[child] = (stretch.first, stretch.end, path)
      }
      if running.isEmpty { break }
      var status: Int32 = 0
      let child = waitpid(-1, &status, 0)
      guard let work = running.removeValue(forKey: child) else { continue }
      let progress = Progress.read(work.path)
      unlink(work.path)
      cases += progress.cases
      findings += progress.findings
      if progress.slowestMicroseconds > slowest.slowestMicroseconds { slowest = progress }
      let signal = status & 0x7F
      if signal != 0 || status >> 8 & 0xFF > 1 {
        say(
          "seed \(progress.seed): the process was ended by \(signal != 0 ? "signal \(signal)" : "status \(status >> 8)")."
        )
        cases += 1
        findings += 1
        if progress.seed + 1 < work.end, progress.seed >= work.first { waiting.append((progress.seed + 1, work.end)) }
      }
    }
    say(
      "\(cases) cases, \(findings) faulty; the slowest, seed \(slowest.slowestSeed), took "
        + "\(slowest.slowestMicroseconds / 1000) ms")
    return findings == 0
  }

  private func start(_ seed: UInt64, _ count: UInt64, _ path: String) -> pid_t? {
    var words = ["fuzz-files", "--seed", "\(seed)", "--count", "\(count)", "--worker", path]
    if let kind = options.kind { words += ["--kind", kind.rawValue] }
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    guard posix_spawn(&child, "/proc/self/exe", nil, nil, &arguments, environ) == 0 else { return nil }
    return child
  }
}
