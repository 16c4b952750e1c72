import Foundation
import CommandLanguage
import SmallLanguage
import Testing

/// A cell with something wrong in it, as a row of the specification: what the carets stand under is between `⟦` and
/// `⟧`, and for each such place there is one sentence and what to type instead.
struct WrongCell: Sendable, CustomTestStringConvertible {
  struct Complaint: Sendable, Equatable {
    let sentence: String
    /// What to type instead.
    let remedy: String?
    /// What helps that is no text to type.
    let advice: String?

    static func says(_ sentence: String, instead remedy: String?, helps advice: String? = nil) -> Complaint {
      Complaint(sentence: sentence, remedy: remedy, advice: advice)
    }
  }

  /// What the session holds before the cell is checked.
  enum Session: Sendable {
    /// A project `p`, a dataset `d`, features `df`, a map `m`, a mosaic `mo`; a value `u` in the session before.
    case usual
    case empty
    /// The features `df2` besides the usual ones.
    case twoFeatures
    /// A map `m` of features from two layers, nothing else.
    case twoLayers

    var interpreter: CommandInterpreter {
      switch self {
      case .usual, .twoFeatures:
        let features = self == .twoFeatures ? [("df2", SmallLanguage.features)] : []
        let session = SmallLanguage.session([("m", SmallLanguage.map), ("mo", SmallLanguage.mosaic)] + features)
        session.workspace.add(past: [
          PastStatement(name: "u", statement: "u = slide_map df n_neighbors=20", isStored: true),
          PastStatement(name: "t", statement: "t = labels d site", isStored: false),
          PastStatement(
            name: "w", statement: "w = label v by=age", isStored: false,
            sources: [
              .init(name: "df", statement: "df = features models/hpv.onnx"),
              .init(name: "v", statement: "v = slide_map df"),
            ]),
        ])
        return session
      case .empty: return SmallLanguage.interpreter()
      case .twoLayers:
        let session = SmallLanguage.interpreter()
        let names = KnownNames(widths: ["features/layer3": 256, "features/layer4": 512])
        session.workspace.bind(SmallLanguage.value(SmallLanguage.map, names), to: "m", statement: "m", seconds: 0)
        return session
      }
    }
  }

  let marked: String
  let session: Session
  let complaints: [Complaint]
  var testDescription: String { marked }

  init(
    _ marked: String, in session: Session = .usual, _ sentence: String, instead remedy: String?,
    helps advice: String? = nil
  ) {
    self.init(marked, in: session, .says(sentence, instead: remedy, helps: advice))
  }

  init(_ marked: String, in session: Session = .usual, _ complaints: Complaint...) {
    self.marked = marked
    self.session = session
    self.complaints = complaints
  }

  var cell: String { String(marked.filter { $0 != "⟦" && $0 != "⟧" }) }

  /// The places marked, in Unicode scalars of the cell.
  var spans: [Range<Int>] {
    var spans: [Range<Int>] = []
    var start = 0
    var position = 0
    for scalar in marked.unicodeScalars {
      switch scalar {
      case "⟦": start = position
      case "⟧": spans.append(start..<position)
      default: position += 1
      }
    }
    return spans
  }

  /// Expects exactly what the row says: sentences, remedies, spans, lines, and the carets under the columns.
  func expectDiagnostics(sourceLocation: SourceLocation = #_sourceLocation) {
    let checked = session.interpreter.check(cell)
    let found = checked.diagnostics
    #expect(
      found.map { Complaint(sentence: $0.sentence, remedy: $0.remedy, advice: $0.advice) } == complaints,
      sourceLocation: sourceLocation)
    if found.map({ Complaint(sentence: $0.sentence, remedy: $0.remedy, advice: $0.advice) }) != complaints {
      let row: [[String?]] = [[marked]] + found.map { [$0.sentence, $0.remedy, $0.advice] }
      if let data = try? JSONEncoder().encode(row) { print("ROW\t" + String(decoding: data, as: UTF8.self)) }
    }
    #expect(found.map(\.span) == spans, sourceLocation: sourceLocation)
    let source = checked.source
    for diagnostic in found {
      let line = source.span(ofLine: diagnostic.line)
      #expect(line.lowerBound <= diagnostic.span.lowerBound, sourceLocation: sourceLocation)
      #expect(diagnostic.span.lowerBound <= line.upperBound, sourceLocation: sourceLocation)
      let isPlain = source.scalars[line].allSatisfy { (0x20..<0x7F).contains($0.value) }
      guard isPlain, line.count <= 60 else { continue }
      let column = diagnostic.span.lowerBound - line.lowerBound
      let width = max(1, min(diagnostic.span.upperBound, line.upperBound) - diagnostic.span.lowerBound)
      var expected = [
        "Line \(diagnostic.line): \(diagnostic.sentence)", "    " + source.text(in: line),
        String(repeating: " ", count: 4 + column) + String(repeating: "^", count: width),
      ]
      if let remedy = diagnostic.remedy {
        expected.append("    instead: " + remedy.split(separator: "\n").joined(separator: "\n             "))
      }
      if let advice = diagnostic.advice { expected.append("    what helps: " + advice) }
      #expect(
        diagnostic.rendered(in: source, .plain) == expected.joined(separator: "\n"), sourceLocation: sourceLocation)
    }
  }
}
