import Testing

@testable import CommandLanguage

@Suite("What is asked of the rows of a table")
struct ConditionTests {
  @Test("Words are values, comparisons and ranges")
  func words() {
    #expect(ValueCondition(word: "A") == .equal("A"))
    #expect(ValueCondition(word: "<0.05") == .below(0.05, orEqual: false))
    #expect(ValueCondition(word: "> 60") == .above(60, orEqual: false))
    #expect(ValueCondition(word: "≥1e-3") == .above(0.001, orEqual: true))
    #expect(ValueCondition(word: "!=A") == .unequal("A"))
    #expect(ValueCondition(word: "0.1...0.5") == .between(0.1, 0.5, includingLast: true))
    #expect(ValueCondition(word: "10..<20") == .between(10, 20, includingLast: false))
    #expect(ValueCondition(word: "TCGA-1...x") == .equal("TCGA-1...x"))
    #expect(ValueCondition(word: ">x") == nil)
  }

  @Test("Numbers are equal by their size, texts letter by letter, and what is no number is in no range")
  func holding() {
    #expect(ValueCondition.equal("61").holds(text: "61.0", number: 61))
    #expect(ValueCondition.equal("").holds(text: "", number: nil))
    #expect(!ValueCondition.equal("a").holds(text: "A", number: nil))
    #expect(ValueCondition.unequal("A").holds(text: "", number: nil))
    #expect(!ValueCondition.below(5, orEqual: false).holds(text: "", number: nil))
    #expect(!ValueCondition.below(5, orEqual: false).holds(text: "5", number: 5))
    #expect(ValueCondition.below(5, orEqual: true).holds(text: "5", number: 5))
    #expect(ValueCondition.between(1, 2, includingLast: true).holds(text: "2", number: 2))
    #expect(!ValueCondition.between(1, 2, includingLast: false).holds(text: "2", number: 2))
  }

  @Test("One of the values is enough, and none of the exclusions may be met")
  func several() {
    func hold(_ words: [String], _ text: String) -> Bool {
      ValueCondition.hold(words.compactMap { ValueCondition(word: $0) }, text: text, number: Double(text))
    }
    #expect(hold(["A", "B"], "B") && !hold(["A", "B"], "C"))
    #expect(hold(["!=A", "!=B"], "C") && !hold(["!=A", "!=B"], "B"))
    #expect(hold(["1...5", "!=3"], "4") && !hold(["1...5", "!=3"], "3") && !hold(["1...5", "!=3"], "7"))
    #expect(
      ValueCondition.phrase([.unequal("A"), .equal("B"), .equal("C"), .unequal("")]) == "B or C and not A and not blank"
    )
    #expect(ValueCondition.range(of: [.below(5, orEqual: false), .above(1, orEqual: true)]) == "1..<5")
    #expect(ValueCondition.range(of: [.below(1, orEqual: false), .above(5, orEqual: true)]) == nil)
  }
}
