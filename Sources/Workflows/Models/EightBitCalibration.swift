import FeatureData
import Inference

/// How a network was calibrated for eight bits, and how near its features are to those of single precision.
struct EightBitCalibration: Codable, Sendable {
  /// The features of a layer, beside those of single precision, on tiles that were not calibrated on.
  struct Comparison: Codable, Sendable, Equatable {
    let layer: String
    let meanCosine: Double
    let leastCosine: Double

    /// - Parameters:
    ///   - exact: tiles × features, of single precision.
    ///   - rounded: the same in eight bits. Rows with NaN or infinity count as wholly different.
    init(layer: String, _ exact: Matrix, _ rounded: Matrix) {
      let cosines = (0..<exact.rowCount).map { Self.cosine(exact.row($0), rounded.row($0)) }
      self.layer = layer
      meanCosine = cosines.reduce(0, +) / Double(max(cosines.count, 1))
      leastCosine = cosines.min() ?? 0
    }

    private static func cosine(_ one: ArraySlice<Float>, _ other: ArraySlice<Float>) -> Double {
      var (product, square, otherSquare) = (0.0, 0.0, 0.0)
      for (a, b) in zip(one, other) {
        product += Double(a) * Double(b)
        square += Double(a) * Double(a)
        otherSquare += Double(b) * Double(b)
      }
      if square == 0, otherSquare == 0 { return 1 }
      let cosine = product / (square * otherSquare).squareRoot()
      return cosine.isFinite ? min(cosine, 1) : 0
    }
  }

  let ranges: Calibration
  let comparisons: [Comparison]
  /// Tiles of each slide that it was calibrated on, by their records.
  let calibrating: [String: [Int]]
  /// Those that it was tried on.
  let heldOut: [String: [Int]]
  /// The key that it is kept under in the store; nil where it is not kept.
  let key: String?
  /// The name that goes with the key.
  let storeDigest: String?

  static let leastMeanCosine = 0.995
  static let leastCosine = 0.98

  // MARK: Wording

  /// Of the layer that loses most.
  private var worst: (mean: Double, least: Double) {
    (comparisons.map(\.meanCosine).min() ?? 0, comparisons.map(\.leastCosine).min() ?? 0)
  }

  private var heldOutCount: Int { heldOut.values.reduce(0) { $0 + $1.count } }

  /// Rounded down, so that what is below a bound is seen to be.
  private static func text(_ cosine: Double) -> String { ((cosine * 1e4).rounded(.down) / 1e4).text(decimals: 4) }

  /// What is said beside the features.
  var sentence: String {
    let slides = Set(calibrating.keys).count.counted("slide")
    let layers = comparisons.count == 1 ? "" : " (of the layers the lowest)"
    return "int8: calibrated on \(ranges.tileCount.counted("tissue tile")) of \(slides); cosine with f32 on "
      + "\(heldOutCount.counted("other tile")) \(Self.text(worst.mean)) on average, \(Self.text(worst.least)) the worst\(layers). "
      + "It is for maps, not for parity with slideflow's numbers."
  }

  /// - Throws: where features lose too much.
  func check() throws(WorkflowFailure) {
    guard
      let lost = comparisons.first(where: {
        !($0.meanCosine >= Self.leastMeanCosine && $0.leastCosine >= Self.leastCosine)
      })
    else { return }
    throw WorkflowFailure(
      "int8 does harm to this model: on \(heldOutCount.counted("tile")) that it was not calibrated on, the cosine of "
        + "\(lost.layer) with f32 is \(Self.text(lost.meanCosine)) on average and \(Self.text(lost.leastCosine)) at worst, and at "
        + "least \(Self.leastMeanCosine) and \(Self.leastCosine) are wanted.",
      remedy: "precision=bf16", parameter: "precision")
  }

  /// - Throws: where outcomes are wanted.
  static func checkOutputs(logits: Bool, uncertainty: Bool) throws(WorkflowFailure) {
    if uncertainty {
      throw WorkflowFailure(
        "With int8 no uncertainty is computed: its rounding is of the size of what dropout changes.",
        remedy: "precision=f32", parameter: "precision")
    }
    if logits {
      throw WorkflowFailure(
        "With int8 no logits are kept: probabilities near a half turn over by its rounding.",
        remedy: "precision=int8 include_logits=false", parameter: "precision")
    }
  }
}
