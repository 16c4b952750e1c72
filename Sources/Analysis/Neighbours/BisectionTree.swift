import CSIMDKernels
import FeatureData

/// Places divided into halves again and again, each time along the line through two of them drawn at random, until few
/// are left together: near rows mostly end in the same leaf.
///
/// Source of the idea: Dasgupta, Freund, "Random projection trees and low dimensional manifolds", 2008,
/// doi:10.1145/1374376.1374452.
struct BisectionTree {
  /// All places, leaf by leaf.
  let places: [Int32]
  /// Ranges of `places`; their sizes differ by 1 at most.
  let leaves: [Range<Int>]

  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n c log n) for n rows of c numbers.
  init(
    _ space: SearchSpace, leafSize: Int, seed: UInt64, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let n = space.count
    let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, n))
    defer { keys.deallocate() }
    for place in 0..<n { keys[place] = UInt64(place) }
    var nodes = [0..<n]
    while nodes.contains(where: { $0.count > leafSize }) {
      try monitor.checkInterrupted()
      let directions = nodes.map { Self.direction(of: $0, keys: keys, space: space, seed: seed) }
      // A large node is shared among threads.
      let pieces = nodes.indices.flatMap { node in
        stride(from: nodes[node].lowerBound, to: nodes[node].upperBound, by: 8192).map {
          (node: node, range: $0..<min(nodes[node].upperBound, $0 + 8192))
        }
      }
      space.withKernelSpace { kernelSpace in
        threads.forEach(pieces.count) { piece in
          if monitor.isInterrupted { return }
          withUnsafePointer(to: kernelSpace) { kernelSpace in
            let (node, range) = pieces[piece]
            simd_project_keys(kernelSpace, directions[node], keys + range.lowerBound, Int64(range.count))
          }
        }
      }
      threads.forEach(nodes.count) { node in
        let range = nodes[node]
        _ = simd_select_smallest(keys + range.lowerBound, Int64(range.count), Int64(range.count / 2))
      }
      nodes = nodes.flatMap { node in
        let middle = node.lowerBound + node.count / 2
        return [node.lowerBound..<middle, middle..<node.upperBound]
      }
    }
    places = (0..<n).map { Int32(KeyLists.row(keys[$0])) }
    leaves = nodes
  }

  /// From one place of a node to another; the first axis if they are alike.
  private static func direction(
    of node: Range<Int>, keys: UnsafeMutablePointer<UInt64>, space: SearchSpace, seed: UInt64
  ) -> [Float] {
    let width = space.width
    var generator = SplitMix64(seed: SplitMix64.mix(seed) ^ UInt64(node.lowerBound) << 32 ^ UInt64(node.upperBound))
    for _ in 0..<4 {
      let (a, b) = (
        KeyLists.row(keys[Int.random(in: node, using: &generator)]),
        KeyLists.row(keys[Int.random(in: node, using: &generator)])
      )
      let difference = (0..<width).map { space.values.values[a * width + $0] - space.values.values[b * width + $0] }
      if difference.contains(where: { $0 != 0 }) { return difference }
    }
    return (0..<width).map { $0 == 0 ? 1 : 0 }
  }
}
