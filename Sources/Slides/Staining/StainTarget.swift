extension StainNormalizer {
  /// What tiles are made to look like.
  package enum Target: Sendable, Hashable, Codable {
    /// Means and population standard deviations of L*, a* and b* (CIE Lab, D65; L* from 0 to 100).
    case reinhard(means: SIMD3<Double>, standardDeviations: SIMD3<Double>)
    /// The optical densities (red, green, blue) of one unit of each stain, and each stain's 99th percentile of
    /// concentration (haematoxylin, eosin).
    case macenko(haematoxylin: SIMD3<Double>, eosin: SIMD3<Double>, concentrations: SIMD2<Double>)

    /// From the `norm_fit` of a model's parameters, each member's numbers in one list, row by row.
    ///
    /// Either `target_means` (3) and `target_stds` (3), or `stain_matrix_target` (3 × 2: red, green, blue by
    /// haematoxylin, eosin) and `target_concentrations` (2). Other members are ignored.
    package init(modelFit: [String: [Double]]) throws(StainError) {
      func numbers(_ member: String, _ count: Int) throws(StainError) -> [Double] {
        guard let list = modelFit[member], list.count == count else {
          throw .unreadableFit(member: member, expectedCount: count)
        }
        return list
      }
      if modelFit["stain_matrix_target"] != nil {
        let matrix = try numbers("stain_matrix_target", 6)
        let concentrations = try numbers("target_concentrations", 2)
        self = .macenko(
          haematoxylin: SIMD3(matrix[0], matrix[2], matrix[4]), eosin: SIMD3(matrix[1], matrix[3], matrix[5]),
          concentrations: SIMD2(concentrations))
      } else {
        self = .reinhard(
          means: SIMD3(try numbers("target_means", 3)), standardDeviations: SIMD3(try numbers("target_stds", 3)))
      }
    }

    /// That `method` can work with this target.
    func check(for method: Method) throws(StainError) {
      switch self {
      case .reinhard(let means, let deviations):
        guard method.isReinhard else { throw .targetOfAnotherMethod(method: method) }
        guard means.isFinite else { throw .unusableTarget(member: "means") }
        guard deviations.isFinite, deviations.min() > 0 else { throw .unusableTarget(member: "standard deviations") }
      case .macenko(let haematoxylin, let eosin, let concentrations):
        guard !method.isReinhard else { throw .targetOfAnotherMethod(method: method) }
        guard haematoxylin.isFinite, haematoxylin != .zero, eosin.isFinite, eosin != .zero else {
          throw .unusableTarget(member: "stain matrix")
        }
        guard concentrations.isFinite, concentrations.min() > 0 else {
          throw .unusableTarget(member: "concentrations")
        }
      }
    }
  }

  /// Which of slideflow's standard targets.
  package enum TargetVersion: String, CaseIterable, Sendable {
    /// Those of slideflow before 1.6, from one tile.
    case v1
    /// The set between the two, still known to slideflow by this name.
    case v2
    /// Those of slideflow 1.6 and later, averages over tiles of The Cancer Genome Atlas.
    case v3
  }
}

extension StainNormalizer.Method {
  var isReinhard: Bool { self == .reinhard || self == .reinhardFast }

  /// Whether a tile's brightness is brought to a standard first.
  var standardizesBrightness: Bool { self == .reinhard || self == .macenko }

  /// The numbers that slideflow reports for each method, in single precision there.
  func standardTarget(_ version: StainNormalizer.TargetVersion) -> StainNormalizer.Target {
    switch (self, version) {
    case (.reinhard, .v1):
      .reinhard(
        means: SIMD3(72.272896, 22.99831, -13.860236), standardDeviations: SIMD3(15.594496, 9.642087, 9.290526))
    case (.reinhard, .v2):
      .reinhard(
        means: SIMD3(72.91, 20.8268, -4.9465137), standardDeviations: SIMD3(18.560713, 14.889295, 5.6756697))
    case (.reinhard, .v3):
      .reinhard(
        means: SIMD3(65.22132, 28.934267, -14.142519), standardDeviations: SIMD3(15.800227, 9.263783, 6.0213304))
    case (.reinhardFast, .v1):
      .reinhard(
        means: SIMD3(63.71194, 20.716246, -12.290745), standardDeviations: SIMD3(14.52781, 8.344005, 8.30026))
    case (.reinhardFast, .v2):
      .reinhard(
        means: SIMD3(69.20197, 19.82498, -4.690998), standardDeviations: SIMD3(17.71583, 14.156416, 5.4176064))
    case (.reinhardFast, .v3):
      .reinhard(
        means: SIMD3(58.12343, 26.483482, -12.701005), standardDeviations: SIMD3(14.675022, 7.5744166, 5.226378))
    case (.macenko, .v1):
      .macenko(
        haematoxylin: SIMD3(0.63111544, 0.6962834, 0.34188122), eosin: SIMD3(0.24816133, 0.8226449, 0.5115382),
        concentrations: SIMD2(1.4423684, 0.9685806))
    case (.macenko, .v2), (.macenkoFast, .v2):
      .macenko(
        haematoxylin: SIMD3(0.5626, 0.7201, 0.4062), eosin: SIMD3(0.2159, 0.8012, 0.5581),
        concentrations: SIMD2(1.9705, 1.0308))
    case (.macenko, .v3):
      .macenko(
        haematoxylin: SIMD3(0.5062568, 0.75322306, 0.40691733), eosin: SIMD3(0.2218694, 0.8652155, 0.42241502),
        concentrations: SIMD2(1.7656903, 1.2797493))
    case (.macenkoFast, .v1):
      .macenko(
        haematoxylin: SIMD3(0.6148019, 0.7010872, 0.36124164), eosin: SIMD3(0.21480364, 0.82317936, 0.5255808),
        concentrations: SIMD2(1.8029537, 0.9606744))
    case (.macenkoFast, .v3):
      .macenko(
        haematoxylin: SIMD3(0.52000326, 0.73508584, 0.4249617), eosin: SIMD3(0.2623537, 0.83495414, 0.4630997),
        concentrations: SIMD2(2.0259454, 1.4088874))
    }
  }
}

extension SIMD where Scalar == Double {
  fileprivate var isFinite: Bool { indices.allSatisfy { self[$0].isFinite } }
}
