/// Columns of a table that are one name and running numbers, such as f0, f1, …: features by all appearances.
struct NumberedColumns {
  /// Such columns are numbers of tiles of another kind.
  private static let others = ["attention", "score", "prob", "weight", "cluster", "umap", "pc", "tsne"]

  /// Among all columns, in the order of their numbers.
  let indices: [Int]
  private let first: String
  private let last: String

  /// - Parameters:
  ///   - candidates: names of columns that are nothing else.
  ///   - header: all columns.
  /// - Returns: nil where there is no such run from 0 or 1 on without a gap, or another beside it.
  init?(_ candidates: [String], in header: [String]) {
    var runs: [String: [Int: String]] = [:]
    for name in candidates {
      let digits = name.reversed().prefix { ("0"..."9").contains($0) }
      guard let number = Int(String(digits.reversed())), digits.count < name.count else { continue }
      let stem = String(name.dropLast(digits.count))
      guard !Self.others.contains(where: stem.lowercased().hasPrefix) else { continue }
      runs[stem, default: [:]][number] = name
    }
    let long = runs.values.filter { run in
      run.count >= 2 && (run.keys.min() ?? 2) <= 1 && (run.keys.max() ?? 0) - (run.keys.min() ?? 0) == run.count - 1
    }
    guard long.count == 1, let run = long.first else { return nil }
    let ordered = run.sorted { $0.key < $1.key }.map(\.value)
    let places = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
    indices = ordered.compactMap { places[$0] }
    first = ordered[0]
    last = ordered[ordered.count - 1]
  }

  var sentence: String { "The columns \(first) to \(last) are taken for features." }
}
