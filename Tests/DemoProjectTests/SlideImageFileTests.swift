import CTIFF
import FeatureData
import Foundation
import Slides
import Synchronization
import Testing

@testable import DemoProject

@Suite struct SlideImageFileTests {
  /// Tiles of 64 pixels that take 128 on the slide, so that averages of four pixels give them back.
  private static let plan = DemoPlan(
    slideCount: 2, tileCounts: 5...7, tileSidePixels: 64, tileSideMicrons: 64, slideImageCount: 1)

  private func withScratch(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func `a slide image is a pyramid in Aperio's layout with the thumbnail second`() throws {
    try withScratch { scratch in
      try DemoProject.write(to: scratch + "/p", seed: 5, plan: Self.plan)
      let slide = DemoSlide.all(seed: 5, plan: Self.plan)[0]
      let file = try TIFFReader(path: scratch + "/p/slides/DEMO-01.svs")
      let side = slide.latticeSide * 128
      #expect(file.directories.map(\.width) == [side, side / 16, side / 4, side / 16])
      #expect(file.directories.map(\.height) == file.directories.map(\.width))
      #expect(file.directories.map(\.tileSide) == [256, nil, 256, 256])
      for directory in file.directories {
        // Compression JPEG, YCbCr at every second pixel, the samples of a pixel together, a picture of its own.
        #expect(directory.numbers[259] == [7] && directory.numbers[262] == [6])
        #expect(directory.numbers[530] == [2, 2])
        #expect(directory.numbers[258] == [8, 8, 8] && directory.numbers[277] == [3] && directory.numbers[284] == [1])
        #expect(directory.numbers[254] ?? [0] == [0])
        #expect(directory.description.hasPrefix("Aperio Image Library"))
        #expect(directory.description.contains("|AppMag = 20|MPP = 0.5000|"))
        let inRow = directory.tileSide.map { (directory.width + $0 - 1) / $0 } ?? 1
        #expect(directory.pieceOffsets.count == inRow * inRow)
        #expect(directory.pieceByteCounts.allSatisfy { $0 > 0 })
      }
    }
  }

  @Test func `each tile stands where its record says, and all else is colourless`() throws {
    try withScratch { scratch in
      try DemoProject.write(to: scratch + "/p", seed: 6, plan: Self.plan)
      let slide = DemoSlide.all(seed: 6, plan: Self.plan)[0]
      let records = try TFRecordFile(
        path: "\(scratch)/p/tfrecords/64px_64um/DEMO-01.tfrecords", indexes: TFRecordIndexes(folder: nil))
      let file = try TIFFReader(path: scratch + "/p/slides/DEMO-01.svs")
      let picture = try file.image(file.directories[0])
      var empty = Set(0..<slide.latticeSide * slide.latticeSide)
      for record in 0..<records.count {
        let location = try #require(try records.location(record))
        let (x, y) = (location.x - 64, location.y - 64)
        let tile = picture.averaged(x: x, y: y, side: 64, step: 2)
        #expect(tile.difference(from: try records.image(record)) < 5)
        empty.remove(y / 128 * slide.latticeSide + x / 128)
      }
      #expect(empty.count == slide.latticeSide * slide.latticeSide - records.count)
      for cell in empty {
        // JPEG lets the colour of a tile reach a few pixels beyond its edge.
        let corner = (x: cell % slide.latticeSide * 128 + 16, y: cell / slide.latticeSide * 128 + 16)
        let glass = picture.averaged(x: corner.x, y: corner.y, side: 96, step: 1)
        #expect(glass.pixels.allSatisfy { (240...250).contains($0) })
      }
    }
  }

  @Test func `the smaller levels and the thumbnail show the same slide`() throws {
    try withScratch { scratch in
      try DemoProject.write(to: scratch + "/p", seed: 7, plan: Self.plan)
      let file = try TIFFReader(path: scratch + "/p/slides/DEMO-01.svs")
      let pictures = try file.directories.map { try file.image($0) }
      let reduced = [16, 4, 16].map { step in
        pictures[0].averaged(x: 0, y: 0, side: pictures[0].width / step, step: step)
      }
      for (picture, expected) in zip(pictures.dropFirst(), reduced) {
        #expect(picture.difference(from: expected) < 6)
      }
    }
  }

  @Test func `the same seed gives the same image, and a plan without images none`() throws {
    #expect(DemoPlan.standard.slideImageCount == 2)
    try withScratch { scratch in
      var plan = Self.plan
      plan.slideImageCount = 5
      for name in ["a", "b"] { try DemoProject.write(to: "\(scratch)/\(name)", seed: 8, plan: plan) }
      for slide in ["DEMO-01", "DEMO-02"] {
        let images = try ["a", "b"].map { try Data(contentsOf: URL(filePath: "\(scratch)/\($0)/slides/\(slide).svs")) }
        #expect(images[0] == images[1])
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: scratch + "/a/slides")
      #expect(files.sorted() == ["DEMO-01.svs", "DEMO-02.svs"])
      plan.slideImageCount = 0
      try DemoProject.write(to: scratch + "/none", seed: 8, plan: plan)
      #expect(!FileManager.default.fileExists(atPath: scratch + "/none/slides"))
    }
  }

  @Test func `an interrupted image leaves nothing`() throws {
    final class Impatient: WorkMonitor {
      let hasBegun = Mutex(false)
      var isInterrupted: Bool { hasBegun.withLock { $0 } }
      func report(phase: String, unit: String, done: Int, total: Int) {
        if unit == "rows" { hasBegun.withLock { $0 = true } }
      }
    }
    try withScratch { scratch in
      #expect(throws: WorkInterrupted.self) {
        try DemoProject.write(to: scratch + "/p", seed: 1, plan: Self.plan, monitor: Impatient())
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: scratch)
      #expect(left.isEmpty)
    }
  }

  @Test func `an image that cannot be written is an error that names the file`() throws {
    try withScratch { scratch in
      let path = scratch + "/absent/DEMO-01.svs"
      #expect(throws: SlidesError.cannotWrite(path: path, reason: "No such file or directory")) {
        _ = try TIFFFile(path: path)
      }
      // libtiff refuses a tile side that is no multiple of 16.
      let odd = scratch + "/odd.svs"
      #expect {
        var file = try TIFFFile(path: odd)
        try file.begin(TIFFFile.Picture(width: 100, height: 100, tileSide: 100, description: "odd"))
        try file.append([1, 2, 3])
      } throws: { error in
        guard case SlidesError.cannotWrite(odd, let reason) = error else { return false }
        return !reason.isEmpty
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: scratch)
      #expect(left.isEmpty)
    }
  }

  @Test func `a full disk is told in the system's words`() throws {
    let device = open("/dev/full", O_RDWR)
    try #require(device >= 0)
    defer { close(device) }
    let writer = try #require(tiff_file_create(device))
    defer { tiff_file_destroy(writer) }
    var picture = tiff_file_picture()
    picture.width = 16
    picture.height = 16
    picture.chroma_step = 2
    #expect(String(cString: tiff_file_message(writer)) == "")
    let status = "full".withCString { description in
      picture.description = description
      return tiff_file_begin(writer, &picture)
    }
    #expect(status == TIFF_FILE_REFUSED)
    #expect(String(cString: tiff_file_message(writer)) == "No space left on device")
  }
}
