/// The `manifest.json` beside TFRecords: how many tiles each file holds.
package enum TFRecordManifest {
  /// Writes it as slideflow does: one entry a file, in the order given.
  package static func write(
    counts: [(fileName: String, count: Int)], to folder: String
  ) throws(SlidesError) {
    let entries = counts.map { " \(JSONText.quoted($0.fileName)): {\n  \"total\": \($0.count)\n }" }
    let text = entries.isEmpty ? "{}" : "{\n" + entries.joined(separator: ",\n") + "\n}"
    try WholeFile.write(text, to: "\(folder)/manifest.json")
  }
}
