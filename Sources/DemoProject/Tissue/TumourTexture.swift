import FeatureData
import Glibc

/// Squamous carcinoma: nests of epithelium in a scant stroma.
///
/// Basaloid nests are crowded with small dark nuclei; keratinising ones have large pink cells with visible borders,
/// open nuclei with a nucleolus, and whorls of keratin.
enum TumourTexture {
  static func paint(
    on canvas: inout StainCanvas, cover: [Float], basaloid: Float, infiltration: Float, random: inout SplitMix64
  ) {
    let side = canvas.side
    let broad = Noise.field(side: side, cell: 62, random: &random)
    let ragged = Noise.field(side: side, cell: 19, random: &random)
    let threshold = Float(0.26 + 0.2 * random.nextUnit())
    let nest = (0..<side * side).map { pixel in
      let depth = broad[pixel] + (ragged[pixel] - 0.5) * (0.34 - 0.16 * basaloid)
      return Noise.ramp(depth, threshold - 0.012, threshold + 0.012) * cover[pixel]
    }

    let between = (0..<side * side).map { nest[$0] > 0.999 ? 0 : cover[$0] }
    StromaTexture.paint(on: &canvas, cover: between, infiltration: infiltration * 1.6, random: &random)

    let spacing = 15.8 - 7.4 * basaloid
    let cells = CellSites(side: side, spacing: spacing, random: &random)
    let whorls = keratinWhorls(side: side, basaloid: basaloid, nest: nest, random: &random)
    paintCytoplasm(on: &canvas, nest: nest, cells: cells, whorls: whorls, basaloid: basaloid, random: &random)

    for site in cells.sites {
      guard let pixel = pixel(site, side: side), nest[pixel] > 0.55 else { continue }
      if whorls.contains(where: { $0.depth(site.x, site.y) < 0.8 }) { continue }
      drawNucleus(at: site, on: &canvas, basaloid: basaloid, random: &random)
    }
  }

  private static func drawNucleus(
    at site: CellSites.Site, on canvas: inout StainCanvas, basaloid: Float, random: inout SplitMix64
  ) {
    let size = Float(1 + 0.16 * max(min(random.nextNormal(), 2.2), -1.8))
    let angle = Float(random.nextUnit()) * Float.pi
    let dark = Float(1 + 0.14 * max(min(random.nextNormal(), 2), -2))
    canvas.draw(
      Nucleus(
        x: site.x, y: site.y, length: size * (5.6 - 0.5 * basaloid), width: size * (4.3 - 0.6 * basaloid),
        angle: angle, haematoxylin: dark * (0.78 + 0.52 * basaloid), eosin: 0.22, rim: 0.5 - 0.25 * basaloid,
        mottle: 0.28, halo: 0.12, irregularity: 0.09, lobeAngle: angle * 5))
    if random.nextUnit() > 0.25 + 0.7 * Double(basaloid) {
      canvas.draw(
        Nucleus(
          x: site.x + Float(random.nextUnit() - 0.5) * 2.4, y: site.y + Float(random.nextUnit() - 0.5) * 2.4,
          length: 1.3, width: 1.3, haematoxylin: 1.45, eosin: 0.6, halo: 0))
    }
    // A mitosis now and then: a dark plate in a clear cell.
    if random.nextUnit() < 0.006 + 0.012 * Double(basaloid) {
      canvas.draw(
        Nucleus(
          x: site.x, y: site.y, length: 4.6, width: 1.7, angle: angle, haematoxylin: 2.1, mottle: 0.35, halo: 0.9,
          irregularity: 0.2, lobeAngle: angle))
    }
  }

  private static func paintCytoplasm(
    on canvas: inout StainCanvas, nest: [Float], cells: CellSites, whorls: [Whorl], basaloid: Float,
    random: inout SplitMix64
  ) {
    let side = canvas.side
    let clouds = Noise.field(side: side, cell: 34, random: &random)
    let ragged = Noise.field(side: side, cell: 13, random: &random)
    let pink = 0.74 - 0.32 * basaloid
    let blue = 0.07 + 0.24 * basaloid
    for pixel in 0..<side * side where nest[pixel] > 0 {
      let x = Float(pixel % side)
      let y = Float(pixel / side)
      var h = blue
      var e = pink * (0.78 + 0.4 * clouds[pixel]) + 0.1 * (canvas.grain[pixel] - 0.5)
      if basaloid < 0.7 {
        let border = cells.borderDistance(x, y).distance
        let line = 1 - Noise.ramp(border, 0.3, 1.5)
        e *= 1 - 0.42 * line * (0.7 - basaloid) * 1.3
      }
      for whorl in whorls {
        guard whorl.depth(x, y) < 1.3 else { continue }
        // Layers that bend and break look like keratin; circles would look like a target.
        let depth = whorl.depth(x, y) + 0.7 * (ragged[pixel] - 0.5) + 0.15 * (canvas.grain[pixel] - 0.5)
        guard depth < 1 else { continue }
        let layer = 0.5 + 0.5 * sin(depth * whorl.layers + whorl.phase)
        let keratin = Noise.ramp(1 - depth, 0, 0.25)
        h = Noise.mix(h, 0.02, keratin)
        e = Noise.mix(e, 0.86 + 0.26 * layer, keratin)
      }
      canvas.lay(pixel, haematoxylin: h, eosin: e, cover: nest[pixel])
    }
  }

  /// A keratin pearl: concentric layers around a point.
  struct Whorl {
    let x: Float
    let y: Float
    let radius: Float
    let flatness: Float
    let layers: Float
    let phase: Float

    /// 0 at the centre, 1 at the rim.
    func depth(_ px: Float, _ py: Float) -> Float {
      let dx = (px - x) / radius
      let dy = (py - y) / (radius * flatness)
      return (dx * dx + dy * dy).squareRoot()
    }
  }

  private static func keratinWhorls(
    side: Int, basaloid: Float, nest: [Float], random: inout SplitMix64
  ) -> [Whorl] {
    let wanted = Int((1 - basaloid) * 2.6 * Float(random.nextUnit()) + 0.25)
    var whorls: [Whorl] = []
    for _ in 0..<wanted * 6 where whorls.count < wanted {
      let radius = Float(17 + 16 * random.nextUnit())
      let site = CellSites.Site(x: Float(random.nextUnit()) * Float(side), y: Float(random.nextUnit()) * Float(side))
      let flatness = Float(0.7 + 0.5 * random.nextUnit())
      let phase = Float(random.nextUnit()) * 6
      guard let pixel = pixel(site, side: side), nest[pixel] > 0.9 else { continue }
      whorls.append(
        Whorl(x: site.x, y: site.y, radius: radius, flatness: flatness, layers: radius * 0.6, phase: phase))
    }
    return whorls
  }

  private static func pixel(_ site: CellSites.Site, side: Int) -> Int? {
    StromaTexture.pixel(site.x, site.y, side: side)
  }
}
