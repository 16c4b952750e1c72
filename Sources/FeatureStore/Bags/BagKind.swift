/// The program, or the form of file, that features of a slide came from.
package enum BagKind: String, Sendable, Codable, CaseIterable {
  case clam, trident, stamp, mopadi, slideflow, torch, csv

  /// For messages.
  package var displayName: String {
    switch self {
    case .clam: "CLAM"
    case .trident: "TRIDENT"
    case .stamp: "STAMP"
    case .mopadi: "mopadi or marugoto"
    case .slideflow: "slideflow"
    case .torch: "PyTorch"
    case .csv: "CSV table"
    }
  }
}
