import FeatureData

/// Clusters as they appear, split and end while density is raised, and those of them that last longest.
struct CondensedTree {
  private struct Cluster {
    let parent: Int32
    /// The density at which it appeared.
    let birth: Double
    /// The rows that left it, each with the density it stood since its birth.
    var stability = 0.0
    var children: [Int32] = []
  }

  private let rowCount: Int
  /// The root, which is everything, first; children after their parents.
  private var clusters: [Cluster] = []
  /// By row: the cluster that it was last in.
  private var lastCluster: [Int32]

  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n).
  init(_ tree: ReachabilityTree, minClusterSize: Int, monitor: any WorkMonitor) throws(WorkInterrupted) {
    let n = tree.boxes.count
    rowCount = n
    lastCluster = [Int32](repeating: 0, count: n)
    let merges = try Merges(tree, monitor: monitor)
    clusters.append(Cluster(parent: -1, birth: 0))
    guard n > 1 else { return }
    // A part that is too small has left its cluster, with all that it falls into.
    var stack: [(node: Int32, cluster: Int32, hasLeft: Bool)] = [(Int32(2 * n - 2), 0, false)]
    var done = 0
    while let (node, cluster, hasLeft) = stack.popLast() {
      done += 1
      if done.isMultiple(of: 65_536) { try monitor.checkInterrupted() }
      guard node >= n else {
        lastCluster[Int(tree.boxes.rows[Int(node)])] = cluster
        continue
      }
      let merge = Int(node) - n
      let density = merges.densities[merge]
      let (left, right) = (merges.lefts[merge], merges.rights[merge])
      let sizes = (merges.size(of: left), merges.size(of: right))
      if hasLeft {
        stack.append((left, cluster, true))
        stack.append((right, cluster, true))
        continue
      }
      let stays = density - clusters[Int(cluster)].birth
      if sizes.0 >= minClusterSize, sizes.1 >= minClusterSize {
        clusters[Int(cluster)].stability += Double(sizes.0 + sizes.1) * stays
        for child in [left, right] {
          let number = Int32(clusters.count)
          clusters[Int(cluster)].children.append(number)
          clusters.append(Cluster(parent: cluster, birth: density))
          stack.append((child, number, false))
        }
        continue
      }
      for (child, size) in [(left, sizes.0), (right, sizes.1)] {
        let leaves = size < minClusterSize
        if leaves { clusters[Int(cluster)].stability += Double(size) * stays }
        stack.append((child, cluster, leaves))
      }
    }
  }

  /// By row the number of its cluster, from 0; −1 for a row in none. A cluster is one that lasts longer, weighed by its
  /// rows, than those that it splits into; everything together is none.
  func labels() -> [Int32] {
    var isChosen = [Bool](repeating: false, count: clusters.count)
    var best = clusters.map(\.stability)
    for number in stride(from: clusters.count - 1, to: 0, by: -1) {
      let below = clusters[number].children.reduce(0.0) { $0 + best[Int($1)] }
      isChosen[number] = clusters[number].children.isEmpty || clusters[number].stability >= below
      best[number] = max(clusters[number].stability, below)
    }
    // Parents come first: what lies in a chosen one belongs to it.
    var numbers = [Int32](repeating: -1, count: clusters.count)
    var count: Int32 = 0
    for number in clusters.indices.dropFirst() {
      let above = numbers[Int(clusters[number].parent)]
      if above >= 0 {
        numbers[number] = above
      } else if isChosen[number] {
        numbers[number] = count
        count += 1
      }
    }
    return lastCluster.map { numbers[Int($0)] }
  }
}

/// The edges of a tree as merges of parts, shortest first: the parts are places, and n and more for what was merged.
private struct Merges {
  private(set) var lefts: [Int32] = []
  private(set) var rights: [Int32] = []
  /// One over the distance.
  private(set) var densities: [Double] = []
  private var sizes: [Int32]
  private let placeCount: Int

  init(_ tree: ReachabilityTree, monitor: any WorkMonitor) throws(WorkInterrupted) {
    let n = tree.boxes.count
    placeCount = n
    sizes = []
    sizes.reserveCapacity(n)
    let shortest = tree.edges.first { $0.squared > 0 }.map { Double($0.squared).squareRoot() } ?? 1
    var components = Components(count: n)
    var nodes = (0..<Int32(n)).map { $0 }
    for (place, edge) in tree.edges.enumerated() {
      if place.isMultiple(of: 65_536) { try monitor.checkInterrupted() }
      let (a, b) = (nodes[Int(components.root(of: edge.a))], nodes[Int(components.root(of: edge.b))])
      lefts.append(a)
      rights.append(b)
      densities.append(1 / max(Double(edge.squared).squareRoot(), shortest / 2))
      sizes.append(Int32(size(of: a) + size(of: b)))
      _ = components.join(edge.a, edge.b)
      nodes[Int(components.root(of: edge.a))] = Int32(n + lefts.count - 1)
    }
  }

  func size(of node: Int32) -> Int { node < placeCount ? 1 : Int(sizes[Int(node) - placeCount]) }
}
