import FeatureData
import Rendering
import Testing

@testable import Workflows

@Suite("What is predicted, as colour")
struct PredictionColourTests {
  private typealias Outputs = ModelOutputs

  private static let three = Outputs([OutputHead(name: "type", meaning: .classes, outputNames: ["A", "B", "C"])])

  @Test("the probability among some classes is the softmax over these alone")
  func restrictedProbability() {
    let row: ArraySlice<Float> = [2, 1, 50]
    let among = Self.three.probability(of: 0, among: [0, 1], in: row)
    #expect(abs(among - 0.731_058_6) < 1e-6)
    // All classes: the softmax itself, in which the third takes everything.
    #expect(Self.three.probability(of: 2, among: [0, 1, 2], in: row) > 0.999)
    let probabilities = Outputs([
      OutputHead(name: "type", meaning: .classes, areProbabilities: true, outputNames: ["A", "B", "C"])
    ])
    #expect(probabilities.probability(of: 1, among: [0, 1], in: [0.3, 0.1, 0.6]) == 0.25)
    #expect(Self.three.probability(of: 0, among: [0, 1], in: [.nan, 1, 0]).isNaN)
    #expect(Self.three.probability(of: 0, among: [0, 1], in: [-300, 300, 0]) == 0)
  }

  @Test("uncertainty is 0 where one class is certain and 1 where all are equally likely")
  func entropy() {
    #expect(Self.three.uncertainty(of: 0, in: [4, 4, 4]) == 1)
    #expect(Self.three.uncertainty(of: 0, in: [0, 90, 0]) < 1e-6)
    #expect(Self.three.uncertainty(of: 0, in: [.nan, 0, 0]).isNaN)
    // Half and half of three classes: ln 2 / ln 3.
    #expect(abs(Self.three.uncertainty(of: 0, in: [50, 50, -50]) - 0.630_929_75) < 1e-5)
    let one = Outputs([OutputHead(name: "msi", meaning: .labels, outputNames: ["msi"])])
    #expect(one.uncertainty(of: 0, in: [0]) == 1 && one.uncertainty(of: 0, in: [20]) < 1e-6)
  }

  @Test("outputs without a common entropy have no uncertainty, and that is said")
  func noEntropy() {
    func failure(_ heads: [OutputHead]) -> WorkflowFailure? {
      #expect(throws: WorkflowFailure.self) {
        try ModelOutputs(heads).headWithUncertainty(nil, for: "by=uncertainty", of: "The model m", parameter: "by")
      }
    }
    let labels = failure([OutputHead(name: "x", meaning: .labels, outputNames: ["a", "b"])])
    #expect(labels?.message.contains("do not exclude each other") == true && labels?.remedy == "by=probability:a")
    let numbers = failure([OutputHead(name: "age", meaning: .numbers, outputNames: ["age"])])
    #expect(numbers?.message.contains("predicts numbers and no probabilities") == true)
    #expect(failure([])?.message.contains("gives no logits") == true)
    let two = failure(["msi", "grade"].map { OutputHead(name: $0, meaning: .classes, outputNames: ["low", "high"]) })
    #expect(two?.remedy == "by=uncertainty:msi")
  }

  @Test("tiles show the probability of a class, slides the share of their tiles that are predicted so")
  func tilesAndSlides() throws {
    let demo = try DemoStudy()
    let features = try demo.features()
    let first = try PredictionColour(.probability(.index(0)), of: features)
    let point = FeatureMap.Point(slide: 1, row: 3)
    let row = features.slides[1].outputs(3)
    #expect(first.number(point) == features.outputs.probabilities(of: row)[0])
    #expect(first.title(isOfSlides: false) == "probability of \(features.classNames[0]) (softmax)")

    let shares = try first.ofSlides([0, 1, 2, 3], monitor: SilentMonitor())
    guard case .continuous(let bySlide) = shares.values else {
      Issue.record("no shares")
      return
    }
    for (index, slide) in features.slides.enumerated() {
      let count = (0..<slide.tileCount).count {
        features.outputs.predictedColumn(of: 0, in: features.slides[index].outputs($0)) == 0
      }
      #expect(bySlide[slide.name] == Double(count) / Double(slide.tileCount))
    }
    #expect(shares.column == "share of tiles predicted \(features.classNames[0])")

    let only = try PredictionColour(.predictedClass, among: [.index(1)], of: features)
    #expect(only.number(point) == nil && only.predictedClass(point) == 1)
    guard case .categorical(let classes, _) = try only.ofSlides([0, 2], monitor: SilentMonitor()).values else {
      Issue.record("no classes")
      return
    }
    #expect(Set(classes.values) == [features.classNames[1]] && classes.count == 2)
    let failure = #expect(throws: WorkflowFailure.self) {
      try PredictionColour(.probability(.index(0)), among: [.index(1)], of: features)
    }
    #expect(failure?.parameter == "show_prediction" && failure?.remedy == "show_prediction=\(features.classNames[1])")
  }
}
