package import FeatureData

/// One synthetic slide: whose it is, what is on it and where.
package struct DemoSlide: Sendable {
  /// One tile before it is painted, in the order of the records.
  package struct Tile: Sendable {
    package let location: TileLocation
    package var tissue: Tissue { content.tissue }
    let content: TileContent
    /// The tile's own stream of random numbers.
    let seed: UInt64
  }

  package let name: String
  package let patient: String
  package let isPositive: Bool
  package let site: Site
  /// In years, to a tenth.
  package let age: Double
  package let tiles: [Tile]
  /// Tiles that fit along a side of the slide, most of them glass at its rim.
  let latticeSide: Int
  let stain: Stain

  package var outcome: String { isPositive ? "positive" : "negative" }
  /// The share of tiles that are mostly tumour.
  package var tumourFraction: Double {
    Double(tiles.count { $0.tissue == .tumour }) / Double(tiles.count)
  }

  /// The slides of a project. Outcome and site are crossed; a slide in four of each outcome looks like neither.
  package static func all(seed: UInt64, plan: DemoPlan) -> [DemoSlide] {
    (0..<plan.slideCount).map { DemoSlide(number: $0, seed: seed, plan: plan) }
  }

  private init(number: Int, seed: UInt64, plan: DemoPlan) {
    var random = SplitMix64(seed: SplitMix64.mix(seed &* 0x1000_0001 &+ UInt64(number)))
    func normal() -> Double { max(min(random.nextNormal(), 2), -2) }
    let digits = String(number + 1)
    let padded = String(repeating: "0", count: max(2 - digits.count, 0)) + digits
    name = "DEMO-" + padded
    patient = "PT-" + padded
    let isPositive = number % 2 == 0
    self.isPositive = isPositive
    site = (number / 2) % 2 == 0 ? .a : .b
    age = ((58 + (isPositive ? -3 : 4) + 9 * normal()) * 10).rounded() / 10
    stain = Stain.of(site, random: &random)

    let isAtypical = (number / 2) % 4 == 3
    let lean = isAtypical ? 0.5 : isPositive ? 0.8 : 0.2
    let basaloid = lean + 0.06 * normal()
    let infiltration = Float(max(0.25 + 0.6 * (lean - 0.2) + 0.1 * normal(), 0))
    // Tumour, stroma, lymphoid, adipose.
    let shares = [
      0.36 + 0.05 * normal(), 0.34 - 0.14 * lean + 0.05 * normal(), 0.1 + 0.2 * lean + 0.045 * normal(),
      0.19 - 0.04 * lean + 0.04 * normal(),
    ]
    let tileCount = Int.random(in: plan.tileCounts, using: &random)
    let layout = SlideLayout(tileCount: tileCount, shares: shares, random: &random)
    latticeSide = layout.side
    var tiles = layout.cells.map { cell in
      let neighbour = random.nextUnit() < 0.8 ? cell.neighbour : nil
      let content = TileContent(
        tissue: cell.tissue, neighbour: neighbour, neighbourShare: Float(0.05 + 0.36 * random.nextUnit()),
        basaloid: Float(min(max(basaloid + 0.16 * normal(), 0), 1)),
        infiltration: infiltration * Float(0.3 + 1.9 * random.nextUnit() * random.nextUnit()))
      let centre = { (index: Int) in index * plan.fullExtractPixels + plan.fullExtractPixels / 2 }
      return Tile(
        location: TileLocation(x: centre(cell.column), y: centre(cell.row)), content: content, seed: random.next())
    }
    tiles.shuffle(using: &random)
    self.tiles = tiles
  }

  /// The picture of one tile.
  package func image(_ tile: Tile, plan: DemoPlan) -> RGBImage {
    var random = SplitMix64(seed: tile.seed)
    return TilePainter.paint(tile.content, side: plan.tileSidePixels, stain: stain, random: &random)
  }
}
