package import CommandLanguage
import FeatureData
import Workflows

extension LabelSet: TypedValue {
  package static let declaration = ValueTypeDeclaration(
    ValueType("Labels"), phrase: "labels", summary: "One label for each slide.", preposition: "by", standsFor: .column,
    savedAs: fileExtensions)

  package var valueIdentity: String? { identity }
  package var knownNames: KnownNames {
    var known = dataset.knownNames
    known.know(
      tableColumns: (isByPatient ? ["patient", "slides", "tiles"] : ["slide"]) + columns.map(\.column), isJoined: true)
    return known
  }

  package func show(in output: any OutputSink) {
    let table = table
    output.show(table: table, maximumRows: 20, more: table.more("table top"))
    output.add(remarks)
  }
}
