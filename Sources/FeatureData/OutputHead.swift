import Foundation

/// Outputs of a model that belong together, and what their numbers mean.
package struct OutputHead: Sendable, Hashable, Codable {
  package enum Meaning: String, Sendable, Codable {
    /// Classes that exclude each other: probabilities are the softmax, and add up to 1.
    case classes
    /// Labels of which each may hold or not: each has a probability of its own, the sigmoid.
    case labels
    /// Numbers on a scale of their own, such as an age or a risk.
    case numbers
  }

  /// As the model or its params.json calls it, such as "msi".
  package let name: String
  package let meaning: Meaning
  /// Whether the numbers are probabilities themselves; otherwise, of classes and labels, the logits.
  package let areProbabilities: Bool
  /// Of its outputs, in order.
  package let outputNames: [String]
  /// Whether nothing says what they mean, so that the commonest is taken.
  package let isAssumed: Bool

  package init(
    name: String, meaning: Meaning, areProbabilities: Bool = false, outputNames: [String], isAssumed: Bool = false
  ) {
    self.name = name
    self.meaning = meaning
    self.areProbabilities = areProbabilities && meaning != .numbers
    self.outputNames = outputNames
    self.isAssumed = isAssumed
  }

  package var count: Int { outputNames.count }

  /// Whether one of the outputs can be predicted instead of the others.
  package var hasClasses: Bool { meaning == .classes && count > 1 }

  /// Whether the numbers are logits.
  package var areLogits: Bool { meaning != .numbers && !areProbabilities }

  // MARK: The numbers of one tile

  /// The probability of each output; numbers stay what they are. NaN where the outputs give none.
  package func probabilities(of outputs: ArraySlice<Float>) -> [Float] {
    guard areLogits else { return Array(outputs) }
    if meaning == .labels { return outputs.map { 1 / (1 + exp(-$0)) } }
    guard outputs.allSatisfy(\.isFinite), let largest = outputs.max() else { return outputs.map { _ in .nan } }
    let powers = outputs.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The class with the largest output, of equals the first; nil where the outputs are no classes, or not all of them
  /// are finite.
  ///
  /// - Parameter allowed: the classes among which it is chosen, ascending; nil for all.
  package func predictedClass(of outputs: ArraySlice<Float>, among allowed: [Int]? = nil) -> Int? {
    largest(outputs, among: allowed)
  }

  /// The class with the largest sum over tiles, or mean; of equals the first.
  package func predictedClass(ofSums sums: ArraySlice<Double>, among allowed: [Int]? = nil) -> Int? {
    largest(sums, among: allowed)
  }

  private func largest<Number: BinaryFloatingPoint>(_ values: ArraySlice<Number>, among allowed: [Int]?) -> Int? {
    guard hasClasses, values.count == count, values.allSatisfy(\.isFinite) else { return nil }
    var best: (index: Int, value: Number)?
    for index in allowed ?? Array(0..<count) where index < count {
      let value = values[values.startIndex + index]
      if best.map({ value > $0.value }) ?? true { best = (index, value) }
    }
    return best?.index
  }

  /// The same outputs, after a look at all their numbers, where only a name or a form said that these are probabilities.
  package func settled(by check: ProbabilityCheck) -> OutputHead {
    guard isAssumed, areProbabilities, check.rowCount > 0 else { return self }
    let meaning: Meaning =
      switch (self.meaning == .classes && count > 1, check.areWithinUnit) {
      case (true, true): check.addUpToOne ? .classes : .labels
      case (true, false): .classes
      case (false, true): .labels
      case (false, false): .numbers
      }
    return OutputHead(
      name: name, meaning: meaning, areProbabilities: check.areWithinUnit, outputNames: outputNames,
      isAssumed: !check.areWithinUnit)
  }
}

/// Whether rows of numbers can be probabilities. Rows with a number that is not finite count for nothing.
package struct ProbabilityCheck: Sendable, Equatable {
  package private(set) var rowCount = 0
  package private(set) var areWithinUnit = true
  package private(set) var addUpToOne = true

  /// What half precision or a few printed digits leave of a sum of 1.
  private static let tolerance: Float = 2e-3

  package init() {}

  package mutating func look(at row: ArraySlice<Float>) {
    guard !row.isEmpty, row.allSatisfy(\.isFinite) else { return }
    rowCount += 1
    if !row.allSatisfy({ (-Self.tolerance...1 + Self.tolerance).contains($0) }) { areWithinUnit = false }
    if abs(row.reduce(0, +) - 1) > Self.tolerance { addUpToOne = false }
  }
}
