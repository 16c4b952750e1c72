import CSIMDKernels
import FeatureData
import Synchronization

/// Nearly all nearest neighbours, without comparing all rows with all.
///
/// All pairs within the leaves of a few random trees are compared, then the neighbours of neighbours, forwards and
/// backwards, as long as that changes much. Each row improves its own list from what all lists were before the round:
/// the result is the same for any number of threads.
///
/// Source: Dong, Moses, Li, "Efficient k-nearest neighbor graph construction for generic similarity measures", 2011,
/// doi:10.1145/1963405.1963487.
struct NeighbourDescent {
  struct Settings: Sendable {
    var trees = 6
    var leafSize = 512
    /// How many of a row's nearest are asked for theirs, and as many of those that have the row among theirs: a share
    /// of those that are looked for, within limits.
    var sources = (share: 0.4, limits: 24...32)
    /// How many of theirs are looked at.
    var reach = (share: 0.5, limits: 28...32)
    var rounds = 4
    /// The share of changed entries at which the search ends.
    var leastChange = 0.01

    /// For rows whose neighbours are not found so, as among noise: with twice the work and more.
    var thorough: Settings {
      var settings = self
      settings.trees *= 2
      settings.rounds *= 2
      settings.sources = (0.8, 48...64)
      settings.reach = (0.8, 48...64)
      settings.leastChange /= 5
      return settings
    }

    static func number(_ part: (share: Double, limits: ClosedRange<Int>), of capacity: Int) -> Int {
      let wanted = Int(part.share * Double(capacity))
      return min(capacity, max(part.limits.lowerBound, min(part.limits.upperBound, wanted)))
    }
  }

  private static let rowsInBlock = 255

  let settings: Settings
  let seed: UInt64
  let threads: WorkerThreads

  /// - Parameter given: Is brought into an order in which near rows are near each other in memory.
  /// - Returns: For each row the `count` nearest that were found, by place in that order, ascending.
  /// - Precondition: `count` is below the number of rows and at most `SIMD_LONGEST_LIST`.
  /// - Throws: `WorkInterrupted`.
  func lists(
    _ given: inout SearchSpace, count: Int, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> KeyLists {
    // Halves of a leaf that is one too large still fill a list.
    let leafSize = max(settings.leafSize, 2 * count + 2)
    let steps = settings.trees + settings.rounds
    func report(_ step: Int) { monitor.report(phase: "neighbours", unit: "steps", done: step, total: steps) }
    report(0)
    let first = try BisectionTree(given, leafSize: leafSize, seed: seed, threads: threads, monitor: monitor)
    given = try given.reordered(first.places, threads: threads, monitor: monitor)
    let space = given
    let n = space.count
    var lists = KeyLists(count: n, capacity: count)
    let own = (0..<Int32(n)).map { $0 }
    try compareLeaves(first.leaves, places: own, space: space, lists: lists, isFirst: true, monitor: monitor)
    for tree in 1..<max(1, settings.trees) {
      report(tree)
      let next = try BisectionTree(
        space, leafSize: leafSize, seed: seed &+ UInt64(tree), threads: threads, monitor: monitor)
      try compareLeaves(
        next.leaves, places: next.places, space: space, lists: lists, isFirst: false, monitor: monitor)
    }
    var spare = KeyLists(count: n, capacity: count)
    for round in 0..<settings.rounds {
      report(settings.trees + round)
      let changes = try expand(lists, into: spare, space: space, round: round, monitor: monitor)
      swap(&lists, &spare)
      if Double(changes) < settings.leastChange * Double(n * count) { break }
    }
    report(steps)
    return lists
  }

  private func compareLeaves(
    _ leaves: [Range<Int>], places: [Int32], space: SearchSpace, lists: KeyLists, isFirst: Bool,
    monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let width = space.width
    let size = leaves.map(\.count).max() ?? 0
    let capacity = lists.capacity
    space.withKernelSpace { kernelSpace in
      threads.forEach(leaves.count) { leaf in
        if monitor.isInterrupted { return }
        let leafPlaces = places[leaves[leaf]]
        let m = leafPlaces.count
        // Padding keeps all products at the same shape: the same kernel then computes each.
        var rows = [Float](repeating: 0, count: size * width)
        var norms = [Float](repeating: 0, count: size)
        rows.withUnsafeMutableBufferPointer { rows in
          guard let to = rows.baseAddress, let from = space.values.values.baseAddress else { return }
          for (row, place) in leafPlaces.enumerated() {
            norms[row] = space.norms[Int(place)]
            (to + row * width).update(from: from + Int(place) * width, count: width)
          }
        }
        var products = [Float](repeating: 0, count: size * size)
        LinearAlgebra.multiplyTransposed(
          rows, rows: size, stride: width, rows, rows: size, stride: width, depth: width, into: &products,
          stride: size)
        var keys = [UInt64](repeating: 0, count: size)
        var candidates = [UInt32](repeating: 0, count: size)
        withUnsafePointer(to: kernelSpace) { kernelSpace in
          for (row, place) in leafPlaces.enumerated() {
            let list = lists.list(Int(place))
            let limit = isFirst ? Float.infinity : simd_score_of_key(list[capacity - 1]) - norms[row]
            products.withUnsafeBufferPointer { products in
              guard let start = products.baseAddress else { return }
              var found = Int(
                simd_collect_below(start + row * size, norms, Int64(m), limit, 0, &keys, 0))
              // The row finds itself, too.
              if found > capacity + 1 {
                _ = simd_select_smallest(&keys, Int64(found), Int64(capacity + 1))
                found = capacity + 1
              }
              for i in 0..<found { candidates[i] = UInt32(leafPlaces[leafPlaces.startIndex + KeyLists.row(keys[i])]) }
              _ = simd_improve_list(
                list, isFirst ? 0 : Int64(capacity), Int64(capacity), kernelSpace, UInt32(place), candidates,
                Int64(found))
            }
          }
        }
      }
    }
    try monitor.checkInterrupted()
  }

  /// Returns how many entries changed.
  private func expand(
    _ lists: KeyLists, into result: KeyLists, space: SearchSpace, round: Int, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> Int {
    let n = space.count
    let sources = Settings.number(settings.sources, of: lists.capacity)
    let reach = Settings.number(settings.reach, of: lists.capacity)
    let incoming = try IncomingLists(
      lists, sources: sources, reach: reach, seed: seed &+ UInt64(round), monitor: monitor)
    defer { withExtendedLifetime(incoming) {} }
    let changes = Atomic<Int>(0)
    space.withKernelSpace { kernelSpace in
      let known = simd_neighbourhood(
        row_count: Int64(n), lists: lists.keys, capacity: Int64(lists.capacity), incoming: incoming.rows,
        incoming_counts: incoming.counts, incoming_capacity: Int64(incoming.capacity), sources: Int64(sources),
        reach: Int64(reach), have_new: incoming.haveNew)
      nonisolated(unsafe) let neighbourhood = known
      threads.forEachBlock(of: n, size: Self.rowsInBlock) { block in
        if monitor.isInterrupted { return }
        withUnsafePointer(to: kernelSpace) { kernelSpace in
          withUnsafePointer(to: neighbourhood) { known in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: n) { seen in
              let taken = simd_expand_lists(
                known, kernelSpace, Int64(block.lowerBound), Int64(block.upperBound), seen.baseAddress, result.keys)
              changes.wrappingAdd(Int(taken), ordering: .relaxed)
            }
          }
        }
      }
    }
    try monitor.checkInterrupted()
    return changes.load(ordering: .relaxed)
  }
}

/// For each place, who has it among his nearest, a random choice of some, and what is new in its own list.
private final class IncomingLists {
  let capacity: Int
  /// Places, marked as the entry is.
  let rows: UnsafeMutablePointer<UInt32>
  let counts: UnsafeMutablePointer<UInt32>
  /// 1 for lists with new entries among the first `reach`.
  let haveNew: UnsafeMutablePointer<UInt8>

  private static let newMark: UInt64 = 0x8000_0000

  /// - Parameter sources: How many of each list's entries are looked at, and how many are chosen at most.
  init(
    _ lists: KeyLists, sources: Int, reach: Int, seed: UInt64, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let n = lists.count
    capacity = sources
    rows = .allocate(capacity: n * capacity)
    counts = .allocate(capacity: n)
    counts.initialize(repeating: 0, count: n)
    haveNew = .allocate(capacity: n)
    let seen = UnsafeMutablePointer<UInt32>.allocate(capacity: n)
    defer { seen.deallocate() }
    seen.initialize(repeating: 0, count: n)
    for place in 0..<n {
      if place.isMultiple(of: 4096) { try monitor.checkInterrupted() }
      let list = lists.list(place)
      var marks: UInt64 = 0
      for entry in 0..<reach { marks |= list[entry] }
      haveNew[place] = marks & Self.newMark == 0 ? 0 : 1
      for entry in 0..<sources {
        let target = KeyLists.row(list[entry])
        let incoming = UInt32(place) | UInt32(truncatingIfNeeded: list[entry] & Self.newMark)
        seen[target] += 1
        if Int(counts[target]) < capacity {
          rows[target * capacity + Int(counts[target])] = incoming
          counts[target] += 1
        } else {
          let drawn = SplitMix64.mix(seed ^ UInt64(place) << 20 ^ UInt64(entry)) % UInt64(seen[target])
          if drawn < UInt64(capacity) { rows[target * capacity + Int(drawn)] = incoming }
        }
      }
    }
  }

  deinit {
    rows.deallocate()
    counts.deallocate()
    haveNew.deallocate()
  }
}
