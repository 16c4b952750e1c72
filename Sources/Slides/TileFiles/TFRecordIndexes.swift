import Files
import Foundation
import Glibc
import Synchronization

/// Finds the records of tile files: by slideflow's index beside a file, else by an index of the tool's own.
///
/// The latter is made once, from the framing, and kept in a folder of the tool's own, for an opened project is never
/// changed; where there is no such folder it is kept in memory. An index is believed only when it fits its file.
package final class TFRecordIndexes: Sendable {
  static let ending = ".tfrecords"

  private struct Kept {
    let stamp: ReadableFile.Stamp
    let indexStamp: ReadableFile.Stamp?
    let manifestCount: Int?
    let summary: TFRecordSummary
  }

  /// Where indexes are kept; nil for memory.
  private let folder: String?
  private let kept = Mutex<(summaries: [String: Kept], indexes: [String: (ReadableFile.Stamp, TFRecordIndex)])>(
    ([:], [:]))

  private let unpacked: UnpackedRecords

  package init(folder: String?) {
    self.folder = folder
    unpacked = UnpackedRecords(folder: folder)
  }

  /// The file with the records of a tile file, which is another one where that is compressed.
  func plainPath(of path: String) throws(SlidesError) -> String {
    try SlidesError.reading(path) { () throws(FileFault) in try unpacked.path(of: path) }
  }

  // MARK: Counting

  /// The number of records, by the first of: the index, the manifest if the file can hold that many, the framing.
  ///
  /// - Complexity: O(1) with an index or a manifest, else O(records) once.
  func summary(of file: ProjectFiles.TileFolder.File, manifestCount: Int?) -> TFRecordSummary {
    var summary: TFRecordSummary
    do throws(SlidesError) {
      let plain = try plainPath(of: file.path)
      if plain == file.path {
        summary = try counted(file, manifestCount: manifestCount)
      } else {
        let copy = ProjectFiles.TileFolder.File(
          slide: file.slide, path: plain, indexPath: nil, isUnfinished: file.isUnfinished)
        summary = try counted(copy, manifestCount: manifestCount)
        summary.findings.append(.compressed)
      }
    } catch {
      // It stays in the dataset, and is reported again when it is read.
      summary = TFRecordSummary(count: 1, findings: [.unreadable(reason: error.description)])
    }
    if file.isUnfinished { summary.findings.append(.unfinished) }
    return summary
  }

  private func counted(
    _ file: ProjectFiles.TileFolder.File, manifestCount: Int?
  ) throws(SlidesError) -> TFRecordSummary {
    let tiles = try SlidesError.reading(file.path) { () throws(FileFault) in try ReadableFile(path: file.path) }
    let indexStamp = file.indexPath.flatMap { try? ReadableFile(path: $0).stamp }
    let known = kept.withLock { $0.summaries[file.path] }
    if let known, known.stamp == tiles.stamp, known.indexStamp == indexStamp, known.manifestCount == manifestCount {
      return known.summary
    }
    var summary = try count(tiles, file, manifestCount)
    if let manifestCount, manifestCount != summary.count {
      summary.findings.append(.manifestDisagrees(manifest: manifestCount, count: summary.count))
    }
    let entry = Kept(
      stamp: tiles.stamp, indexStamp: indexStamp, manifestCount: manifestCount, summary: summary)
    kept.withLock { $0.summaries[file.path] = entry }
    return summary
  }

  private func count(
    _ tiles: borrowing ReadableFile, _ file: ProjectFiles.TileFolder.File, _ manifestCount: Int?
  ) throws(SlidesError) -> TFRecordSummary {
    guard tiles.byteCount > 0 else { return TFRecordSummary(count: 0) }
    var findings: [TFRecordSummary.Finding] = []
    if let indexPath = file.indexPath {
      do throws(IndexMisfit) {
        return TFRecordSummary(count: try TFRecordIndexFile.count(indexPath, tileByteCount: tiles.byteCount))
      } catch {
        findings.append(.indexMisfit(index: indexPath, clause: error.description))
      }
    } else if let path = keptPath(file.path), let count = try? Self.keptCount(path, stamp: tiles.stamp) {
      return TFRecordSummary(count: count)
    } else if let manifestCount, TFRecordFraming.canHold(manifestCount, tiles) {
      return TFRecordSummary(count: manifestCount)
    }
    let mapped = try SlidesError.reading(file.path) { () throws(FileFault) in try MappedFile(path: file.path) }
    let index = index(of: mapped, besides: false)
    let faultCount = index.faultCount - (index.isTruncated ? 1 : 0)
    if index.isTruncated { findings.append(.truncated) }
    if faultCount > 0 { findings.append(.damaged(faultCount)) }
    return TFRecordSummary(count: index.count, findings: findings)
  }

  // MARK: Finding

  /// Where the records of an open file lie.
  ///
  /// - Parameter besides: false where the index beside the file is known not to fit.
  /// - Complexity: O(records).
  func index(of file: MappedFile, besides: Bool = true) -> TFRecordIndex {
    if besides, let path = TFRecordIndexFile.path(besides: file.path),
      let frames = try? TFRecordIndexFile.frames(path, tileByteCount: file.byteCount)
    {
      return TFRecordIndex(frames: frames)
    }
    let known = kept.withLock { $0.indexes[file.path] }
    if let known, known.0 == file.stamp { return known.1 }
    let keptPath = keptPath(file.path)
    if let keptPath, let frames = try? Self.keptFrames(keptPath, stamp: file.stamp) {
      return TFRecordIndex(frames: frames)
    }
    let index = TFRecordIndex(
      records: TFRecordFraming.scan(file.bytes, nextData: { file.dataOffset(from: $0) }))
    if let keptPath, index.faultCount == 0, keep(index, file.stamp, at: keptPath) { return index }
    kept.withLock { $0.indexes[file.path] = (file.stamp, index) }
    return index
  }

  /// The locations that the index beside a file lists, x and y by turns; nil where there are none.
  package func locations(of path: String) -> [Int]? {
    guard let byteCount = try? ReadableFile(path: path).byteCount else { return nil }
    return TFRecordIndexFile.path(besides: path).flatMap { TFRecordIndexFile.locations($0, tileByteCount: byteCount) }
  }

  // MARK: Keeping

  private static let stampArray = "stamp"

  /// A name for a file's index: of the file and, for another folder's file of the same name, of its path.
  private func keptPath(_ path: String) -> String? {
    guard let folder else { return nil }
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    return "\(folder)/\(name.utf8.count > 150 ? "tiles" : name)-\(Self.hash(path)).index.npz"
  }

  /// FNV-1a of 64 bits, for names of files; what it stands for is compared too.
  static func hash(_ text: String) -> String {
    String(
      text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }, radix: 16)
  }

  /// False where it cannot be written.
  private func keep(_ index: TFRecordIndex, _ stamp: ReadableFile.Stamp, at path: String) -> Bool {
    guard let folder else { return false }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try NumPyArchive.write(
        [(TFRecordIndexFile.frameArray, index.pairs), (Self.stampArray, stamp.pairs)], to: path)
      return true
    } catch {
      return false
    }
  }

  private static func keptCount(_ path: String, stamp: ReadableFile.Stamp) throws -> Int {
    let index = try kept(path, stamp)
    return try index.summary(of: TFRecordIndexFile.frameArray).rowCount
  }

  private static func keptFrames(_ path: String, stamp: ReadableFile.Stamp) throws -> [Int] {
    let index = try kept(path, stamp)
    let frames = try index.pairs(TFRecordIndexFile.frameArray)
    try IndexMisfit.check(frames, byteCount: stamp.byteCount)
    return frames
  }

  private static func kept(_ path: String, _ stamp: ReadableFile.Stamp) throws -> IndexArchive {
    let index = try IndexArchive(path: path, maximumRowCount: max(2, stamp.byteCount / 16))
    guard try index.pairs(stampArray) == stamp.pairs.flatMap({ [$0.0, $0.1] }) else {
      throw IndexMisfit.unreadable(clause: "it is of an earlier file")
    }
    return index
  }
}

extension ReadableFile.Stamp {
  fileprivate var pairs: [(Int, Int)] { [(byteCount, seconds), (nanoseconds, inode)] }
}
