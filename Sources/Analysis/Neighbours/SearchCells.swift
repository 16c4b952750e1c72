import CSIMDKernels
import FeatureData
import Synchronization

/// Rows divided into cells around centres, so that the nearest of another row need be looked for in a few cells only.
///
/// The cells are those of k-means, which starts from the leaves of a tree. They are the same for any number of threads,
/// and what is found for a row does not depend on the rows it is looked for with.
///
/// Source: Jégou, Douze, Schmid, "Product quantization for nearest neighbor search", 2011, doi:10.1109/TPAMI.2010.57
/// (inverted file).
struct SearchCells: Sendable {
  /// The rows, cell by cell.
  let space: SearchSpace
  /// Where each cell begins, and where the last ends.
  private let starts: [Int]
  private let centres: Centres

  var count: Int { starts.count - 1 }

  /// Fewer rows are one cell.
  private static let leastRows = 2048
  private static let mostCells = 2048
  private static let passes = 3
  /// Rows that the centres are moved by.
  private static let rowsForCentres = 131_072

  /// - Parameter rows: In any order.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n c √n) for n rows of c numbers.
  init(
    of rows: SearchSpace, seed: UInt64, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let n = rows.count
    if n < Self.leastRows {
      space = rows
      starts = [0, n]
      centres = Centres(count: 1, width: rows.width)
      return
    }
    let wanted = min(Self.mostCells, Int(2 * Double(n).squareRoot()))
    let tree = try BisectionTree(rows, leafSize: n / wanted, seed: seed, threads: threads, monitor: monitor)
    var centres = Centres(count: tree.leaves.count, width: rows.width)
    centres.move(to: tree.leaves.map { tree.places[$0] }, in: rows, threads: threads)
    let some = min(n, Self.rowsForCentres)
    let sample = (0..<some).map { Int32($0 * n / some) }
    for _ in 0..<Self.passes {
      let own = try centres.nearest(1, to: rows, places: sample, threads: threads, monitor: monitor)
      centres.move(to: Self.members(own, of: sample, centres.count).map { $0[...] }, in: rows, threads: threads)
    }
    let all = (0..<Int32(n)).map { $0 }
    let members = Self.members(
      try centres.nearest(1, to: rows, places: all, threads: threads, monitor: monitor), of: all, centres.count)
    var starts = [0]
    for cell in members { starts.append(starts[starts.count - 1] + cell.count) }
    self.starts = starts
    self.centres = centres
    space = try rows.reordered(Array(members.joined()), threads: threads, monitor: monitor)
  }

  private static func members(_ cells: [Int32], of places: [Int32], _ count: Int) -> [[Int32]] {
    var members = [[Int32]](repeating: [], count: count)
    for (cell, place) in zip(cells, places) { members[Int(cell)].append(place) }
    return members
  }

  /// For each row of a space the cells whose centres are nearest, one row after the other, nearest first.
  /// - Throws: `WorkInterrupted`.
  func cells(
    _ wanted: Int, nearestTo queries: SearchSpace, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> [Int32] {
    if count == 1 { return [Int32](repeating: 0, count: queries.count) }
    return try centres.nearest(
      min(wanted, count), to: queries, places: (0..<Int32(queries.count)).map { $0 }, threads: threads,
      monitor: monitor)
  }

  /// Writes the keys of the nearest rows in some cells to a list with room for `capacity`, ascending.
  ///
  /// - Parameters:
  ///   - own: The numbers of the row whose nearest are looked for, as in `space`.
  ///   - bias: Of that row.
  /// - Returns: How many there are.
  func nearest(
    to own: UnsafePointer<Float>, bias: Float, in cells: ArraySlice<Int32>, space: simd_space,
    list: UnsafeMutablePointer<UInt64>, capacity: Int
  ) -> Int {
    withUnsafePointer(to: space) { space in
      var held: Int64 = 0
      for cell in cells {
        held = simd_nearest_in_range(
          space, own, bias, Int64(starts[Int(cell)]), Int64(starts[Int(cell) + 1]), list, held, Int64(capacity))
      }
      return Int(held)
    }
  }
}

/// The middles of cells.
private struct Centres: Sendable {
  let count: Int
  private let width: Int
  private let values: ZeroedStorage<Float>
  private var norms: [Float]

  private static let queriesInBlock = 256

  init(count: Int, width: Int) {
    self.count = count
    self.width = width
    values = ZeroedStorage(count: count * width)
    norms = [Float](repeating: 0, count: count)
  }

  /// A cell without members keeps its centre.
  mutating func move(to members: [ArraySlice<Int32>], in space: SearchSpace, threads: WorkerThreads) {
    let width = width
    norms.withUnsafeMutableBufferPointer { norms in
      nonisolated(unsafe) let norms = norms
      threads.forEach(members.count) { cell in
        if members[cell].isEmpty { return }
        var sums = [Double](repeating: 0, count: width)
        for place in members[cell] {
          let row = space.values.start + Int(place) * width
          for column in 0..<width { sums[column] += Double(row[column]) }
        }
        var norm: Float = 0
        for column in 0..<width {
          let mean = Float(sums[column] / Double(members[cell].count))
          values.start[cell * width + column] = mean
          norm += mean * mean
        }
        norms[cell] = norm
      }
    }
  }

  /// For some rows of a space the `wanted` nearest centres.
  func nearest(
    _ wanted: Int, to space: SearchSpace, places: [Int32], threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> [Int32] {
    let result = [Int32](unsafeUninitializedCapacity: places.count * wanted) { result, resultCount in
      result.initialize(repeating: 0)
      resultCount = places.count * wanted
      nonisolated(unsafe) let result = result
      threads.forEachBlock(of: places.count, size: Self.queriesInBlock) { block in
        if monitor.isInterrupted { return }
        // Products of one shape, so that a row's cells do not depend on the rows beside it.
        let rows = ZeroedStorage<Float>(count: Self.queriesInBlock * width)
        let products = ZeroedStorage<Float>(count: Self.queriesInBlock * count)
        for query in block {
          (rows.start + (query - block.lowerBound) * width).update(
            from: space.values.start + Int(places[query]) * width, count: width)
        }
        LinearAlgebra.multiplyTransposed(
          rows.start, rows: Self.queriesInBlock, stride: width, values.start, rows: count, stride: width,
          depth: width, into: products.start, stride: count)
        var keys = [UInt64](repeating: 0, count: count)
        for query in block {
          _ = simd_collect_below(
            products.start + (query - block.lowerBound) * count, norms, Int64(count), .infinity, 0, &keys, 0)
          if wanted < count { _ = simd_select_smallest(&keys, Int64(count), Int64(wanted)) }
          if wanted > 1 { simd_sort_keys(&keys, Int64(wanted)) }
          for rank in 0..<wanted { result[query * wanted + rank] = Int32(KeyLists.row(keys[rank])) }
        }
      }
    }
    try monitor.checkInterrupted()
    return result
  }
}
