import FeatureData
package import Rendering
import Slides

extension SelectedTiles {
  /// How many tiles of a selection are of one slide, patient or category.
  package struct Share: Sendable, Equatable {
    package let name: String
    package let count: Int
    /// Of all tiles that were there to choose from.
    package let whole: Int
  }

  /// How many of the tiles are of each category, patient and slide, beside all tiles that were there to choose from.
  package var shares: [(by: String, shares: [Share])] {
    let all = tilesThere
    let own = rows.map(\.count)
    let names = features.slides.map(\.name)
    let annotations = features.study.project.annotations
    let patients = names.map { annotations.patient(of: $0) ?? $0 }
    var groups: [(by: String, shares: [Share])] = []
    if case .categorical(let bySlide, let categories)? = features.outcomes?.values {
      let keys = names.map { bySlide[$0] ?? "" }
      groups.append((features.outcomes?.column ?? "", Self.shares(keys, in: categories + [""], own, all)))
    }
    if Set(patients).count < names.count {
      groups.append(("patient", Self.shares(patients, in: byCount(patients, own), own, all)))
    }
    groups.append(("slide", Self.shares(names, in: byCount(names, own), own, all)))
    return groups
  }

  /// By slide, how many tiles were there to choose from.
  private var tilesThere: [Int] {
    let all = features.slides.map(\.tileCount)
    guard let map else { return all }
    let shown = map.points.reduce(into: [Int](repeating: 0, count: all.count)) { $0[$1.slide] += 1 }
    return map.isOfSlides ? zip(all, shown).map { $1 > 0 ? $0 : 0 } : shown
  }

  /// The same as a table.
  package var composition: DataTable {
    let (selected, there) = (tileCount, tilesThere.reduce(0, +))
    let groups = shares
    let cells = groups.flatMap { group in
      group.shares.map { share -> [DataTable.Cell] in
        [
          .text(group.by), .text(share.name), .integer(share.count),
          .number(100 * Double(share.count) / Double(max(selected, 1))), .integer(share.whole),
          .number(100 * Double(share.whole) / Double(max(there, 1))),
        ]
      }
    }
    return DataTable(
      columns: [
        DataTable.Column("by"), DataTable.Column("name"), DataTable.Column("tiles", .integer),
        DataTable.Column("% of the selection", .number(significantDigits: 3)), DataTable.Column("of all", .integer),
        DataTable.Column("% of all", .number(significantDigits: 3)),
      ], rows: cells, caption: caption)
  }

  private var caption: String {
    let slides = rows.count { !$0.isEmpty }
    return
      "\(tileCount.counted("tile")) of \(total) selected, of \(slides) of \(features.slides.count.counted("slide")): \(rule)"
  }

  /// Those with tiles of the selection, the most first.
  private func byCount(_ keys: [String], _ own: [Int]) -> [String] {
    let counts = Self.sums(keys, own).filter { $0.value > 0 }
    return NaturalOrder.sorted(Array(counts.keys)).enumerated().sorted {
      (-(counts[$0.element] ?? 0), $0.offset) < (-(counts[$1.element] ?? 0), $1.offset)
    }.map(\.element)
  }

  private static func sums(_ keys: [String], _ counts: [Int]) -> [String: Int] {
    Dictionary(zip(keys, counts), uniquingKeysWith: +)
  }

  private static func shares(_ keys: [String], in order: [String], _ own: [Int], _ all: [Int]) -> [Share] {
    let (ownCounts, allCounts) = (sums(keys, own), sums(keys, all))
    return order.compactMap { name in
      let (count, whole) = (ownCounts[name] ?? 0, allCounts[name] ?? 0)
      guard count + whole > 0 else { return nil }
      return Share(name: name.isEmpty ? "without a label" : name, count: count, whole: whole)
    }
  }
}
