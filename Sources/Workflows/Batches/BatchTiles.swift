import Analysis
import FeatureData

/// Tiles that stand for the patients of a check: as many of each as far as there are, drawn by a seed.
struct BatchTiles {
  /// Of some candidates of a slide, one.
  struct Pick {
    let slide: Int
    let place: Int
  }

  /// Slide by slide.
  let picks: [Pick]
  /// By pick: the case it belongs to.
  let cases: [Int]

  /// About so many in all, and of a patient no more than this.
  private static let wanted = 3000
  private static let mostOfCase = 300

  /// - Parameter candidateCount: Of a slide.
  init(_ cases: BatchCases, seed: UInt64, candidateCount: (_ slide: Int) -> Int) {
    var generator = SplitMix64(seed: seed)
    let quota = min(Self.mostOfCase, max(1, Self.wanted / max(1, cases.cases.count)))
    var picks: [Pick] = []
    var owners: [Int] = []
    for (place, one) in cases.cases.enumerated() {
      let slideCount = min(quota, one.slides.count)
      for number in 0..<slideCount {
        let slide = one.slides[number * one.slides.count / slideCount]
        let all = candidateCount(slide)
        // One of each of equally long stretches: spread over the slide as its tiles are.
        let count = min(quota / slideCount, all)
        for part in 0..<count {
          let stretch = part * all / count..<(part + 1) * all / count
          picks.append(Pick(slide: slide, place: Int.random(in: stretch, using: &generator)))
          owners.append(place)
        }
      }
    }
    self.picks = picks
    self.cases = owners
  }

  /// What `rows` gives for the picks of each slide, below each other.
  func matrix(columnCount: Int, _ rows: (_ slide: Int, _ places: [Int]) -> Matrix) -> Matrix {
    var elements: [Float] = []
    elements.reserveCapacity(picks.count * columnCount)
    var start = 0
    while start < picks.count {
      let slide = picks[start].slide
      let end = picks[start...].firstIndex { $0.slide != slide } ?? picks.count
      elements += rows(slide, picks[start..<end].map(\.place)).elements
      start = end
    }
    return Matrix(rowCount: picks.count, columnCount: columnCount, elements: elements)
  }
}
