/// Measures of how two ways to part the same rows agree.
enum PartitionMeasures {
  /// 1 for equal partitions, about 0 for unrelated ones.
  ///
  /// Source: Hubert, Arabie, "Comparing partitions", 1985, doi:10.1007/BF01908075.
  static func adjustedRandIndex(_ a: [Int32], _ b: [Int32]) -> Double {
    func pairs(_ counts: some Sequence<Int>) -> Double {
      counts.reduce(0.0) { $0 + Double($1) * Double($1 - 1) / 2 }
    }
    func counts<Key: Hashable>(_ keys: [Key]) -> some Sequence<Int> {
      keys.reduce(into: [Key: Int]()) { $0[$1, default: 0] += 1 }.values
    }
    let both = pairs(counts(zip(a, b).map { [$0, $1] }))
    let (inA, inB) = (pairs(counts(a)), pairs(counts(b)))
    let expected = inA * inB / pairs([a.count])
    let most = (inA + inB) / 2
    return most == expected ? 1 : (both - expected) / (most - expected)
  }
}
