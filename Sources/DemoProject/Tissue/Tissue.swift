/// The four tissues of the demo's slides.
package enum Tissue: Int, Sendable, CaseIterable {
  /// Nests of squamous tumour cells, basaloid or keratinising.
  case tumour
  /// Wavy collagen with spindle-shaped fibroblasts.
  case stroma
  /// A dense aggregate of lymphocytes.
  case lymphoid
  /// Fat cells with thin septa.
  case adipose

  /// As in `tissue.csv`.
  package var name: String {
    switch self {
    case .tumour: "tumor"
    case .stroma: "stroma"
    case .lymphoid: "lymphocytes"
    case .adipose: "adipose"
    }
  }
}
