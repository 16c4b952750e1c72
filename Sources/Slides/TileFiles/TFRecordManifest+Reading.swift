import Files
import Foundation

extension TFRecordManifest {
  /// Writes new counts of some files and keeps those of the others that are still there.
  package static func update(counts: [String: Int], in folder: String) throws(SlidesError) {
    let kept = Self.counts(in: folder).filter { FileManager.default.fileExists(atPath: folder + "/" + $0.key) }
    let all = kept.merging(counts.filter { $0.value > 0 }) { $1 }
    try write(counts: all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, to: folder)
  }

  private struct Entry: Decodable {
    let total: Int?
  }

  /// How many records each tile file of a folder holds: as `manifest.json` says, by file name.
  ///
  /// Empty where there is no manifest or it cannot be read: files are counted then.
  static func counts(in folder: String) -> [String: Int] {
    guard let bytes = try? ReadableFile(path: folder + "/manifest.json").contents(limit: Project.jsonByteLimit),
      let entries = try? JSONDecoder().decode([String: Entry].self, from: Data(bytes))
    else { return [:] }
    // A number that no file can have is not believed.
    return entries.compactMapValues { entry in entry.total.flatMap { (0...1_000_000_000).contains($0) ? $0 : nil } }
  }
}
