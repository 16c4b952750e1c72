/// One column of the annotations: its different values once each, and which of them each slide has.
struct AnnotationColumn: Sendable, Equatable {
  private let codes: [UInt32]
  private let values: [String]
  private let isBlankValue: [Bool]
  /// How many slides have each of the values.
  private let occurrences: [Int]
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
    self.init(codes: codes, values: values, occurrences: occurrences)
  }

  /// A column in which every slide has another value.
  init(unique values: [String]) {
    self.init(
      codes: (0..<values.count).map { UInt32($0) }, values: values,
      occurrences: [Int](repeating: 1, count: values.count))
  }

  private init(codes: [UInt32], values: [String], occurrences: [Int]) {
    let isBlank = values.map(Annotations.isBlank)
    isNumeric =
      isBlank.contains(false) && values.indices.allSatisfy { isBlank[$0] || Self.number(values[$0]) != nil }
    isBlankValue = isBlank
    self.codes = codes
    self.values = values
    self.occurrences = occurrences
  }

  /// Different values, blank ones included.
  var distinctCount: Int { values.count }

  /// Different values that are not blank, sorted, with the number of slides of each.
  /// - Complexity: O(d log d) in the number of different values.
  var counts: [(value: String, count: Int)] {
    values.indices.filter { !isBlankValue[$0] }.map { (values[$0], occurrences[$0]) }.sorted { $0.0 < $1.0 }
  }

  subscript(_ index: Int) -> String { values[Int(codes[index])] }
  func isBlank(_ index: Int) -> Bool { isBlankValue[Int(codes[index])] }
  func number(_ index: Int) -> Double? { Self.number(self[index]) }

  private static func number(_ text: String) -> Double? {
    Double(text.withoutOuterBlanks).flatMap { $0.isFinite ? $0 : nil }
  }

  static func == (left: AnnotationColumn, right: AnnotationColumn) -> Bool {
    left.codes == right.codes && left.values == right.values
  }
}
