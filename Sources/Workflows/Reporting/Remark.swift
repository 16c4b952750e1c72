/// A sentence beside a result.
package enum Remark: Sendable, Equatable {
  case note(String)
  /// About what is not as it should be, such as a slide that was left out.
  case warning(String)
}

/// Where remarks go while work goes on.
package protocol RemarkSink: Sendable {
  func add(_ remark: Remark)
}

extension RemarkSink {
  package func note(_ text: String) { add(.note(text)) }
  package func warn(_ text: String) { add(.warning(text)) }

  package func add(_ remarks: [Remark]) {
    for remark in remarks { add(remark) }
  }
}

/// A sink that nobody reads.
package struct SilentRemarks: RemarkSink {
  package init() {}
  package func add(_ remark: Remark) {}
}
