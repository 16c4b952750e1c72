import FileFuzzing
import Glibc

/// A child: runs a stretch of seeds and notes the one that it is at.
struct Worker {
  /// A case of which the processor sees nothing for so long hangs, whatever else the machine does.
  private static let mostSecondsOfClock: UInt32 = 60
  private let options: Options

  init(_ options: Options) { self.options = options }

  /// True if nothing was found.
  func run() -> Bool {
    // What asks for more is ended by the failure to get it.
    var limit = rlimit(rlim_cur: 6 << 30, rlim_max: 6 << 30)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    guard let path = options.worker, let fuzzer = fuzzer(path + ".files") else {
      say("The scratch files cannot be made.")
      return false
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    defer { close(descriptor) }
    var progress = Progress()
    for seed in options.seed..<options.seed + options.count {
      progress.seed = seed
      progress.write(to: descriptor)
      alarm(Self.mostSecondsOfClock)
      let (finding, kind, seconds) = fuzzer.run(seed: seed)
      progress.cases += 1
      if UInt64(seconds * 1e6) > progress.slowestMicroseconds {
        (progress.slowestSeed, progress.slowestMicroseconds) = (seed, UInt64(seconds * 1e6))
      }
      if let finding {
        progress.findings += 1
        say("seed \(seed) (\(kind)): \(finding.faults.prefix(3).joined(separator: " "))")
      }
    }
    alarm(0)
    progress.write(to: descriptor)
    return progress.findings == 0
  }

  private func fuzzer(_ folder: String) -> FileFuzzer? {
    guard let material = try? FileMaterial(), let scratch = try? ScratchFiles(folder: folder) else { return nil }
    return FileFuzzer(material: material, scratch: scratch, kind: options.kind)
  }
}
