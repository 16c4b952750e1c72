import FeatureData
package import Rendering
import Slides

extension SelectedTiles {
  /// How many of the tiles are of each category, patient and slide, beside all tiles that were there to choose from.
  package var composition: DataTable {
    var all = features.slides.map(\.tileCount)
    if let map {
      let shown = map.points.reduce(into: [Int](repeating: 0, count: all.count)) { $0[$1.slide] += 1 }
      all = map.isOfSlides ? zip(all, shown).map { $1 > 0 ? $0 : 0 } : shown
    }
    let own = rows.map(\.count)
    let names = features.slides.map(\.name)
    let annotations = features.study.project.annotations
    let patients = names.map { annotations.patient(of: $0) ?? $0 }
    var cells: [[DataTable.Cell]] = []
    if case .categorical(let bySlide, let categories)? = features.outcomes?.values {
      let keys = names.map { bySlide[$0] ?? "" }
      cells += rows(of: features.outcomes?.column ?? "", keys, in: categories + [""], own, all)
    }
    if Set(patients).count < names.count {
      cells += rows(of: "patient", patients, in: byCount(patients, own), own, all)
    }
    cells += rows(of: "slide", names, in: byCount(names, own), own, all)
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

  private func rows(
    of noun: String, _ keys: [String], in order: [String], _ own: [Int], _ all: [Int]
  ) -> [[DataTable.Cell]] {
    let (selected, there) = (own.reduce(0, +), all.reduce(0, +))
    let (ownCounts, allCounts) = (Self.sums(keys, own), Self.sums(keys, all))
    return order.compactMap { name in
      let (count, whole) = (ownCounts[name] ?? 0, allCounts[name] ?? 0)
      guard count + whole > 0 else { return nil }
      return [
        .text(noun), name.isEmpty ? .text("without a label") : .text(name), .integer(count),
        .number(100 * Double(count) / Double(max(selected, 1))), .integer(whole),
        .number(100 * Double(whole) / Double(max(there, 1))),
      ]
    }
  }
}
