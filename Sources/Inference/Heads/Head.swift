/// An output of a model that may be an outcome: classes, labels, or numbers.
package struct Head: Sendable, Hashable {
  /// What stood last before the output.
  package enum Activation: Sendable {
    /// Also its logarithm.
    case softmax
    case sigmoid
    /// A sigmoid, or what stands for one, whose logits are no tensor of the file.
    case sigmoidWithoutLogits
    /// A fully connected layer, or a mean of maps.
    case none
    /// Only the output's name says that these are probabilities.
    case unseen
    /// Another function, such as a ReLU.
    case other
  }

  /// The output's, in the file.
  package let name: String
  package let activation: Activation
  /// What is kept: the tensor before the activation.
  package let layer: Layer
  /// The output as the model gives it.
  package let output: Layer
  /// Where it comes from: a sentence.
  package let reason: String
  /// Whether the first versions kept the same tensor, without noting which.
  package let isFirstVersions: Bool
  let inputWidth: Int?
  let isNamedSo: Bool
  let found: HeadFinder.Found

  init(_ found: HeadFinder.Found, layer: Layer, output: Layer, isFirstVersions: Bool) {
    self.found = found
    self.name = found.name
    self.activation = found.activation
    self.layer = layer
    self.output = output
    self.reason = found.reason
    self.isFirstVersions = isFirstVersions
    self.inputWidth = found.inputWidth
    self.isNamedSo = found.isNamedSo
  }

  package static func == (a: Head, b: Head) -> Bool { a.found == b.found }
  package func hash(into hasher: inout Hasher) { hasher.combine(found.edge) }

  package var width: Int { layer.width }

  /// More outputs than these are features, unless something says otherwise.
  private static let mostClasses = 15
  /// As many as the classes of ImageNet, with and without a background, and of ImageNet-21k.
  private static let knownClassCounts: Set<Int> = [1000, 1001, 11_821, 21_841, 21_843]

  /// Why these numbers are more likely an embedding than classes: a clause; nil where they are likely an outcome.
  ///
  /// - Parameter largestOutcome: categories of the outcome that has most, among those that are at hand.
  package func whyFeatures(largestOutcome: Int) -> String? {
    if activation == .other, width > 1 { return "a function other than softmax and sigmoid stands before it" }
    guard activation == .none, !isNamedSo, width > 1, !Self.knownClassCounts.contains(width) else { return nil }
    if width == inputWidth { return "it has as many numbers as the layer before it" }
    return width > max(Self.mostClasses, largestOutcome) ? "no outcome has so many classes" : nil
  }
}
