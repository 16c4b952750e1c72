import FeatureData
import FeatureStore

/// What a model says of a whole slide, summed up over its tiles.
struct SlidePrediction: Equatable {
  let slide: String
  let tileCount: Int
  /// Tiles whose outputs are not all finite numbers; they count for nothing.
  let missingCount: Int
  /// The mean of each output over the tiles; empty without tiles.
  let means: [Double]
  /// For each class the tiles that it is predicted for; outputs that are no classes, or not allowed, have none.
  let votes: [Int]

  private let outputs: ModelOutputs

  /// The share of the tiles of each class; empty where no tile has finite outputs.
  var shares: [Double] { means.isEmpty ? [] : votes.map { Double($0) / Double(tileCount - missingCount) } }

  /// - Parameters:
  ///   - asProbabilities: turns the outputs of each tile into probabilities first.
  ///   - allowed: the columns among which the class of a tile is chosen, ascending.
  /// - Complexity: O(tiles × outputs).
  init(of slide: FeatureSet.Slide, outputs: ModelOutputs, asProbabilities: Bool, allowed: [Int]) {
    self.slide = slide.name
    self.outputs = outputs
    var sums = [Double](repeating: 0, count: outputs.count)
    var votes = [Int](repeating: 0, count: outputs.count)
    var used = 0
    slide.forEachOutput { row in
      guard row.count == outputs.count, row.allSatisfy(\.isFinite) else { return }
      used += 1
      for head in outputs.heads.indices {
        if let chosen = outputs.predictedColumn(of: head, in: row, among: allowed) { votes[chosen] += 1 }
      }
      if asProbabilities {
        for (index, value) in outputs.probabilities(of: row).enumerated() { sums[index] += Double(value) }
      } else {
        for (index, value) in row.enumerated() { sums[index] += Double(value) }
      }
    }
    tileCount = slide.tileCount
    missingCount = tileCount - used
    means = used == 0 ? [] : sums.map { $0 / Double(used) }
    self.votes = votes
  }

  /// The class of a head with the largest mean, by its column; of equals the first.
  func classOfMean(_ head: Int, among allowed: [Int]) -> Int? {
    outputs.predictedColumn(of: head, inSums: means, among: allowed)
  }

  /// The class of a head that most tiles have, by its column; of equals the first.
  func classOfVotes(_ head: Int, among allowed: [Int]) -> Int? {
    guard votes[outputs.columns(of: head)].contains(where: { $0 > 0 }) else { return nil }
    return outputs.predictedColumn(of: head, inSums: votes.map { Double($0) }, among: allowed)
  }
}
