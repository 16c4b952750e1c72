import CommandLanguage
import FeatureStore

/// What a model predicts of whole slides: its tiles' logits, gathered.
struct SlidePredictions {
  enum Gathering {
    /// Mean of the tiles' probabilities, or of their logits.
    case mean(ofProbabilities: Bool)
    /// Share of the tiles with their largest logit at the class.
    case share
  }

  let features: FeaturesValue
  /// The classes that tiles are assigned among: indices of logits, ascending.
  let classes: [Int]

  /// - Parameter restriction: indices or names of classes; nil allows all.
  init(_ features: FeaturesValue, restriction: [BoundValue]?) throws(CommandFailure) {
    guard features.logitCount > 0 else {
      throw CommandFailure(
        "These features have no logits, so nothing is predicted.",
        remedy: features.model.map { _ in "features MODEL include_logits=true" })
    }
    self.features = features
    guard let restriction else {
      classes = Array(0..<features.logitCount)
      return
    }
    var allowed: Set<Int> = []
    for item in restriction {
      do throws(CommandFailure) {
        allowed.insert(try features.logit(item.text ?? item.integer.map(String.init) ?? ""))
      } catch { throw CommandFailure(error.message, remedy: error.remedy, parameter: "restrict_pred") }
    }
    classes = allowed.sorted()
    if classes.isEmpty {
      throw CommandFailure("No class is allowed.", remedy: "restrict_pred=[0, 1]", parameter: "restrict_pred")
    }
  }

  /// A number for each of `classes`, in double precision; nil for a slide without tiles.
  func values(of slide: FeaturesValue.Slide, _ gathering: Gathering) -> [Double]? {
    guard let logits = slide.stored.logits, logits.rowCount > 0 else { return nil }
    var sums = [Double](repeating: 0, count: classes.count)
    for row in 0..<logits.rowCount {
      let tile = logits.row(row)
      switch gathering {
      case .share: sums[largest(classes.map { tile[$0] })] += 1
      case .mean(let ofProbabilities):
        let numbers = ofProbabilities && !features.areProbabilities ? Softmax.probabilities(of: tile) : tile
        for (place, index) in classes.enumerated() { sums[place] += Double(numbers[index]) }
      }
    }
    return sums.map { $0 / Double(logits.rowCount) }
  }

  /// The place of the largest number; of equals the first.
  func largest<Number: Comparable>(_ numbers: [Number]) -> Int {
    numbers.indices.reduce(0) { numbers[$1] > numbers[$0] ? $1 : $0 }
  }
}
