import CommandLanguage
import Workflows

/// Where a workflow's remarks go: beside the results of the cell.
struct OutputRemarks: RemarkSink {
  let output: any OutputSink

  init(_ output: any OutputSink) { self.output = output }

  func add(_ remark: Remark) {
    switch remark {
    case .note(let text): output.note(text)
    case .warning(let text): output.warn(text)
    }
  }
}

extension OutputSink {
  func add(_ remarks: [Remark]) { OutputRemarks(self).add(remarks) }
}
