/// The `manifest.json` beside TFRecords: how many tiles each file holds.
package enum TFRecordManifest {
  /// Writes it as slideflow does: one entry a file, in the order given.
  package static func write(
    counts: [(fileName: String, count: Int)], to folder: String
  ) throws(SlidesError) {
    let entries = counts.map { " \(quoted($0.fileName)): {\n  \"total\": \($0.count)\n }" }
    let text = entries.isEmpty ? "{}" : "{\n" + entries.joined(separator: ",\n") + "\n}"
    try WholeFile.write(text, to: "\(folder)/manifest.json")
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
