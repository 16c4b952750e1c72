import Foundation

/// One column of the annotations: its different values once each, and which of them each slide has.
struct AnnotationColumn: Sendable, Equatable {
  private let codes: [UInt32]
  private let values: [String]
  private let isBlankValue: [Bool]
  /// Different values that are not blank, sorted, with the number of slides of each.
  let counts: [(value: String, count: Int)]
  /// True if every value that is not blank reads as a number, and there is one.
  let isNumeric: Bool

  init(_ texts: some Sequence<String>) {
    var codeByValue: [String: UInt32] = [:]
    var values: [String] = []
    var occurrences: [Int] = []
    var codes: [UInt32] = []
    for text in texts {
      let code: UInt32
      if let known = codeByValue[text] {
        code = known
      } else {
        code = UInt32(values.count)
        codeByValue[text] = code
        values.append(text)
        occurrences.append(0)
      }
      occurrences[Int(code)] += 1
      codes.append(code)
    }
    let isBlank = values.map(Annotations.isBlank)
    let named = values.indices.filter { !isBlank[$0] }
    counts = named.sorted { values[$0] < values[$1] }.map { (values[$0], occurrences[$0]) }
    isNumeric = !named.isEmpty && named.allSatisfy { Self.number(values[$0]) != nil }
    isBlankValue = isBlank
    self.codes = codes
    self.values = values
  }

  subscript(_ index: Int) -> String { values[Int(codes[index])] }
  func isBlank(_ index: Int) -> Bool { isBlankValue[Int(codes[index])] }
  func number(_ index: Int) -> Double? { Self.number(self[index]) }

  private static func number(_ text: String) -> Double? {
    Double(text.trimmingCharacters(in: .whitespaces)).flatMap { $0.isFinite ? $0 : nil }
  }

  static func == (left: AnnotationColumn, right: AnnotationColumn) -> Bool {
    left.codes == right.codes && left.values == right.values
  }
}
