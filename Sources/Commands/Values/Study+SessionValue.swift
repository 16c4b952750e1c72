package import CommandLanguage
import FeatureStore
import Slides
import Workflows

extension Study: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Project"), phrase: "a project", summary: "A slideflow project on disk.", preposition: "of",
    isProject: true)

  package var valueIdentity: String? { identity }
  package var title: String? { project.name }
  package var shape: String { "\(project.annotations.slides.count.counted("slide"))" }

  package var knownNames: KnownNames {
    KnownNames(names, inFolder: project.folder).withJournal(ofStore: store.folder)
  }

  /// What values made from the study know of it. The statements of its journal are known of the study alone.
  var derivedNames: KnownNames {
    var known = KnownNames(names, inFolder: project.folder)
    known.names[NameKind.store.key] = [store.folder]
    return known
  }

  package func show(in output: any OutputSink) {
    output.show(table: summary)
    output.add(remarks)
  }
}

extension KnownNames {
  init(_ names: StudyNames) {
    self.init(names: [NameKind.column.key: names.columns, NameKind.slide.key: names.slides])
    for (column, values) in names.values { self.names[NameKind.category(of: column).key] = values }
    for (column, counts) in names.counts { self.counts[NameKind.category(of: column).key] = counts }
  }

  init(_ names: StudyNames, inFolder folder: String) {
    self.init(names)
    self.names[NameKind.folder.key] = [folder]
    self.names[NameKind.project.key] = [PathResolution.unique(folder)]
  }

  /// Of a project on disk; nil if it cannot be opened.
  init?(ofProject path: String) {
    guard let glance = Study.glance(inFolder: path) else { return nil }
    self.init(glance.names, inFolder: glance.folder)
  }
}
