import Analysis
import FeatureData
import Foundation

/// `time-embedding ROWS.npy RESULT.npy [name=value …]`: maps the rows of a two-dimensional array of float32 as
/// `slide_map` does, writes the map as an array, and prints what each phase took, in wall and processor seconds, as
/// JSON. With `only=neighbours` it is the neighbours, without the row itself, that are found and written.
///
/// Names: `method n_neighbors min_dist metric n_pcs n_epochs init densmap dim seed threads low_memory only interrupt`. With
/// `interrupt=SECONDS` the work is interrupted then, and what is printed is how long it took to stop.
@main struct TimeEmbedding {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else {
      print("usage: time-embedding ROWS.npy RESULT.npy [name=value …]")
      exit(2)
    }
    var options: [String: String] = [:]
    for argument in arguments.dropFirst(3) {
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      options[parts[0]] = parts.count == 2 ? parts[1] : "true"
    }
    func number(_ name: String) -> Int? { options[name].flatMap { Int($0) } }
    var parameters = EmbeddingParameters()
    parameters.method = options["method"].flatMap(EmbeddingParameters.Method.init(rawValue:)) ?? .umap
    parameters.minDist = options["min_dist"].flatMap { Double($0) } ?? 0.1
    parameters.metric = options["metric"].flatMap(DistanceMetric.init(rawValue:)) ?? .cosine
    parameters.seed = options["seed"].flatMap { UInt64($0) } ?? 42
    parameters.epochs = number("n_epochs")
    parameters.dimensions = number("dim") ?? 2
    parameters.preservesDensity = options["densmap"] == "true"
    parameters.initialisation = options["init"].flatMap(EmbeddingParameters.Initialisation.init(rawValue:)) ?? .pca
    parameters.componentCount = number("n_pcs")
    let rows = try ArrayFile(path: arguments[1]).rows(areCopied: options["low_memory"] != "true")
    parameters.neighbours = number("n_neighbors") ?? EmbeddingParameters.neighbours(ofRows: rows.rowCount)
    let clock = PhaseClock(interruptingAfter: options["interrupt"].flatMap { Double($0) })
    let (cpu, start) = (processorSeconds(), ContinuousClock.now)
    func report(_ phases: [String: Double]) -> Report {
      Report(
        rows: rows.rowCount, columns: rows.columnCount, wall: (ContinuousClock.now - start) / .seconds(1),
        cpu: processorSeconds() - cpu, phases: phases)
    }
    var result: Report
    do {
      if options["only"] == "neighbours" {
        let found = try NeighbourGraph.found(
          in: rows, metric: parameters.metric, count: parameters.neighbours - 1, seed: parameters.seed,
          threads: number("threads"), monitor: clock)
        result = report(clock.seconds())
        result.search = description(found.method)
        try ArrayFile.write(
          found.graph.indices, rowCount: rows.rowCount, columnCount: found.graph.neighbourCount, kind: "<i4",
          to: arguments[2])
      } else {
        let map = try Embedder(parameters, threads: number("threads")).embed(rows, monitor: clock)
        result = report(clock.seconds())
        result.search = map.neighbourMethod.map(description)
        result.recall = map.neighbourRecall
        let before = processorSeconds()
        result.quality = Report.Quality(
          try MapQuality.measure(
            original: rows, metric: parameters.metric, map: map.coordinates,
            threads: number("threads"), monitor: clock))
        result.quality?.cpu = processorSeconds() - before
        try ArrayFile.write(
          map.coordinates.elements, rowCount: rows.rowCount, columnCount: map.coordinates.columnCount, kind: "<f4",
          to: arguments[2])
      }
    } catch is WorkInterrupted {
      let late = clock.end.map { (ContinuousClock.now - $0) / .seconds(1) } ?? 0
      print("stopped after \(Int(1000 * late)) ms in the phase \(clock.phase)")
      return
    }
    result.peakAnonymousMemory = clock.peakAnonymousMemory()
    result.unwatched = clock.longestGaps()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    print(String(decoding: try encoder.encode(result), as: UTF8.self))
  }

  private static func description(_ method: NeighbourMethod) -> String {
    method.kind.rawValue + (method.components.map { " on \($0) components" } ?? "")
  }

  private struct Report: Encodable {
    let rows: Int
    let columns: Int
    let wall: Double
    let cpu: Double
    /// Wall seconds by phase.
    let phases: [String: Double]
    /// How neighbours were found.
    var search: String?
    /// In megabytes, sampled at the reports of progress.
    var peakAnonymousMemory = 0.0
    /// By phase the longest wall seconds in which nobody asked whether the work is to stop.
    var unwatched: [String: Double] = [:]
    /// The share of the true neighbours among those that the map was made from.
    var recall: Double?
    /// As it is printed with every map.
    var quality: Quality?

    struct Quality: Encodable {
      var cpu = 0.0
      let trustworthiness: Double?
      let continuity: Double?
      let preservation: Double?

      init(_ quality: MapQuality) {
        trustworthiness = quality.trustworthiness
        continuity = quality.continuity
        preservation = quality.neighbourPreservation
      }
    }
  }
}

func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
