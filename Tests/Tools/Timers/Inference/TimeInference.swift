import FeatureData
import Foundation
import Inference
import OpenVINOEngine
import Slides

/// `time-inference MODEL FOLDER f32|bf16|int8 …`: runs the JPEG tiles of a folder through a model, as `features` does, and
/// prints for each precision how many there were, the processor seconds and the wall seconds, as a JSON list.
///
/// For int8 the network is calibrated on the first 64 tiles, which is not timed. With several precisions a list ends in the
/// mean and the least cosine of the features with those of the first, over the tiles after these. `time-inference worker …`
/// and `time-inference decode …` are `WorkerTiming`'s.
@main struct TimeInference {
  private static let calibratingCount = 64

  static func main() throws {
    let arguments = CommandLine.arguments
    if try WorkerTiming.run(Array(arguments.dropFirst())) { return }
    let precisions = arguments.dropFirst(3).compactMap(InferenceSettings.Precision.init(rawValue:))
    guard arguments.count > 3, precisions.count == arguments.count - 3 else {
      print("usage: time-inference MODEL FOLDER f32|bf16|int8 …, or worker …, or decode …")
      exit(2)
    }
    let tiles = try Tiles(folder: arguments[2], model: try Model.open(arguments[1], engines: [OpenVINOEngine()]))
    var first: Matrix?
    for precision in precisions {
      let (features, numbers) = try tiles.timed(precision, hasLogits: precisions.count == 1)
      let compared = first.map { cosines(features, $0) } ?? []
      first = first ?? features
      print(precisions.count == 1 ? "\(numbers)" : "\(precision.rawValue) \(numbers + compared)")
    }
  }

  /// The mean and the least.
  private static func cosines(_ rows: Matrix, _ others: Matrix) -> [Double] {
    let cosines = (min(calibratingCount, rows.rowCount / 2)..<rows.rowCount).map { row in
      func product(_ one: ArraySlice<Float>, _ other: ArraySlice<Float>) -> Double {
        zip(one, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let (one, other) = (rows.row(row), others.row(row))
      return product(one, other) / (product(one, one) * product(other, other)).squareRoot()
    }
    return [cosines.reduce(0, +) / Double(cosines.count), cosines.min() ?? 0]
  }

  private struct Tiles {
    let files: JPEGTiles
    let model: Model
    let side: Int
    let layers: [Layer]

    init(folder: String, model: Model) throws {
      files = try JPEGTiles(folder)
      guard let side = model.input.sidePixels else { throw Failure(text: "the model takes tiles of any size") }
      self.model = model
      self.side = side
      layers = [try model.layers.layer(named: "postconv")]
    }

    func job(_ count: Int) -> SlideJob { files.job(count, side: side) }

    func timed(_ precision: InferenceSettings.Precision, hasLogits: Bool) throws -> (Matrix, [Double]) {
      var settings = InferenceSettings(precision: precision)
      if precision == .int8 {
        settings.calibration = try InferencePipeline.calibrate(
          model, layers: layers, standardization: .imagenet, tileSidePixels: side,
          tiles: job(min(files.count, calibratingCount)), digest: { _ in "" })
      }
      let pipeline = try InferencePipeline(
        model: model, layers: layers, outputs: hasLogits ? model.layers.heads.map(\.layer) : [],
        standardization: .imagenet, tileSidePixels: side, settings: settings)
      // The first batches make each stream's memory.
      _ = try pipeline.run(job(min(files.count, 4 * pipeline.settings.batchSize)))
      let (cpu, start) = (processorSeconds(), ContinuousClock.now)
      let result = try pipeline.run(job(files.count))
      let wall = (ContinuousClock.now - start) / .seconds(1)
      guard result.failures.isEmpty else { throw Failure(text: "\(result.failures.count) tiles cannot be read") }
      FileHandle.standardError.write(Data((pipeline.record + "\n").utf8))
      return (result.activations[0], [Double(result.tiles.count), processorSeconds() - cpu, wall])
    }
  }

  static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  struct Failure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }
}
