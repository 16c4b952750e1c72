import FeatureData
import Foundation
import Slides

/// What mutations begin with: files that are right.
package struct FileMaterial: Sendable {
  /// JPEG and PNG of many kinds, of 64 pixels and less where they are made here.
  let pictures: [[UInt8]]
  /// Three forms of indexes of slideflow's, and such as are refused.
  let indexes: [[UInt8]]
  /// The examples of a small tile file.
  let examples: [TileExample]

  /// - Parameter fixtures: a folder of pictures and indexes that other programs wrote; nil for those of the tests.
  package init(fixtures: String? = nil) throws {
    let folder =
      fixtures
      ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "SlidesTests/Fixtures").path
    pictures = try Self.encodedPictures() + Self.files(in: folder, endings: ["jpg", "png"])
    indexes = Self.files(in: folder + "/indexes", endings: ["npz", "npy", "index"])
    let tiles = pictures.prefix(4)
    examples = tiles.enumerated().map { index, picture in
      TileExample(slide: "S1", image: picture, location: TileLocation(x: 64 + index * 128, y: 64))
    }
  }

  private static func encodedPictures() throws -> [[UInt8]] {
    var random = SplitMix64(seed: 1)
    let encoder = TileEncoder()
    var pictures: [[UInt8]] = []
    for side in [64, 16, 1] {
      let pixels = (0..<side * side * 3).map { UInt8(truncatingIfNeeded: $0 * 7 / side + Int(random.next() % 32)) }
      let image = RGBImage(width: side, height: side, pixels: pixels)
      pictures.append(try encoder.jpeg(image))
      pictures.append(try encoder.jpeg(image, quality: 60, subsampling: .none))
      pictures.append(try pixels.withUnsafeBufferPointer { try encoder.png($0, width: side, height: side) })
    }
    return pictures
  }

  private static func files(in folder: String, endings: Set<String>) -> [[UInt8]] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    return names.filter { endings.contains(($0 as NSString).pathExtension) }.compactMap { name in
      FileManager.default.contents(atPath: folder + "/" + name).map { Array($0) }
    }
  }

  // MARK: Texts

  static let settings = """
    {
     "name": "Fuzz",
     "annotations": "./annotations.csv",
     "dataset_config": "./datasets.json",
     "sources": ["A"],
     "models_dir": "./models",
     "slideflow_version": "2.1.0"
    }

    """

  static let datasets = """
    {
     "A": {
      "slides": "./slides",
      "roi": "./roi",
      "tfrecords": "./tfrecords"
     }
    }

    """

  static let manifest = """
    {
     "S1.tfrecords": {
      "total": 3
     },
     "S2.tfrecords": {
      "total": 2
     }
    }

    """

  static let annotations = [
    """
    patient,slide,site,age
    P1,S1,east,61.5
    P2,S2,"west, north",48
    P3,S3,,nan
    P1,S4,east,70

    """,
    "patient,site\nS1,east\nS2,west\n",
    "\"patient\",\"slide\",\"note\"\n\"P1\",\"S1\",\"a \"\"quoted\"\" word\nand a line\"\n\"P2\",\"S2\",\"\"\n",
    "slide,patient,HPV_status\nS1,TCGA-CV-7100,positive\nS2,TCGA-CV-7101,negative\n",
  ]

  static let tileList = "file,slide,x,y\nt1.jpg,A,100,200\nt2.png,A,,\nt1.jpg,B,7,8.5\nt3.jpg,C,0,0\n"
}
