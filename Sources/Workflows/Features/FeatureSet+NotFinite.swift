package import FeatureData
import FeatureStore

/// Tiles with NaN or infinity: every command that compares tiles takes its rows from here, and says which are not among
/// them.
extension FeatureSet {
  /// The numbers of a tile that must be finite.
  package enum Numbers: Sendable {
    case activations
    case logits

    var noun: String { self == .activations ? "activations" : "logits" }
  }

  /// Rows of a slide with nothing but finite numbers.
  ///
  /// - Parameter limit: Only of so many first rows; 0 for all.
  package func usableRows(of slide: Int, first limit: Int = 0, _ numbers: Numbers = .activations) -> [Int] {
    let stored = slides[slide].stored
    let count = stored.features.rowCount
    let rows = 0..<(limit > 0 ? min(limit, count) : count)
    let left = Set(Self.left(stored, numbers))
    return left.isEmpty ? Array(rows) : rows.filter { !left.contains($0) }
  }

  /// The activations of those rows.
  package func usableActivations(of slide: Int) -> Matrix {
    let features = slides[slide].stored.features
    return slides[slide].stored.notFinite.isEmpty
      ? features.matrix() : features.matrix(of: usableRows(of: slide))
  }

  /// "S2: 2 tiles with NaN or infinity (3, 4)", of some slides or all; nil if there are none.
  package func notFinite(of chosen: [Int]? = nil, first limit: Int = 0, _ numbers: Numbers = .activations) -> String? {
    let found = (chosen ?? Array(slides.indices)).compactMap { slide -> (name: String, text: String, count: Int)? in
      let stored = slides[slide].stored
      let count = limit > 0 ? min(limit, stored.features.rowCount) : stored.features.rowCount
      let rows = Self.left(stored, numbers).filter { $0 < count }
      guard !rows.isEmpty else { return nil }
      let name = slides[slide].name
      if rows.count == count, count > 1 { return (name, "\(name): all \(count) tiles with NaN or infinity", count) }
      let shown = rows.prefix(Self.shownTiles).map(String.init) + (rows.count > Self.shownTiles ? ["…"] : [])
      return (
        name, "\(name): \(rows.count.counted("tile")) with NaN or infinity (\(shown.joined(separator: ", ")))",
        rows.count
      )
    }
    guard !found.isEmpty else { return nil }
    var texts = found.prefix(Self.shownSlides).map(\.text)
    let rest = found.dropFirst(Self.shownSlides)
    if !rest.isEmpty {
      texts.append(
        "and \(rest.reduce(0) { $0 + $1.count }.counted("tile")) of \(rest.count.counted("other slide"))")
    }
    return texts.joined(separator: "; ")
  }

  /// "Left out: S2: 2 tiles with NaN or infinity (3, 4).": the sentence that results have; nil if nothing is.
  package func leftOut(of chosen: [Int]? = nil, first limit: Int = 0, _ numbers: Numbers = .activations) -> String? {
    notFinite(of: chosen, first: limit, numbers).map { "Left out: \($0)." }
  }

  /// Of some slides, or all, no tile is usable.
  package func nothingFinite(of chosen: [Int]? = nil, _ numbers: Numbers = .activations) -> WorkflowFailure {
    let chosen = chosen ?? Array(slides.indices)
    let columns = numbers == .activations ? emptyColumns(of: chosen) : []
    let count = chosen.reduce(0) { $0 + slides[$1].tileCount }
    guard !columns.isEmpty else {
      return WorkflowFailure(
        "\(count == 1 ? "The only tile has" : "All \(count) tiles have") NaN or infinity among their \(numbers.noun), "
          + "so there is nothing to work on.",
        remedy: model == nil
          ? "import_features of files with numbers only" : "features of another layer or precision, or another model")
    }
    let names = Self.inShort(columns.map { columnNames[$0] })
    return WorkflowFailure(
      "No tile has a number in \(columns.count == 1 ? "feature" : "features") \(names): "
        + (count == 1 ? "there is NaN or infinity." : "all \(count) tiles have NaN or infinity there."),
      remedy: model == nil
        ? "leave \(columns.count == 1 ? "that column" : "these columns") out of the files and import them again"
        : "features of another layer or precision, or another model")
  }

  /// Columns in which no tile of some slides has a finite number.
  private func emptyColumns(of chosen: [Int]) -> [Int] {
    var columns: Set<Int>?
    for slide in chosen where slides[slide].tileCount > 0 {
      let features = slides[slide].stored.features
      let empty = features.withValues { NotFinite.columns(of: $0, columnCount: features.columnCount) }
      columns = columns.map { $0.intersection(empty) } ?? Set(empty)
      if columns?.isEmpty ?? false { return [] }
    }
    return (columns ?? []).sorted()
  }

  /// Which tiles have NaN or infinity.
  var notFiniteRemarks: [Remark] {
    var remarks: [Remark] = []
    let isUseless = tileCount > 0 && slides.allSatisfy { $0.stored.notFinite.count == $0.tileCount }
    if isUseless {
      remarks.append(.warning(nothingFinite().message))
    } else if let tiles = notFinite() {
      remarks.append(.warning("\(tiles). Commands that compare activations leave them out."))
    }
    // A network that gives NaN gives it in the logits too, which need not be said again.
    guard slides.contains(where: { $0.stored.notFiniteLogits != $0.stored.notFinite }) else { return remarks }
    if let tiles = notFinite(.logits) {
      remarks.append(.warning("Logits of \(tiles). Commands that predict leave them out."))
    }
    return remarks
  }

  private static let shownTiles = 10
  private static let shownSlides = 5

  private static func left(_ stored: StoredSlideFeatures, _ numbers: Numbers) -> [Int] {
    numbers == .activations ? stored.notFinite : stored.notFiniteLogits
  }

  private static func inShort(_ names: [String]) -> String {
    names.prefix(shownTiles).joined(separator: ", ") + (names.count > shownTiles ? ", …" : "")
  }
}
