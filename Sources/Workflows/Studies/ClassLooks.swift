import FeatureData
import FeatureStore
import Foundation
import Rendering

/// The order and the colours of the outcomes of columns, as the project keeps them beside its results.
package struct ClassLooks: Sendable, Equatable, Codable {
  /// Of one column.
  package struct Look: Sendable, Equatable, Codable {
    /// Nil for the natural order; outcomes that are not named follow.
    package var order: [String]?
    /// `#RRGGBB` by outcome.
    package var colours: [String: String]

    package init(order: [String]?, colours: [String: String]) {
      self.order = order
      self.colours = colours
    }
  }

  private(set) var columns: [String: Look] = [:]

  static let fileName = "outcomes.json"

  /// - Returns: the labels in the order of their column, and with its colours; colours that they have of their own stay.
  func applied(to labels: SlideLabels) -> SlideLabels {
    guard let look = columns[labels.column], !labels.categories.isEmpty else { return labels }
    var result = look.order.map(labels.ordered) ?? labels
    result.colours = look.colours.merging(labels.colours) { $1 }
    return result
  }

  func colours(ofColumn column: String) -> [String: Colour] {
    columns[column]?.colours.compactMapValues { Colour(written: $0) } ?? [:]
  }

  mutating func keep(_ look: Look, of column: String) {
    let before = columns[column]
    columns[column] = Look(
      order: look.order ?? before?.order, colours: (before?.colours ?? [:]).merging(look.colours) { $1 })
  }
}

extension Study {
  private var looksPath: String { store.folder + "/" + ClassLooks.fileName }

  /// What is kept for the outcomes of columns; nothing where the file is not there, or not readable, which is said when the
  /// project is shown.
  var looks: ClassLooks { (try? keptLooks()) ?? ClassLooks() }

  /// - Throws: `WorkflowFailure` if the file is damaged or cannot be read.
  private func keptLooks() throws -> ClassLooks {
    guard let bytes = FileManager.default.contents(atPath: looksPath) else {
      if !FileManager.default.fileExists(atPath: looksPath) { return ClassLooks() }
      throw WorkflowFailure("\(looksPath.withShortPaths), with the colours and orders that are kept, cannot be read.")
    }
    do { return try JSONDecoder().decode(ClassLooks.self, from: bytes) } catch {
      throw WorkflowFailure(
        "\(looksPath.withShortPaths) is damaged; without it, what is kept of colours and orders begins anew.")
    }
  }

  /// That colours and orders are kept and cannot be read, and why; nil where they can.
  var looksRemark: String? {
    do { _ = try keptLooks() } catch {
      return
        "The colours and orders that are kept do not show: \((error as? WorkflowFailure)?.message ?? error.sentence)"
    }
    return nil
  }

  /// The colours of labels: those that they were given, and else those that are kept for their column.
  func colours(of labels: SlideLabels) -> [String: Colour] {
    looks.colours(ofColumn: labels.column).merging(labels.colours.compactMapValues { Colour(written: $0) }) { $1 }
  }

  /// Keeps an order, colours or both for a column; what was kept before and is not given anew stays.
  func keep(_ look: ClassLooks.Look, of column: String) throws {
    var looks = try keptLooks()
    looks.keep(look, of: column)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try PathResolution.write([UInt8](try encoder.encode(looks)), to: looksPath)
  }
}
