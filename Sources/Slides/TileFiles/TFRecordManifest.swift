import Files

/// The `manifest.json` beside TFRecords: how many tiles each file holds.
package enum TFRecordManifest {
  /// Writes it as slideflow does: one entry a file, in the order given.
  package static func write(
    counts: [(fileName: String, count: Int)], to folder: String
  ) throws(SlidesError) {
    let entries = counts.map { " \(JSONFragment.string($0.fileName).text): {\n  \"total\": \($0.count)\n }" }
    let text = entries.isEmpty ? "{}" : "{\n" + entries.joined(separator: ",\n") + "\n}"
    try SlidesError.write(text, to: "\(folder)/manifest.json")
  }
}
