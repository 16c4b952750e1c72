package import FeatureData

/// Brings the colours of haematoxylin and eosin tiles from different laboratories and scanners to one standard.
///
/// The arithmetic is that of slideflow, so that a model trained on tiles normalised there sees the same tiles here.
/// A value of this type may be used from many threads at once.
package struct StainNormalizer: Sendable, Hashable, Codable {
  /// The names are slideflow's; "fast" leaves the tile's brightness as it is.
  package enum Method: String, CaseIterable, Sendable, Codable {
    case reinhard
    case reinhardFast = "reinhard_fast"
    case macenko
    case macenkoFast = "macenko_fast"
  }

  /// What became of a tile.
  package enum Outcome: Sendable, Equatable {
    case normalized
    /// The method says nothing about such a tile, so its pixels are as they were: it has no pixels, a channel of
    /// CIE Lab does not vary (Reinhard), there are no two stains to tell apart (Macenko), or nine tenths of it are
    /// black (where brightness is brought to a standard). Blank, black, grey and one-coloured tiles are such.
    case unchanged
  }

  package let method: Method
  package let target: Target

  /// With a standard target.
  package init(_ method: Method, version: TargetVersion = .v3) {
    self.method = method
    target = method.standardTarget(version)
  }

  /// With a target of one's own, such as a model's.
  package init(_ method: Method, target: Target) throws(StainError) {
    try target.check(for: method)
    self.method = method
    self.target = target
  }

  /// With the colours of `tile` as the target.
  package static func fitted(_ method: Method, to tile: RGBImage) throws(StainError) -> StainNormalizer {
    guard let target = tile.pixels.withUnsafeBufferPointer({ measure($0, method) }) else { throw .nothingToFit }
    return try StainNormalizer(method, target: target)
  }

  /// The tile with the target's colours, or as it is where the outcome would be `unchanged`.
  package func normalized(_ image: RGBImage) -> RGBImage {
    var result = image
    result.pixels.withUnsafeMutableBufferPointer { _ = normalize($0) }
    return result
  }

  /// Normalises a tile where it lies: RGB bytes, three a pixel, without padding.
  ///
  /// - Precondition: the number of bytes is a multiple of 3.
  /// - Complexity: O(number of pixels); Macenko takes 4 bytes a pixel of memory for the time of the call.
  @discardableResult
  package func normalize(_ pixels: UnsafeMutableBufferPointer<UInt8>) -> Outcome {
    precondition(pixels.count % 3 == 0, "an RGB image holds three bytes a pixel")
    let readable = UnsafeBufferPointer(pixels)
    guard let levels = Self.levels(readable, method) else { return .unchanged }
    switch target {
    case .reinhard(let means, let deviations):
      let tile = LabTile(pixels: readable, levels: levels)
      guard let own = tile.statistics() else { return .unchanged }
      tile.write(into: pixels, from: own, to: LabStatistics(means: means, standardDeviations: deviations))
    case .macenko(let haematoxylin, let eosin, let concentrations):
      let tile = StainedTile(pixels: readable, levels: levels)
      guard let own = tile.stains() else { return .unchanged }
      let wanted = StainPair(haematoxylin: haematoxylin, eosin: eosin, concentrations: concentrations)
      tile.write(into: pixels, from: own, to: wanted)
    }
    return .normalized
  }

  private static func measure(_ pixels: UnsafeBufferPointer<UInt8>, _ method: Method) -> Target? {
    guard let levels = levels(pixels, method) else { return nil }
    if method.isReinhard {
      guard let own = LabTile(pixels: pixels, levels: levels).statistics() else { return nil }
      return .reinhard(means: own.means, standardDeviations: own.standardDeviations)
    }
    guard let own = StainedTile(pixels: pixels, levels: levels).stains() else { return nil }
    return .macenko(haematoxylin: own.haematoxylin, eosin: own.eosin, concentrations: own.concentrations)
  }

  private static func levels(_ pixels: UnsafeBufferPointer<UInt8>, _ method: Method) -> BrightnessLevels? {
    if pixels.isEmpty { return nil }
    return method.standardizesBrightness ? BrightnessLevels(standardizing: pixels) : .unchanged
  }
}
