import CSIMDKernels
import FeatureData

/// The least tree over rows by mutual reachability: the distance of two rows, or the distance to the k-th nearest row of
/// either if that is longer.
///
/// It is grown by Borůvka's method: each part of the tree looks for its shortest edge to another part, all parts at once,
/// until there is one part. Of equally short edges the one between the lower rows counts, so that the tree does not depend
/// on the number of threads.
///
/// Source: Curtin, March, Ram et al., "Fast Euclidean minimum spanning tree", 2010, doi:10.1145/1835804.1835882, of the idea
/// to pass over parts of a tree of boxes that belong to one component.
struct ReachabilityTree {
  struct Edge: Sendable {
    let squared: Float
    /// Places in the box tree's order, the lower first.
    let a: Int32
    let b: Int32

    static func precedes(_ first: Edge, _ second: Edge) -> Bool {
      (first.squared, first.a, first.b) < (second.squared, second.a, second.b)
    }
  }

  let boxes: BoxTree
  /// n − 1, shortest first.
  private(set) var edges: [Edge] = []

  private static let chunk = 512

  /// - Throws: `WorkInterrupted`.
  init(_ boxes: BoxTree, minSamples: Int, threads: WorkerThreads, monitor: any WorkMonitor) throws(WorkInterrupted) {
    self.boxes = boxes
    let n = boxes.count
    let cores = try Self.coreDistances(boxes, k: minSamples, threads: threads, monitor: monitor)
    let nodeCores = boxes.nodes.map { node in
      cores[Int(node.range.lowerBound)..<Int(node.range.upperBound)].min() ?? 0
    }
    var components = Components(count: n)
    edges.reserveCapacity(max(0, n - 1))
    while edges.count < n - 1 {
      monitor.report(phase: "density", unit: "tiles", done: edges.count, total: n)
      let owners = (0..<Int32(n)).map { components.root(of: $0) }
      let nodeOwners = Self.nodeOwners(boxes, owners)
      let found = try Self.shortest(
        boxes, cores: cores, nodeCores: nodeCores, owners: owners, nodeOwners: nodeOwners, threads: threads,
        monitor: monitor)
      // With one order of all edges, no circle can come of them.
      for edge in found where components.join(edge.a, edge.b) { edges.append(edge) }
    }
    edges = try Self.sorted(edges, monitor: monitor)
  }

  /// Piece by piece, so that it can be interrupted.
  private static func sorted(_ edges: [Edge], monitor: any WorkMonitor) throws(WorkInterrupted) -> [Edge] {
    let size = 32_768
    var runs: [[Edge]] = []
    for start in stride(from: 0, to: edges.count, by: size) {
      try monitor.checkInterrupted()
      runs.append(edges[start..<min(edges.count, start + size)].sorted(by: Edge.precedes))
    }
    while runs.count > 1 {
      var merged: [[Edge]] = []
      for start in stride(from: 0, to: runs.count, by: 2) {
        try monitor.checkInterrupted()
        merged.append(start + 1 < runs.count ? self.merged(runs[start], runs[start + 1]) : runs[start])
      }
      runs = merged
    }
    return runs.first ?? []
  }

  private static func merged(_ first: [Edge], _ second: [Edge]) -> [Edge] {
    var result: [Edge] = []
    result.reserveCapacity(first.count + second.count)
    var (i, j) = (0, 0)
    while i < first.count || j < second.count {
      if j == second.count || i < first.count && Edge.precedes(first[i], second[j]) {
        result.append(first[i])
        i += 1
      } else {
        result.append(second[j])
        j += 1
      }
    }
    return result
  }

  /// Squared distances to the k-th nearest place, the place itself among them.
  private static func coreDistances(
    _ boxes: BoxTree, k: Int, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> [Float] {
    var cores = [Float](repeating: 0, count: boxes.count)
    cores.withUnsafeMutableBufferPointer { cores in
      nonisolated(unsafe) let cores = cores
      threads.forEachBlock(of: boxes.count, size: chunk) { block in
        if monitor.isInterrupted { return }
        var nearest = NearestValues(capacity: k)
        var stack: [Int32] = []
        boxes.withPointers { values, lows, highs in
          for place in block {
            nearest.removeAll()
            stack.append(0)
            while let node = stack.popLast() {
              let bound = boxes.squaredDistance(values, place, toNode: Int(node), lows, highs)
              if bound > nearest.limit { continue }
              let children = boxes.nodes[Int(node)].children
              guard children < 0 else {
                // The nearer child is looked at first: it lowers the limit.
                let first = boxes.squaredDistance(values, place, toNode: Int(children), lows, highs)
                let second = boxes.squaredDistance(values, place, toNode: Int(children) + 1, lows, highs)
                stack.append(first <= second ? children + 1 : children)
                stack.append(first <= second ? children : children + 1)
                continue
              }
              for other in boxes.nodes[Int(node)].range {
                nearest.insert(boxes.squaredDistance(values, place, Int(other)))
              }
            }
            cores[place] = nearest.limit
          }
        }
      }
    }
    try monitor.checkInterrupted()
    return cores
  }

  /// The component that all places of a node belong to; −1 where they are of several.
  private static func nodeOwners(_ boxes: BoxTree, _ owners: [Int32]) -> [Int32] {
    var result = [Int32](repeating: -1, count: boxes.nodes.count)
    for index in boxes.nodes.indices.reversed() {
      let node = boxes.nodes[index]
      if node.children >= 0 {
        let (left, right) = (result[Int(node.children)], result[Int(node.children) + 1])
        result[index] = left == right ? left : -1
      } else if let first = node.range.first {
        let owner = owners[Int(first)]
        result[index] = node.range.allSatisfy { owners[Int($0)] == owner } ? owner : -1
      }
    }
    return result
  }

  /// The shortest edge of each component to another.
  private static func shortest(
    _ boxes: BoxTree, cores: [Float], nodeCores: [Float], owners: [Int32], nodeOwners: [Int32], threads: WorkerThreads,
    monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> [Edge] {
    let n = boxes.count
    let chunkCount = (n + chunk - 1) / chunk
    var found = [[Int32: Edge]](repeating: [:], count: chunkCount)
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      threads.forEach(chunkCount) { number in
        if monitor.isInterrupted { return }
        var best: [Int32: Edge] = [:]
        var stack: [Int32] = []
        boxes.withPointers { values, lows, highs in
          for place in number * chunk..<min(n, (number + 1) * chunk) {
            let owner = owners[place]
            var limit = best[owner] ?? Edge(squared: .infinity, a: .max, b: .max)
            let core = cores[place]
            // Nothing of this place is shorter than its own core distance.
            if core > limit.squared { continue }
            stack.append(0)
            while let node = stack.popLast() {
              if nodeOwners[Int(node)] == owner { continue }
              let reach = boxes.squaredDistance(values, place, toNode: Int(node), lows, highs)
              if max(reach * (1 - 1e-6), nodeCores[Int(node)]) > limit.squared { continue }
              let children = boxes.nodes[Int(node)].children
              guard children < 0 else {
                let first = boxes.squaredDistance(values, place, toNode: Int(children), lows, highs)
                let second = boxes.squaredDistance(values, place, toNode: Int(children) + 1, lows, highs)
                stack.append(first <= second ? children + 1 : children)
                stack.append(first <= second ? children : children + 1)
                continue
              }
              for other in boxes.nodes[Int(node)].range where owners[Int(other)] != owner {
                let squared = max(boxes.squaredDistance(values, place, Int(other)), core, cores[Int(other)])
                let edge = Edge(squared: squared, a: min(Int32(place), other), b: max(Int32(place), other))
                if Edge.precedes(edge, limit) { limit = edge }
              }
            }
            if limit.squared < .infinity { best[owner] = limit }
          }
        }
        found[number] = best
      }
    }
    try monitor.checkInterrupted()
    var best: [Int32: Edge] = [:]
    for part in found {
      try monitor.checkInterrupted()
      for (owner, edge) in part {
        if let held = best[owner], !Edge.precedes(edge, held) { continue }
        best[owner] = edge
      }
    }
    return try sorted(Array(best.values), monitor: monitor)
  }
}

extension BoxTree {
  fileprivate func withPointers(
    _ body: (_ values: UnsafePointer<Float>, _ lows: UnsafePointer<Float>, _ highs: UnsafePointer<Float>) -> Void
  ) {
    values.withUnsafeBufferPointer { values in
      lows.withUnsafeBufferPointer { lows in
        highs.withUnsafeBufferPointer { highs in
          guard let values = values.baseAddress, let lows = lows.baseAddress, let highs = highs.baseAddress else {
            return
          }
          body(values, lows, highs)
        }
      }
    }
  }
}

/// The least of the values that were put in, as many as there is room for: a heap with the largest of them at its top.
private struct NearestValues {
  private let capacity: Int
  private var heap: [Float] = []

  init(capacity: Int) {
    self.capacity = capacity
    heap.reserveCapacity(capacity)
  }

  /// What is larger has no place among them.
  var limit: Float { heap.count < capacity ? .infinity : heap[0] }

  mutating func removeAll() { heap.removeAll(keepingCapacity: true) }

  mutating func insert(_ value: Float) {
    if heap.count < capacity {
      var child = heap.count
      heap.append(value)
      while child > 0, heap[(child - 1) / 2] < heap[child] {
        heap.swapAt((child - 1) / 2, child)
        child = (child - 1) / 2
      }
      return
    }
    guard value < heap[0] else { return }
    heap[0] = value
    var parent = 0
    while true {
      var largest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] > heap[largest] {
        largest = child
      }
      if largest == parent { return }
      heap.swapAt(parent, largest)
      parent = largest
    }
  }
}

/// Which places are joined.
struct Components {
  private var parents: [Int32]
  private var sizes: [Int32]

  init(count: Int) {
    parents = (0..<Int32(count)).map { $0 }
    sizes = [Int32](repeating: 1, count: count)
  }

  mutating func root(of place: Int32) -> Int32 {
    var root = place
    while parents[Int(root)] != root { root = parents[Int(root)] }
    var next = place
    while parents[Int(next)] != root { (parents[Int(next)], next) = (root, parents[Int(next)]) }
    return root
  }

  /// - Returns: False if they were joined already.
  mutating func join(_ a: Int32, _ b: Int32) -> Bool {
    var (first, second) = (root(of: a), root(of: b))
    if first == second { return false }
    if sizes[Int(first)] < sizes[Int(second)] { swap(&first, &second) }
    parents[Int(second)] = first
    sizes[Int(first)] += sizes[Int(second)]
    return true
  }
}
