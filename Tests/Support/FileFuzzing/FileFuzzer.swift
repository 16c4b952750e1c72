import Glibc

/// Runs cases one after the other; each depends on its seed alone.
package struct FileFuzzer {
  /// A case for which something does not hold.
  package struct Finding: Sendable {
    package let seed: UInt64
    package let kind: FileKind
    package let faults: [String]
  }

  /// No case may take longer: what one file costs must not be noticed.
  package static let mostSeconds = 2.0
  /// The largest picture with transparency takes 470 MB while it is decoded; nothing takes more.
  package static let mostMegabytes = 560

  private let material: FileMaterial
  private let scratch: ScratchFiles
  private let kind: FileKind?
  private let mostSeconds: Double
  private let mostMegabytes: Int
  private let baseline = Self.peakMegabytes()

  /// - Parameters:
  ///   - kind: of all cases; nil for each of its own.
  ///   - mostMegabytes: of the whole process, beyond what it has now.
  package init(
    material: FileMaterial, scratch: ScratchFiles, kind: FileKind? = nil, mostSeconds: Double = Self.mostSeconds,
    mostMegabytes: Int = Self.mostMegabytes
  ) {
    self.material = material
    self.scratch = scratch
    self.kind = kind
    self.mostSeconds = mostSeconds
    self.mostMegabytes = mostMegabytes
  }

  /// - Returns: nil where all holds; the seconds that it took.
  package func run(seed: UInt64) -> (finding: Finding?, kind: FileKind, seconds: Double) {
    var dice = Dice(seed: seed)
    let drawn = FileKind.random(&dice)
    let kind = kind ?? drawn
    let start = Self.processorSeconds()
    let before = Self.peakMegabytes()
    var faults = kind.faults(material, scratch, &dice)
    let seconds = Self.processorSeconds() - start
    if seconds > mostSeconds { faults.append("It took \(Int(seconds * 1000)) ms.") }
    let peak = Self.peakMegabytes()
    if peak > before, peak - baseline > mostMegabytes { faults.append("It took \(peak - baseline) MB.") }
    return (faults.isEmpty ? nil : Finding(seed: seed, kind: kind, faults: Array(Set(faults)).sorted()), kind, seconds)
  }

  /// The most that the process has had in memory.
  private static func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss >> 10
  }

  /// The time that this thread has worked, which other programs on the machine do not lengthen.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
