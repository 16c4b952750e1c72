import FeatureData
import Files
import Slides

/// Tile files whose frames, checksums, examples and indexes are wrong in turn.
enum RecordMutation {
  /// The bytes of a `tf.train.Example`, right or wrong.
  static func payload(_ material: FileMaterial, _ dice: inout Dice) -> [UInt8] {
    var example = dice.pick(material.examples)
    if dice.chance(40) {
      example.image = PictureMutation.mutated(dice.pick(material.pictures), &dice, other: dice.pick(material.pictures))
    }
    if dice.chance(10) { example.location = nil }
    if dice.chance(20) {
      example.location = TileLocation(
        x: Int(truncatingIfNeeded: dice.edge()), y: Int(truncatingIfNeeded: dice.edge()))
    }
    if dice.chance(10) { example.slide = dice.pick([nil, "", "\u{0}", "../S1", String(repeating: "S", count: 300)]) }
    switch dice.below(4) {
    case 0: return example.encoded()
    case 1: return ByteMutation.mutated(example.encoded(), &dice)
    case 2: return message(depth: 0, &dice)
    default:
      // The lengths that lead to the picture.
      var bytes = example.encoded()
      for _ in 0...dice.below(2) where !bytes.isEmpty {
        bytes[dice.below(min(bytes.count, 40))] = UInt8(dice.below(256))
      }
      return bytes
    }
  }

  /// Fields of every wire type, with lengths that are mostly right.
  private static func message(depth: Int, _ dice: inout Dice) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<dice.below(5) {
      let number = dice.chance(90) ? UInt64(1 + dice.below(3)) : dice.edge()
      let wireType = dice.chance(80) ? 2 : UInt64(dice.below(8))
      bytes += varint(number << 3 | wireType, &dice)
      switch wireType {
      case 0: bytes += varint(dice.edge(), &dice)
      case 1: bytes += [UInt8](repeating: 1, count: 8)
      case 2:
        let names = ["image_raw", "slide", "loc_x", "loc_y", ""]
        let content =
          depth < 6 && dice.chance(70) ? message(depth: depth + 1, &dice) : Array(dice.pick(names).utf8)
        bytes += varint(dice.chance(95) ? UInt64(content.count) : dice.edge(), &dice) + content
      default: bytes += [0, 0, 0, 0]
      }
    }
    return bytes
  }

  private static func varint(_ value: UInt64, _ dice: inout Dice) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    // Longer than it need be.
    if dice.chance(3) { return bytes + [UInt8(rest) | 0x80] + [UInt8](repeating: 0x80, count: dice.below(10)) + [0] }
    return bytes + [UInt8(rest)]
  }

  /// A file of frames, and where they lie if all lengths are right.
  static func file(_ payloads: [[UInt8]], _ dice: inout Dice) -> (bytes: [UInt8], frames: [Int]) {
    var bytes: [UInt8] = []
    var frames: [Int] = []
    for payload in payloads {
      frames += [bytes.count, payload.count + 16]
      // A wrong length with the right checksum.
      append(frame: payload, claimed: dice.chance(3) ? dice.edge() : UInt64(payload.count), to: &bytes)
      if dice.chance(3) { bytes += [UInt8](repeating: 0, count: dice.pick([1, 8, 4096, 20_000])) }
    }
    return (dice.chance(40) ? ByteMutation.mutated(bytes, &dice) : bytes, frames)
  }

  private static func append(frame payload: [UInt8], claimed: UInt64, to bytes: inout [UInt8]) {
    var length: [UInt8] = []
    length.append(claimed, byteCount: 8)
    bytes += length
    bytes.append(UInt64(length.withUnsafeBytes(CRC32C.masked)), byteCount: 4)
    bytes += payload
    bytes.append(UInt64(payload.withUnsafeBytes(CRC32C.masked)), byteCount: 4)
  }

  // MARK: Indexes

  /// An index of one of slideflow's forms, as its ending and bytes.
  static func index(
    of frames: [Int], locations: [Int], _ material: FileMaterial, _ dice: inout Dice
  ) -> (ending: String, bytes: [UInt8]) {
    var frames = frames
    if dice.chance(25), !frames.isEmpty { frames[dice.below(frames.count)] = Int(truncatingIfNeeded: dice.edge()) }
    var made: (ending: String, bytes: [UInt8])
    switch dice.below(8) {
    case 0: made = (".index", Array(text(frames, &dice).utf8))
    case 1: made = (".index.npy", array(frames, &dice))
    case 2 where !material.indexes.isEmpty: made = (".index.npz", dice.pick(material.indexes))
    default: made = (".index.npz", archive(frames, locations, &dice))
    }
    if dice.chance(30) { made.bytes = ByteMutation.mutated(made.bytes, &dice) }
    return made
  }

  private static func text(_ frames: [Int], _ dice: inout Dice) -> String {
    stride(from: 0, to: frames.count - 1, by: 2).map { index in
      let second = dice.chance(5) ? dice.pick(TextMutation.numbers) : String(frames[index + 1])
      return "\(frames[index]) \(second)\n"
    }.joined()
  }

  private static func array(_ numbers: [Int], _ dice: inout Dice) -> [UInt8] {
    let shapes: [String?] = [
      nil, nil, nil, nil, "(0, 2)", "(9223372036854775807, 2)", "(-1, 2)", "(4611686018427387904, 2)", "(1, 2, 1)",
      "()",
      "(3, 2", "3", "(100000, 2)",
    ]
    return ZipFile.array(
      numbers, kind: dice.pick(["<i8", "<i8", "<i8", "<i4", "<f8", ">i8", "O", ""]), shape: dice.pick(shapes),
      isFortran: dice.chance(3))
  }

  private static func archive(_ frames: [Int], _ locations: [Int], _ dice: inout Dice) -> [UInt8] {
    func entry(_ name: String, _ numbers: [Int], _ dice: inout Dice) -> ZipFile.Entry {
      var entry = ZipFile.Entry(name: name, content: dice.chance(70) ? ZipFile.array(numbers) : array(numbers, &dice))
      entry.isDeflated = dice.chance(40)
      // A bomb: zeros behind a right header.
      if dice.chance(1) { entry.content += [UInt8](repeating: 0, count: 5_000_000) }
      if dice.chance(5) { entry.claimedByteCount = dice.edge() }
      if dice.chance(5) { entry.claimedStoredByteCount = dice.edge() }
      entry.breaksChecksum = dice.chance(3)
      return entry
    }
    var entries = [entry("arr_0.npy", frames, &dice)]
    if dice.chance(60) { entries.append(entry("locations.npy", locations, &dice)) }
    if dice.chance(5) {
      entries.append(entry(dice.pick(["arr_0.npy", "stamp.npy", "", "locations.npy"]), frames, &dice))
    }
    return ZipFile.archive(entries)
  }
}
