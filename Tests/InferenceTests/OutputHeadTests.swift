import FeatureData
import Testing

@Suite struct OutputHeadTests {
  private let classes = OutputHead(name: "a", meaning: .classes, outputNames: ["x", "y", "z"])
  private let labels = OutputHead(name: "b", meaning: .labels, outputNames: ["p", "q"])
  private let number = OutputHead(name: "age", meaning: .numbers, outputNames: ["age"])

  @Test func `Probabilities follow from what the numbers are`() {
    let sum = classes.probabilities(of: [1, 2, 1e4]).reduce(0, +)
    #expect(abs(sum - 1) < 1e-6)
    #expect(labels.probabilities(of: [0, -1000]) == [0.5, 0])
    #expect(number.probabilities(of: [61]) == [61])
    let given = OutputHead(name: "a", meaning: .classes, areProbabilities: true, outputNames: ["x", "y"])
    #expect(given.probabilities(of: [0.25, 0.75]) == [0.25, 0.75])
  }

  @Test func `Only classes that exclude each other are predicted, and a number that is none predicts nothing`() {
    #expect(classes.predictedClass(of: [1, 3, 3]) == 1)
    #expect(classes.predictedClass(of: [1, 3, 2], among: [0, 2]) == 2)
    #expect(labels.predictedClass(of: [1, 3]) == nil)
    #expect(number.predictedClass(of: [1]) == nil)
    for wrong: Float in [.nan, .infinity] {
      for place in 0..<3 {
        var outputs: [Float] = [1, 2, 3]
        outputs[place] = wrong
        #expect(classes.predictedClass(of: outputs[...]) == nil)
        #expect(classes.probabilities(of: outputs[...]).allSatisfy { $0.isNaN })
      }
    }
  }

  @Test func `Outputs of several heads go by their heads`() {
    let outputs = ModelOutputs([classes, labels, number])
    #expect(outputs.names == ["a/x", "a/y", "a/z", "b/p", "b/q", "age"])
    let row: ArraySlice<Float> = [0, 5, 0, 0, 0, 61]
    #expect(outputs.predictedColumn(of: 0, in: row) == 1 && outputs.predictedColumn(of: 1, in: row) == nil)
    #expect(Array(outputs.probabilities(of: row)[3...]) == [0.5, 0.5, 61])
    #expect(outputs.probabilities(of: [1]).allSatisfy { $0.isNaN })
    #expect(outputs.title(0) == "logit a/x" && outputs.probabilityTitle(4) == "probability of b/q (sigmoid)")
  }

  @Test func `Columns of tables say what they are, and are read back`() throws {
    let outputs = ModelOutputs([classes, labels, number])
    let names = OutputColumn.names(of: outputs, byNumber: true)
    #expect(
      names == ["Logit_a/0", "Logit_a/1", "Logit_a/2", "SigmoidLogit_b/0", "SigmoidLogit_b/1", "Output_age/0"])
    let read = try names.map { try #require(OutputColumn($0)) }
    #expect(read.map(\.meaning) == [.classes, .classes, .classes, .labels, .labels, .numbers])
    #expect(read.map(\.head) == ["a", "a", "a", "b", "b", "age"])
    #expect(OutputColumn("output_folder") == nil && OutputColumn("Feature_1") == nil)
    #expect(OutputColumn.names(of: ModelOutputs([classes]), byNumber: true) == ["Logit_0", "Logit_1", "Logit_2"])
  }

  @Test func `Numbers that only a name calls probabilities are looked at`() {
    let named = OutputHead(
      name: "a", meaning: .classes, areProbabilities: true, outputNames: ["x", "y"], isAssumed: true)
    func settled(_ rows: [[Float]]) -> OutputHead {
      ModelOutputs([named]).settled { look in for row in rows { look(row[...]) } }.heads[0]
    }
    #expect(settled([[0.25, 0.75], [.nan, 1]]).meaning == .classes && settled([[0.25, 0.75]]).areProbabilities)
    #expect(settled([[0.9, 0.75]]).meaning == .labels)
    #expect(settled([[-3, 4]]).areLogits)
    let formed = OutputHead(
      name: "a", meaning: .labels, areProbabilities: true, outputNames: ["x", "y"], isAssumed: true)
    #expect(formed.settled(by: ProbabilityCheck()) == formed)
    let beyond = ModelOutputs([formed]).settled { $0([0.5, 60]) }.heads[0]
    #expect(beyond.meaning == .numbers)
  }
}
