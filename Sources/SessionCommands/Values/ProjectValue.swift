import CommandLanguage
import FeatureStore
import Rendering
import Slides

/// An open project, with the store that keeps its results.
struct ProjectValue: SessionValue {
  let project: Project
  let store: FeatureStore
  let knownNames: KnownNames

  init(project: Project, store: FeatureStore) {
    self.project = project
    self.store = store
    knownNames = Self.knownNames(of: project)
  }

  var valueType: ValueType { .project }
  var shape: String { "\(project.annotations.slides.count.counted("slide"))" }

  /// Columns, their values, slides, and the folder in which relative paths are looked for too, of a project on disk; nil
  /// if it cannot be opened. Looked up anew only when one of its files changes, for this is asked at every keystroke.
  static func knownNames(inFolder path: String) -> KnownNames? {
    peeks.value(for: path) {
      guard let project = try? Project(folder: path) else { return nil }
      return (knownNames(of: project), project.files)
    }
  }

  private static let peeks = FileMemory<KnownNames>()

  private static func knownNames(of project: Project) -> KnownNames {
    let annotations = project.annotations
    var known = KnownNames(names: [
      NameKind.column.key: annotations.columns,
      NameKind.slide.key: annotations.slides,
      NameKind.folder.key: [project.folder],
    ])
    for column in annotations.columns {
      guard let counts = try? annotations.counts(of: column) else { continue }
      let key = NameKind.category(of: column).key
      known.names[key] = counts.map(\.value)
      known.counts[key] = Dictionary(uniqueKeysWithValues: counts.map { ($0.value, $0.count) })
    }
    return known
  }

  func show(in output: any OutputSink) {
    var rows: [[DataTable.Cell]] = [
      [.text("folder"), .text(project.folder.withShortPaths)],
      [.text("annotations"), .text("\(project.annotations.slides.count.counted("slide"))")],
    ]
    for size in project.tileSizes {
      guard let dataset = try? Dataset(project, tileSize: size, selection: .init()) else { continue }
      rows.append([
        .text("tiles \(size.label)"),
        .text("\(dataset.slides.count.counted("slide")), \(dataset.tileCount.counted("tile"))"),
      ])
    }
    for column in project.annotations.outcomeColumns { rows.append([.text(column), .text(summary(of: column))]) }
    let table = DataTable(
      columns: [DataTable.Column(""), DataTable.Column("")], rows: rows, caption: "Project \(project.name)")
    output.show(table: table)
  }

  private func summary(of column: String) -> String {
    let counts = (try? project.annotations.counts(of: column)) ?? []
    if counts.count > 8, project.annotations.isNumeric(column) {
      let numbers = counts.compactMap { Double($0.value) }.sorted()
      if let low = numbers.first, let high = numbers.last { return "\(low.shortText) to \(high.shortText)" }
    }
    if counts.count > 8 { return "\(counts.count) different values" }
    return counts.map { "\($0.value) (\($0.count))" }.joined(separator: ", ")
  }
}
