/// What each of the 256 levels of a channel becomes before the stains are looked at.
struct BrightnessLevels {
  /// 256 bytes.
  let levels: [UInt8]

  static let unchanged = BrightnessLevels(levels: (0...255).map { UInt8($0) })

  private init(levels: [UInt8]) { self.levels = levels }

  /// The level below which nine tenths of all channel values lie becomes 255, the others in proportion.
  ///
  /// nil where that level is black.
  init?(standardizing pixels: UnsafeBufferPointer<UInt8>) {
    var counts = [Int](repeating: 0, count: 3 * 256)
    counts.withUnsafeMutableBufferPointer { counts in
      // A count of its own for each channel: neighbouring bytes are often equal, and would wait for each other.
      for start in stride(from: 0, to: pixels.count, by: 3) {
        counts[Int(pixels[start])] += 1
        counts[256 + Int(pixels[start + 1])] += 1
        counts[512 + Int(pixels[start + 2])] += 1
      }
    }
    let rank = PercentileRank(percent: 90, count: pixels.count)
    func level(atRank rank: Int) -> Double {
      var below = 0
      for level in 0..<256 {
        below += counts[level] + counts[256 + level] + counts[512 + level]
        if below > rank { return Double(level) }
      }
      return 255
    }
    let white = rank.interpolate(level(atRank: rank.lower), level(atRank: rank.upper))
    guard white > 0 else { return nil }
    levels = (0...255).map { UInt8(min(255, Double($0) * 255 / white)) }
  }

  /// `value` of every level after this change.
  func table(_ value: (UInt8) -> Float) -> [Float] { levels.map(value) }
}
