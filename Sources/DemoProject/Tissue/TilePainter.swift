import FeatureData
import Glibc

/// What is on one tile.
struct TileContent: Sendable {
  var tissue: Tissue
  /// A second tissue that reaches in from a side, and how much of the tile it takes (below 0.45).
  var neighbour: Tissue?
  var neighbourShare: Float
  /// 0 keratinising … 1 basaloid, for the tumour.
  var basaloid: Float
  /// 0…1: lymphocytes strewn between the tumour's nests and the fibres.
  var infiltration: Float
}

/// Paints tiles of tissue, 1 µm to the pixel.
enum TilePainter {
  /// - Complexity: O(side²), about 5 ms for 299 pixels.
  static func paint(_ content: TileContent, side: Int, stain: Stain, random: inout SplitMix64) -> RGBImage {
    var canvas = StainCanvas(side: side, random: &random)
    var cover = [Float](repeating: 1, count: side * side)
    paint(content.tissue, content, on: &canvas, cover: cover, random: &random)
    if let neighbour = content.neighbour {
      cover = reach(share: content.neighbourShare, side: side, random: &random)
      paint(neighbour, content, on: &canvas, cover: cover, random: &random)
    }
    return canvas.image(stain: stain, random: &random)
  }

  private static func paint(
    _ tissue: Tissue, _ content: TileContent, on canvas: inout StainCanvas, cover: [Float],
    random: inout SplitMix64
  ) {
    switch tissue {
    case .tumour:
      TumourTexture.paint(
        on: &canvas, cover: cover, basaloid: content.basaloid, infiltration: content.infiltration, random: &random)
    case .stroma:
      StromaTexture.paint(on: &canvas, cover: cover, infiltration: content.infiltration, random: &random)
    case .lymphoid: LymphoidTexture.paint(on: &canvas, cover: cover, random: &random)
    case .adipose: AdiposeTexture.paint(on: &canvas, cover: cover, random: &random)
    }
  }

  /// The part of a tile that lies beyond a wavy line.
  private static func reach(share: Float, side: Int, random: inout SplitMix64) -> [Float] {
    let angle = Float(random.nextUnit()) * 2 * Float.pi
    let direction = SIMD2(cos(angle), sin(angle))
    let waves = Noise.field(side: side, cell: 55, random: &random)
    let heights = (0..<side * side).map { pixel in
      Float(pixel % side) * direction.x + Float(pixel / side) * direction.y + waves[pixel] * 70
    }
    // Every 41st pixel is enough to find the line with the share beyond it.
    let sample = stride(from: 0, to: heights.count, by: 41).map { heights[$0] }.sorted()
    let line = sample[Int(Float(sample.count - 1) * (1 - share))]
    return heights.map { Noise.ramp($0, line - 1.5, line + 1.5) }
  }
}
