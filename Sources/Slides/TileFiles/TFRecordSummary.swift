/// How many records a tile file has, and what is wrong with it, as far as that is known without reading it through.
package struct TFRecordSummary: Sendable, Equatable {
  /// What is not as it should be, and worth saying.
  package enum Finding: Sendable, Hashable {
    /// The index beside the file is of another file; `clause` says why.
    case indexMisfit(index: String, clause: String)
    /// `manifest.json` gives another number of records.
    case manifestDisagrees(manifest: Int, count: Int)
    /// The file ends inside its last record.
    case truncated
    /// So many records have a damaged frame.
    case damaged(Int)
    case unreadable(reason: String)
    /// The file is compressed; it was unpacked to be read.
    case compressed
    /// slideflow marked the extraction as interrupted.
    case unfinished
  }

  /// Damaged records are among them.
  package let count: Int
  package internal(set) var findings: [Finding] = []
}
