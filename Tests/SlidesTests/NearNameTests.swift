import Slides
import Testing

@Suite("Names that are nearly the same")
struct NearNameTests {
  @Test(
    "a difference is told",
    arguments: [
      ("S1.svs", "S1", [NearName.Difference.ending]), ("s1", "S1", [.capitals]), ("1001.0", "1001", [.decimal]),
      (" S1", "S1", [.blanks]), ("batch2/S1", "S1", [.folder]), (#"C:\scans\S1.ndpi"#, "S1", [.folder, .ending]),
      ("00123", "123", [.zeros]), ("S-01", "S-1", [.zeros]), ("S 1", "S_1", [.signs]),
      ("S1.SVS", "s1", [.ending, .capitals]),
    ])
  func differences(name: String, other: String, expected: [NearName.Difference]) {
    #expect(NearName(name, other)?.differences == expected)
    #expect(NearName(other, name)?.differences == expected)
  }

  @Test(
    "other names are not the same",
    arguments: [("S1", "S1"), ("S1", "S2"), ("S1", "S10"), ("100", "1"), ("S1.a", "S1")])
  func others(name: String, other: String) { #expect(NearName(name, other) == nil) }

  @Test("names are paired where one fits one, and said by their difference")
  func pairs() {
    let pairs = NearName.pairs(["S1.svs", "S2.svs", "t3", "X", "A", "a "], ["S1", "S2", "T3", "Y", "a"])
    #expect(pairs.map(\.name) == ["S1.svs", "S2.svs", "t3"])
    #expect(
      NearName.sentences(pairs, "in a.csv", otherPlace: "tile files") == [
        "2 names in a.csv differ from those of tile files only by an ending: S1.svs and S1, S2.svs and S2.",
        "1 name in a.csv differs from one of tile files only by capitals: t3 and T3.",
      ])
    #expect(NearName.remedy(pairs, "in a.csv") == "Write the names in a.csv as the files have them: S1 for S1.svs.")
  }
}
