package import FeatureData
import Foundation
import Inference
package import Slides

/// What tiles are made to look like by stain normalisation.
package enum StainTarget: Sendable {
  case standard(StainNormalizer.TargetVersion)
  case tile(slide: String, index: Int)
  case picture(path: String)

  /// - Parameter tile: gives a tile that is named.
  /// - Returns: the normaliser, and a text that is the same for the same target.
  package func normalizer(
    _ method: StainNormalizer.Method, tile: (_ slide: String, _ index: Int) throws -> RGBImage
  ) throws -> (normalizer: StainNormalizer, target: String) {
    try Reporting.run(parameter: "normalizer_source") {
      switch self {
      case .tile(let slide, let index):
        return (try .fitted(method, to: try tile(slide, index)), "fitted to \(slide):\(index)")
      case .picture(let path):
        guard let bytes = FileManager.default.contents(atPath: path) else {
          throw WorkflowFailure("\(path) cannot be read.")
        }
        let image: RGBImage
        do throws(ImageFault) { image = try TileImage.decode(Array(bytes)) } catch {
          throw WorkflowFailure("\(path) cannot be used: \(error.description).")
        }
        return (try .fitted(method, to: image), "fitted to \(path.withShortPaths)")
      case .standard(let version):
        return (StainNormalizer(method, version: version), "standard \(version.rawValue)")
      }
    }
  }

  /// The normaliser where no tile can be named, because there are none yet.
  package func normalizer(_ method: StainNormalizer.Method) throws -> StainNormalizer {
    try normalizer(method) { _, _ in throw WorkflowFailure("No tile can be named before there are any.") }.normalizer
  }
}

extension StainNormalizer {
  /// Its method and target in numbers: equal texts, equal tiles.
  var identity: String { "normalizer=\(method.rawValue) target=\(target)" }
}
