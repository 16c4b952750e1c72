import Testing

@testable import Analysis

@Suite("Distances from one row")
struct RowDistancesTests {
  private func distance(_ a: [Float], _ b: [Float], _ metric: DistanceMetric) -> Float {
    b.withUnsafeBufferPointer { RowDistances(from: a, metric: metric).distance(to: $0) }
  }

  @Test("are those of plain arithmetic, for rows of any length", arguments: [1, 3, 16, 17, 50])
  func plain(count: Int) {
    let a = (0..<count).map { Float(($0 * 7 + 3) % 11) - 4 }
    let b = (0..<count).map { Float(($0 * 5 + 1) % 13) - 6 }
    let products = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    func length(_ row: [Float]) -> Double { row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
    let cosine = 1 - products / length(a) / length(b)
    let euclidean = zip(a, b).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
    for (metric, expected) in [(DistanceMetric.cosine, cosine), (.euclidean, euclidean)] {
      #expect(abs(Double(distance(a, b, metric)) - expected) < 1e-5)
      #expect(abs(RowDistances(from: a, metric: metric).preciseDistance(to: b) - expected) < 1e-12)
    }
  }

  @Test("a row of zeros is at 0 from zeros and at 1 from others under cosine, and NaN stays NaN")
  func special() {
    let zeros = [Float](repeating: 0, count: 20)
    let ones = [Float](repeating: 1, count: 20)
    #expect(distance(zeros, zeros, .cosine) == 0)
    #expect(distance(zeros, ones, .cosine) == 1)
    #expect(distance(ones, zeros, .cosine) == 1)
    #expect(distance(ones, ones, .cosine) == 0)
    var broken = ones
    broken[3] = .nan
    #expect(distance(ones, broken, .cosine).isNaN && distance(ones, broken, .euclidean).isNaN)
    #expect(distance(zeros, broken, .cosine).isNaN)
  }
}
