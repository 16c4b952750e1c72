import Foundation
import Inference
import Slides

/// JPEG tiles in memory; of a larger number than there are, they come over and over.
struct JPEGTiles: Sendable {
  private let files: [Data]
  var count: Int { files.count }

  init(_ folder: String) throws {
    files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jpg") }.sorted()
      .map { try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)) }
  }

  func decode(_ index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>, side: Int) throws {
    try files[index % count].withUnsafeBytes {
      try TileDecoder().decode($0, into: pixels, width: side, height: side)
    }
  }

  func job(_ count: Int, side: Int) -> SlideJob {
    SlideJob(name: "tiles", tileCount: count) { try decode($0, into: $1, side: side) }
  }
}
