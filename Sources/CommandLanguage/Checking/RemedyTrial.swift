/// Tries out what is proposed for a statement, so that nothing is proposed that leads to another error.
struct RemedyTrial {
  /// The statement, or what stands in its place.
  let text: String
  /// Everything that is wrong with lines that would stand in this place.
  let problems: (String) -> [Diagnostic]
  private let source: SourceText
  private let arguments: [ArgumentSyntax]
  private let isWellFormed: Bool
  private let state: State

  init(_ text: String, problems: @escaping (String) -> [Diagnostic]) {
    self.text = text
    self.problems = problems
    source = SourceText(text)
    let statement = Parser.parse(text).syntax.statements.first
    arguments = statement?.arguments ?? []
    isWellFormed = statement?.isWellFormed ?? false
    state = State(problems(text))
  }

  /// How much is wrong with a statement: what is written wrong counts more than names of what is not there.
  private struct State: Comparable {
    let faults: Int
    let absences: Int

    init(_ problems: [Diagnostic]) {
      faults = problems.count { !$0.problem.isAboutExistence }
      absences = problems.count {
        // The right command may still lack what it works on.
        if case .noSubject = $0.problem { false } else { $0.problem.isAboutExistence }
      }
    }

    static func < (one: State, other: State) -> Bool { (one.faults, one.absences) < (other.faults, other.absences) }
  }

  /// What is left when a text has been typed in place of what is marked, of its argument or of the statement.
  struct Outcome {
    let line: String
    let isRight: Bool
  }

  /// The best place for a text; nil where it mends nothing.
  ///
  /// - Parameters:
  ///   - span: what is marked, in Unicode scalars of the statement.
  ///   - budget: how many places may still be tried.
  func outcome(of remedy: String, at span: Range<Int>, budget: inout Int) -> Outcome? {
    var best: (outcome: Outcome, state: State)?
    for line in lines(with: remedy, at: span) where line != text {
      guard budget > 0 else { break }
      budget -= 1
      let left = problems(line)
      let reached = State(left)
      if reached < (best?.state ?? state) {
        best = (Outcome(line: line, isRight: left.isEmpty), reached)
        if left.isEmpty { break }
      }
    }
    return best?.outcome
  }

  /// True if a text can be typed where a statement failed that had been checked: as arguments of it, or as a statement.
  func isTypable(_ remedy: String, at span: Range<Int>) -> Bool {
    lines(with: remedy, at: span).contains { $0 != text && problems($0).isEmpty }
      || merged(remedy).map { $0 != text && problems($0).isEmpty } == true
  }

  private func lines(with remedy: String, at span: Range<Int>) -> [String] {
    let touched = arguments.filter { $0.span.overlaps(span) || $0.span == span }
    var spans = [span] + touched.compactMap(\.value?.span)
    if let first = touched.first, let last = touched.last {
      spans.append(first.span.lowerBound..<last.span.upperBound)
    }
    if !isWellFormed, source.scalars.count <= 300 {
      let ends = ends(after: span.upperBound)
      spans += starts(before: span.lowerBound).flatMap { start in ends.map { start..<$0 } }
    }
    var seen: Set<Range<Int>> = []
    return spans.filter { seen.insert($0).inserted }.map { replaced($0, by: remedy) } + [remedy]
  }

  /// Where a part of a statement that is written wrong may begin: behind a blank, a bracket, a comma or a sign.
  private func starts(before position: Int) -> [Int] {
    let position = min(position, source.scalars.count)
    let places = (0..<position).reversed().lazy.filter { " \t[{,=".unicodeScalars.contains(source.scalars[$0]) }
    return [position] + places.prefix(4).map { $0 + 1 }
  }

  private func ends(after position: Int) -> [Int] {
    let position = min(position, source.scalars.count)
    let places = (position..<source.scalars.count).lazy.filter { " \t]},".unicodeScalars.contains(source.scalars[$0]) }
    return [position] + places.prefix(1).flatMap { [$0, $0 + 1] } + [source.scalars.count]
  }

  private func replaced(_ span: Range<Int>, by remedy: String) -> String {
    let span = span.clamped(to: 0..<source.scalars.count)
    return source.text(in: 0..<span.lowerBound) + remedy + source.text(in: span.upperBound..<source.scalars.count)
  }

  /// The statement with the named arguments of a text in place of its own.
  private func merged(_ remedy: String) -> String? {
    guard var statement = Parser.parse(text).syntax.statements.first,
      let given = Parser.parse("x " + remedy).syntax.statements.first, given.isWellFormed, !given.arguments.isEmpty,
      given.arguments.allSatisfy({ $0.name != nil && $0.value != nil })
    else { return nil }
    for argument in given.arguments {
      if let index = statement.arguments.firstIndex(where: { $0.name?.text == argument.name?.text }) {
        statement.arguments[index] = argument
      } else {
        statement.arguments.append(argument)
      }
    }
    return statement.printed
  }
}

extension RemedyTrial {
  /// True for a text with words in capitals that are left to fill in, as in `project PATH`.
  static func isForm(_ remedy: String) -> Bool {
    remedy.split { !$0.isLetter && $0 != "_" }.contains { blanks.contains(String($0)) }
  }

  /// The words in capitals that stand for what only the user knows.
  static let blanks: Set = [
    "PATH", "FILE", "FOLDER", "VALUE", "VALUES", "NAME", "COLUMN", "LABELS", "COMMAND", "NUMBER", "TEXT", "SLIDE",
    "TILE", "LAYER", "MODEL", "FEATURES", "MAP", "MOSAIC", "DATASET", "PROJECT", "GRID", "PICTURE", "TABLE", "FEATURE",
    "LOGIT", "QUANTITY", "MICRONS", "INTEGER", "TYPE", "OUTCOME", "CLASS", "RANGE", "INDEX",
  ]
}
