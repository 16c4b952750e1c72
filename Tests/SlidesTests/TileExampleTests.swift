import FeatureData
import Testing

@testable import Slides

@Suite struct TileExampleTests {
  private let tile = TileExample(slide: "SYN-00", image: [0xFF, 0xD8, 1, 2, 3], location: TileLocation(x: 1904, y: 0))

  private func parse(_ bytes: [UInt8]) throws(ExampleFault) -> TileExample {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(ExampleFault) in try TileExample(parsing: buffer) }
    }
    return try result.get()
  }

  /// A length-delimited field.
  private func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    precondition(content.count < 128)
    return [number << 3 | 2, UInt8(content.count)] + content
  }

  private func entry(_ key: String, _ feature: [UInt8]) -> [UInt8] {
    field(1, field(1, Array(key.utf8)) + field(2, feature))
  }

  private var picture: [UInt8] { entry("image_raw", field(1, field(1, [9, 9]))) }

  @Test func `an example survives encoding and parsing`() throws {
    #expect(try parse(tile.encoded()) == tile)
    let far = TileExample(slide: nil, image: [1], location: TileLocation(x: -5, y: 3_000_000_000))
    #expect(try parse(far.encoded()) == far)
    let bare = TileExample(slide: "a", image: [1], location: nil)
    #expect(try parse(bare.encoded()) == bare)
  }

  @Test func `a picture whose length takes three bytes to write survives`() throws {
    let large = TileExample(slide: "s", image: [UInt8](repeating: 7, count: 300_000), location: nil)
    #expect(try parse(large.encoded()) == large)
  }

  @Test func `fields may come in any order, packed or not, with unknown ones between`() throws {
    let unpacked = entry("loc_x", field(3, [0x08, 0x90, 0x4E]))
    let packed = entry("loc_y", field(3, field(1, [0x05, 0x06])))
    // A map entry with the value before the key.
    let reversed = field(1, field(2, field(1, field(1, Array("S".utf8)))) + field(1, Array("slide".utf8)))
    let unknownFixed: [UInt8] = [0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7D, 1, 2, 3, 4, 0x78, 0xFF, 0x01]
    let extra = entry("depth", field(2, field(1, [0, 0, 0x80, 0x3F])))
    let bytes = unknownFixed + field(1, packed + extra + unknownFixed + reversed + picture + unpacked)
    let example = try parse(bytes)
    #expect(example == TileExample(slide: "S", image: [9, 9], location: TileLocation(x: 10000, y: 5)))
  }

  @Test func `a missing or empty location is none`() throws {
    #expect(try parse(field(1, picture)).location == nil)
    let onlyX = entry("loc_x", field(3, field(1, [5])))
    #expect(try parse(field(1, picture + onlyX)).location == nil)
    let emptyY = entry("loc_y", field(3, field(1, [])))
    #expect(try parse(field(1, picture + onlyX + emptyY)).location == nil)
  }

  @Test func `a record without picture says so`() {
    #expect(throws: ExampleFault.noImage) { try parse([]) }
    #expect(throws: ExampleFault.noImage) { try parse(field(1, entry("slide", field(1, field(1, [65]))))) }
    #expect(throws: ExampleFault.noImage) { try parse(field(1, entry("image_raw", field(1, [])))) }
  }

  @Test func `numbers for a picture are the wrong type`() {
    #expect(throws: ExampleFault.wrongType(feature: "image_raw")) {
      try parse(field(1, entry("image_raw", field(3, field(1, [1])))))
    }
    #expect(throws: ExampleFault.wrongType(feature: "loc_x")) {
      try parse(field(1, picture + entry("loc_x", field(1, field(1, [1]))) + entry("loc_y", field(3, field(1, [1])))))
    }
  }

  @Test(
    arguments: [
      [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
      [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
      [0x0A, 5, 1], [0x0A], [0x0B, 0x0C], [0x00, 0x01], [0x09, 1, 2], [0x0D, 1], [0x80],
      [0x0A, 3, 0x0A, 0x7F, 0x0A],
    ] as [[UInt8]])
  func `impossible lengths and tags are refused`(bytes: [UInt8]) {
    #expect { try parse(bytes) } throws: { error in
      if case ExampleFault.malformed = error { true } else { false }
    }
  }

  @Test func `no change of a byte and no cut makes parsing fail otherwise than by its error`() {
    var random = SplitMix64(seed: 4)
    let sound = tile.encoded()
    var parsed = 0
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = sound
      for _ in 0...random.next() % 3 {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      bytes.removeLast(Int(random.next() % 4) * Int(random.next() % UInt64(bytes.count)) / 3)
      do throws(ExampleFault) {
        _ = try parse(bytes)
        parsed += 1
      } catch {
        refused += 1
      }
    }
    #expect(parsed > 100 && refused > 1000)
  }
}
