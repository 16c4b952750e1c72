import DemoProject
import FeatureData
import Foundation

@testable import Slides

/// A small slide of the demo, written once for all tests: five places along a side, tiles of 64 pixels that take 128 on
/// the slide at 0.5 µm, with levels at 1, 1/4 and 1/16.
enum SlideMaterial {
  static let plan = DemoPlan(
    slideCount: 1, tileCounts: 12...12, tileSidePixels: 64, tileSideMicrons: 64, slideImageCount: 1)

  /// A demo that cannot be written fails the tests that need it, and not the whole run.
  private static let project: Result<String, any Error> = Result {
    let folder = NSTemporaryDirectory() + "tessera-slides-" + UUID().uuidString
    try DemoProject.write(to: folder, seed: 11, plan: plan)
    atexit {
      if case .success(let folder) = SlideMaterial.project { try? FileManager.default.removeItem(atPath: folder) }
    }
    return folder
  }

  static var path: String { get throws { try project.get() + "/slides/DEMO-01.svs" } }
  static var tileFile: String { get throws { try project.get() + "/tfrecords/64px_64um/DEMO-01.tfrecords" } }
  static let size = TileSize(pixels: 64, extent: .microns(64))

  static func slide() throws -> WholeSlideImage { try WholeSlideImage(path: path) }

  /// A copy that says something else of itself, as "MPP = 0.2500" instead of "MPP = 0.5000".
  static func restated(_ text: String, as other: String, in folder: ScratchFolder) throws -> WholeSlideImage {
    precondition(text.utf8.count == other.utf8.count, "places in the file must stay")
    var data = try Data(contentsOf: URL(filePath: path))
    while let range = data.range(of: Data(text.utf8)) { data.replaceSubrange(range, with: Data(other.utf8)) }
    return try WholeSlideImage(path: folder.write(Array(data), as: "restated.svs"))
  }

  /// A copy whose picture is spoilt over a range of its file, in shares of the whole.
  static func spoilt(in folder: ScratchFolder, from: Double, to: Double) throws -> String {
    var bytes = try Array(Data(contentsOf: URL(filePath: path)))
    for index in Int(Double(bytes.count) * from)..<Int(Double(bytes.count) * to) { bytes[index] = 0 }
    return try folder.write(bytes, as: "spoilt.svs")
  }

  /// Keeps every place: no background filter.
  static let noFilter = BackgroundFilter(whitespaceFraction: 1, grayspaceFraction: 1)
}
