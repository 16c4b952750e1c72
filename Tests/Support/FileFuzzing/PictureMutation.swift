import CZlib

/// Pictures of tiles, changed byte by byte and by what their formats are made of.
enum PictureMutation {
  static func mutated(_ picture: [UInt8], _ dice: inout Dice, other: [UInt8] = []) -> [UInt8] {
    var bytes = picture
    if dice.chance(60) {
      if bytes.starts(with: [0xFF, 0xD8]) { changeJPEG(&bytes, &dice) } else { changePNG(&bytes, &dice) }
      if dice.chance(60) { return bytes }
    }
    return ByteMutation.mutated(bytes, &dice, other: other)
  }

  /// Sizes at and behind the limits are rare, for pictures of such a size take long even where all is right.
  private static func side(_ dice: inout Dice) -> UInt64 {
    if dice.chance(96) { return UInt64(dice.pick([0, 1, 7, 8, 9, 16, 63, 65, 128, 299, 1024])) }
    return dice.pick([8191, 8192, 8193, 65_535, 1 << 31, (1 << 31) - 1, (1 << 32) - 1, dice.edge()])
  }

  // MARK: JPEG

  /// Where each marker segment lies; that of a scan reaches up to the next marker.
  private static func segments(_ bytes: [UInt8]) -> [(marker: UInt8, range: Range<Int>)] {
    var segments: [(UInt8, Range<Int>)] = []
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF {
      let marker = bytes[place + 1]
      var end = place + 2 + Int(bytes.number(at: place + 2, byteCount: 2, isBigEndian: true))
      if marker == 0xDA {
        while end + 1 < bytes.count, bytes[end] != 0xFF || bytes[end + 1] == 0 || (0xD0...0xD7).contains(bytes[end + 1])
        { end += 1 }
      }
      end = min(end, bytes.count)
      segments.append((marker, place..<end))
      place = end
    }
    return segments
  }

  private static func changeJPEG(_ bytes: inout [UInt8], _ dice: inout Dice) {
    let segments = segments(bytes)
    guard !segments.isEmpty else { return }
    let segment = dice.pick(segments)
    switch dice.below(8) {
    case 0, 1:
      guard let frame = segments.first(where: { (0xC0...0xC2).contains($0.marker) }) else { return }
      let place = frame.range.lowerBound + (dice.chance(50) ? 5 : 7)
      ByteMutation.overwrite(&bytes, at: place, with: side(&dice), byteCount: 2, true)
    case 2:
      guard let frame = segments.first(where: { (0xC0...0xC2).contains($0.marker) }) else { return }
      // Another process, precision, number of components, or sampling of one.
      let place = frame.range.lowerBound + dice.pick([1, 4, 9, 10, 11, 12, 14, 17])
      if place < bytes.count { bytes[place] = dice.chance(50) ? UInt8(0xC0 + dice.below(16)) : UInt8(dice.below(256)) }
    case 3: bytes.removeSubrange(segment.range)
    case 4:
      let copied = Array(bytes[segment.range])
      for _ in 0...dice.size(upTo: 30) { bytes.insert(contentsOf: copied, at: segment.range.upperBound) }
    case 5:
      let place = segment.range.lowerBound + 2
      ByteMutation.overwrite(&bytes, at: place, with: dice.edge(), byteCount: 2, true)
    case 6:
      for index in 0..<dice.size(upTo: 16) where segment.range.lowerBound + 4 + index < segment.range.upperBound {
        bytes[segment.range.lowerBound + 4 + index] = UInt8(dice.below(256))
      }
    default:
      let scans = segments.filter { $0.marker == 0xDA }.flatMap { Array(bytes[$0.range]) }
      for _ in 0..<dice.size(upTo: 600) where bytes.count < 200_000 {
        bytes.insert(contentsOf: scans, at: bytes.count - 2)
      }
      if dice.chance(5), let frame = segments.first(where: { (0xC0...0xC2).contains($0.marker) }) {
        ByteMutation.overwrite(&bytes, at: frame.range.lowerBound + 5, with: 8192, byteCount: 2, true)
        ByteMutation.overwrite(&bytes, at: frame.range.lowerBound + 7, with: 8192, byteCount: 2, true)
      }
    }
  }

  // MARK: PNG

  private struct Chunk {
    var name: [UInt8]
    var content: [UInt8]
  }

  private static let chunkNames = [
    "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "iCCP", "sRGB", "cHRM", "zTXt", "iTXt", "tEXt", "sBIT", "bKGD",
    "hIST", "sPLT", "eXIf", "abCd", "ABCD",
  ]

  private static func changePNG(_ bytes: inout [UInt8], _ dice: inout Dice) {
    var chunks: [Chunk] = []
    var place = 8
    while place + 12 <= bytes.count {
      let byteCount = Int(bytes.number(at: place, byteCount: 4, isBigEndian: true))
      guard place + 12 + byteCount <= bytes.count else { break }
      chunks.append(
        Chunk(name: Array(bytes[place + 4..<place + 8]), content: Array(bytes[place + 8..<place + 8 + byteCount])))
      place += 12 + byteCount
    }
    guard let header = chunks.first, header.content.count == 13 else { return }
    for _ in 0...dice.size(upTo: 3) { change(&chunks, &dice) }
    bytes = Array(bytes[..<8])
    for chunk in chunks {
      let checked = chunk.name + chunk.content
      bytes.append(UInt64(chunk.content.count), byteCount: 4, isBigEndian: true)
      bytes += checked
      bytes.append(UInt64(crc32(0, checked, UInt32(checked.count))), byteCount: 4, isBigEndian: true)
    }
  }

  private static func change(_ chunks: inout [Chunk], _ dice: inout Dice) {
    let index = dice.below(chunks.count)
    switch dice.below(8) {
    case 0, 1:
      if chunks[0].content.count == 13 {
        ByteMutation.overwrite(
          &chunks[0].content, at: dice.chance(50) ? 0 : 4, with: side(&dice), byteCount: 4, true)
      }
    case 2:
      // Depth, colours, interlacing.
      if chunks[0].content.count == 13 {
        chunks[0].content[dice.pick([8, 9, 12])] = dice.pick([0, 1, 2, 3, 4, 6, 8, 16, UInt8(dice.below(256))])
      }
    case 3: if chunks.count > 1 { chunks.remove(at: index) }
    case 4: chunks.insert(chunks[index], at: dice.below(chunks.count + 1))
    case 5: chunks[index].content = ByteMutation.mutated(chunks[index].content, &dice)
    case 6:
      // A profile or a text that grows a thousandfold.
      let name = dice.pick(chunkNames)
      let inflated = [UInt8](
        repeating: UInt8(dice.below(256)), count: dice.chance(3) ? 9_000_000 : dice.pick([0, 100, 100_000]))
      let content = dice.chance(50) ? Array("n\0\0".utf8) + ZipFile.zlib(inflated) : Array(inflated.prefix(3_000))
      chunks.insert(Chunk(name: Array(name.utf8), content: content), at: 1)
    default:
      let name = Array("IDAT".utf8)
      if let data = chunks.firstIndex(where: { $0.name == name }) {
        chunks[data].content = ZipFile.zlib(
          [UInt8](
            repeating: UInt8(dice.below(5)), count: dice.chance(2) ? 20_000_000 : dice.pick([1, 4_000, 12_352, 16_448]))
        )
      }
    }
  }
}
