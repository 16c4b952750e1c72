import CommandLanguage
import Foundation
import Testing

@Suite("Names that mean something elsewhere")
struct NastyNameTests {
  private static let names = [
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "@SUM(1)", "a\u{202E}gnp|`x`$y$", "\u{1B}[2Jred",
    String(repeating: "long ", count: 60),
  ]
  private let study: SmallStudy

  init() throws {
    study = try SmallStudy()
    var annotations = "patient,slide,<b>site</b>\n"
    for (slide, name) in Self.names.enumerated() {
      annotations += "P\(slide),S-\(slide),\"\(name.replacing("\"", with: "\"\""))\"\n"
    }
    try study.write("annotations.csv", annotations)
  }

  @Test("Pages and texts of all that is shown hold no tag, no control character and nothing that turns the writing")
  func shown() {
    let cells = [
      "project '\(study.folder)'", "d = dataset", "l = labels '<b>site</b>'",
      "df = features models/small.onnx outcomes=l",
      "t = logits_mean df", "table t sort='<b>site</b>'", "u = slide_map df n_neighbors=5", "label u by='<b>site</b>'",
      "tiles d n=4 values='<b>site</b>'", "session",
    ]
    for cell in cells {
      let shown = study.run(cell)
      #expect(shown.failure == nil, "\(cell): \(shown.failure ?? "")")
      for output in shown.outputs {
        #expect(output.html?.contains("<script") != true && output.html?.contains("<b>") != true, "\(cell)")
        let html = output.html?.unicodeScalars ?? "".unicodeScalars
        #expect(!html.contains { $0.properties.generalCategory == .control && $0 != "\n" }, "\(cell)")
        if output.html != nil, output.picture == nil {
          #expect(!output.text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{1B}" }, "\(cell)")
        }
      }
    }
  }

  @Test("Pictures and tables are saved, drawings are well-formed, and no table starts a program")
  func saved() throws {
    study.run("project '\(study.folder)'\ndf = features models/small.onnx outcomes='<b>site</b>'")
    #expect(
      study.run("u = slide_map df n_neighbors=5\nv = label u by='<b>site</b>'\nt = logits_mean df").failure == nil)
    for file in ["v.svg", "v.pdf", "v.png", "t.csv", "t.tsv", "u.csv"] {
      #expect(study.run("save \(file.prefix(1)) '\(study.folder)/\(file)'").failure == nil, "\(file)")
    }
    let svg = try String(contentsOfFile: study.folder + "/v.svg", encoding: .utf8)
    #expect(
      !svg.contains("<script") && !svg.unicodeScalars.contains("\u{202E}") && !svg.unicodeScalars.contains("\u{1B}"))
    for file in ["t.csv", "t.tsv"] {
      let text = try String(contentsOfFile: study.folder + "/" + file, encoding: .utf8)
      let separator: Character = file.hasSuffix("csv") ? "," : "\t"
      let fields = text.split(separator: "\r\n").flatMap { $0.split(separator: separator) }
      #expect(!fields.contains { $0.hasPrefix("=") || $0.hasPrefix("@") || $0.hasPrefix("\"=") })
      #expect(fields.contains { $0.contains("'=cmd|' /C calc'!A0") })
    }
    let said = study.run("save t '\(study.folder)/again.csv'").text
    #expect(said.contains("2 texts that a spreadsheet would run as a formula have an apostrophe before them."))
  }
}
