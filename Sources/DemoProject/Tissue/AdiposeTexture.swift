import FeatureData
import Glibc

/// Fat: large empty cells pressed against each other, thin pink septa, flat nuclei where three cells meet.
enum AdiposeTexture {
  static func paint(on canvas: inout StainCanvas, cover: [Float], random: inout SplitMix64) {
    let side = canvas.side
    let spacing = Float(40 + 14 * random.nextUnit())
    let cells = CellSites(side: side, spacing: spacing, random: &random)
    let uneven = Noise.field(side: side, cell: 21, random: &random)
    let fine = Noise.field(side: side, cell: 7, random: &random)
    let breadth = Float(1.2 + 0.7 * random.nextUnit())
    for pixel in 0..<side * side where cover[pixel] > 0 {
      let x = Float(pixel % side) + 7 * (uneven[pixel] - 0.5)
      let y = Float(pixel / side) + 7 * (uneven[side * side - 1 - pixel] - 0.5)
      let place = cells.borderDistance(x, y)
      // Corners are filled: fat cells are rounder than the polygons they press each other into.
      let corner = Noise.ramp(place.toCentre / spacing, 0.7, 0.92) * 2.6
      let wall = 1 - Noise.ramp(place.distance, breadth * 0.55 + corner * 0.8, breadth * 1.25 + corner)
      let e = 0.02 + wall * (0.4 + 0.4 * fine[pixel])
      canvas.lay(pixel, haematoxylin: 0.012 + 0.07 * wall, eosin: e, cover: cover[pixel])
    }

    // Nuclei lie on the walls, stretched along them.
    let tries = Int(Float(side * side) / (spacing * spacing) * 12)
    var drawn: [CellSites.Site] = []
    for _ in 0..<tries {
      let x = Float(random.nextUnit()) * Float(side)
      let y = Float(random.nextUnit()) * Float(side)
      let place = cells.borderDistance(x, y)
      guard place.distance < 1.6, place.neighbour >= 0, let pixel = StromaTexture.pixel(x, y, side: side),
        cover[pixel] > 0.8, drawn.allSatisfy({ abs($0.x - x) + abs($0.y - y) > 30 })
      else { continue }
      drawn.append(CellSites.Site(x: x, y: y))
      let a = cells.sites[place.cell]
      let b = cells.sites[place.neighbour]
      canvas.draw(
        Nucleus(
          x: x, y: y, length: Float(4.6 + 1.6 * random.nextUnit()), width: 1.9,
          angle: atan2(b.y - a.y, b.x - a.x) + Float.pi / 2, haematoxylin: Float(1.25 + 0.15 * random.nextNormal()),
          eosin: 0.25, halo: 0))
    }
  }
}
