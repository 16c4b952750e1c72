import FeatureData

/// The number of a class's colour: its place among all of its kind in the project, so that it keeps its colour in every figure,
/// also where others are left out; of more than sixty of a kind, each figure counts its own.
enum ClassColours {
  /// In longer lists neighbours would have colours that cannot be told apart; then each figure counts its own.
  private static let longestList = 60

  /// - Returns: one number a category; nil for their places.
  static func of(_ categories: [String], column: String, in study: Study) -> [Int]? {
    places(of: categories, among: NaturalOrder.sorted(Array((study.names.counts[column] ?? [:]).keys)))
  }

  static func ofSlides(_ names: [String], in study: Study) -> [Int]? {
    places(of: names, among: NaturalOrder.sorted(study.names.slides))
  }

  private static func places(of names: [String], among all: [String]) -> [Int]? {
    guard all.count <= longestList else { return nil }
    let places = Dictionary(all.enumerated().map { ($1, $0) }) { first, _ in first }
    let found = names.compactMap { places[$0] }
    return found.count == names.count ? found : nil
  }
}
