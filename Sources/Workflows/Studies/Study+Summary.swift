import FeatureData
package import Rendering
import Slides

extension Study {
  /// The folder, the tiles of each size, and what the columns of the annotations hold.
  package var summary: DataTable {
    var rows: [[DataTable.Cell]] = [
      [.text("folder"), .text(project.folder.withShortPaths)],
      [.text("annotations"), .text("\(project.annotations.slides.count.counted("slide"))")],
    ]
    for size in project.tileSizes {
      rows.append([.text("tiles \(size.label)"), .text(tiles(of: size))])
    }
    let columns = project.annotations.outcomeColumns
    for column in columns.prefix(Self.shownColumnCount) { rows.append([.text(column), .text(summary(of: column))]) }
    if columns.count > Self.shownColumnCount {
      rows.append([.text("…"), .text("\((columns.count - Self.shownColumnCount).counted("more column"))")])
    }
    return DataTable(
      columns: [DataTable.Column(""), DataTable.Column("")], rows: rows, caption: "Project \(project.name)")
  }

  package var remarks: [Remark] {
    let file = project.annotations.path.withShortPaths
    let missing = project.missingFolders
    // The first of each role: what mends one of a moved project mends all.
    let remedies = Dictionary(missing.map { ($0.role, $0.remedy) }) { $0 ?? $1 }
    let ofFolders = MissingFolder.Role.allCases.flatMap { role in
      MissingFolder.sentences(missing.filter { $0.role == role }).map(\.withShortPaths)
        + [remedies[role] ?? nil].compactMap(\.self)
    }
    return project.annotations.notes.map { .note("\(file): \($0.sentence)") }
      + ofFolders.map { .warning($0) } + project.nameRemarks().map { .warning($0.withShortPaths) }
      + [looksRemark].compactMap(\.self).map { .warning($0) }
  }

  private func tiles(of size: TileSize) -> String {
    do throws(ProjectError) {
      let dataset = try Dataset(project, tileSize: size, selection: .init())
      return "\(dataset.slides.count.counted("slide")), \(dataset.tileCount.counted("tile"))"
    } catch .noSlidesLeft {
      return "none of a slide of the annotations"
    } catch {
      return error.description.withShortPaths
    }
  }

  private static let shownColumnCount = 30

  private func summary(of column: String) -> String {
    let annotations = project.annotations
    let blank = BlankText.counted(annotations.blanks(of: column)).map { "blank \($0)" }
    return [values(of: column), blank].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private func values(of column: String) -> String {
    let counts = (try? project.annotations.counts(of: column)) ?? []
    if counts.count > 8, let range = project.annotations.range(of: column) {
      return "\(range.lowerBound.shortText) to \(range.upperBound.shortText)"
    }
    if counts.count > 8 { return "\(counts.count) different values" }
    return counts.map { "\($0.value) (\($0.count))" }.joined(separator: ", ")
  }
}
