/// What a model says of a tile: the outputs of all its heads, side by side in one row.
package struct ModelOutputs: Sendable, Hashable, Codable {
  package let heads: [OutputHead]

  package init(_ heads: [OutputHead]) { self.heads = heads }

  /// Of a model of features alone.
  package static let none = ModelOutputs([])

  package var count: Int { heads.reduce(0) { $0 + $1.count } }

  /// Of all outputs, in order; with several heads "msi/high".
  package var names: [String] {
    heads.flatMap { head in
      heads.count == 1 || head.outputNames == [head.name]
        ? head.outputNames : head.outputNames.map { "\(head.name)/\($0)" }
    }
  }

  /// Where the outputs of a head stand in a row.
  package func columns(of head: Int) -> Range<Int> {
    let start = heads[..<head].reduce(0) { $0 + $1.count }
    return start..<start + heads[head].count
  }

  /// The head that a column of a row belongs to.
  package func head(ofColumn column: Int) -> Int {
    heads.indices.first { columns(of: $0).contains(column) } ?? 0
  }

  // MARK: The numbers of one tile

  /// The probability that each column stands for, or its number where it is none; NaN where the row gives none.
  package func probabilities(of row: ArraySlice<Float>) -> [Float] {
    guard row.count == count else { return [Float](repeating: .nan, count: count) }
    return heads.indices.flatMap { heads[$0].probabilities(of: part(columns(of: $0), of: row)) }
  }

  /// The class that a head predicts, by its column; nil for none.
  ///
  /// - Parameter allowed: columns among which it is chosen, ascending; nil for all.
  package func predictedColumn(of head: Int, in row: ArraySlice<Float>, among allowed: [Int]? = nil) -> Int? {
    let columns = columns(of: head)
    guard row.count == count else { return nil }
    return heads[head].predictedClass(of: part(columns, of: row), among: places(allowed, in: columns))
      .map { columns.lowerBound + $0 }
  }

  /// The same for sums over tiles, or means.
  package func predictedColumn(of head: Int, inSums sums: [Double], among allowed: [Int]? = nil) -> Int? {
    let columns = columns(of: head)
    guard sums.count == count else { return nil }
    return heads[head].predictedClass(ofSums: part(columns, of: sums[...]), among: places(allowed, in: columns))
      .map { columns.lowerBound + $0 }
  }

  private func places(_ allowed: [Int]?, in columns: Range<Int>) -> [Int]? {
    allowed.map { $0.filter(columns.contains).map { $0 - columns.lowerBound } }
  }

  private func part<Number>(_ columns: Range<Int>, of row: ArraySlice<Number>) -> ArraySlice<Number> {
    row.dropFirst(columns.lowerBound).prefix(columns.count)
  }

  /// The same outputs, after a look at all rows, where only a name said that numbers are probabilities.
  package func settled(by eachRow: ((ArraySlice<Float>) -> Void) -> Void) -> ModelOutputs {
    guard heads.contains(where: { $0.isAssumed && $0.areProbabilities }) else { return self }
    let checks = checks(of: eachRow)
    return ModelOutputs(zip(heads, checks).map { $0.settled(by: $1) })
  }

  /// For each head, whether its numbers can be probabilities.
  package func checks(of eachRow: ((ArraySlice<Float>) -> Void) -> Void) -> [ProbabilityCheck] {
    var checks = heads.map { _ in ProbabilityCheck() }
    eachRow { row in
      guard row.count == count else { return }
      for index in heads.indices { checks[index].look(at: part(columns(of: index), of: row)) }
    }
    return checks
  }

  // MARK: Words

  /// What a column is as it is kept: "logit positive", "probability of positive", "age, as the model gives it".
  package func title(_ column: Int) -> String {
    heads[head(ofColumn: column)].areLogits ? "logit \(names[column])" : probabilityTitle(column)
  }

  /// What `probability` gives for a column: "probability of positive (softmax)", "age, as the model gives it".
  package func probabilityTitle(_ column: Int) -> String {
    let head = heads[head(ofColumn: column)]
    if head.meaning == .numbers { return "\(names[column]), as the model gives it" }
    return "probability of \(names[column])" + (head.areProbabilities ? "" : " (\(head.link))")
  }

  /// The heading of a column as it is kept: "logit positive", "probability positive", "age".
  package func heading(_ column: Int) -> String {
    let head = heads[head(ofColumn: column)]
    return (head.meaning == .numbers ? "" : head.areProbabilities ? "probability " : "logit ") + names[column]
  }

  /// As in "2 logits (negative, positive; softmax)".
  package func caption(_ inShort: ([String]) -> String) -> String {
    guard count > 0 else { return "no logits" }
    let parts = heads.map { head in
      let noun =
        switch (head.meaning, head.areProbabilities) {
        case (.numbers, _): head.count == 1 ? "number" : "numbers"
        case (_, true): head.count == 1 ? "probability" : "probabilities"
        case (_, false): head.count == 1 ? "logit" : "logits"
        }
      let link =
        head.meaning == .numbers
        ? "as the model gives \(head.count == 1 ? "it" : "them")" : head.areProbabilities ? nil : head.link
      return (heads.count == 1 ? "" : head.name + ": ") + "\(head.count) \(noun) (\(inShort(head.outputNames))"
        + (link.map { "; \($0)" } ?? "") + ")"
    }
    return parts.joined(separator: "; ")
  }
}

extension OutputHead {
  /// What makes probabilities of the logits.
  package var link: String { meaning == .labels ? "sigmoid" : "softmax" }
}

// MARK: - Columns of tables

/// How columns of outputs are called in the tables of this program, so that they come back with their meaning.
///
/// `Logit_0` and `Class_0` are slideflow's: logits of classes, and their probabilities. Labels have `SigmoidLogit_0` and
/// `Sigmoid_0`, numbers `Output_0`; with several heads the head stands before the number: `Logit_msi/0`. The output's name
/// can stand for its number: `Logit_positive`.
package struct OutputColumn: Sendable, Equatable {
  package let meaning: OutputHead.Meaning
  package let areProbabilities: Bool
  /// Empty for the only one.
  package let head: String
  /// The number, or the name, of the output.
  package let output: String

  private static let prefixes: [(prefix: String, meaning: OutputHead.Meaning, areProbabilities: Bool)] = [
    ("logit_", .classes, false), ("logits_", .classes, false), ("class_", .classes, true),
    ("sigmoidlogit_", .labels, false), ("sigmoid_", .labels, true), ("output_", .numbers, false),
  ]

  /// nil for the name of another column.
  ///
  /// - Parameter isOfExport: whether the table is one that this program writes, in which every name of the kind is an output's.
  package init?(_ name: String, isOfExport: Bool = false) {
    let lowercased = name.lowercased()
    guard let found = Self.prefixes.first(where: { lowercased.hasPrefix($0.prefix) }) else { return nil }
    let rest = name.dropFirst(found.prefix.count)
    let slash = rest.lastIndex(of: "/")
    let number = slash.map { rest[rest.index(after: $0)...] } ?? rest
    // slideflow's names end as they like; for the others a number tells them from columns that only begin so.
    guard isOfExport || ["logit_", "logits_", "class_"].contains(found.prefix) || Int(number) != nil else { return nil }
    meaning = found.meaning
    areProbabilities = found.areProbabilities
    head = slash.map { String(rest[..<$0]) } ?? ""
    output = String(number)
  }

  /// Whether both are outputs of one head.
  package func isOfHead(of other: OutputColumn) -> Bool {
    (meaning, areProbabilities, head) == (other.meaning, other.areProbabilities, other.head)
  }

  /// A name for each output: with its number, or its name.
  package static func names(of outputs: ModelOutputs, byNumber: Bool) -> [String] {
    outputs.heads.flatMap { head in
      let prefix =
        switch (head.meaning, head.areProbabilities) {
        case (.classes, false): "Logit_"
        case (.classes, true): "Class_"
        case (.labels, false): "SigmoidLogit_"
        case (.labels, true): "Sigmoid_"
        case (.numbers, _): "Output_"
        }
      let owner = outputs.heads.count == 1 ? "" : head.name + "/"
      // What follows the last stroke is the output.
      let byNumber = byNumber || head.outputNames.contains { $0.contains("/") }
      return head.outputNames.enumerated().map { prefix + owner + (byNumber ? String($0) : $1) }
    }
  }
}
