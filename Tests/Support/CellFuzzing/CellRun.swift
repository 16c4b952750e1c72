import CommandLanguage
import Glibc

/// Checks a stretch of the cells that a seed gives.
package struct CellRun: Sendable {
  /// A cell for which something does not hold.
  package struct Finding: Sendable {
    package let number: Int
    package let cell: String
    package let faults: [String]
  }

  /// What a run found.
  package struct Totals: Sendable {
    package var cases = 0
    package var probes = 0
    package var slowestSeconds = 0.0
    package var slowestNumber = 0
    package var findings: [Finding] = []
  }

  let generator: CellGenerator
  let properties: CellProperties

  package init(generator: CellGenerator, properties: CellProperties = CellProperties()) {
    self.generator = generator
    self.properties = properties
  }

  /// - Parameters:
  ///   - probed: with completion and inspection at one place for the cells below this number.
  ///   - swept: with completion and inspection at every place for the cells below this number.
  ///   - mostSeconds: no cell may take longer, its checks and printing included.
  ///   - note: is called with the number of each cell before it is looked at.
  package func run(
    _ numbers: StrideTo<Int>, probed: Int, swept: Int, mostSeconds: Double = 0.1, mostFindings: Int = 20,
    note: (Int) -> Void = { _ in }
  ) -> Totals {
    var totals = Totals()
    for number in numbers {
      note(number)
      var made = generator.makeCase(number)
      let cell = made.cell
      var (seconds, faults) = timed { properties.faults(of: cell, isValid: made.isValid, isThorough: number % 8 == 0) }
      if seconds > mostSeconds / 2 {
        // Once more, so that what the machine did meanwhile does not count.
        seconds = min(seconds, timed { properties.faults(of: cell, isValid: made.isValid, isThorough: false) }.seconds)
      }
      let length = cell.unicodeScalars.count
      if number < swept {
        for cursor in 0...length { faults += probe(cell, cursor, &totals, &seconds) }
      } else if number < probed {
        faults += probe(cell, made.random.below(length + 1), &totals, &seconds)
      }
      if seconds > mostSeconds { faults.append("It took \(Int(seconds * 1000)) ms.") }
      totals.cases += 1
      if seconds > totals.slowestSeconds { (totals.slowestSeconds, totals.slowestNumber) = (seconds, number) }
      if !faults.isEmpty {
        totals.findings.append(Finding(number: number, cell: cell, faults: faults))
        if totals.findings.count >= mostFindings { break }
      }
    }
    return totals
  }

  /// Adds to the faults and keeps the longest time.
  private func probe(_ cell: String, _ cursor: Int, _ totals: inout Totals, _ seconds: inout Double) -> [String] {
    totals.probes += 1
    let (taken, faults) = timed { properties.faults(of: cell, at: cursor) }
    seconds = max(seconds, taken)
    return faults
  }

  private func timed(_ body: () -> [String]) -> (seconds: Double, faults: [String]) {
    let start = Self.processorSeconds()
    let faults = body()
    return (Self.processorSeconds() - start, faults)
  }

  /// The time that this thread has worked, which other programs on the machine do not lengthen.
  package static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
