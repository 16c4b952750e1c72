import FeatureData
import Foundation
import Inference
import OpenVINOEngine
import Slides

/// `time-inference MODEL FOLDER f32|bf16`: runs the JPEG tiles of a folder through a model, as `features` does, and
/// prints how many there were, the processor seconds and the wall seconds, as a JSON list.
@main struct TimeInference {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let precision = InferenceSettings.Precision(rawValue: arguments[3]) else {
      print("usage: time-inference MODEL FOLDER f32|bf16")
      exit(2)
    }
    let folder = arguments[2]
    let tiles = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jpg") }.sorted()
      .map { try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)) }
    let model = try Model.open(arguments[1], engines: [OpenVINOEngine()])
    guard let side = model.input.sidePixels else { throw Failure(text: "the model takes tiles of any size") }
    let pipeline = try InferencePipeline(
      model: model, layers: [try model.layers.layer(named: "postconv")], outputs: model.layers.heads.map(\.layer),
      standardization: .imagenet, tileSidePixels: side, settings: InferenceSettings(precision: precision))
    func job(_ count: Int) -> SlideJob {
      SlideJob(name: "tiles", tileCount: count) { index, pixels in
        try tiles[index].withUnsafeBytes {
          try TileDecoder().decode($0, into: pixels, width: side, height: side)
        }
      }
    }
    // The first batches make each stream's memory.
    _ = try pipeline.run(job(min(tiles.count, 4 * pipeline.settings.batchSize)))
    let (cpu, start) = (processorSeconds(), ContinuousClock.now)
    let result = try pipeline.run(job(tiles.count))
    let wall = (ContinuousClock.now - start) / .seconds(1)
    guard result.failures.isEmpty else { throw Failure(text: "\(result.failures.count) tiles cannot be read") }
    print("[\(result.tiles.count), \(processorSeconds() - cpu), \(wall)]")
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private struct Failure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }
}
