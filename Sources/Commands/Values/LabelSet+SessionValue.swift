package import CommandLanguage
import Workflows

extension LabelSet: SessionValue {
  package var valueType: ValueType { .labels }
  package var valueIdentity: String? { identity }
  package var knownNames: KnownNames { dataset.knownNames }

  package func show(in output: any OutputSink) {
    output.show(table: table, maximumRows: 20)
    output.add(remarks)
  }
}
