import Foundation

extension TFRecordManifest {
  private struct Entry: Decodable {
    let total: Int?
  }

  /// How many records each tile file of a folder holds: as `manifest.json` says, by file name.
  ///
  /// Empty where there is no manifest or it cannot be read: files are counted then.
  static func counts(in folder: String) -> [String: Int] {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: folder + "/manifest.json")),
      let entries = try? JSONDecoder().decode([String: Entry].self, from: data)
    else { return [:] }
    // A number that no file can have is not believed.
    return entries.compactMapValues { entry in entry.total.flatMap { (0...1_000_000_000).contains($0) ? $0 : nil } }
  }
}
