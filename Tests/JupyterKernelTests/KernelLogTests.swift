import Testing

@testable import JupyterKernel

@Suite struct KernelLogTests {
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
