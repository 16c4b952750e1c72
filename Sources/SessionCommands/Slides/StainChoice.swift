import CommandLanguage
import FeatureData
import Foundation
import Slides

/// The stain normaliser that arguments ask for.
enum StainChoice {
  static let methods = StainNormalizer.Method.allCases.map(\.rawValue)
  private static let versions = StainNormalizer.TargetVersion.allCases.map(\.rawValue)

  static let source = ParameterDeclaration(
    "normalizer_source",
    .either([.choice(versions), .tile, .path(.existingFile(extensions: ["png", "jpg", "jpeg"]))]), default: "v3",
    "What tiles are made to look like: a standard (v3 is slideflow's of today, v1 that of 1.x), a tile, or a picture.")

  /// - Parameter tile: gives a tile that is named.
  /// - Returns: the normaliser, and a text that is the same for the same target.
  static func normalizer(
    _ method: StainNormalizer.Method, _ arguments: BoundArguments,
    tile: (_ slide: String, _ index: Int) throws -> RGBImage
  ) throws -> (normalizer: StainNormalizer, target: String) {
    try Reporting.run(parameter: "normalizer_source") {
      switch arguments["normalizer_source"] {
      case .tile(let slide, let index)?:
        return (try .fitted(method, to: try tile(slide, index)), "fitted to \(slide):\(index)")
      case .path(let path)?:
        guard let bytes = FileManager.default.contents(atPath: path) else {
          throw CommandFailure("\(path) cannot be read.")
        }
        let image: RGBImage
        do throws(ImageFault) { image = try TileImage.decode(Array(bytes)) } catch {
          throw CommandFailure("\(path) cannot be used: \(error.description).")
        }
        return (try .fitted(method, to: image), "fitted to \(path.withShortPaths)")
      case let value:
        let version = value?.text.flatMap(StainNormalizer.TargetVersion.init(rawValue:)) ?? .v3
        return (StainNormalizer(method, version: version), "standard \(version.rawValue)")
      }
    }
  }
}

extension StainNormalizer {
  /// Its method and target in numbers: equal texts, equal tiles.
  var identity: String { "normalizer=\(method.rawValue) target=\(target)" }
}
