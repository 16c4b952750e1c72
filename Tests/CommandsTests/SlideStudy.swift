import CommandLanguage
import DemoProject
import Foundation
import Commands
import Slides

/// A small demo project with two slides and their files, in a folder that is removed afterwards: tiles of 64 pixels that
/// take 128 on the slide.
final class SlideStudy: SessionStudy {
  let folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
  let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles())

  /// Painted once, and copied for each study.
  private static let original: Result<String, any Error> = Result {
    let folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
    try DemoProject.write(
      to: folder, seed: 3,
      plan: DemoPlan(slideCount: 3, tileCounts: 8...10, tileSidePixels: 64, tileSideMicrons: 64, slideImageCount: 2))
    atexit {
      if case .success(let folder) = SlideStudy.original { try? FileManager.default.removeItem(atPath: folder) }
    }
    return folder
  }

  init() throws { try FileManager.default.copyItem(atPath: try Self.original.get(), toPath: folder) }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func read(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: folder + "/" + name))) }

  /// The picture of a tile of the project, as a JPEG file.
  func firstTile() throws -> [UInt8] {
    try TFRecordFile(path: folder + "/tfrecords/64px_64um/DEMO-01.tfrecords", indexes: TFRecordIndexes(folder: nil))
      .example(0).image
  }
}
