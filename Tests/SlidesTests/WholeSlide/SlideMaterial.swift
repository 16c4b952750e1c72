import DemoProject
import FeatureData
import Foundation

@testable import Slides

/// A small slide of the demo, written once for all tests: five places along a side, tiles of 64 pixels that take 128 on
/// the slide at 0.5 µm, with levels at 1, 1/4 and 1/16.
enum SlideMaterial {
  static let plan = DemoPlan(
    slideCount: 1, tileCounts: 12...12, tileSidePixels: 64, tileSideMicrons: 64, slideImageCount: 1)

  static let project: String = {
    let folder = NSTemporaryDirectory() + "tessera-slides-" + UUID().uuidString
    do { try DemoProject.write(to: folder, seed: 11, plan: plan) } catch { fatalError("no demo: \(error)") }
    atexit { try? FileManager.default.removeItem(atPath: SlideMaterial.project) }
    return folder
  }()

  static var path: String { project + "/slides/DEMO-01.svs" }
  static var tileFile: String { project + "/tfrecords/64px_64um/DEMO-01.tfrecords" }
  static let size = TileSize(pixels: 64, extent: .microns(64))

  static func slide() throws -> WholeSlideImage { try WholeSlideImage(path: path) }

  /// A copy whose picture is spoilt over a range of its file, in shares of the whole.
  static func spoilt(in folder: ScratchFolder, from: Double, to: Double) throws -> String {
    var bytes = try Array(Data(contentsOf: URL(filePath: path)))
    for index in Int(Double(bytes.count) * from)..<Int(Double(bytes.count) * to) { bytes[index] = 0 }
    return try folder.write(bytes, as: "spoilt.svs")
  }

  /// Keeps every place: no background filter.
  static let noFilter = BackgroundFilter(whitespaceFraction: 1, grayspaceFraction: 1)
}
