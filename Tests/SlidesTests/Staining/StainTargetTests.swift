import Testing

@testable import Slides

@Suite struct StainTargetTests {
  private let reinhard = StainNormalizer(.reinhard).target
  private let macenko = StainNormalizer(.macenko).target

  @Test func `a target of the other family is refused`() {
    for method in StainNormalizer.Method.allCases {
      #expect(throws: StainError.targetOfAnotherMethod(method: method)) {
        try StainNormalizer(method, target: method.isReinhard ? macenko : reinhard)
      }
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `numbers that are not finite are refused`(number: Double) {
    let ones = SIMD3<Double>(repeating: 1)
    let spoilt = SIMD3(1, number, 1)
    #expect(throws: StainError.unusableTarget(member: "means")) {
      try StainNormalizer(.reinhardFast, target: .reinhard(means: spoilt, standardDeviations: ones))
    }
    #expect(throws: StainError.unusableTarget(member: "standard deviations")) {
      try StainNormalizer(.reinhardFast, target: .reinhard(means: ones, standardDeviations: spoilt))
    }
    #expect(throws: StainError.unusableTarget(member: "stain matrix")) {
      try StainNormalizer(
        .macenko, target: .macenko(haematoxylin: ones, eosin: spoilt, concentrations: SIMD2(1, 1)))
    }
    #expect(throws: StainError.unusableTarget(member: "concentrations")) {
      try StainNormalizer(.macenko, target: .macenko(haematoxylin: ones, eosin: ones, concentrations: SIMD2(1, number)))
    }
  }

  @Test(arguments: [0, -1.5])
  func `deviations and concentrations must be positive, and stains must absorb`(number: Double) {
    let ones = SIMD3<Double>(repeating: 1)
    #expect(throws: StainError.unusableTarget(member: "standard deviations")) {
      try StainNormalizer(.reinhard, target: .reinhard(means: ones, standardDeviations: SIMD3(1, 1, number)))
    }
    #expect(throws: StainError.unusableTarget(member: "concentrations")) {
      try StainNormalizer(.macenko, target: .macenko(haematoxylin: ones, eosin: ones, concentrations: SIMD2(number, 1)))
    }
    #expect(throws: StainError.unusableTarget(member: "stain matrix")) {
      try StainNormalizer(.macenko, target: .macenko(haematoxylin: .zero, eosin: ones, concentrations: SIMD2(1, 1)))
    }
  }

  @Test func `a model's own fit is read row by row`() throws {
    let macenko = try StainNormalizer.Target(modelFit: [
      "stain_matrix_target": [0.5, 0.2, 0.7, 0.8, 0.4, 0.3], "target_concentrations": [1.9, 1.1], "other": [],
    ])
    #expect(
      macenko
        == .macenko(
          haematoxylin: SIMD3(0.5, 0.7, 0.4), eosin: SIMD3(0.2, 0.8, 0.3), concentrations: SIMD2(1.9, 1.1)))
    let reinhard = try StainNormalizer.Target(modelFit: ["target_means": [60, 20, -10], "target_stds": [15, 9, 6]])
    #expect(reinhard == .reinhard(means: SIMD3(60, 20, -10), standardDeviations: SIMD3(15, 9, 6)))
  }

  @Test func `a model's fit that lacks a member or a number is refused, with the member`() {
    #expect(throws: StainError.unreadableFit(member: "target_means", expectedCount: 3)) {
      try StainNormalizer.Target(modelFit: [:])
    }
    #expect(throws: StainError.unreadableFit(member: "target_stds", expectedCount: 3)) {
      try StainNormalizer.Target(modelFit: ["target_means": [1, 2, 3], "target_stds": [1, 2]])
    }
    #expect(throws: StainError.unreadableFit(member: "target_concentrations", expectedCount: 2)) {
      try StainNormalizer.Target(modelFit: ["stain_matrix_target": [1, 2, 3, 4, 5, 6]])
    }
    #expect(
      StainError.unreadableFit(member: "target_stds", expectedCount: 3).description
        == "The model's stain target has no target_stds of 3 numbers.")
  }
}
