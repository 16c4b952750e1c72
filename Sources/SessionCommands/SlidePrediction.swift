import FeatureData
import FeatureStore

/// What a model says of a whole slide, summed up over its tiles.
struct SlidePrediction: Equatable {
  let slide: String
  let tileCount: Int
  /// The mean of each output over the tiles; empty without tiles.
  let means: [Double]
  /// For each class the tiles of which it is the largest output; classes that are not allowed have none.
  let votes: [Int]

  /// The share of the tiles of each class; empty without tiles.
  var shares: [Double] { tileCount == 0 ? [] : votes.map { Double($0) / Double(tileCount) } }

  /// - Parameters:
  ///   - asProbabilities: takes the softmax of each tile first, as logits are read.
  ///   - allowed: the classes among which a tile's is chosen, ascending.
  /// - Complexity: O(tiles × classes).
  init(of slide: FeaturesValue.Slide, classCount: Int, asProbabilities: Bool, allowed: [Int]) {
    self.slide = slide.name
    var sums = [Double](repeating: 0, count: classCount)
    var votes = [Int](repeating: 0, count: classCount)
    let logits = slide.stored.logits
    let rows = logits?.rowCount ?? 0
    logits?.withValues { values in
      for row in 0..<rows {
        let outputs = values[row * classCount..<(row + 1) * classCount]
        if let chosen = Self.largest(of: outputs, among: allowed) { votes[chosen] += 1 }
        let summed = asProbabilities ? Softmax.probabilities(of: Array(outputs)) : Array(outputs)
        for (index, value) in summed.enumerated() { sums[index] += Double(value) }
      }
    }
    tileCount = rows
    means = rows == 0 ? [] : sums.map { $0 / Double(rows) }
    self.votes = votes
  }

  /// The class with the largest mean; of equals the first.
  func classOfMean(among allowed: [Int]) -> Int? { Self.largest(of: means[...], among: allowed) }

  /// The class of most tiles; of equals the first.
  func classOfVotes(among allowed: [Int]) -> Int? {
    votes.contains { $0 > 0 } ? Self.largest(of: votes[...], among: allowed) : nil
  }

  /// The place of the largest number; of equals the first, and nil where there is no number.
  static func largest<Number: Comparable>(of values: some RandomAccessCollection<Number>, among allowed: [Int]) -> Int?
  {
    var best: (index: Int, value: Number)?
    for index in allowed where index < values.count {
      let value = values[values.index(values.startIndex, offsetBy: index)]
      // NaN is not equal to itself, and predicts nothing.
      guard value == value else { continue }
      if best.map({ value > $0.value }) ?? true { best = (index, value) }
    }
    return best?.index
  }
}
