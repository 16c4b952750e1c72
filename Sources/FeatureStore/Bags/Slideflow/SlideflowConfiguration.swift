import Files
import Foundation

/// slideflow's `bags_config.json`: what made the bags in a folder.
package struct SlideflowConfiguration: Sendable, Equatable {
  static let fileName = "bags_config.json"

  /// The extractor's class; nil where slideflow took the layers of a trained model.
  package let extractor: String?
  /// The stain normalizer's method.
  package let normalizer: String?
  package let featureCount: Int?
  package let tilePixels: Int?
  /// Micrometres of a tile's side; nil also for a size by magnification.
  package let tileMicrons: Double?

  package init(
    extractor: String?, normalizer: String?, featureCount: Int?, tilePixels: Int?, tileMicrons: Double?
  ) {
    self.extractor = extractor
    self.normalizer = normalizer
    self.featureCount = featureCount
    self.tilePixels = tilePixels
    self.tileMicrons = tileMicrons
  }

  /// The one in a bag's folder; nil where there is none that can be read.
  init?(besides bag: String) {
    let path = URL(fileURLWithPath: bag).deletingLastPathComponent().appendingPathComponent(Self.fileName).path
    guard let bytes = try? ReadableFile(path: path).bytes(at: 0, count: 1 << 20) else { return nil }
    self.init(json: bytes)
  }

  /// Values of another kind than expected count as absent; an extractor's arguments may be anything.
  init?(json bytes: [UInt8]) {
    guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)) else { return nil }
    self = content.configuration
  }

  private struct Content: Decodable {
    let configuration: SlideflowConfiguration

    enum Key: String, CodingKey {
      case extractor, normalizer
      case featureCount = "num_features"
      case tilePixels = "tile_px"
      case tileMicrons = "tile_um"
    }
    enum ExtractorKey: String, CodingKey { case name = "class" }
    enum NormalizerKey: String, CodingKey { case method }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      let extractor = try? values.nestedContainer(keyedBy: ExtractorKey.self, forKey: .extractor)
      let normalizer = try? values.nestedContainer(keyedBy: NormalizerKey.self, forKey: .normalizer)
      let microns = try? values.decode(Double.self, forKey: .tileMicrons)
      configuration = SlideflowConfiguration(
        extractor: try? extractor?.decode(String.self, forKey: .name),
        normalizer: try? normalizer?.decode(String.self, forKey: .method),
        featureCount: try? values.decode(Int.self, forKey: .featureCount),
        tilePixels: try? values.decode(Int.self, forKey: .tilePixels),
        tileMicrons: microns.flatMap { $0 > 0 && $0 < 1e6 ? $0 : nil })
    }
  }

  /// What is known, by slideflow's names.
  package var attributes: [String: String] {
    var attributes: [String: String] = [:]
    attributes["extractor"] = extractor
    attributes["normalizer"] = normalizer
    attributes["tile_px"] = tilePixels.map { "\($0)" }
    attributes["tile_um"] = tileMicrons.map { TorchBag.number($0) }
    return attributes
  }

  /// As slideflow writes it: keys sorted, one space of indentation.
  var json: String {
    func quoted(_ text: String) -> String { JSONFragment.string(text).text }
    let extractor = extractor.map { "{\n  \"class\": \(quoted($0)),\n  \"kwargs\": {}\n }" } ?? "null"
    let normalizer = normalizer.map { "{\n  \"fit\": null,\n  \"method\": \(quoted($0))\n }" } ?? "null"
    let lines = [
      " \"extractor\": \(extractor)", " \"normalizer\": \(normalizer)",
      " \"num_features\": \(featureCount.map { "\($0)" } ?? "null")",
      " \"tile_px\": \(tilePixels.map { "\($0)" } ?? "null")",
      " \"tile_um\": \(tileMicrons.map { TorchBag.number($0) } ?? "null")",
    ]
    return "{\n" + lines.joined(separator: ",\n") + "\n}"
  }
}
