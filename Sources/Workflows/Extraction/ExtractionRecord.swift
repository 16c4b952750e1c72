import FeatureStore
import Foundation
import Glibc
import Slides

/// What an extraction did with a slide, kept in the project's store: a second run shows the same report without reading
/// the slide again, and other parameters are noticed.
struct ExtractionRecord: Codable, Equatable {
  /// Of the format of this file.
  var version = 1
  /// What the tiles were made with; equal texts, equal tiles.
  let parameters: String
  let rows: Int
  let columns: Int
  /// By `CellVerdict.rawValue`.
  let counts: [Int]
  /// What the slide was cut with; nil in records of earlier versions.
  private let notedScale: SlideScale?
  /// The corner of the scanned part, in pixels of level 0, where regions chose the tiles of a slide that has one.
  let scannedX: Int?
  let scannedY: Int?
  /// How those regions are counted; nil in records of earlier versions, when all were counted from the whole slide.
  let regionFrame: RegionsOfInterest.Frame?
  /// What was said of the slide's regions.
  let regionRemarks: [String]?
  /// Bytes of the tile file, so that another program's file is not taken for it; 0 where no tile was kept.
  let fileByteCount: Int

  /// - Parameters:
  ///   - scanned: the part of the slide that was scanned, where regions chose its tiles.
  ///   - regionRemarks: what is to be said of the regions, also where they are not read again.
  init(
    parameters: String, selection: TileSelection, scanned: SlideBounds?, regionFrame: RegionsOfInterest.Frame?,
    regionRemarks: [String], fileByteCount: Int
  ) {
    self.parameters = parameters
    rows = selection.grid.rowCount
    columns = selection.grid.columnCount
    notedScale = selection.grid.scale
    scannedX = scanned?.x
    scannedY = scanned?.y
    self.regionFrame = regionFrame
    self.regionRemarks = regionRemarks.isEmpty ? nil : regionRemarks
    var counts = [Int](repeating: 0, count: CellVerdict.allCases.count)
    for verdict in selection.verdicts { counts[Int(verdict.rawValue)] += 1 }
    self.counts = counts
    self.fileByteCount = fileByteCount
  }

  func count(_ verdict: CellVerdict) -> Int {
    counts.indices.contains(Int(verdict.rawValue)) ? counts[Int(verdict.rawValue)] : 0
  }

  /// What the slide was cut with. An earlier version noted only what was given, which it then used.
  var scale: SlideScale? {
    if let notedScale { return notedScale }
    let given = parameters.split(separator: " ").first { $0.hasPrefix("mpp=") }.flatMap { Double($0.dropFirst(4)) }
    return given.map { SlideScale(micronsPerPixel: $0, source: .given) }
  }

  /// True if the tiles that the same parameters would make now are those that were made: `mpp` has a part in them only where
  /// the file says nothing.
  func answers(_ parameters: String, given: Double?) -> Bool {
    self.parameters == parameters && (scale?.source != .given || scale?.micronsPerPixel == given)
  }

  /// True while the tile file is the one that was written then.
  func fits(tileFile: String) -> Bool { fileByteCount == Self.byteCount(of: tileFile) }

  static func path(of slide: String, source: String, size: TileSize, in study: Study) -> String {
    "\(study.store.folder)/extraction/\(size.label)/\(source)/\(slide).json"
  }

  /// Nil if there is none, or none that can be read.
  static func read(_ path: String) -> ExtractionRecord? {
    guard let data = FileManager.default.contents(atPath: path),
      let record = try? JSONDecoder().decode(ExtractionRecord.self, from: data), record.version == 1
    else { return nil }
    return record
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try PathResolution.makeFolder(ofFile: path)
    try SlidesError.write(Array(try encoder.encode(self)), to: path)
  }

  /// Size and time of a file, by which it is known again.
  static func stamp(of path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return "absent" }
    return "\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }

  private static func byteCount(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
