package import CommandLanguage
import Slides
import Workflows

extension StudyDataset: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Dataset"), phrase: "a dataset", summary: "Slides of a project with their tiles at one size.")

  package var valueIdentity: String? { identity }

  package var knownNames: KnownNames {
    var known = study.derivedNames
    known.names[NameKind.slide.key] = dataset.slides.map(\.name)
    known.counts[NameKind.slide.key] = Dictionary(
      uniqueKeysWithValues: dataset.slides.map { ($0.name, dataset.tileCount(of: $0)) })
    known.know(tableColumns: isByPatient ? ["patient", "slides", "tiles"] : ["slide", "tiles"], isJoined: true)
    return known
  }

  package func show(in output: any OutputSink) {
    let table = table
    output.show(table: table, maximumRows: 20, more: table.more("table top"))
    output.add(remarks)
  }
}
