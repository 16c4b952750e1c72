import Glibc

/// How often a JPEG file goes over its picture, counted without decoding it.
///
/// A picture of several scans is kept whole as coefficients, six bytes a pixel, and every scan goes over all of them: a
/// file of some kilobytes can so ask for minutes. Source: ITU-T T.81, annex B.
struct JPEGScans: Equatable {
  private(set) var count = 0
  private var isProgressive = false
  /// True if the picture's end is marked.
  private(set) var isEnded = false

  /// Coefficients that may be gone over for one picture; a second's work or so.
  static let tileLimit = 1 << 28
  /// The same for a slide, which is unpacked once: some 400 MB where a picture is progressive.
  static let slideLimit = 1 << 30
  /// More scans than of one picture in earnest, so that the limit bounds the memory too.
  private static let usualCount = 16
  /// TurboJPEG goes over no picture more often.
  private static let maximumCount = 500

  /// True for a picture so small that no number of scans matters.
  static func isHarmless(pixelCount: Int) -> Bool { pixelCount * maximumCount <= tileLimit }

  /// True if decoding takes no longer and no more memory than a picture should.
  func isAffordable(pixelCount: Int, limit: Int = tileLimit) -> Bool {
    count <= 1 && !isProgressive || max(count, Self.usualCount) * pixelCount <= limit
  }

  /// - Complexity: O(bytes).
  init(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    var place = 2
    while place < bytes.count, let found = memchr(base + place, 0xFF, bytes.count - place) {
      place = UnsafeRawPointer(found) - base + 1
      guard place < bytes.count else { return }
      switch bytes[place] {
      // Fill, a byte of the picture that is 255, and markers without content.
      case 0xFF: continue
      case 0x00, 0x01, 0xD0...0xD8: break
      case 0xD9:
        isEnded = true
        return
      case let marker:
        guard place + 3 <= bytes.count else { return }
        if marker == 0xDA { count += 1 }
        if marker == 0xC2 || marker == 0xCA { isProgressive = true }
        place += Int(bytes[place + 1]) << 8 | Int(bytes[place + 2])
      }
      place += 1
    }
  }
}
