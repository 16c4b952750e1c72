import FeatureData
import Glibc

/// Collagen: wavy pink fibres with clefts between them, thin dark fibroblasts along them, small vessels.
enum StromaTexture {
  static func paint(
    on canvas: inout StainCanvas, cover: [Float], infiltration: Float, random: inout SplitMix64
  ) {
    let side = canvas.side
    let bend = Noise.field(side: side, cell: 95, random: &random)
    let ripple = Noise.field(side: side, cell: 26, random: &random)
    let heading = Float(random.nextUnit()) * Float.pi
    let cosine = cos(heading)
    let sine = sin(heading)
    let seed = random.next()
    let looseness = Float(0.3 + 0.24 * random.nextUnit())
    // Along the fibres (u) and across them (v), bent by the two fields.
    func across(_ x: Float, _ y: Float, _ pixel: Int) -> (u: Float, v: Float) {
      let u = x * cosine + y * sine
      let v = y * cosine - x * sine
      return (u, v + 62 * bend[pixel] + 10 * ripple[pixel] + 1.6 * sin(u * 0.19 + bend[pixel] * 9))
    }
    for pixel in 0..<side * side where cover[pixel] > 0 {
      let (u, v) = across(Float(pixel % side), Float(pixel / side), pixel)
      let bundle = Noise.value(u * 0.014, v * 0.105, seed: seed)
      let fibre = Noise.value(u * 0.03, v * 0.36, seed: seed &+ 1)
      let strand = 0.62 * bundle + 0.38 * fibre
      let cleft = Noise.ramp(strand, looseness - 0.2, looseness - 0.02)
      let pink = (0.2 + 0.62 * fibre + 0.22 * bundle + 0.14 * (canvas.grain[pixel] - 0.5)) * cleft + 0.05
      canvas.lay(pixel, haematoxylin: 0.03 + 0.04 * cleft, eosin: pink, cover: cover[pixel])
    }

    let cellularity = 0.25 + 0.75 * random.nextUnit()
    let fibroblasts = CellSites(side: side, spacing: 17, crowding: 2, random: &random)
    for site in fibroblasts.sites {
      let keep = random.nextUnit() < cellularity
      guard keep, let pixel = pixel(site.x, site.y, side: side), cover[pixel] > 0.6 else { continue }
      // The fibres' direction here is that of constant `v`.
      let right = min(pixel + 3, side * side - 1)
      let below = min(pixel + 3 * side, side * side - 1)
      let here = across(site.x, site.y, pixel).v
      let angle = atan2(-(across(site.x + 3, site.y, right).v - here), across(site.x, site.y + 3, below).v - here)
      let stretch = Float(0.75 + 0.5 * random.nextUnit())
      canvas.draw(
        Nucleus(
          x: site.x, y: site.y, length: 7.2 * stretch, width: 1.75, angle: angle + Float(random.nextNormal()) * 0.12,
          haematoxylin: Float(1.15 + 0.2 * random.nextNormal()), eosin: 0.3, mottle: 0.22, halo: 0.25,
          irregularity: 0.08, lobeAngle: angle))
    }
    if random.nextUnit() < 0.28 { drawVessel(on: &canvas, cover: cover, random: &random) }
    LymphoidTexture.strew(share: 0.1 * infiltration, on: &canvas, cover: cover, random: &random)
  }

  /// A capillary or venule: a pale lumen with a few red cells, lined by flat nuclei.
  private static func drawVessel(on canvas: inout StainCanvas, cover: [Float], random: inout SplitMix64) {
    let side = canvas.side
    let centreX = Float(random.nextUnit()) * Float(side)
    let centreY = Float(random.nextUnit()) * Float(side)
    let radius = Float(9 + 11 * random.nextUnit())
    let flatness = Float(0.55 + 0.4 * random.nextUnit())
    let angle = Float(random.nextUnit()) * Float.pi
    let redCells = Int(radius * 0.9)
    let turns = (0..<redCells * 2).map { _ in (Float(random.nextUnit()), Float(random.nextUnit())) }
    let nucleiCount = Int(radius * 0.55) + 2
    guard let centre = pixel(centreX, centreY, side: side), cover[centre] > 0.9 else { return }
    canvas.draw(
      Nucleus(
        x: centreX, y: centreY, length: radius + 2, width: radius * flatness + 2, angle: angle, haematoxylin: 0.06,
        eosin: 0.8, rim: 0, mottle: 0, halo: 0))
    canvas.draw(
      Nucleus(
        x: centreX, y: centreY, length: radius, width: radius * flatness, angle: angle, haematoxylin: 0.01,
        eosin: 0.03, rim: 0, mottle: 0, halo: 0))
    func point(_ turn: Float, _ share: Float) -> (x: Float, y: Float) {
      let u = cos(turn) * radius * share
      let v = sin(turn) * radius * flatness * share
      return (centreX + u * cos(angle) - v * sin(angle), centreY + u * sin(angle) + v * cos(angle))
    }
    for turn in turns.prefix(redCells) {
      let (x, y) = point(turn.0 * 2 * Float.pi, turn.1.squareRoot() * 0.78)
      canvas.draw(
        Nucleus(x: x, y: y, length: 3.1, width: 2.8, haematoxylin: 0.02, eosin: 1.15, rim: 0.1, mottle: 0, halo: 0))
    }
    for number in 0..<nucleiCount {
      let turn = Float(number) / Float(nucleiCount) * 2 * Float.pi
      let (x, y) = point(turn, 1.1)
      let (nextX, nextY) = point(turn + 0.1, 1.1)
      canvas.draw(
        Nucleus(
          x: x, y: y, length: 4.8, width: 1.7, angle: atan2(nextY - y, nextX - x), haematoxylin: 1.2, eosin: 0.3,
          halo: 0.1))
    }
  }

  /// The pixel under a point, or nil outside the tile.
  static func pixel(_ x: Float, _ y: Float, side: Int) -> Int? {
    guard x >= 0, y >= 0, x < Float(side), y < Float(side) else { return nil }
    return Int(y) * side + Int(x)
  }
}
