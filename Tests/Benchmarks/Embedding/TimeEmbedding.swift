import Analysis
import FeatureData
import Foundation

/// `time-embedding ROWS.npy MAP.npy [name=value …]`: maps the rows of a two-dimensional array of float32 as `slide_map`
/// does, writes the map as an array, and prints what each phase took, in wall and processor seconds, as JSON.
///
/// Names: `n_neighbors min_dist metric epochs seed threads low_memory`.
@main struct TimeEmbedding {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else {
      print("usage: time-embedding ROWS.npy MAP.npy [name=value …]")
      exit(2)
    }
    var options: [String: String] = [:]
    for argument in arguments.dropFirst(3) {
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      options[parts[0]] = parts.count == 2 ? parts[1] : "true"
    }
    var parameters = EmbeddingParameters()
    parameters.neighbours = options["n_neighbors"].flatMap { Int($0) } ?? 50
    parameters.minDist = options["min_dist"].flatMap { Double($0) } ?? 0.1
    parameters.metric = options["metric"].flatMap(DistanceMetric.init(rawValue:)) ?? .cosine
    parameters.seed = options["seed"].flatMap { UInt64($0) } ?? 42
    parameters.epochs = options["epochs"].flatMap { Int($0) }
    let rows = try ArrayFile(path: arguments[1]).rows(areCopied: options["low_memory"] != "true")
    let clock = PhaseClock()
    let (cpu, start) = (processorSeconds(), ContinuousClock.now)
    let map = try Embedder(parameters, threads: options["threads"].flatMap { Int($0) }).embed(rows, monitor: clock)
    let (wall, spent) = ((ContinuousClock.now - start) / .seconds(1), processorSeconds() - cpu)
    let phases = clock.seconds()
    let quality = try MapQuality.measure(
      original: rows, metric: parameters.metric, map: map.coordinates, found: map.sampledDistances, monitor: clock)
    let report = Report(
      rows: rows.rowCount, columns: rows.columnCount, wall: wall, cpu: spent, phases: phases,
      peakAnonymousMemory: clock.peakAnonymousMemory(), qualityCPU: processorSeconds() - cpu - spent,
      search: map.neighbourMethod.map { "\($0.kind) \($0.components ?? rows.columnCount)" } ?? "",
      recall: quality.neighbourRecall, trustworthiness: quality.trustworthiness, continuity: quality.continuity,
      preservation: quality.neighbourPreservation)
    try ArrayFile.write(map.coordinates, to: arguments[2])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    print(String(decoding: try encoder.encode(report), as: UTF8.self))
  }

  private struct Report: Encodable {
    let rows: Int
    let columns: Int
    let wall: Double
    let cpu: Double
    /// Wall seconds by phase.
    let phases: [String: Double]
    /// In megabytes, sampled.
    let peakAnonymousMemory: Double
    /// What measuring the quality took, in processor seconds.
    let qualityCPU: Double
    /// How neighbours were found, and in how many columns.
    let search: String
    let recall: Double?
    let trustworthiness: Double?
    let continuity: Double?
    let preservation: Double?
  }
}

func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
