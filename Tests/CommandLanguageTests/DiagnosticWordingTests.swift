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
      for text in [complaint.remedy, complaint.advice] { #expect(text?.isEmpty != true && text?.count ?? 0 <= 100) }
      // Where nothing resembles what was typed, the sentence itself says what there is.
      let says = [
        " are ", " is ", " has ", " begins ", " lists ", " stand", "closed", "missing", "expected", "cannot", "no file",
      ]
      #expect(complaint.remedy != nil || complaint.advice != nil || says.contains { complaint.sentence.contains($0) })
      #expect(complaint.remedy != "help", "The list of all commands is no answer.")
    }
  }

  /// Where a text can be typed: in place of what is marked, of a part of the line around it, or of the line.
  private func places(_ span: Range<Int>, in source: SourceText) -> [Range<Int>] {
    let line = source.span(ofLine: source.line(at: span.lowerBound))
    let breaks = line.filter { " [{,=]}".unicodeScalars.contains(source.scalars[$0]) }
    let starts = [line.lowerBound, span.lowerBound] + breaks.map { $0 + 1 }.filter { $0 <= span.lowerBound }
    let ends = [span.upperBound, line.upperBound, source.scalars.count] + breaks.filter { $0 >= span.upperBound }
    return starts.flatMap { start in ends.map { start..<max(start, $0) } }
  }

  /// The words in capitals of a form with something in their places.
  private func filledIn(_ form: String) -> [String] {
    let paths = ["/home/u/studies/hpv", "models/hpv.onnx", "x.png", "x.csv"]
    var line = form.replacing(" key=value …", with: "")
    for (alternatives, word) in [
      ("MODEL|PATH", "models/hpv.onnx"), ("DATASET|PROJECT", "d"), ("FEATURES|MAP", "df"), ("FEATURES", "df"),
      ("MAP", "m"),
      ("COLUMN", "site"), ("VALUE", "A"), ("COMMAND", "slide_map df"), ("SLIDE", "S1"), ("NUMBER", "1"),
    ] {
      line = line.replacing(alternatives, with: word)
    }
    return line.contains("PATH") ? paths.map { line.replacing("PATH", with: $0) } : [line]
  }

  private static let habits = HabitDiagnosticTests.habits + SlipTests.slips

  @Test(arguments: all + habits)
  func `Typing what is proposed mends the cell, or what is left is less`(_ wrong: WrongCell) {
    let source = SourceText(wrong.cell)
    for (span, complaint) in zip(wrong.spans, wrong.complaints) {
      guard let remedy = complaint.remedy else { continue }
      // A form is filled in with what a session has, where this one is empty.
      let session = wrong.session == .empty && filledIn(remedy) != [remedy] ? .usual : wrong.session
      // What an earlier session typed is told as it was typed: here its files and values are not there.
      if complaint.sentence.contains(" made by ") { continue }
      func problems(_ cell: String) -> Int {
        session.interpreter.check(cell).diagnostics.count {
          // In an empty session the right command may still lack what it works on, and a file named in another
          // language need not be there.
          !(wrong.session == .empty && $0.sentence.contains(" works on ")) && !$0.sentence.hasPrefix("There is no file")
        }
      }
      let before = wrong.complaints.count
      let isMended = ([remedy] + filledIn(remedy)).contains { text in
        places(span, in: source).contains { place in
          problems(
            source.text(in: 0..<place.lowerBound) + text
              + source.text(in: place.upperBound..<source.scalars.count)) < before
        }
      }
      #expect(isMended, "\(remedy)")
    }
  }
}
