import JupyterWire
import Testing

@testable import JupyterKernel

@Suite struct HistoryTests {
  @Test(arguments: [
    ("abc", "abc", true), ("abc", "a*", true), ("abc", "*c", true), ("abc", "a?c", true), ("abc", "*", true),
    ("", "*", true), ("", "?", false), ("abc", "ab", false), ("abc", "*b", false), ("aXbXc", "a*X*c", true),
    ("mosaic u", "*u*", true), ("aaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*c", false),
    ("abc", "**?**", true), ("", "", true), ("a", "", false), ("é\u{1F9EC}b", "?\u{1F9EC}*", true),
    ("é", "\u{E8}", false),
  ])
  func globsMatchTheWholeText(_ text: String, _ glob: String, _ isMatch: Bool) {
    #expect(Glob(glob).matches(text) == isMatch)
  }

  @Test func aLongPatternThatNearlyMatchesEverywhereTakesNoTime() {
    let text = String(repeating: "a", count: 250_000)
    let start = ContinuousClock.now
    #expect(!Glob("*" + String(repeating: "a", count: 4000) + "b").matches(text))
    #expect(Glob("*" + String(repeating: "a?", count: 2000) + "*a").matches(text))
    #expect(!Glob(String(repeating: "*", count: 10_000) + "b").matches(text))
    // A debug build needs about 2 s for what would take it minutes place by place.
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func hugeCellsAreForgottenBeforeTheyFillTheMemory() {
    let history = History()
    for line in 1...100 { history.append(line: line, input: String(repeating: "x", count: 200_000), output: nil) }
    let entries = history.entries(.tail(count: 1000))
    #expect((30..<45).contains(entries.count) && entries.last?.line == 100)
  }

  @Test func otherSessionsAreEmpty() {
    let history = History()
    history.append(line: 1, input: "a", output: nil)
    #expect(history.entries(.range(session: -1, start: 0, stop: nil)).isEmpty)
    #expect(history.entries(.range(session: 1, start: 0, stop: nil)).count == 1)
    #expect(history.entries(.tail(count: 0)).isEmpty)
  }
}
