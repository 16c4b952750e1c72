import Glibc
import Testing

@testable import JupyterKernel

@Suite struct KernelLogTests {
  @Test func aLineFitsAPipeThatHasRoom() {
    let cut = KernelLog.cut(Substring(repeating: "é", count: 100_000))
    #expect(cut.utf8.count < 2100 && cut.hasSuffix("é ..."))
    #expect(KernelLog.cut("short") == "short")
  }

  @Test func aLogThatNobodyReadsHoldsNothingUp() {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    let log = KernelLog(name: "test", standardError: ends[1])
    for _ in 0..<200 { log.write(String(repeating: "x", count: 10_000)) }
    for end in ends { close(end) }
  }

  @Test func aFloodIsCountedInsteadOfWritten() {
    let start = ContinuousClock.now
    var quota = KernelLog.Quota(now: start)
    var written: [String] = []
    for _ in 0..<250 { if let line = quota.admit("bad", now: start) { written.append(line) } }
    #expect(written == [String](repeating: "bad\n", count: 100))
    let later = quota.admit("worse", now: start + .seconds(11))
    #expect(later == "150 lines left out\nworse\n")
    let last = quota.admit("again", now: start + .seconds(12))
    #expect(last == "again\n")
  }
}
