/// What a slide is looked through for, besides the background filter.
package enum QualityCheck: String, Sendable, CaseIterable, Codable {
  /// Tissue, by Otsu's threshold: `TissueMask`.
  case otsu
  /// Out of focus: `FocusMeasure`.
  case blur
  /// Ink of marker pens: `PenMask`.
  case pen
  /// Tissue that lies double: `FoldMask`.
  case fold
}
