import FeatureData
import Foundation
import Slides
import Synchronization
import Testing

@testable import DemoProject

@Suite struct DemoProjectTests {
  private static let plan = DemoPlan(slideCount: 2, tileCounts: 5...7, tileSidePixels: 96, slideImageCount: 0)

  /// The path of every file below a folder, and its bytes.
  private func contents(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      var isFolder: ObjCBool = false
      let path = folder + "/" + name
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
        files[name] = try Data(contentsOf: URL(filePath: path))
      }
    }
    return files
  }

  private func withScratch(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func `the same seed gives the same bytes, another seed others`() throws {
    try withScratch { scratch in
      for (name, seed) in [("a", UInt64(3)), ("b", 3), ("c", 4)] {
        try DemoProject.write(to: "\(scratch)/\(name)", seed: seed, plan: Self.plan)
      }
      let (a, b, c) = (try contents(scratch + "/a"), try contents(scratch + "/b"), try contents(scratch + "/c"))
      #expect(a == b)
      #expect(a.keys.sorted() == c.keys.sorted())
      let record = "tfrecords/96px_302um/DEMO-01.tfrecords"
      #expect(a[record] != nil && a[record] != c[record])
      let left = try FileManager.default.contentsOfDirectory(atPath: scratch)
      #expect(left.sorted() == ["a", "b", "c"])
    }
  }

  @Test func `the project has slideflow's layout and its records agree with the tissue list`() throws {
    try withScratch { scratch in
      try FileManager.default.createDirectory(atPath: scratch + "/p", withIntermediateDirectories: false)
      try DemoProject.write(to: scratch + "/p", seed: 1, plan: Self.plan)
      let files = try contents(scratch + "/p")
      let expected = [
        "annotations.csv", "datasets.json", "models/hpv.onnx",
        "models/params.json", "settings.json", "tfrecords/96px_302um/DEMO-01.index.npz",
        "tfrecords/96px_302um/DEMO-01.tfrecords", "tfrecords/96px_302um/DEMO-02.index.npz",
        "tfrecords/96px_302um/DEMO-02.tfrecords", "tfrecords/96px_302um/manifest.json", "tissue.csv",
      ]
      #expect(files.keys.sorted() == expected)
      for name in expected where name.hasSuffix(".json") {
        let data = try #require(files[name])
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data) }
      }
      #expect(files["models/hpv.onnx"] == Data(DemoModel.onnx))

      let tissue = String(decoding: try #require(files["tissue.csv"]), as: UTF8.self)
      let lines = tissue.split(separator: "\n").dropFirst()
      var next = lines.startIndex
      for slide in DemoSlide.all(seed: 1, plan: Self.plan) {
        let file = try TFRecordFile(
          path: "\(scratch)/p/tfrecords/96px_302um/\(slide.name).tfrecords", indexes: TFRecordIndexes(folder: nil))
        #expect(file.count == slide.tiles.count)
        #expect(Self.plan.tileCounts.contains(file.count))
        let decoder = TileDecoder()
        for record in 0..<file.count {
          let location = try #require(try file.location(record))
          let tile = slide.tiles[record]
          #expect(location == tile.location)
          let start = "\(slide.name),\(record),\(location.x),\(location.y),\(tile.tissue.name),"
          #expect(lines[next].hasPrefix(start))
          #expect(lines[next].split(separator: ",", omittingEmptySubsequences: false).count == 7)
          let image = try file.image(record, decoder: decoder)
          #expect(image.width == 96 && image.height == 96)
          next += 1
        }
      }
      #expect(next == lines.endIndex)
    }
  }

  @Test func `the standard plan crosses outcome and site and gives every slide all tissues`() {
    let slides = DemoSlide.all(seed: 1, plan: .standard)
    #expect(slides.count == 12)
    for outcome in ["positive", "negative"] {
      for site in Site.allCases {
        #expect(slides.count { $0.outcome == outcome && $0.site == site } == 3)
      }
    }
    for slide in slides {
      #expect((150...250).contains(slide.tiles.count))
      for tissue in Tissue.allCases {
        #expect(slide.tiles.count { $0.tissue == tissue } >= 5)
      }
      #expect(Set(slide.tiles.map(\.location)).count == slide.tiles.count)
      #expect(slide.tiles.allSatisfy { $0.location.x % 604 == 302 && $0.location.y % 604 == 302 })
    }
    // Records are shuffled: neighbours in the file are not neighbours on the slide.
    let first = slides[0].tiles
    let steps = zip(first, first.dropFirst()).count {
      $1.location.x - $0.location.x == 604 && $1.location.y == $0.location.y
    }
    #expect(steps < first.count / 10)
  }

  @Test func `the embedded model is an ONNX file of less than two megabytes with the names that it promises`() {
    let model = Data(DemoModel.onnx)
    #expect((100_000..<2_000_000).contains(model.count))
    for name in ["postconv", "logits", "input"] { #expect(model.range(of: Data(name.utf8)) != nil) }
  }

  @Test func `tissues look different: fat is pale, lymphocytes are dark`() {
    let slide = DemoSlide.all(seed: 2, plan: .standard)[0]
    var plan = DemoPlan.standard
    plan.tileSidePixels = 128
    func brightness(_ tissue: Tissue) -> Double {
      let tiles = slide.tiles.filter { $0.tissue == tissue && $0.content.neighbour == nil }.prefix(3)
      let values = tiles.flatMap { slide.image($0, plan: plan).pixels }
      return values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    }
    let (fat, tumour, lymphocytes) = (brightness(.adipose), brightness(.tumour), brightness(.lymphoid))
    #expect(fat > 210)
    #expect(tumour < 190 && tumour > 100)
    #expect(lymphocytes < fat - 40)
  }

  @Test func `a folder with something in it is left alone`() throws {
    try withScratch { scratch in
      try Data([1]).write(to: URL(filePath: scratch + "/mine"))
      #expect(throws: DemoProjectError.folderNotEmpty(path: scratch)) {
        try DemoProject.write(to: scratch, seed: 1, plan: Self.plan)
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: scratch)
      #expect(left == ["mine"])
    }
  }

  @Test func `an interrupted writing leaves nothing`() throws {
    final class Impatient: WorkMonitor {
      let reports = Mutex(0)
      var isInterrupted: Bool { reports.withLock { $0 >= 3 } }
      func report(phase: String, unit: String, done: Int, total: Int) { reports.withLock { $0 += 1 } }
    }
    try withScratch { scratch in
      #expect(throws: WorkInterrupted.self) {
        try DemoProject.write(to: scratch + "/p", seed: 1, plan: Self.plan, monitor: Impatient())
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: scratch)
      #expect(left.isEmpty)
    }
  }
}
