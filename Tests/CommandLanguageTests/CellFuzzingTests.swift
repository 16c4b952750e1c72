import CellFuzzing
import CommandLanguage
import Testing

/// A small part of what `Tests/Tools/Fuzzing/run` does by the million.
@Suite struct CellFuzzingTests {
  @Test(arguments: 0..<4) func `Whatever is in a cell, it is read or explained, and help can be asked for`(
    _ worker: Int
  ) {
    let run = CellRun(generator: CellGenerator(seed: 20_000))
    let totals = run.run(stride(from: worker, to: 16_000, by: 4), probed: 1_600, swept: 16, mostSeconds: 1)
    #expect(totals.cases == 4_000)
    for finding in totals.findings { Issue.record("\(finding.cell.debugDescription): \(finding.faults)") }
  }

  @Test(arguments: [
    "for x in y:\\", "for x in y:\\\n -20x", "for x in\tn y:", "for xin in y:\\", "a [x,#\u{300}c]",
    "a import b\u{600}\\\\",
  ])
  func `Cells that once were at fault`(_ cell: String) {
    #expect(CellProperties().faults(of: cell, isValid: false, isThorough: true) == [])
  }

  @Test(arguments: LongCells.kinds.map(\.name)) func `A long cell does not take long`(_ name: String) throws {
    let kind = try #require(LongCells.kinds.first { $0.name == name })
    let session = CellProperties.richSession()
    func seconds(_ length: Int) -> Double {
      let cell = kind.cell(length)
      let start = CellRun.processorSeconds()
      _ = session.check(cell)
      return CellRun.processorSeconds() - start
    }
    _ = seconds(100)
    // What is quadratic takes sixteen times as long.
    let short = max(seconds(5_000), 0.02)
    #expect(seconds(20_000) < 10 * short)
  }

  @Test func `Texts between quotes in a file of Swift are cells`() {
    let file = "let a = [\"stats df\", \"echo \\\"a\\\"\\n\"]\nlet b = \"\"\"\n  stats\n  df\n  \"\"\"\n"
    #expect(CellCorpus.literals(inSwift: file) == ["stats df", "echo \"a\"\n", "stats\ndf"])
  }

  @Test func `The same number gives the same cell`() {
    let first = CellGenerator(seed: 3)
    let second = CellGenerator(seed: 3)
    for number in [0, 1, 77, 123_456] { #expect(first.makeCase(number).cell == second.makeCase(number).cell) }
    #expect((0..<50).contains { first.makeCase($0).cell != CellGenerator(seed: 4).makeCase($0).cell })
  }
}
