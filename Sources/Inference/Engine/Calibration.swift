import FeatureData

/// What the tensors of a network were on some tiles: the ranges that eight bits are laid over.
///
/// The numbers are an engine's own, by its order of the network's tensors. They belong to the model, the layers it is cut
/// at, the standardisation, and the version of the engine.
package struct Calibration: Sendable, Hashable, Codable {
  /// The least value of each tensor that becomes whole numbers, over all tiles.
  package let lows: [Float]
  /// The largest one.
  package let highs: [Float]
  /// The means of the channels that each layer with weights reads, one layer after another.
  package let means: [Float]
  package let tileCount: Int
  /// False where the network gave NaN or infinity within.
  package var isFinite: Bool { (lows + highs + means).allSatisfy(\.isFinite) }
  /// A digest of the numbers: a part of the store's key.
  package let identity: String

  /// - Parameters:
  ///   - lows: tiles × tensors.
  ///   - highs: tiles × tensors.
  ///   - means: tiles × channels.
  ///   - digest: of some numbers.
  init(lows: Matrix, highs: Matrix, means: Matrix, digest: ([Float]) -> String) {
    func gathered(_ rows: Matrix, _ start: Float, _ body: (Float, Float) -> Float) -> [Float] {
      (0..<rows.rowCount).reduce([Float](repeating: start, count: rows.columnCount)) { values, row in
        zip(values, rows.row(row)).map(body)
      }
    }
    self.lows = gathered(lows, .infinity, min)
    self.highs = gathered(highs, -.infinity, max)
    self.means = (0..<means.columnCount).map { column in
      let sum = (0..<means.rowCount).reduce(0.0) { $0 + Double(means[$1, column]) }
      return Float(sum / Double(max(means.rowCount, 1)))
    }
    tileCount = lows.rowCount
    identity = digest(self.lows + self.highs + self.means)
  }
}
