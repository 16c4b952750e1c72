/// How often neighbours share a category, and from how many slides they come, each beside what chance would give.
///
/// Chance draws as many neighbours at random, without repetition, from the rows that could have been neighbours. Rows
/// of unknown category take no part, neither as rows nor as neighbours. Tiles of one slide resemble each other whatever
/// they show; leaving out neighbours from the row's own slide shows whether a category goes beyond its slides.
package struct NeighbourPurity: Sendable, Equatable {
  /// The rows of one category.
  package struct Category: Sendable, Equatable {
    package let number: Int
    /// Rows of the category that are measured.
    package let rowCount: Int
    /// The mean share of neighbours of the same category, and the same by chance; 0 to 1.
    package let mean: Double
    package let chance: Double
  }

  /// By row: the share of its neighbours that have its category, 0 to 1; nil for a row that is not measured, since its
  /// category is unknown or no neighbour counts.
  package let shares: [Double?]
  /// By row: how many slides its neighbours come from; nil for a row that is not measured. Empty without slides.
  package let slideCounts: [Int?]
  /// Over measured rows; nil if there is none.
  package let mean: Double?
  /// The mean by chance.
  package let chance: Double?
  /// Over measured rows; nil if there is none, or without slides.
  package let meanSlideCount: Double?
  /// The mean by chance.
  package let chanceSlideCount: Double?
  /// Those with a measured row, by number.
  package let categories: [Category]

  /// Rows measured.
  package var rowCount: Int { categories.reduce(0) { $0 + $1.rowCount } }

  /// nil if there is no mean, or none by chance to compare it with.
  package var ratioToChance: Double? {
    guard let mean, let chance, chance > 0 else { return nil }
    return mean / chance
  }

  /// - Parameters:
  ///   - graph: n rows and their neighbours.
  ///   - categories: n numbers; below 0 for unknown.
  ///   - slides: n numbers, 0 or more, or nil.
  ///   - leavesOutOwnSlide: True if neighbours from the row's own slide do not count.
  /// - Throws: `countMismatch`; `invalidParameter` for a negative slide, or if the row's own slide is to be left out
  ///   and there are no slides.
  /// - Complexity: O(n k + s² k) for s distinct sizes of slides.
  package static func measure(
    _ graph: NeighbourGraph, categories: [Int], slides: [Int]? = nil, leavesOutOwnSlide: Bool = false
  ) throws(AnalysisError) -> NeighbourPurity {
    let n = graph.rowCount
    guard categories.count == n else {
      throw .countMismatch(what: "categories", expected: n, got: categories.count)
    }
    if let slides {
      guard slides.count == n else { throw .countMismatch(what: "slides", expected: n, got: slides.count) }
      if let negative = slides.first(where: { $0 < 0 }) {
        throw .invalidParameter(name: "slides", value: "\(negative)", allowed: "0 or more")
      }
    } else if leavesOutOwnSlide {
      throw .invalidParameter(name: "slides", value: "none", allowed: "a slide for each row")
    }
    let rows = CategorisedRows(categories: categories, slides: slides, leavesOutOwnSlide: leavesOutOwnSlide)
    return NeighbourPurity(graph, rows)
  }

  private init(_ graph: NeighbourGraph, _ rows: CategorisedRows) {
    var shares = [Double?](repeating: nil, count: graph.rowCount)
    var slideCounts = [Int?](repeating: nil, count: rows.hasSlides ? graph.rowCount : 0)
    var means = [Double](repeating: 0, count: rows.categoryNumbers.count)
    var chances = means
    var rowCounts = [Int](repeating: 0, count: means.count)
    var (slideSum, chanceSlideSum) = (0, 0.0)
    let expectedSlides = rows.expectedSlides(upTo: graph.neighbourCount)
    var lastSeen = [Int](repeating: -1, count: rows.slideSizes.count)
    for row in 0..<graph.rowCount where rows.categories[row] >= 0 {
      let (category, slide) = (rows.categories[row], rows.slides[row])
      var (counted, same, slideCount) = (0, 0, 0)
      for neighbour in graph.neighbours(of: row) where rows.counts(Int(neighbour), for: row) {
        counted += 1
        if rows.categories[Int(neighbour)] == category { same += 1 }
        let slide = Int(rows.slides[Int(neighbour)])
        if lastSeen[slide] != row {
          lastSeen[slide] = row
          slideCount += 1
        }
      }
      if counted == 0 { continue }
      let share = Double(same) / Double(counted)
      shares[row] = share
      means[Int(category)] += share
      chances[Int(category)] += rows.chance(of: row)
      rowCounts[Int(category)] += 1
      if rows.hasSlides {
        slideCounts[row] = slideCount
        slideSum += slideCount
        chanceSlideSum += expectedSlides[rows.slideSizes[Int(slide)]]?[counted] ?? 0
      }
    }
    let count = rowCounts.reduce(0, +)
    func average(_ sum: Double) -> Double? { count > 0 ? sum / Double(count) : nil }
    self.shares = shares
    self.slideCounts = slideCounts
    mean = average(means.reduce(0, +))
    chance = average(chances.reduce(0, +))
    meanSlideCount = rows.hasSlides ? average(Double(slideSum)) : nil
    chanceSlideCount = rows.hasSlides ? average(chanceSlideSum) : nil
    categories = means.indices.filter { rowCounts[$0] > 0 }.map { place in
      let rowCount = Double(rowCounts[place])
      return Category(
        number: rows.categoryNumbers[place], rowCount: rowCounts[place], mean: means[place] / rowCount,
        chance: chances[place] / rowCount)
    }
  }
}

/// Rows by category and slide, and how many there are of each; only rows of known category are counted.
private struct CategorisedRows {
  let hasSlides: Bool
  let leavesOutOwnSlide: Bool
  /// By row: places in `categoryNumbers`, −1 for unknown.
  let categories: [Int32]
  /// Ascending.
  let categoryNumbers: [Int]
  /// By row: places in `slideSizes`; all in one slide where none are given.
  let slides: [Int32]
  let slideSizes: [Int]
  private let categorySizes: [Int]
  /// By slide: the rows of each category in it.
  private let categoriesOfSlides: [[Int32: Int]]
  private let total: Int

  init(categories: [Int], slides: [Int]?, leavesOutOwnSlide: Bool) {
    hasSlides = slides != nil
    self.leavesOutOwnSlide = leavesOutOwnSlide
    let categoryNumbers = Set(categories.lazy.filter { $0 >= 0 }).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(categoryNumbers, Int32(0)...))
    var slidePlaces: [Int: Int32] = [:]
    let categoryPlaces = categories.map { places[$0] ?? -1 }
    let rowSlides = slides.map { slides in
      slides.map { slide -> Int32 in
        let new = Int32(slidePlaces.count)
        let place = slidePlaces[slide] ?? new
        if place == new { slidePlaces[slide] = new }
        return place
      }
    }
    let slideCount = max(1, slidePlaces.count)
    self.slides = rowSlides ?? [Int32](repeating: 0, count: categories.count)
    self.categories = categoryPlaces
    self.categoryNumbers = categoryNumbers
    var slideSizes = [Int](repeating: 0, count: slideCount)
    var categorySizes = [Int](repeating: 0, count: categoryNumbers.count)
    var categoriesOfSlides = [[Int32: Int]](repeating: [:], count: slideCount)
    for (category, slide) in zip(categoryPlaces, self.slides) where category >= 0 {
      slideSizes[Int(slide)] += 1
      categorySizes[Int(category)] += 1
      categoriesOfSlides[Int(slide)][category, default: 0] += 1
    }
    self.slideSizes = slideSizes
    self.categorySizes = categorySizes
    self.categoriesOfSlides = categoriesOfSlides
    total = slideSizes.reduce(0, +)
  }

  /// True if a neighbour of a row is one that is looked at.
  func counts(_ neighbour: Int, for row: Int) -> Bool {
    categories[neighbour] >= 0 && !(leavesOutOwnSlide && slides[neighbour] == slides[row])
  }

  /// The share of the row's category among the rows that could be its neighbours, of which there must be one.
  func chance(of row: Int) -> Double {
    let (category, slide) = (categories[row], Int(slides[row]))
    if leavesOutOwnSlide {
      let same = categorySizes[Int(category)] - (categoriesOfSlides[slide][category] ?? 0)
      return Double(same) / Double(total - slideSizes[slide])
    }
    return Double(categorySizes[Int(category)] - 1) / Double(total - 1)
  }

  /// By size of a row's slide, for each number of neighbours from 0 to `most`: the expected number of slides they come
  /// from when drawn at random.
  ///
  /// Of M rows that could be drawn, none of the m of a slide is among k with probability C(M − m, k) / C(M, k), which
  /// is the product of (M − m − i) / (M − i) for i from 0 to k − 1.
  func expectedSlides(upTo most: Int) -> [Int: [Double]] {
    if !hasSlides { return [:] }
    let slidesBySize = slideSizes.filter { $0 > 0 }.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    let sizes = slidesBySize.sorted { $0.key < $1.key }
    var result: [Int: [Double]] = [:]
    for (own, _) in sizes {
      let drawable = total - (leavesOutOwnSlide ? own : 1)
      var expected = [Double](repeating: 0, count: most + 1)
      func add(_ count: Int, slidesOf size: Int) {
        var missed = 1.0
        for drawn in 0..<max(0, min(most, drawable)) {
          missed *= Double(max(0, drawable - size - drawn)) / Double(drawable - drawn)
          expected[drawn + 1] += Double(count) * (1 - missed)
        }
      }
      for (size, count) in sizes { add(size == own ? count - 1 : count, slidesOf: size) }
      if !leavesOutOwnSlide { add(1, slidesOf: own - 1) }
      result[own] = expected
    }
    return result
  }
}
