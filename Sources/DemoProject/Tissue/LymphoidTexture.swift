import FeatureData

/// Lymphocytes: small, round, dark nuclei with hardly any cytoplasm, packed; now and then a paler follicle centre.
enum LymphoidTexture {
  static func paint(on canvas: inout StainCanvas, cover: [Float], random: inout SplitMix64) {
    let side = canvas.side
    let clouds = Noise.field(side: side, cell: 24, random: &random)
    let density = Noise.field(side: side, cell: 60, random: &random)
    for pixel in 0..<side * side where cover[pixel] > 0 {
      let e = 0.16 + 0.2 * clouds[pixel] + 0.1 * (canvas.grain[pixel] - 0.5)
      canvas.lay(pixel, haematoxylin: 0.1 + 0.07 * clouds[pixel], eosin: e, cover: cover[pixel])
    }
    let fullness = 0.45 + 0.45 * random.nextUnit()
    let hasFollicle = random.nextUnit() < 0.3
    let follicle = (
      x: Float(random.nextUnit()) * Float(side), y: Float(random.nextUnit()) * Float(side),
      radius: Float(45 + 30 * random.nextUnit())
    )
    let sites = CellSites(side: side, spacing: 7.1, random: &random)
    for site in sites.sites {
      let chance = random.nextUnit()
      guard let pixel = StromaTexture.pixel(site.x, site.y, side: side), cover[pixel] > 0.55 else { continue }
      let dx = site.x - follicle.x
      let dy = site.y - follicle.y
      if hasFollicle, dx * dx + dy * dy < follicle.radius * follicle.radius {
        // Centroblasts: larger and open, with room between them.
        guard chance < 0.58 else { continue }
        drawBlast(at: site, on: &canvas, random: &random)
      } else if chance < fullness + 0.35 * Double(density[pixel]) {
        drawLymphocyte(at: site, on: &canvas, random: &random)
      }
    }
  }

  /// Single lymphocytes among other tissue; `share` is of the places where one could lie.
  static func strew(share: Float, on canvas: inout StainCanvas, cover: [Float], random: inout SplitMix64) {
    let side = canvas.side
    let clusters = Noise.field(side: side, cell: 48, random: &random)
    let sites = CellSites(side: side, spacing: 8.2, crowding: 4, random: &random)
    for site in sites.sites {
      let chance = Float(random.nextUnit())
      guard let pixel = StromaTexture.pixel(site.x, site.y, side: side), cover[pixel] > 0.6 else { continue }
      let here = share * 4 * clusters[pixel] * clusters[pixel]
      if chance < here { drawLymphocyte(at: site, on: &canvas, random: &random) }
    }
  }

  private static func drawLymphocyte(
    at site: CellSites.Site, on canvas: inout StainCanvas, random: inout SplitMix64
  ) {
    let size = Float(3.25 + 0.28 * max(min(random.nextNormal(), 2), -2))
    let angle = Float(random.nextUnit()) * Float.pi
    canvas.draw(
      Nucleus(
        x: site.x, y: site.y, length: size * 1.05, width: size * 0.96, angle: angle,
        haematoxylin: Float(1.62 + 0.14 * random.nextNormal()), eosin: 0.12, rim: 0.12, mottle: 0.26, halo: 0.3,
        irregularity: 0.05, lobeAngle: angle * 3))
  }

  private static func drawBlast(at site: CellSites.Site, on canvas: inout StainCanvas, random: inout SplitMix64) {
    let angle = Float(random.nextUnit()) * Float.pi
    canvas.draw(
      Nucleus(
        x: site.x, y: site.y, length: 4.5, width: 3.9, angle: angle,
        haematoxylin: Float(0.82 + 0.1 * random.nextNormal()), eosin: 0.15, rim: 0.5, mottle: 0.3, halo: 0.2,
        irregularity: 0.1, lobeAngle: angle * 3))
  }
}
