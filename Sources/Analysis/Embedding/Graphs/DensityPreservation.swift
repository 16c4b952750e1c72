import CSIMDKernels
import FeatureData
import Glibc

/// Makes the layout's last epochs keep how dense rows lie: radii of neighbourhoods on the map are to correlate with
/// those in the data (densMAP).
///
/// The radius of a row is the mean squared distance of its neighbours, by the weights of the graph in the data and by
/// those of the curve on the map; logarithms of both are compared.
///
/// Source: Narayan, Berger, Cho, "Assessing single-cell transcriptomic variability through density-preserving data
/// visualization", 2021, doi:10.1038/s41587-020-00801-7, with its constants.
struct DensityPreservation: Sendable {
  private static let strength: Float = 2
  /// Epochs at the end in which the term counts.
  static let share = 0.3
  private static let varianceShift: Float = 0.1
  private static let tiny: Float = 1e-8

  /// By vertex, the logarithm of the radius in the data at mean 0 and variance 1.
  let dataRadii: [Float]
  private let graph: FuzzyGraph
  private let heaviest: Float
  private let totalStrength: Float
  private let threads: WorkerThreads
  private let monitor: any WorkMonitor

  /// - Parameter neighbours: What the graph was made from.
  /// - Throws: `WorkInterrupted`.
  init(
    _ graph: FuzzyGraph, neighbours: NeighbourGraph, threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    self.monitor = monitor
    let (n, k) = (graph.rowCount, neighbours.neighbourCount)
    self.graph = graph
    self.threads = threads
    // An edge has its distance in the list of one of its ends at least.
    func distance(_ row: Int, _ column: Int) -> Float? {
      for entry in row * k..<(row + 1) * k where Int(neighbours.indices[entry]) == column {
        return neighbours.distances[entry]
      }
      return nil
    }
    var radii = [Float](repeating: 0, count: n)
    radii.withUnsafeMutableBufferPointer { radii in
      nonisolated(unsafe) let radii = radii
      threads.forEachBlock(of: n, size: 512) { block in
        if monitor.isInterrupted { return }
        for row in block {
          var (sum, weights): (Float, Float) = (0, 0)
          for edge in graph.edges(of: row) {
            let column = Int(graph.columns[edge])
            let distance = distance(row, column) ?? distance(column, row) ?? 0
            sum += graph.weights[edge] * distance * distance
            weights += graph.weights[edge]
          }
          radii[row] = log(Self.tiny + (weights > 0 ? sum / weights : 0))
        }
      }
    }
    try monitor.checkInterrupted()
    let moments = Moments(radii)
    let deviation = moments.variance.squareRoot()
    dataRadii = radii.map { deviation > 0 ? ($0 - moments.mean) / deviation : 0 }
    heaviest = try BlockedSums.largest(of: graph.weights, threads: threads, monitor: monitor)
    let total = Float(try BlockedSums.total(of: graph.weights, threads: threads, monitor: monitor))
    // umap-learn adds up the map's weights twice, which halves the force that its strength means.
    totalStrength = Self.strength * total / 4 / Float(max(1, n))
  }

  /// By vertex, the logarithm of the radius on the map, and the sum of the curve's weights.
  func mapRadii(_ places: UnsafePointer<Float>, dimensions: Int, curve: LayoutCurve) -> (
    radii: [Float], weights: [Float]
  ) {
    let n = graph.rowCount
    let (a, b) = (Float(curve.a), Float(curve.b))
    var radii = [Float](repeating: 0, count: n)
    var sums = radii
    radii.withUnsafeMutableBufferPointer { radii in
      sums.withUnsafeMutableBufferPointer { sums in
        nonisolated(unsafe) let (radii, sums, places) = (radii, sums, places)
        threads.forEachBlock(of: n, size: 512) { block in
          if monitor.isInterrupted { return }
          for row in block {
            var (sum, weights): (Float, Float) = (0, Self.tiny)
            for edge in graph.edges(of: row) {
              let other = Int(graph.columns[edge])
              var squared: Float = 0
              for axis in 0..<dimensions {
                let difference = places[row * dimensions + axis] - places[other * dimensions + axis]
                squared += difference * difference
              }
              let weight = 1 / (1 + a * pow(squared, b))
              sum += weight * squared
              weights += weight
            }
            radii[row] = log(Self.tiny + sum / weights)
            sums[row] = weights
          }
        }
      }
    }
    return (radii, sums)
  }

  /// Hands the term on in the form of the kernel, for the places that vertices have.
  func withTerm(
    _ places: UnsafePointer<Float>, dimensions: Int, curve: LayoutCurve, _ body: (simd_densities) -> Void
  ) {
    let (radii, weights) = mapRadii(places, dimensions: dimensions, curve: curve)
    let moments = Moments(radii)
    var covariance = 0.0
    for (data, map) in zip(dataRadii, radii) { covariance += Double(data) * Double(map - moments.mean) }
    dataRadii.withUnsafeBufferPointer { data in
      radii.withUnsafeBufferPointer { radii in
        weights.withUnsafeBufferPointer { weights in
          body(
            simd_densities(
              heaviest: heaviest, data_radii: data.baseAddress, map_radii: radii.baseAddress,
              map_weights: weights.baseAddress, covariance: Float(covariance / Double(max(1, radii.count - 1))),
              mean: moments.mean, variance: moments.variance + Self.varianceShift, strength: totalStrength))
        }
      }
    }
  }

  private struct Moments {
    let mean: Float
    let variance: Float

    init(_ values: [Float]) {
      let n = Double(max(1, values.count))
      let mean = values.reduce(into: 0.0) { $0 += Double($1) } / n
      self.mean = Float(mean)
      variance = Float(values.reduce(into: 0.0) { $0 += (Double($1) - mean) * (Double($1) - mean) } / n)
    }
  }
}
