import CommandLanguage
import FeatureData
import Foundation
import Commands
import Slides
import Synchronization

/// A project of a few 16-pixel tiles and a network of two convolutions, in a folder that is removed afterwards,
/// with an interpreter to run cells in it.
final class SmallStudy: SessionStudy {
  let folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
  let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles())

  /// Six slides of 12 tiles; those of "positive" slides are red, the others blue.
  init() throws {
    let tiles = folder + "/tfrecords/16px_16um"
    try FileManager.default.createDirectory(atPath: tiles, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder + "/models", withIntermediateDirectories: true)
    try write("settings.json", #"{"name": "Small", "annotations": "./annotations.csv", "sources": ["S"]}"#)
    try write("datasets.json", #"{"S": {"tfrecords": "./tfrecords"}}"#)
    var annotations = "patient,slide,HPV_status,site,age\n"
    var generator = SplitMix64(seed: 5)
    for slide in 0..<6 {
      let name = "S-\(slide)"
      annotations +=
        "P\(slide),\(name),\(slide % 2 == 0 ? "positive" : "negative"),\(slide < 3 ? "A" : "B"),\(40 + slide)\n"
      var writer = try TFRecordWriter(folder: tiles, slideName: name)
      for index in 0..<12 {
        let tint: [UInt8] = slide % 2 == 0 ? [200, 60, 60] : [60, 60, 200]
        let pixels = (0..<16 * 16).flatMap { _ in tint.map { $0 &+ UInt8(generator.next() % 50) } }
        let image = RGBImage(width: 16, height: 16, pixels: pixels)
        try writer.append(
          TileExample(
            slide: name, image: try TileEncoder().jpeg(image), location: TileLocation(x: 8 + 16 * index, y: 8)))
      }
      try writer.finish()
    }
    try write("annotations.csv", annotations)
    let models = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("InferenceTests/Fixtures")
    try FileManager.default.copyItem(
      atPath: models.appendingPathComponent("classifier.onnx").path, toPath: folder + "/models/small.onnx")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
  }

  /// Opens the project and computes features as `df`.
  @discardableResult
  func open() -> Shown { run("project '\(folder)'\ndf = features models/small.onnx outcomes=HPV_status") }
}

/// A folder and an interpreter to run cells in.
protocol SessionStudy: Sendable {
  var folder: String { get }
  var language: CommandInterpreter { get }
}

/// What a cell showed.
struct Shown {
  let outputs: [RichOutput]
  let notes: [String]
  /// The rendered diagnostics; nil if the cell ran.
  let failure: String?

  var text: String { (outputs.map(\.text) + notes).joined(separator: "\n") }
}

extension SessionStudy {
  @discardableResult
  func run(_ cell: String, monitor: any ProgressMonitor = Unwatched()) -> Shown {
    let sink = Recorder()
    let outcome = language.run(cell, output: sink, monitor: monitor)
    let (outputs, notes) = sink.recorded.withLock { $0 }
    switch outcome {
    case .completed: return Shown(outputs: outputs, notes: notes, failure: nil)
    case .failed(let failure), .interrupted(let failure):
      return Shown(outputs: outputs, notes: notes, failure: failure.rendered(.plain))
    }
  }
}

struct Unwatched: ProgressMonitor {
  var isInterrupted: Bool { false }
  func report(phase: String, unit: String, done: Int, total: Int) {}
}

private final class Recorder: OutputSink {
  let recorded = Mutex<([RichOutput], [String])>(([], []))

  func show(_ output: RichOutput) { recorded.withLock { $0.0.append(output) } }
  func note(_ text: String) { recorded.withLock { $0.1.append(text) } }
}
