/// Makes the same cell for the same number, whatever was made before.
package struct CellGenerator: Sendable {
  /// A cell, and what is known of it beforehand.
  package struct Case: Sendable {
    package let cell: String
    /// True if it was made from the declarations so that nothing in it is wrong.
    package let isValid: Bool
    /// Continues for what is still to be chosen, such as a cursor.
    package var random: SplitMix
  }

  let seed: UInt64
  let corpus: [String]
  private let valid: ValidCells

  package init(seed: UInt64, corpus: [String] = CellCorpus.cells) {
    self.seed = seed
    self.corpus = corpus
    valid = ValidCells()
  }

  package func makeCase(_ number: Int) -> Case {
    var random = SplitMix(seed: seed ^ (UInt64(bitPattern: Int64(number)) &* 0xD134_2543_DE82_EF95))
    let kind = random.below(100)
    let cell: String
    switch kind {
    case 0..<5: cell = bytes(&random)
    case 5..<12: cell = scalars(&random)
    case 12..<27: cell = tokens(&random)
    case 27..<47: cell = valid.cell(&random)
    case 47..<55: cell = mutated(valid.cell(&random), &random)
    default: cell = mutated(random.pick(corpus), &random)
    }
    return Case(cell: cell, isValid: (27..<47).contains(kind), random: random)
  }

  private func bytes(_ random: inout SplitMix) -> String {
    let bytes = (0..<random.below(80)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func scalars(_ random: inout SplitMix) -> String {
    var view = String.UnicodeScalarView()
    for _ in 0..<random.below(60) { view.append(scalar(&random)) }
    return String(view)
  }

  private func scalar(_ random: inout SplitMix) -> Unicode.Scalar {
    guard random.chance(10) else { return random.pick(CellCorpus.scalars) }
    return Unicode.Scalar(UInt32(random.below(0x11_0000))) ?? "\u{FFFD}"
  }

  private func tokens(_ random: inout SplitMix) -> String {
    let words = random.chance(50) ? valid.commandNames : CellCorpus.tokens
    var cell = random.pick(words)
    for _ in 0..<random.below(14) {
      if random.chance(60) { cell += " " }
      cell += random.chance(20) ? random.pick(valid.parameterNames) + "=" : random.pick(CellCorpus.tokens)
    }
    return cell
  }

  /// A cell after one to four changes: parts taken out, doubled, exchanged, replaced, or put in from another cell.
  private func mutated(_ cell: String, _ random: inout SplitMix) -> String {
    var scalars = Array(cell.unicodeScalars)
    for _ in 0...random.below(4) {
      let start = random.below(scalars.count + 1)
      let end = min(scalars.count, start + 1 + random.below(random.chance(80) ? 6 : 40))
      switch random.below(8) {
      case 0: scalars.removeSubrange(start..<end)
      case 1: scalars.insert(contentsOf: scalars[start..<end], at: random.below(scalars.count + 1))
      case 2 where end < scalars.count:
        scalars.swapAt(start, end)
      case 3: scalars.replaceSubrange(start..<end, with: [scalar(&random)])
      case 4: scalars.insert(scalar(&random), at: start)
      case 5:
        let other = Array(random.pick(corpus).unicodeScalars)
        let from = random.below(other.count + 1)
        scalars.insert(contentsOf: other[from..<min(other.count, from + random.below(40))], at: start)
      case 6: scalars.removeSubrange(start...)
      default: scalars.insert(contentsOf: random.pick(CellCorpus.tokens).unicodeScalars, at: start)
      }
    }
    if scalars.count > 2_000 { scalars.removeSubrange(2_000...) }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
