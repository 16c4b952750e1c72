import Files

/// A text field put into a PNG file that is made already.
package enum PNGText {
  private static let signatureLength = 8
  private static let keyword = "Statement"

  /// The file with the statement that made it, as a field of international text before the picture data; as it is where it
  /// has one.
  ///
  /// Source: PNG specification, third edition, W3C 2025, https://www.w3.org/TR/png-3/, 11.3.3.4.
  package static func stating(_ statement: String?, _ png: [UInt8]) -> [UInt8] {
    // The header is the first chunk: 13 bytes of data.
    let place = signatureLength + 12 + 13
    guard let statement, !statement.isEmpty, png.count > place, !hasStatement(png) else { return png }
    let text = statement.replacing("\0", with: "")
    // Keyword, not compressed, no language, no translated keyword.
    let data = Array("iTXt".utf8) + Array(keyword.utf8) + [0, 0, 0, 0, 0] + Array(text.utf8)
    func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    let chunk = bigEndian(UInt32(data.count - 4)) + data + bigEndian(CRC32.checksum(data))
    return Array(png[..<place]) + chunk + Array(png[place...])
  }

  private static func hasStatement(_ png: [UInt8]) -> Bool {
    var place = signatureLength
    while place + 8 <= png.count {
      let count = png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let name = png[place + 4..<place + 8]
      if name.elementsEqual("IDAT".utf8) { return false }
      if name.elementsEqual("iTXt".utf8), png[(place + 8)...].starts(with: Array(keyword.utf8) + [0]) { return true }
      place += 12 + count
    }
    return false
  }
}
