package import FeatureData
import Files
import Foundation
import Glibc
import Slides
import Synchronization

/// Writes the built-in demo: a slideflow 3 project of synthetic H&E slides with a trained model.
///
/// The same seed and plan give the same bytes.
package enum DemoProject {
  /// Where the model lies in the project.
  package static let modelFolder = "models"

  /// Writes the project to a folder that is absent or empty. Nothing stays there if it fails or is interrupted.
  /// - Throws: `DemoProjectError`, `SlidesError`, `WorkInterrupted`.
  package static func write(
    to folder: String, seed: UInt64 = 1, plan: DemoPlan = .standard, monitor: any WorkMonitor = SilentMonitor()
  ) throws {
    let manager = FileManager.default
    if let present = try? manager.contentsOfDirectory(atPath: folder) {
      guard present.isEmpty else { throw DemoProjectError.folderNotEmpty(path: folder) }
    } else if manager.fileExists(atPath: folder) {
      throw DemoProjectError.folderNotEmpty(path: folder)
    }
    let trimmed = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let unfinished = "\(trimmed).\(ProcessInfo.processInfo.processIdentifier).unfinished"
    do {
      try makeFolder(unfinished)
      try writeContents(to: unfinished, seed: seed, plan: plan, monitor: monitor)
      try rename(unfinished, to: trimmed)
    } catch {
      try? manager.removeItem(atPath: unfinished)
      throw error
    }
  }

  private static func writeContents(
    to folder: String, seed: UInt64, plan: DemoPlan, monitor: any WorkMonitor
  ) throws {
    let slides = DemoSlide.all(seed: seed, plan: plan)
    let tileFolder = "\(folder)/tfrecords/\(plan.tileLabel)"
    try makeFolder(tileFolder)
    try makeFolder("\(folder)/\(modelFolder)")
    let total = slides.reduce(0) { $0 + $1.tiles.count }
    var done = 0
    for slide in slides {
      try write(slide, to: tileFolder, plan: plan, done: done, total: total, monitor: monitor)
      done += slide.tiles.count
    }
    try writeImages(
      Array(slides.prefix(plan.slideImageCount)), to: "\(folder)/slides", tileFolder: tileFolder, plan: plan,
      monitor: monitor)
    try TFRecordManifest.write(
      counts: slides.map { ("\($0.name).tfrecords", $0.tiles.count) }, to: tileFolder)
    try SlidesError.write(DemoDocuments.settings, to: "\(folder)/settings.json")
    try SlidesError.write(DemoDocuments.datasets, to: "\(folder)/datasets.json")
    try SlidesError.write(DemoDocuments.annotations(of: slides), to: "\(folder)/annotations.csv")
    try SlidesError.write(DemoDocuments.tissues(of: slides), to: "\(folder)/tissue.csv")
    try SlidesError.write(DemoModel.onnx, to: "\(folder)/\(modelFolder)/hpv.onnx")
    try SlidesError.write(DemoDocuments.modelParameters(plan: plan), to: "\(folder)/\(modelFolder)/params.json")
  }

  /// Paints and encodes a slide's tiles on all cores, then writes them in order.
  private static func write(
    _ slide: DemoSlide, to folder: String, plan: DemoPlan, done: Int, total: Int, monitor: any WorkMonitor
  ) throws {
    let finished = Mutex(done)
    let pictures = try TileWork.results(count: slide.tiles.count, monitor: monitor) { index, encoder in
      let picture = try encoder.jpeg(slide.image(slide.tiles[index], plan: plan))
      let count = finished.withLock { count in
        count += 1
        return count
      }
      monitor.report(phase: "painting slides", unit: "tiles", done: count, total: total)
      return picture
    }
    var writer = try TFRecordWriter(folder: folder, slideName: slide.name)
    for (tile, picture) in zip(slide.tiles, pictures) {
      try writer.append(TileExample(slide: slide.name, image: picture, location: tile.location))
    }
    try writer.finish()
  }

  /// Writes the first slides as images too, from their records.
  private static func writeImages(
    _ slides: [DemoSlide], to folder: String, tileFolder: String, plan: DemoPlan, monitor: any WorkMonitor
  ) throws {
    guard !slides.isEmpty else { return }
    try makeFolder(folder)
    let total = slides.reduce(0) { $0 + SlideImageFile.rowCount($1, plan: plan) }
    var done = 0
    for slide in slides {
      let records = try TFRecordFile(
        path: "\(tileFolder)/\(slide.name).tfrecords", indexes: TFRecordIndexes(folder: nil))
      try SlideImageFile.write(
        slide, records: records, plan: plan, to: "\(folder)/\(slide.name).svs", monitor: monitor
      ) { rows in
        monitor.report(phase: "writing slide images", unit: "rows", done: done + rows, total: total)
      }
      done += SlideImageFile.rowCount(slide, plan: plan)
    }
  }

  private static func makeFolder(_ path: String) throws(DemoProjectError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotMakeFolder(path: path, reason: error.reason)
    }
  }

  private static func rename(_ path: String, to newPath: String) throws(DemoProjectError) {
    guard Glibc.rename(path, newPath) == 0 else {
      throw .cannotMakeFolder(path: newPath, reason: String(cString: strerror(errno)))
    }
  }
}

/// Why the demo project cannot be written.
package enum DemoProjectError: Error, Sendable, Equatable {
  /// The folder holds something already, or is a file.
  case folderNotEmpty(path: String)
  case cannotMakeFolder(path: String, reason: String)
}

extension DemoProjectError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .folderNotEmpty(let path): "\(path) holds something already."
    case .cannotMakeFolder(let path, let reason): "The folder \(path) cannot be made: \(reason)."
    }
  }
}
