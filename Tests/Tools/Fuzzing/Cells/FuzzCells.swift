import CellFuzzing
import CommandLanguage
import Glibc

/// `fuzz-cells run|show|long|seeds …`: see `Tests/Tools/Fuzzing/run`.
@main struct FuzzCells {
  static func main() {
    #if COVERAGE
      exit(CoverageFuzzing.run())
    #else
      guard let options = Options(CommandLine.arguments.dropFirst()) else {
        print("usage: fuzz-cells run|show|long|seeds [--seed N] [--cases N] [--probes N] [--sweeps N] …")
        exit(2)
      }
      switch options.mode {
      case .run: exit(run(options) ? 0 : 1)
      case .show: print(generator(options).makeCase(options.cases).cell)
      case .long: exit(LongCellReport.run(names: options.files) ? 0 : 1)
      case .seeds: exit(CoverageSeeds.write(to: options.folder, corpus: corpus(options)) ? 0 : 1)
      }
    #endif
  }

  private static func corpus(_ options: Options) -> [String] {
    CellCorpus.cells + options.files.flatMap { TextFile.read($0).map(CellCorpus.literals(inSwift:)) ?? [] }
  }

  private static func generator(_ options: Options) -> CellGenerator {
    CellGenerator(seed: options.seed, corpus: corpus(options))
  }

  /// True if nothing was found.
  private static func run(_ options: Options) -> Bool {
    // The number on disk says which cell ended the program, if one does.
    let descriptor = options.progress.map { open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) } ?? -1
    let run = CellRun(generator: generator(options))
    let totals = run.run(
      stride(from: options.worker, to: options.cases, by: options.workers), probed: options.probes,
      swept: options.sweeps
    ) { number in
      // What takes a minute never ends.
      if number / options.workers % 1_024 == 0 { alarm(60) }
      var number = number
      pwrite(descriptor, &number, MemoryLayout<Int>.size, 0)
    }
    alarm(0)
    for finding in totals.findings {
      say("cell \(finding.number): \(finding.cell.debugDescription)")
      for fault in finding.faults.prefix(5) { say("  \(fault)") }
    }
    say(
      "\(totals.cases) cells, \(totals.probes) places, \(totals.findings.count) faulty; "
        + "the slowest cell, \(totals.slowestNumber), took \(Int(totals.slowestSeconds * 1e6)) µs")
    return totals.findings.isEmpty
  }
}

/// Prints a line at once, so that it is kept if the program is ended.
func say(_ line: String) {
  print(line)
  fflush(nil)
}
