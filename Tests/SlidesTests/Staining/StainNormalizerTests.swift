import FeatureData
import Testing

@testable import Slides

@Suite struct StainNormalizerTests {
  @Test(arguments: SyntheticTissue.allCases, StainNormalizer.Method.allCases)
  func `tiles become what slideflow makes of them, to one level in few bytes`(
    tissue: SyntheticTissue, method: StainNormalizer.Method
  ) throws {
    let (image, peer) = (tissue.image, try #require(try StainFixtures.read().tiles[tissue.rawValue]))
    #expect(image.pixels.reduce(0) { $0 + Int($1) } == peer.sum, "the tile itself is painted as the peer's was")
    for version in StainNormalizer.TargetVersion.allCases {
      let ours = StainFixtures.sample(StainNormalizer(method, version: version).normalized(image))
      let theirs = try #require(peer.outputs[method.rawValue]?[version.rawValue])
      expectClose(ours, theirs, "\(version)")
    }
    let toBrown = StainFixtures.sample(
      try StainNormalizer.fitted(method, to: SyntheticTissue.brown.image).normalized(image))
    // Brown itself stays as it is, each byte about where truncation cuts.
    expectClose(
      toBrown, try #require(peer.fittedToBrown[method.rawValue]), "fit", differing: tissue == .brown ? 1 : 0.02)
  }

  private func expectClose(_ ours: [UInt8], _ theirs: [UInt8], _ what: String, differing share: Double = 0.02) {
    #expect(ours.count == theirs.count)
    let differences = zip(ours, theirs).map { abs(Int($0) - Int($1)) }
    #expect(differences.max()! <= 1, "\(what)")
    #expect(Double(differences.reduce(0, +)) <= share * Double(differences.count), "\(what)")
  }

  @Test(arguments: SyntheticTissue.allCases, StainNormalizer.Method.allCases)
  func `a fit measures what slideflow measures`(tissue: SyntheticTissue, method: StainNormalizer.Method) throws {
    let peer = try #require(try StainFixtures.read().tiles[tissue.rawValue]?.fits[method.rawValue])
    let target = try StainNormalizer.fitted(method, to: tissue.image).target
    // OpenCV's Lab is interpolated in a table.
    #expect(difference(target, try StainNormalizer.Target(modelFit: peer)) < (method.isReinhard ? 0.01 : 2e-6))
  }

  @Test(arguments: StainNormalizer.Method.allCases, StainNormalizer.TargetVersion.allCases)
  func `standard targets are slideflow's`(
    method: StainNormalizer.Method, version: StainNormalizer.TargetVersion
  ) throws {
    let peer = try #require(try StainFixtures.read().standard[method.rawValue]?[version.rawValue])
    let target = StainNormalizer(method, version: version).target
    #expect(difference(target, try StainNormalizer.Target(modelFit: peer)) < 5e-6)
    #expect(try StainNormalizer(method, target: target) == StainNormalizer(method, version: version))
  }

  private func difference(_ first: StainNormalizer.Target, _ second: StainNormalizer.Target) -> Double {
    zip(first.numbers, second.numbers).map { abs($0 - $1) }.max()!
  }

  @Test(arguments: [StainNormalizer.Method.reinhardFast, .macenkoFast])
  func `a tile that is the target keeps its stains`(method: StainNormalizer.Method) throws {
    let image = SyntheticTissue.balanced.image
    let normalizer = try StainNormalizer.fitted(method, to: image)
    let again = try StainNormalizer.fitted(method, to: normalizer.normalized(image))
    #expect(zip(normalizer.target.numbers, again.target.numbers).allSatisfy { abs($0 - $1) < 0.02 * max(1, abs($0)) })
    if method == .reinhardFast {
      let bytes = zip(normalizer.normalized(image).pixels, image.pixels)
      #expect(bytes.allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }
  }

  @Test(arguments: StainNormalizer.Method.allCases)
  func `normalising in place, in a copy and on many threads is one and the same`(
    method: StainNormalizer.Method
  ) async {
    let normalizer = StainNormalizer(method)
    let images = SyntheticTissue.allCases.map(\.image)
    let copies = images.map { normalizer.normalized($0) }
    for (image, copy) in zip(images, copies) {
      var inPlace = image
      let outcome = inPlace.pixels.withUnsafeMutableBufferPointer { normalizer.normalize($0) }
      #expect(outcome == .normalized && inPlace == copy && inPlace != image)
    }
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<12 { group.addTask { normalizer.normalized(images[task % 3]) == copies[task % 3] } }
      for await isSame in group { #expect(isSame) }
    }
  }

  /// Pixels that make no tile of two stains.
  static let stainless: [(name: String, pixels: [UInt8])] = [
    ("no pixel", []), ("one pixel", [180, 120, 160]), ("one white pixel", [255, 255, 255]),
    ("blank", [UInt8](repeating: 255, count: 300)), ("nearly blank", [UInt8](repeating: 250, count: 300)),
    ("black", [UInt8](repeating: 0, count: 300)),
    ("one colour", (0..<100).flatMap { _ in [UInt8(180), 120, 160] }),
    ("grey", (0..<100).flatMap { [UInt8](repeating: UInt8(2 * $0 + 20), count: 3) }),
    ("nine tenths black but one colour", (0..<100).flatMap { $0 < 95 ? [UInt8(0), 0, 0] : [180, 120, 160] }),
  ]

  @Test(arguments: StainNormalizer.Method.allCases)
  func `tiles without stains to tell apart stay as they are, and no target is fitted to them`(
    method: StainNormalizer.Method
  ) {
    for (name, pixels) in Self.stainless where !(name.hasPrefix("nine") && !method.standardizesBrightness) {
      var image = RGBImage(width: pixels.count / 3, height: 1, pixels: pixels)
      let outcome = image.pixels.withUnsafeMutableBufferPointer { StainNormalizer(method).normalize($0) }
      #expect(outcome == .unchanged && image.pixels == pixels, "\(name)")
      #expect(throws: StainError.nothingToFit, "\(name)") { try StainNormalizer.fitted(method, to: image) }
    }
  }

  @Test(arguments: StainNormalizer.Method.allCases)
  func `any bytes at all are normalised or left, never trapped on`(method: StainNormalizer.Method) throws {
    var random = SplitMix64(seed: 8)
    let extreme = try StainNormalizer(
      method,
      target: method.isReinhard
        ? .reinhard(means: SIMD3(1e300, -1e300, 0), standardDeviations: SIMD3(repeating: 1e300))
        : .macenko(
          haematoxylin: SIMD3(1e300, 1e-300, -1e300), eosin: SIMD3(0, 0, 1e-300), concentrations: SIMD2(1e300, 1e-300)))
    for pixelCount in 1...64 {
      for levels in [2, 5, 256] as [UInt64] {
        let base = UInt8.random(in: 0...255, using: &random)
        let pixels = (0..<3 * pixelCount).map { _ in base &+ UInt8(random.next() % levels) }
        let image = RGBImage(width: pixelCount, height: 1, pixels: pixels)
        #expect(StainNormalizer(method).normalized(image).pixels.count == pixels.count)
        #expect(extreme.normalized(image).pixels.count == pixels.count)
      }
    }
  }
}

extension StainNormalizer.Target {
  fileprivate var numbers: [Double] {
    switch self {
    case .reinhard(let means, let deviations): (0..<3).map { means[$0] } + (0..<3).map { deviations[$0] }
    case .macenko(let haematoxylin, let eosin, let concentrations):
      (0..<3).map { haematoxylin[$0] } + (0..<3).map { eosin[$0] } + [concentrations.x, concentrations.y]
    }
  }
}
