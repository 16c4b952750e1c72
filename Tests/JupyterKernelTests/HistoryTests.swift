import JupyterWire
import Testing

@testable import JupyterKernel

@Suite struct HistoryTests {
  @Test(arguments: [
    ("abc", "abc", true), ("abc", "a*", true), ("abc", "*c", true), ("abc", "a?c", true), ("abc", "*", true),
    ("", "*", true), ("", "?", false), ("abc", "ab", false), ("abc", "*b", false), ("aXbXc", "a*X*c", true),
    ("mosaic u", "*u*", true), ("aaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*c", false),
  ])
  func globsMatchTheWholeText(_ text: String, _ glob: String, _ isMatch: Bool) {
    #expect(History.matches(Array(text.unicodeScalars), Array(glob.unicodeScalars)) == isMatch)
  }

  @Test func otherSessionsAreEmpty() {
    let history = History()
    history.remember(line: 1, input: "a", output: nil)
    #expect(history.entries(.range(session: -1, start: 0, stop: nil)).isEmpty)
    #expect(history.entries(.range(session: 1, start: 0, stop: nil)).count == 1)
    #expect(history.entries(.tail(count: 0)).isEmpty)
  }
}
