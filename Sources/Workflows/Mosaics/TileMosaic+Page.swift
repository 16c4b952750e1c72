import FeatureData
import FeatureStore
import Foundation
import Rendering
import Slides
import Synchronization

extension TileMosaic {
  /// Above so many bytes the pictures of a page lie in a folder beside it.
  private static let pageByteLimit = 50_000_000

  /// Writes the mosaic as a page for a browser.
  func savePage(_ request: SaveRequest, byteLimit: Int = pageByteLimit) throws -> [String] {
    let pyramid = picture.pyramid(cellPixels: cellPixels)
    let blocks = PageBlocks(pagePath: request.path, byteLimit: byteLimit)
    _ = try picture.paint(pyramid, monitor: request.monitor) { block, image in
      try blocks.add(block, TileEncoder().jpeg(image, quality: 85))
    }
    let (names, kept, folder) = try blocks.finished()
    let page = try MosaicPage(
      of: picture, pyramid, tiles: pageTiles, title: picture.title ?? "Mosaic: \(shape)",
      caption: remarks, statement: request.style.statement, placeUnit: placeUnit, blocks: names,
      pictures: folder.map { .folder($0.name) } ?? .inside)
    let byteCount = try PathResolution.write(to: request.path) { append in
      try page.write(pictures: kept, output: append)
    }
    guard let folder else { return [request.sentence(byteCount: byteCount)] }
    return [
      "Saved \(request.path), \((byteCount + folder.byteCount).byteText) with the folder \(folder.name) beside it, which the "
        + "page needs."
    ]
  }

  private var pageTiles: [MosaicPage.Tile] {
    let counts = grid.counts()
    return grid.cells.map { cell in
      let point = map.points[cell.point]
      let slide = map.features.slides[point.slide]
      let location = slide.stored.locations?[point.row]
      return MosaicPage.Tile(
        slide: slide.name, index: slide.records[point.row], location: location.map { ($0.x, $0.y) },
        count: max(counts[grid.number(of: cell)], 1))
    }
  }

  private var placeUnit: String {
    map.features.slides.contains { $0.stored.locations != nil }
      ? "Centres of tiles are in \(PlaceFrame.ofLocations(in: map.features))." : ""
  }
}

/// The pictures of a page while it is made: in memory, or, where they are too many, in a folder that gets its name when all are
/// there.
private final class PageBlocks: Sendable {
  private struct State {
    var names: [MosaicPyramid.Block] = []
    var kept: [(block: MosaicPyramid.Block, jpeg: [UInt8])] = []
    var byteCount = 0
    var isInFolder = false
  }

  private let folder: String
  private let unfinished: String
  private let byteLimit: Int
  private let state = Mutex(State())

  /// - Parameter byteLimit: of the page, in which three bytes take four.
  init(pagePath: String, byteLimit: Int) {
    folder = (pagePath as NSString).deletingPathExtension + "_tiles"
    unfinished = folder + ".unfinished"
    self.byteLimit = byteLimit
  }

  deinit { try? FileManager.default.removeItem(atPath: unfinished) }

  func add(_ block: MosaicPyramid.Block, _ jpeg: [UInt8]) throws {
    try state.withLock { state in
      state.names.append(block)
      state.byteCount += jpeg.count
      if !state.isInFolder, state.byteCount / 3 * 4 > byteLimit {
        try? FileManager.default.removeItem(atPath: unfinished)
        try PathResolution.makeFolder(unfinished)
        state.isInFolder = true
        for (block, jpeg) in state.kept { try write(block, jpeg) }
        state.kept = []
      }
      if state.isInFolder { try write(block, jpeg) } else { state.kept.append((block, jpeg)) }
    }
  }

  private func write(_ block: MosaicPyramid.Block, _ jpeg: [UInt8]) throws {
    try PathResolution.write(jpeg, to: "\(unfinished)/\(block.name).jpg")
  }

  /// - Returns: the blocks, the pictures that are to stand in the page, and the folder that has them otherwise.
  func finished() throws -> (
    names: [MosaicPyramid.Block], kept: [(block: MosaicPyramid.Block, jpeg: [UInt8])],
    folder: (name: String, byteCount: Int)?
  ) {
    try state.withLock { state in
      guard state.isInFolder else { return (state.names, state.kept.sorted { $0.block < $1.block }, nil) }
      try makeRoom()
      do { try FileManager.default.moveItem(atPath: unfinished, toPath: folder) } catch {
        throw WorkflowFailure("The folder \(folder) cannot be made: \(error.reason).", parameter: "path")
      }
      return (state.names, [], ((folder as NSString).lastPathComponent, state.byteCount))
    }
  }

  /// Takes away the folder of an earlier page, and nothing else.
  private func makeRoom() throws {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
    guard names.allSatisfy({ $0.wholeMatch(of: /[0-9]+-[0-9]+-[0-9]+\.jpg/) != nil }) else {
      throw WorkflowFailure(
        "The folder \(folder), where the page's pictures would lie, holds other files; save the page under another name.",
        parameter: "path")
    }
    try? FileManager.default.removeItem(atPath: folder)
  }
}
