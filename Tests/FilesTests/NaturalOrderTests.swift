import FeatureData
import Testing

@Suite("The order in which people count")
struct NaturalOrderTests {
  @Test(
    "Stages, grades and ranges come as people name them, whatever else is among them",
    arguments: [
      ["1", "2", "3", "10"], ["T1a", "T1b", "T2", "T10"], ["Stage I", "Stage II", "Stage IIIA", "Stage IV"],
      ["-2", "0.25", "0.5", "10", "unknown"], ["<5", "5-10", "10-20", ">20"], ["≤1", "1", "2", "x"],
      ["pT1", "pT2", "pT10", "pTis"], ["3+3=6", "3+4=7", "4+5=9"], ["S01", "S1", "S2"], ["1", "1.0", "2", "nan"],
    ])
  func sorted(_ names: [String]) {
    #expect(NaturalOrder.sorted(names.reversed()) == names)
    #expect(NaturalOrder.sorted(names.sorted()) == names)
  }
}
