import CSIMDKernels
import FeatureData

/// Groups of rows that are equal as a metric sees them.
struct RowCopies: Sendable {
  /// Rows, group by group; within a group ascending.
  let members: [Int32]
  /// Where the groups begin in `members`, and where the last ends.
  let starts: [Int]
  /// By row: its group, or -1; empty if there are no groups.
  let groups: [Int32]
  /// How many rows have exactly the numbers of another.
  let equalCount: Int

  /// The lower bits of a key, which are the row; the others are of its hash.
  private static let rowBits: UInt64 = 0x7FFF_FFFF

  static let none = RowCopies(members: [], starts: [0], groups: [], equalCount: 0)

  private init(members: [Int32], starts: [Int], groups: [Int32], equalCount: Int) {
    self.members = members
    self.starts = starts
    self.groups = groups
    self.equalCount = equalCount
  }

  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n d + n log n).
  init(of rows: MetricRows, threads: WorkerThreads, monitor: any WorkMonitor) throws(WorkInterrupted) {
    let n = rows.rowCount
    var keys = [UInt64](unsafeUninitializedCapacity: n) { keys, count in
      keys.initialize(repeating: 0)
      count = n
      threads.forEachBlock(of: n, size: 256) { block in
        if monitor.isInterrupted { return }
        for row in block { keys[row] = rows.hash(of: row) & ~Self.rowBits | UInt64(row) }
      }
    }
    try monitor.checkInterrupted()
    try Self.sort(&keys, threads: threads, monitor: monitor)
    var members: [Int32] = []
    var starts = [0]
    var equalCount = 0
    var end = 0
    var checked = 0
    while end < n {
      let first = end
      if end - checked > 65_536 {
        checked = end
        try monitor.checkInterrupted()
      }
      while end < n && keys[end] & ~Self.rowBits == keys[first] & ~Self.rowBits { end += 1 }
      if end - first == 1 { continue }
      // Different rows may have the same hash.
      var alike = keys[first..<end].map { Int32($0 & Self.rowBits) }
      while alike.count > 1 {
        let one = Int(alike[0])
        let group = alike.filter { rows.areEqual(one, Int($0)) }
        alike.removeAll { rows.areEqual(one, Int($0)) }
        if group.count < 2 { continue }
        members += group
        starts.append(members.count)
        equalCount += rows.equalCount(among: group)
      }
    }
    if members.isEmpty {
      self = .none
      return
    }
    var groups = [Int32](repeating: -1, count: n)
    for group in 0..<starts.count - 1 {
      for place in starts[group]..<starts[group + 1] { groups[Int(members[place])] = Int32(group) }
    }
    self.init(members: members, starts: starts, groups: groups, equalCount: equalCount)
  }

  /// In parts by their first bits, for sorting many at once takes longer than an interruption may.
  private static func sort(
    _ keys: inout [UInt64], threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    var starts = [Int](repeating: 0, count: 257)
    for key in keys { starts[Int(key >> 56) + 1] += 1 }
    for part in 0..<256 { starts[part + 1] += starts[part] }
    var next = starts
    let given = keys
    keys.withUnsafeMutableBufferPointer { keys in
      for key in given {
        keys[next[Int(key >> 56)]] = key
        next[Int(key >> 56)] += 1
      }
      guard let start = keys.baseAddress else { return }
      threads.forEach(256) { part in
        if monitor.isInterrupted { return }
        simd_sort_keys(start + starts[part], Int64(starts[part + 1] - starts[part]))
      }
    }
    try monitor.checkInterrupted()
  }

  /// The same with the rows' places instead of the rows; those that have no place are in no group.
  /// - Parameter order: By place: the row.
  func placed(_ order: [Int32]) -> RowCopies {
    if members.isEmpty { return self }
    var places = [Int32](repeating: -1, count: groups.count)
    for (place, row) in order.enumerated() { places[Int(row)] = Int32(place) }
    var placedMembers: [Int32] = []
    var placedStarts = [0]
    for group in 0..<starts.count - 1 {
      placedMembers += members[starts[group]..<starts[group + 1]].map { places[Int($0)] }.filter { $0 >= 0 }
      placedStarts.append(placedMembers.count)
    }
    return RowCopies(
      members: placedMembers, starts: placedStarts, groups: order.map { groups[Int($0)] }, equalCount: equalCount)
  }
}

extension MetricRows {
  fileprivate func hash(of row: Int) -> UInt64 {
    simd_row_hash(rows.starts[row], scales[row], offsets[row], Int64(columnCount))
  }

  fileprivate func areEqual(_ a: Int, _ b: Int) -> Bool {
    if a == b { return true }
    return rows.withRow(a) { x in
      rows.withRow(b) { y in
        (0..<columnCount).allSatisfy { x[$0] * scales[a] - offsets[a] == y[$0] * scales[b] - offsets[b] }
      }
    }
  }

  /// How many of some rows have the numbers of another of them.
  fileprivate func equalCount(among group: [Int32]) -> Int {
    var counts: [UInt64: Int] = [:]
    for row in group { counts[simd_row_hash(rows.starts[Int(row)], 1, 0, Int64(columnCount)), default: 0] += 1 }
    return counts.values.reduce(0) { $0 + ($1 > 1 ? $1 : 0) }
  }
}
