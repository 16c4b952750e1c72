import FeatureData
import Foundation
import Synchronization
import Testing

@testable import Slides

@Suite struct TileExtractionTests {
  private func selection(_ slide: WholeSlideImage) throws -> TileSelection {
    TileSelection(try TileGrid(slide, size: SlideMaterial.size))
  }

  @Test func `the demo's tiles come back from its slide, at their places`() throws {
    let scratch = try ScratchFolder()
    let slide = try SlideMaterial.slide()
    let extraction = TileExtraction(slide, selection: try selection(slide), filter: SlideMaterial.noFilter)
    let result = try extraction.write(to: scratch.path)
    #expect(result.verdicts.allSatisfy { $0 == .kept })
    let extracted = try TFRecordFile(path: scratch.path + "/DEMO-01.tfrecords", indexes: TFRecordIndexes(folder: nil))
    #expect(extracted.count == result.grid.cellCount)
    var byPlace: [TileLocation: Int] = [:]
    for record in 0..<extracted.count { byPlace[try #require(try extracted.location(record))] = record }
    #expect(byPlace.count == extracted.count)
    let demo = try TFRecordFile(path: SlideMaterial.tileFile, indexes: TFRecordIndexes(folder: nil))
    for record in 0..<demo.count {
      let place = try #require(try demo.location(record))
      let found = try extracted.image(try #require(byPlace[place]))
      let known = try demo.image(record)
      let difference = zip(found.pixels, known.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(Double(difference) / Double(known.pixels.count) < 6)
    }
  }

  @Test func `a tile read without resizing is the slide's own pixels`() throws {
    let slide = try SlideMaterial.slide()
    let grid = try TileGrid(slide, size: TileSize(pixels: 128, extent: .microns(64)))
    let tile = try TileExtraction.image(of: TileGrid.Cell(column: 2, row: 2), on: slide, grid: grid)
    let region = SlidePixels(width: 128, height: 128) { buffer in
      try? slide.read(into: buffer, x: 256, y: 256, level: 0, width: 128, height: 128)
    }
    #expect(tile == region.image())
  }

  @Test func `what is kept is what the grid shows beforehand, and all else is told`() throws {
    let scratch = try ScratchFolder()
    let slide = try SlideMaterial.slide()
    let extraction = TileExtraction(slide, selection: try selection(slide))
    let foreseen = try extraction.judged()
    let result = try extraction.write(to: scratch.path)
    #expect(foreseen.verdicts == result.verdicts)
    #expect(result.verdicts.contains(.background) && result.verdicts.contains(.kept))
    #expect(
      try TFRecordFile(path: scratch.path + "/DEMO-01.tfrecords", indexes: TFRecordIndexes(folder: nil)).count
        == result.candidateCount)
  }

  @Test func `the same tiles give the same bytes, shuffled by a seed or by rows`() throws {
    let slide = try SlideMaterial.slide()
    func write(_ format: TileExtraction.Format) throws -> ([UInt8], [TileLocation]) {
      let scratch = try ScratchFolder()
      _ = try TileExtraction(slide, selection: try selection(slide), format: format).write(to: scratch.path)
      let file = try TFRecordFile(path: scratch.path + "/DEMO-01.tfrecords", indexes: TFRecordIndexes(folder: nil))
      return (try scratch.read("DEMO-01.tfrecords"), try (0..<file.count).compactMap { try file.location($0) })
    }
    let shuffled = try write(TileExtraction.Format())
    #expect(try write(TileExtraction.Format()).0 == shuffled.0)
    #expect(try write(TileExtraction.Format(shuffleSeed: 7)).0 != shuffled.0)
    let rows = try write(TileExtraction.Format(shuffleSeed: nil)).1
    #expect(rows.map { [$0.y, $0.x] }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) } == rows.map { [$0.y, $0.x] })
    #expect(Set(rows) == Set(shuffled.1) && rows != shuffled.1)
  }

  @Test func `the index tells where each record lies, as slideflow's does`() throws {
    let scratch = try ScratchFolder()
    let slide = try SlideMaterial.slide()
    _ = try TileExtraction(slide, selection: try selection(slide)).write(to: scratch.path)
    let file = try TFRecordFile(path: scratch.path + "/DEMO-01.tfrecords", indexes: TFRecordIndexes(folder: nil))
    let index = try scratch.read("DEMO-01.index.npz")
    // Uncompressed, so the numbers stand in it as they are.
    let wanted = file.records.flatMap { record in [record.offset, record.byteCount] }.flatMap { number in
      withUnsafeBytes(of: Int64(number).littleEndian) { Array($0) }
    }
    #expect(index.withUnsafeBytes { Data($0).range(of: Data(wanted)) } != nil)
  }

  @Test func `PNG tiles keep every pixel`() throws {
    let scratch = try ScratchFolder()
    let slide = try SlideMaterial.slide()
    let grid = try TileGrid(slide, size: TileSize(pixels: 128, extent: .microns(64)))
    _ = try TileExtraction(
      slide, selection: TileSelection(grid), filter: SlideMaterial.noFilter,
      format: TileExtraction.Format(picture: .png, shuffleSeed: nil)
    ).write(to: scratch.path)
    let file = try TFRecordFile(path: scratch.path + "/DEMO-01.tfrecords", indexes: TFRecordIndexes(folder: nil))
    #expect(
      try file.image(7)
        == TileExtraction.image(
          of: TileGrid.Cell(column: 7 % grid.columnCount, row: 7 / grid.columnCount), on: slide, grid: grid))
  }

  @Test func `a region that cannot be read costs that region alone`() throws {
    let scratch = try ScratchFolder()
    let path = try SlideMaterial.spoilt(in: scratch, from: 0.1, to: 0.16)
    let slide = try WholeSlideImage(path: path)
    let result = try TileExtraction(slide, selection: try selection(slide), filter: SlideMaterial.noFilter)
      .write(to: scratch.path)
    let unreadable = result.verdicts.count { $0 == .unreadable }
    #expect(unreadable > 0 && unreadable < result.grid.cellCount / 2)
    #expect(
      try TFRecordFile(path: scratch.path + "/spoilt.tfrecords", indexes: TFRecordIndexes(folder: nil)).count == result
        .grid.cellCount - unreadable)
  }

  @Test func `an interruption leaves no file, and a full folder is an error`() throws {
    struct Impatient: WorkMonitor {
      var isInterrupted: Bool { true }
      func report(phase: String, unit: String, done: Int, total: Int) {}
    }
    let scratch = try ScratchFolder()
    let slide = try SlideMaterial.slide()
    let extraction = TileExtraction(slide, selection: try selection(slide))
    #expect(throws: WorkInterrupted.self) { try extraction.write(to: scratch.path, monitor: Impatient()) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
    #expect(throws: SlidesError.self) { try extraction.write(to: scratch.path + "/absent") }
  }

  @Test func `a transform changes tiles before they are stored, or leaves them out`() throws {
    let scratch = try ScratchFolder()
    let slide = try SlideMaterial.slide()
    let count = Mutex(0)
    let result = try TileExtraction(
      slide, selection: try selection(slide), filter: SlideMaterial.noFilter,
      transform: { pixels, side in
        #expect(pixels.count == side * side * 3)
        pixels.update(repeating: 77)
        return count.withLock { count in
          count += 1
          return count % 2 == 0
        }
      }
    ).write(to: scratch.path)
    #expect(result.verdicts.count { $0 == .background } == (result.grid.cellCount + 1) / 2)
    let tile = try TFRecordFile(path: scratch.path + "/DEMO-01.tfrecords", indexes: TFRecordIndexes(folder: nil)).image(
      0)
    #expect(tile.pixels.allSatisfy { abs(Int($0) - 77) <= 1 })
  }
}
