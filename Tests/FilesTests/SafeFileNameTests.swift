import Testing

@testable import Files

@Suite("Names of files")
struct SafeFileNameTests {
  @Test("What a file name can hold everywhere is kept, letters of all scripts too")
  func harmless() {
    for name in ["feature_12", "T1a.2", "Größe", "腺癌", "a-b+c=d,e@f", "1"] { #expect(SafeFileName.of(name) == name) }
  }

  @Test(
    "What is a path, a device, hidden, an option or a formula elsewhere is none as a file name",
    arguments: [
      ("layer3/0", "layer3_0"), ("..", "_"), ("../../etc/passwd", "_etc_passwd"), (".hidden", "_hidden"),
      ("-rf", "_rf"), ("=cmd|' /C calc'!A0", "_cmd_C_calc_A0"), ("+1", "_1"), ("@SUM", "_SUM"),
      ("<script>alert(1)</script>", "_script_alert_1_script_"), ("a\nb\tc", "a_b_c"), ("a\u{202E}gnp.exe", "a_gnp.exe"),
      ("a\u{200B}b", "a_b"), ("C:\\x", "C_x"), ("CON", "_CON"), ("nul.png", "_nul.png"), ("com1.tar", "_com1.tar"),
      ("a.", "a"), ("a. .", "a._"), ("", "_"), ("$x$ `b`", "_x_b_"), ("50%#1", "50_1"), ("\0", "_"),
    ])
  func harmful(_ name: String, _ expected: String) {
    #expect(SafeFileName.of(name) == expected)
  }

  @Test("A long name is cut between letters, and stays different from others of its beginning")
  func long() {
    let names = ["腺", "e\u{301}", "👩‍🔬", "a"].flatMap { letter in
      [String(repeating: letter, count: 300), String(repeating: letter, count: 300) + "b"]
    }
    let safe = names.map(SafeFileName.of)
    #expect(safe.allSatisfy { $0.utf8.count <= SafeFileName.longest && !$0.unicodeScalars.contains("\u{FFFD}") })
    #expect(Set(safe).count == names.count)
  }

  @Test("Several names stay different where capitals are small letters, and what has a name for itself keeps it")
  func collisions() {
    #expect(
      SafeFileName.distinct(["a/b", "A_B", "a b", "a_b_2", "c", "é", "e\u{301}"])
        == ["a_b", "A_B_3", "a_b_4", "a_b_2", "c", "é", "é_2"])
    let names = (0..<500).map { "x" + String(repeating: "/", count: $0 % 5) + "\($0 % 50)" }
    #expect(Set(SafeFileName.distinct(names).map { $0.lowercased() }).count == 500)
  }
}
