import CommandLanguage
import Testing

/// What holds for every row of the tables of wrong cells.
@Suite struct DiagnosticWordingTests {
  /// Rows about what is said, and not about how it is written.
  static let meaning: [WrongCell] =
    NameDiagnosticTests.commands + NameDiagnosticTests.values + SubjectDiagnosticTests.subjects
    + ParameterDiagnosticTests.parameters + ValueDiagnosticTests.numbers + ValueDiagnosticTests.ranges
    + ValueDiagnosticTests.choices + ValueDiagnosticTests.names + FileDiagnosticTests.files

  static let all: [WrongCell] =
    WritingDiagnosticTests.lines + WritingDiagnosticTests.quotes + BracketDiagnosticTests.brackets + meaning
    + CellDiagnosticTests.cells

  @Test func `There are enough wrong cells to be a specification`() {
    #expect(Self.all.count >= 200)
    #expect(Set(Self.all.map { "\($0.session) \($0.marked)" }).count == Self.all.count)
  }

  @Test(arguments: all)
  func `A complaint is one short sentence, and says what to type instead`(_ wrong: WrongCell) {
    #expect(!wrong.complaints.isEmpty)
    for complaint in wrong.complaints {
      #expect(complaint.sentence.hasSuffix("."))
      #expect(complaint.sentence.count <= 160)
      #expect(!complaint.sentence.contains("  ") && !complaint.sentence.contains("\n"))
      if let remedy = complaint.remedy { #expect(!remedy.isEmpty && remedy.count <= 100) }
      // Where nothing resembles what was typed, the sentence itself says what there is.
      let listsWhatThereIs = [" are ", " is ", " has "].contains { complaint.sentence.contains($0) }
      #expect(complaint.remedy != nil || listsWhatThereIs)
    }
  }

  /// Proposals that are no text to type: advice, and forms in which something is left to fill in.
  private func isAdvice(_ remedy: String) -> Bool {
    let advice = ["session", "the values themselves, as in [a, b]", "a path that exists"]
    let endings = [" once", " first", ", and then x", "help", "?"]
    let words = remedy.split { !$0.isLetter && $0 != "_" }
    return advice.contains(remedy) || endings.contains { remedy.hasSuffix($0) }
      || words.contains { $0.count > 1 && $0.allSatisfy { $0.isUppercase } && !["TCGA", "HPV"].contains($0) }
  }

  @Test(arguments: meaning)
  func `Typing what is proposed, in place of what is marked or of the line, mends the cell`(_ wrong: WrongCell) {
    guard wrong.complaints.count == 1, let span = wrong.spans.first, let remedy = wrong.complaints[0].remedy,
      !isAdvice(remedy),
      // Of two places one is marked, and the proposal is about both.
      !wrong.complaints[0].sentence.hasSuffix(" is given twice.")
    else { return }
    let source = SourceText(wrong.cell)
    func replacing(_ span: Range<Int>) -> String {
      source.text(in: 0..<span.lowerBound) + remedy + source.text(in: span.upperBound..<source.scalars.count)
    }
    let line = source.span(ofLine: source.line(at: span.lowerBound))
    let mended = [replacing(span), replacing(line)]
    // The name of a parameter is marked, and the parameter with its value proposed.
    let argument = span.lowerBound..<(line.upperBound)
    let isMended = (mended + [replacing(argument)]).contains {
      let left = wrong.session.interpreter.check($0).diagnostics
      // In an empty session the right command may still lack what it works on.
      return left.isEmpty || wrong.session == .empty && left.allSatisfy { $0.sentence.contains(" works on ") }
    }
    #expect(isMended, "\(remedy)")
  }
}
