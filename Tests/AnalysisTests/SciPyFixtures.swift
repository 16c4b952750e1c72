import Foundation

/// What SciPy and NumPy computed; `fixtures/make_fixtures.py` writes the file.
struct SciPyFixtures: Decodable {
  struct Test: Decodable {
    let f: Double
    let p: Double
    let etaSquared: Double
  }
  struct Variance: Decodable {
    let name: String
    let values: [Float]
    let groups: [Int]
    let f: Double
    let p: Double
    let etaSquared: Double
  }
  struct Discovery: Decodable {
    let p: [Double]
    let adjusted: [Double]
  }
  struct Components: Decodable {
    let rows: Int
    let columns: Int
    let values: [Float]
    let axes: [Float]
    let variances: [Float]
    let total: Float
  }
  struct Golden: Decodable {
    let feature: Int
    let slide: Test
    let tile: Test
  }

  let anova: [Variance]
  let fdr: Discovery
  let pca: [Components]
  let golden: [Golden]

  static func load() throws -> SciPyFixtures {
    let file = Bundle.module.bundleURL.appendingPathComponent("fixtures/scipy.json")
    return try JSONDecoder().decode(SciPyFixtures.self, from: Data(contentsOf: file))
  }
}

/// True if two numbers differ by at most `tolerance` of the second.
func agree(_ value: Double?, _ expected: Double, within tolerance: Double) -> Bool {
  guard let value else { return false }
  return abs(value - expected) <= tolerance * abs(expected)
}
