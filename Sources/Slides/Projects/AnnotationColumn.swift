import FeatureData

/// One column of the annotations: its different values once each, and which of them each slide has.
struct AnnotationColumn: Sendable, Equatable {
  private let codes: [UInt32]
  private let values: [String]
  private let isBlankValue: [Bool]
  /// How many slides have each of the values.
  private let occurrences: [Int]
  /// Nil for a column of other texts.
  let numberStyle: TableNumber.Style?

  /// - Parameter allowsDecimalComma: commas in numbers are decimal ones, whatever follows them.
  init(_ texts: some Sequence<String>, allowsDecimalComma: Bool = false) {
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
    self.init(
      codes: codes, values: values, occurrences: occurrences, allowsDecimalComma: allowsDecimalComma)
  }

  /// A column in which every slide has another value.
  init(unique values: [String]) {
    self.init(
      codes: (0..<values.count).map { UInt32($0) }, values: values,
      occurrences: [Int](repeating: 1, count: values.count), allowsDecimalComma: false)
  }

  private init(codes: [UInt32], values: [String], occurrences: [Int], allowsDecimalComma: Bool) {
    let isBlank = values.map(\.isBlankCell)
    numberStyle = TableNumber.style(
      values.indices.filter { !isBlank[$0] }.map { values[$0] }, allowsComma: allowsDecimalComma)
    isBlankValue = isBlank
    self.codes = codes
    self.values = values
    self.occurrences = occurrences
  }

  /// True if every value that is not blank reads as a number, and there is one.
  var isNumeric: Bool { numberStyle == .point || numberStyle == .comma }

  /// Different values, blank ones included.
  var distinctCount: Int { values.count }

  /// Different values that are not blank, in their natural order, with the number of slides of each.
  /// - Complexity: O(d log d) in the number of different values.
  var counts: [(value: String, count: Int)] {
    let shown = values.indices.filter { !isBlankValue[$0] }
    let counts = Dictionary(uniqueKeysWithValues: shown.map { (values[$0], occurrences[$0]) })
    return NaturalOrder.sorted(counts.keys).map { ($0, counts[$0] ?? 0) }
  }

  /// Values that may be meant as none, such as "na", with the number of slides of each.
  var doubtfulValues: [(value: String, count: Int)] {
    let found = values.indices.filter { BlankText.isDoubtful(values[$0]) }
    return found.map { (values[$0].withoutOuterBlanks, occurrences[$0]) }.sorted { $0.0 < $1.0 }
  }

  /// Values that are one but for how they are written, such as "Positive" and "positive ", or 1 and 1.0.
  var nearValues: [[String]] {
    // Texts of which each slide has another are no categories, nor are many numbers.
    guard values.count <= (isNumeric ? 6 : 200) else { return [] }
    let shown = values.indices.filter { !isBlankValue[$0] }.map { values[$0] }
    return Dictionary(grouping: shown) { value in
      number(of: value).map { String($0) } ?? value.withoutOuterBlanks.lowercased()
    }.values.filter { $0.count > 1 }
      .map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// How many slides are blank, by what stands there; "" for nothing and for blanks.
  var blanks: [String: Int] {
    let shown = values.indices.filter { isBlankValue[$0] }
    return Dictionary(shown.map { (values[$0].withoutOuterBlanks, occurrences[$0]) }, uniquingKeysWith: +)
  }

  /// The value of a slide; empty where it is blank.
  subscript(_ index: Int) -> String { isBlank(index) ? "" : values[Int(codes[index])] }
  func isBlank(_ index: Int) -> Bool { isBlankValue[Int(codes[index])] }
  /// As it is written, also where it is blank.
  func written(_ index: Int) -> String { values[Int(codes[index])].withoutOuterBlanks }
  func number(_ index: Int) -> Double? { number(of: self[index]) }
  func number(of value: String) -> Double? { TableNumber.value(value, decimalComma: numberStyle == .comma) }

  static func == (left: AnnotationColumn, right: AnnotationColumn) -> Bool {
    left.codes == right.codes && left.values == right.values
  }
}
