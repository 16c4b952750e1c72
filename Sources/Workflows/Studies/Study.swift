import FeatureData
import FeatureStore
import Rendering
import Slides

/// An open project, with the store that keeps its results.
struct Study: SessionValue {
  let project: Project
  let store: FeatureStore
  let knownNames: KnownNames
  /// The folders and what the files held that were read: opened again, it is the same unless one of them was changed.
  let valueIdentity: String?

  init(project: Project, store: FeatureStore) {
    self.project = project
    self.store = store
    valueIdentity = Self.identity(folder: project.folder, store: store.folder, contents: Self.contents(of: project))
    knownNames = Self.knownNames(of: project).remembering(store: store.folder)
  }

  var valueType: ValueType { .project }
  var title: String? { project.name }
  var shape: String { "\(project.annotations.slides.count.counted("slide"))" }

  /// Columns, their values, slides, and the folder in which relative paths are looked for too, of a project on disk; nil
  /// if it cannot be opened. Looked up anew only when one of its files changes, for this is asked at every keystroke.
  static func knownNames(inFolder path: String) -> KnownNames? { peek(path)?.names }

  /// What a project on disk would be as a value, also where a line above has yet to make it.
  static func identity(inFolder path: String, store: String) -> String {
    identity(folder: path, store: store, contents: peek(path)?.contents ?? "not there yet")
  }

  private static func identity(folder: String, store: String, contents: String) -> String {
    [PathResolution.unique(folder), PathResolution.unique(store), contents].joined(separator: "\n")
  }

  private static func contents(of project: Project) -> String {
    project.files.map { (try? ContentDigest.ofFile($0)) ?? "unreadable" }.joined(separator: "\n")
  }

  private static func peek(_ path: String) -> Peek? {
    peeks.value(for: path) {
      guard let project = try? Project(folder: path) else { return nil }
      return (Peek(names: knownNames(of: project), contents: contents(of: project)), project.files)
    }
  }

  private struct Peek {
    let names: KnownNames
    /// Digests of the files that were read.
    let contents: String
  }

  /// Columns and their values of annotations on disk, as for a project that is not made yet.
  static func knownNames(ofTable path: String) -> KnownNames? {
    tables.value(for: path) {
      guard let annotations = try? Annotations(CSVTable(path: path)) else { return nil }
      return (knownNames(of: annotations), [path])
    }
  }

  /// The columns of a table on disk; nil if it cannot be read.
  static func columns(ofTable path: String) -> [String]? {
    headers.value(for: path) {
      guard let table = try? CSVTable(path: path) else { return nil }
      return (table.columns.filter { !$0.isEmpty }, [path])
    }
  }

  private static let headers = FileCache<[String]>()
  private static let peeks = FileCache<Peek>()
  private static let tables = FileCache<KnownNames>()

  private static func knownNames(of project: Project) -> KnownNames {
    var known = knownNames(of: project.annotations)
    known.names[NameKind.folder.key] = [project.folder]
    known.names[NameKind.project.key] = [PathResolution.unique(project.folder)]
    return known
  }

  private static func knownNames(of annotations: Annotations) -> KnownNames {
    var known = KnownNames(names: [
      NameKind.column.key: annotations.columns, NameKind.slide.key: annotations.slides,
    ])
    for column in annotations.columns {
      // Nobody looks through more, and looking them up anew for every cell would take long.
      guard annotations.distinctCount(of: column) <= 50_000, let counts = try? annotations.counts(of: column) else {
        continue
      }
      let key = NameKind.category(of: column).key
      known.names[key] = counts.map(\.value)
      if column == Annotations.patientColumn {
        // Filters find patients of TCGA by their short names too.
        let short = Set((counts.map(\.value) + annotations.slides).compactMap(Annotations.shortName))
        known.names[key]? += short.subtracting(counts.map(\.value)).sorted()
      }
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
      rows.append([.text("tiles \(size.label)"), .text(tiles(of: size))])
    }
    let columns = project.annotations.outcomeColumns
    for column in columns.prefix(Self.shownColumnCount) { rows.append([.text(column), .text(summary(of: column))]) }
    if columns.count > Self.shownColumnCount {
      rows.append([.text("…"), .text("\((columns.count - Self.shownColumnCount).counted("more column"))")])
    }
    let table = DataTable(
      columns: [DataTable.Column(""), DataTable.Column("")], rows: rows, caption: "Project \(project.name)")
    output.show(table: table)
    let file = project.annotations.path.withShortPaths
    for note in project.annotations.notes { output.note("\(file): \(note.sentence)") }
    for remark in project.nameRemarks() { output.warn(remark.withShortPaths) }
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
