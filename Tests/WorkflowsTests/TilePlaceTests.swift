import Testing

@testable import Workflows

@Suite("Tiles of a slide by their numbers")
struct TilePlaceTests {
  @Test(
    "tiles of a slide are written like places in a range",
    arguments: [("S:5", 5..<6), ("S:0..<32", 0..<32), ("a:b:0...3", 0..<4)])
  func places(text: String, tiles: Range<Int>) throws {
    #expect(try #require(TilePlace(text)).tiles == tiles)
  }

  @Test("other words are no places", arguments: ["S", "S:", ":5", "S:-1", "S:3..<3", "S:4...2", "S:x"])
  func noPlaces(text: String) { #expect(TilePlace(text) == nil) }
}
