/// Changes of bytes that know nothing of what they mean.
enum ByteMutation {
  /// A few changes, one after the other.
  static func mutated(_ bytes: [UInt8], _ dice: inout Dice, other: [UInt8] = []) -> [UInt8] {
    var bytes = bytes
    for _ in 0...dice.size(upTo: 8) { change(&bytes, &dice, other: other) }
    return bytes
  }

  private static func change(_ bytes: inout [UInt8], _ dice: inout Dice, other: [UInt8]) {
    let place = dice.below(bytes.count)
    switch dice.below(12) {
    case 0, 1: if !bytes.isEmpty { bytes[place] ^= 1 << UInt8(dice.below(8)) }
    case 2: if !bytes.isEmpty { bytes[place] = dice.pick([0, 1, 0x7F, 0x80, 0xFF, UInt8(dice.below(256))]) }
    case 3: bytes.insert(contentsOf: (0..<dice.size(upTo: 64)).map { _ in UInt8(dice.below(256)) }, at: place)
    case 4: bytes.removeSubrange(dice.range(in: bytes.count, longest: dice.chance(80) ? 16 : bytes.count))
    case 5:
      let copied = Array(bytes[dice.range(in: bytes.count, longest: 4096)])
      bytes.insert(contentsOf: copied, at: dice.below(bytes.count + 1))
    case 6: bytes.removeLast(dice.below(dice.chance(50) ? bytes.count + 1 : min(bytes.count, 20) + 1))
    case 7:
      let tail = other.isEmpty ? bytes : other
      bytes = Array(bytes[..<place]) + tail[dice.below(tail.count)...]
    case 8, 9: overwrite(&bytes, at: place, with: dice.edge(), byteCount: dice.pick([1, 2, 4, 8]), dice.chance(50))
    case 10:
      for index in dice.range(in: bytes.count, longest: 512) { bytes[index] = 0 }
    default:
      let range = dice.range(in: bytes.count, longest: 256)
      bytes.replaceSubrange(range, with: bytes[range].reversed())
    }
  }

  static func overwrite(
    _ bytes: inout [UInt8], at place: Int, with number: UInt64, byteCount: Int, _ isBigEndian: Bool
  ) {
    for index in 0..<byteCount where place + index < bytes.count {
      let shift = 8 * (isBigEndian ? byteCount - 1 - index : index)
      bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(shift))
    }
  }
}

extension [UInt8] {
  mutating func append(_ number: UInt64, byteCount: Int, isBigEndian: Bool = false) {
    self += [UInt8](repeating: 0, count: byteCount)
    ByteMutation.overwrite(&self, at: count - byteCount, with: number, byteCount: byteCount, isBigEndian)
  }

  func number(at place: Int, byteCount: Int, isBigEndian: Bool = false) -> UInt64 {
    (0..<byteCount).reduce(0) { result, index in
      let byte = place + index < count ? UInt64(self[place + index]) : 0
      return result | byte << UInt64(8 * (isBigEndian ? byteCount - 1 - index : index))
    }
  }
}
