import FeatureData

/// How one slide was stained and scanned.
struct Stain: Sendable {
  /// Optical density of red, green and blue light for one unit of the dye.
  var haematoxylin: SIMD3<Float>
  var eosin: SIMD3<Float>
  /// The value of a pixel without tissue.
  var white: SIMD3<Float>
  /// 0 sharp … 1 soft.
  var softness: Float
  /// The camera's grain, in grey values from least to most.
  var grain: Float

  /// The stain of a slide: its site's, varied a little from slide to slide.
  static func of(_ site: Site, random: inout SplitMix64) -> Stain {
    var stain = site == .a ? siteA : siteB
    func varied(_ amount: Double) -> Float { Float(1 + amount * max(min(random.nextNormal(), 2), -2)) }
    stain.haematoxylin *= varied(0.05) * SIMD3(varied(0.02), varied(0.02), varied(0.02))
    stain.eosin *= varied(0.06) * SIMD3(varied(0.03), varied(0.02), varied(0.03))
    return stain
  }

  /// Crisp, blue-violet nuclei and a rosy eosin on a neutral ground.
  private static let siteA = Stain(
    haematoxylin: SIMD3(0.78, 0.86, 0.36), eosin: SIMD3(0.10, 0.78, 0.40), white: SIMD3(244, 243, 246),
    softness: 0.35, grain: 4)

  /// A paler, redder haematoxylin and a salmon eosin on a warm ground.
  private static let siteB = Stain(
    haematoxylin: SIMD3(0.60, 0.88, 0.44), eosin: SIMD3(0.13, 0.66, 0.54), white: SIMD3(246, 242, 235),
    softness: 0.75, grain: 5)
}

/// Where a slide was stained.
package enum Site: Sendable, CaseIterable {
  case a, b
  package var name: String { self == .a ? "siteA" : "siteB" }
}
