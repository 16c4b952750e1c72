import FeatureData
import Testing

@Suite("Texts as they can be shown")
struct VisibleTextTests {
  @Test("What hides or turns letters is seen, line ends and control characters are blanks, and joiners stay")
  func visible() {
    #expect("plain Größe 腺癌".visible == "plain Größe 腺癌")
    #expect("a\nb\tc\0d\u{1B}[2Je".visible == "a b c d [2Je")
    #expect("a\u{202E}b\u{2066}c\u{200B}d\u{FEFF}e\u{AD}f".visible == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}f")
    #expect("a\u{2028}b\u{85}c".visible == "a b c")
    #expect("👩\u{200D}🔬 \u{0600}12".visible == "👩\u{200D}🔬 \u{0600}12")
    #expect("a\nb\u{202E}\r\n\tc\u{7}".visibleLines == "a\nb\u{FFFD}\r\n\tc ")
  }
}
