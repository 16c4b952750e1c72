import CSIMDKernels
import FeatureData

/// Chooses among rows that are equally far from a row where not all of them can be its neighbours.
///
/// By row number the same few would be chosen for every row: with more copies of a row than neighbours, those few would
/// have all edges of the rows beside them and the others none, and the layout would tear apart what lies together. Rows are
/// drawn by a hash of the seed and the row instead. The draw does not depend on the number of threads.
struct EvenTies: Sendable {
  /// By place.
  let copies: RowCopies
  /// By place: the row of the input.
  let order: [Int32]
  let seed: UInt64

  init(_ copies: RowCopies, order: [Int32], seed: UInt64) {
    self.copies = copies.placed(order)
    self.order = order
    self.seed = SplitMix64.mix(seed)
  }

  /// Rows to draw from: a candidate alone, or all copies of one.
  private struct Pool {
    var parts: [(start: Int, count: Int, skipped: Int)] = []
    /// Candidates that stand for themselves.
    var single: [Int32] = []
    var total: Int { parts.reduce(single.count) { $0 + $1.count } }
  }

  /// - Parameters:
  ///   - ranked: Candidates of one row, at least as many as are wanted, by their keys; no other row that is nearer than
  ///     the last of those wanted.
  ///   - query: The place of that row.
  ///   - chosen: Written.
  func choose(
    _ wanted: Int, of ranked: UnsafeBufferPointer<UInt64>, for query: Int, into chosen: UnsafeMutablePointer<UInt64>
  ) {
    for entry in 0..<wanted { chosen[entry] = ranked[entry] }
    if wanted == 0 { return }
    let farthest = ranked[wanted - 1] >> 32
    let goesOn = wanted < ranked.count && ranked[wanted] >> 32 == farthest
    if !goesOn && (copies.members.isEmpty || copies.groups[KeyLists.row(ranked[wanted - 1])] < 0) { return }
    var first = wanted - 1
    while first > 0 && ranked[first - 1] >> 32 == farthest { first -= 1 }
    let pool = pool(of: ranked, from: first, farthest: farthest, query: query)
    let total = pool.total
    let drawn = wanted - first
    if total <= drawn { return }
    // A walk around the pool, by a step that meets all of it.
    let hash = SplitMix64.mix(seed &+ UInt64(order[query]))
    let start = Int(hash % UInt64(total))
    var step = 1 + Int(SplitMix64.mix(hash) % UInt64(total))
    while Self.greatestDivisor(step, total) > 1 { step = step % total + 1 }
    for entry in 0..<drawn {
      let index = (start + entry * step) % total
      chosen[first + entry] = farthest << 32 | UInt64(place(index, in: pool))
    }
  }

  private func pool(
    of ranked: UnsafeBufferPointer<UInt64>, from first: Int, farthest: UInt64, query: Int
  ) -> Pool {
    var pool = Pool()
    var entered: [Int32] = []
    for entry in first..<ranked.count where ranked[entry] >> 32 == farthest {
      let place = KeyLists.row(ranked[entry])
      let group = copies.members.isEmpty ? -1 : copies.groups[place]
      // Copies of which some came out nearer by rounding stand for themselves.
      if group < 0 || (0..<first).contains(where: { copies.groups[KeyLists.row(ranked[$0])] == group }) {
        pool.single.append(Int32(place))
      } else if !entered.contains(group) {
        entered.append(group)
        let range = copies.starts[Int(group)]..<copies.starts[Int(group) + 1]
        let own = copies.groups[query] == group ? copies.members[range].firstIndex(of: Int32(query)) : nil
        pool.parts.append((range.lowerBound, range.count - (own == nil ? 0 : 1), own ?? range.upperBound))
      }
    }
    return pool
  }

  private func place(_ index: Int, in pool: Pool) -> Int32 {
    if index < pool.single.count { return pool.single[index] }
    var rest = index - pool.single.count
    for part in pool.parts {
      if rest < part.count {
        let member = part.start + rest
        return copies.members[member < part.skipped ? member : member + 1]
      }
      rest -= part.count
    }
    preconditionFailure("an index beyond the pool")
  }

  private static func greatestDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
