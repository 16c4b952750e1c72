import FeatureData
import Glibc

/// A tile while it is painted: how much haematoxylin and eosin every pixel holds, in optical density (base e).
///
/// Colours arise at the end, by the Beer–Lambert law with the slide's stain vectors. Source of the model: Ruifrok,
/// Johnston, "Quantification of histochemical staining by color deconvolution", Anal. Quant. Cytol. Histol. 23
/// (2001), 291–299.
struct StainCanvas {
  let side: Int
  /// Row-major, `side × side`.
  var haematoxylin: [Float]
  var eosin: [Float]
  /// Fine grain in [0, 1) that chromatin and fibres share.
  let grain: [Float]

  init(side: Int, random: inout SplitMix64) {
    self.side = side
    haematoxylin = [Float](repeating: 0.01, count: side * side)
    eosin = [Float](repeating: 0.015, count: side * side)
    grain = Noise.field(side: side, cell: 2.1, random: &random)
  }

  /// Lays ground tissue on a pixel; `cover` 1 hides what was there.
  mutating func lay(_ pixel: Int, haematoxylin h: Float, eosin e: Float, cover: Float) {
    haematoxylin[pixel] += cover * (h - haematoxylin[pixel])
    eosin[pixel] += cover * (e - eosin[pixel])
  }

  /// Draws a nucleus with soft edges, a darker rim, mottled chromatin and a clear space around it.
  mutating func draw(_ nucleus: Nucleus) {
    let reach = max(nucleus.length, nucleus.width) * (1.15 + nucleus.halo) + 1.5
    let left = max(Int(nucleus.x - reach), 0)
    let right = min(Int(nucleus.x + reach) + 1, side - 1)
    let top = max(Int(nucleus.y - reach), 0)
    let bottom = min(Int(nucleus.y + reach) + 1, side - 1)
    guard left <= right, top <= bottom else { return }
    let cosine = cos(nucleus.angle)
    let sine = sin(nucleus.angle)
    let lobeCosine = cos(nucleus.lobeAngle) * nucleus.irregularity
    let lobeSine = sin(nucleus.lobeAngle) * nucleus.irregularity
    let edge = min(nucleus.length, nucleus.width)
    for y in top...bottom {
      for x in left...right {
        let dx = Float(x) - nucleus.x
        let dy = Float(y) - nucleus.y
        let u = (dx * cosine + dy * sine) / nucleus.length
        let v = (dy * cosine - dx * sine) / nucleus.width
        let squared = u * u + v * v
        let radius = squared.squareRoot()
        // A third harmonic of the outline makes it less of an ellipse.
        let cube = max(squared * radius, 0.0001)
        let lobes = ((u * u - 3 * v * v) * u * lobeCosine + (3 * u * u - v * v) * v * lobeSine) / cube
        let outline = radius / (1 + lobes)
        let pixel = y * side + x
        let cover = min(max((1 - outline) * edge + 0.5, 0), 1)
        if cover > 0 {
          let rim = outline * outline * outline * outline
          let chromatin = 1 + nucleus.rim * (rim - 0.35) + nucleus.mottle * (grain[pixel] - 0.5) * 2
          lay(pixel, haematoxylin: nucleus.haematoxylin * chromatin, eosin: nucleus.eosin, cover: cover)
        } else if outline < 1 + nucleus.halo {
          let clear = 0.45 * (1 - (outline - 1) / nucleus.halo)
          haematoxylin[pixel] *= 1 - clear
          eosin[pixel] *= 1 - clear * 0.7
        }
      }
    }
  }

  /// The picture in the colours of a stain, a little soft as optics make it, with the camera's grain.
  func image(stain: Stain, random: inout SplitMix64) -> RGBImage {
    let h = softened(haematoxylin, by: stain.softness)
    let e = softened(eosin, by: stain.softness)
    var pixels = [UInt8](repeating: 0, count: side * side * 3)
    let vectors = (stain.haematoxylin, stain.eosin)
    for pixel in 0..<side * side {
      let noise = random.next()
      let density = h[pixel] * vectors.0 + e[pixel] * vectors.1
      for channel in 0..<3 {
        let light = Transmission.of(density[channel]) * stain.white[channel]
        let jitter = Float((noise >> (UInt64(channel) * 16)) & 0xFFFF) * 0x1p-16 - 0.5
        pixels[pixel * 3 + channel] = UInt8(min(max(light + jitter * stain.grain + 0.5, 0), 255))
      }
    }
    return RGBImage(width: side, height: side, pixels: pixels)
  }

  /// A binomial blur over three pixels, mixed with the original.
  private func softened(_ field: [Float], by amount: Float) -> [Float] {
    let rows = Self.blurred(field, side: side, step: 1, amount: amount)
    return Self.blurred(rows, side: side, step: side, amount: amount)
  }

  private static func blurred(_ field: [Float], side: Int, step: Int, amount: Float) -> [Float] {
    let lateral = amount * 0.25
    let centre = 1 - 2 * lateral
    var result = field
    for pixel in step..<field.count - step {
      result[pixel] = centre * field[pixel] + lateral * (field[pixel - step] + field[pixel + step])
    }
    return result
  }
}

/// One nucleus: an ellipse with an irregular outline.
struct Nucleus {
  /// Centre in pixels.
  var x: Float
  var y: Float
  /// Half axes in pixels.
  var length: Float
  var width: Float
  var angle: Float = 0
  var haematoxylin: Float
  var eosin: Float = 0.1
  /// How much darker the rim is than the middle.
  var rim: Float = 0.2
  var mottle: Float = 0.2
  /// The clear space around it as a share of its radius.
  var halo: Float = 0.2
  var irregularity: Float = 0.06
  var lobeAngle: Float = 0
}

/// exp(-density) from a table: quick, and the same bits wherever the table is.
enum Transmission {
  private static let stepsPerUnit: Float = 1024
  private static let table: [Float] = (0..<8 * 1024).map { Float(exp(-Double($0) / 1024)) }

  static func of(_ density: Float) -> Float {
    table[min(max(Int(density * stepsPerUnit), 0), 8 * 1024 - 1)]
  }
}
