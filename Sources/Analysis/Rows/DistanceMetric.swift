/// How far apart two rows are.
package enum DistanceMetric: String, Sendable, Hashable, CaseIterable, Codable {
  /// The length of the difference.
  case euclidean
  /// 1 − cosine of the angle, from 0 to 2. A row of zeros has no direction: it is at 0 from other rows of zeros and at
  /// 1 from every other row.
  case cosine
  /// 1 − Pearson's correlation, from 0 to 2. A row of one value only has no direction, as a row of zeros under cosine.
  case correlation
}
