package import FeatureData
import Foundation

/// Writes loose tiles as TFRecord files, a file for each slide, and counts them in the folder's manifest.
package struct TileImport: Sendable {
  /// A file that could not be used.
  package struct Fault: Sendable, Equatable {
    package let file: String
    package let reason: String
  }

  package struct Outcome: Sendable, Equatable {
    package let slide: String
    package let written: Int
    package let faults: [Fault]
    /// Its tile file was there before and was left as it is.
    package let wasThere: Bool
  }

  package let tiles: LooseTiles
  package let size: TileSize
  /// The folder of TFRecords of this size.
  package let folder: String
  package let replaces: Bool

  package init(tiles: LooseTiles, size: TileSize, folder: String, replaces: Bool) {
    self.tiles = tiles
    self.size = size
    self.folder = folder
    self.replaces = replaces
  }

  /// - Throws: `SlidesError` if the folder cannot be written, `WorkInterrupted`; slides that are complete stay.
  package func run(monitor: any WorkMonitor) throws -> [Outcome] {
    let total = tiles.slides.reduce(0) { $0 + $1.tiles.count }
    var done = 0
    var outcomes: [Outcome] = []
    for (slide, tiles) in tiles.slides {
      let path = "\(folder)/\(slide).tfrecords"
      if !replaces, FileManager.default.fileExists(atPath: path) {
        let count = (try? TFRecordFile(path: path, indexes: TFRecordIndexes(folder: nil)).count) ?? 0
        outcomes.append(Outcome(slide: slide, written: count, faults: [], wasThere: true))
        done += tiles.count
        continue
      }
      var faults: [Fault] = []
      var writer: TFRecordWriter? = nil
      for tile in tiles {
        try monitor.checkInterrupted()
        monitor.report(phase: "importing tiles", unit: "tiles", done: done, total: total)
        done += 1
        switch picture(tile) {
        case .success(let bytes):
          if writer == nil { writer = try TFRecordWriter(folder: folder, slideName: slide) }
          try writer?.append(TileExample(slide: slide, image: bytes, location: tile.location))
        case .failure(let fault): faults.append(fault)
        }
      }
      let count = writer?.count ?? 0
      try writer?.finish()
      outcomes.append(Outcome(slide: slide, written: count, faults: faults, wasThere: false))
      if count > 0 { try TFRecordManifest.update(counts: ["\(slide).tfrecords": count], in: folder) }
    }
    return outcomes
  }

  private enum Picture {
    case success([UInt8])
    case failure(Fault)
  }

  /// The file as it is, a TIFF as a PNG of the same pixels, if it is a picture of the right size that can be decoded.
  private func picture(_ tile: LooseTiles.Tile) -> Picture {
    var bytes: [UInt8]
    do throws(SlidesError) { bytes = try tile.contents() } catch {
      guard case .cannotOpen(_, let reason) = error else {
        return .failure(Fault(file: tile.path, reason: error.description))
      }
      return .failure(Fault(file: tile.path, reason: "it cannot be read: \(reason)"))
    }
    do throws(ImageFault) {
      if tile.isTIFF(bytes) { bytes = try Self.png(ofTIFF: bytes) }
      let image = try TileImage.decode(bytes)
      guard image.width == size.pixels, image.height == size.pixels else {
        throw .wrongSize(
          width: image.width, height: image.height, expectedWidth: size.pixels, expectedHeight: size.pixels)
      }
      return .success(bytes)
    } catch {
      return .failure(Fault(file: tile.path, reason: error.description))
    }
  }

  private static func png(ofTIFF bytes: [UInt8]) throws(ImageFault) -> [UInt8] {
    var result: Result<[UInt8], ImageFault> = .failure(.unknownFormat)
    bytes.withUnsafeBytes { buffer in
      do throws(ImageFault) { result = .success(try TIFFTile(buffer).png()) } catch { result = .failure(error) }
    }
    return try result.get()
  }
}
