import Testing

@testable import Rendering

@Suite("Letters without a font")
struct UndrawnLettersTests {
  /// Nobody draws letters of private use, whatever fonts there are.
  private func figure(_ names: [String]) throws -> ScatterFigure {
    try ScatterFigure(
      ScatterPlot(
        x: names.map { _ in 0.5 }, y: names.indices.map(Float.init),
        colouring: .categorical(names: names, indices: Array(names.indices), label: "site")),
      title: names.joined(separator: " "))
  }

  @Test("A picture says which letters became boxes, in each format")
  func pictures() throws {
    let figure = try figure(["plain", "Größe", "\u{E123}\u{E456}x\u{E123}"])
    for format in PictureFormat.allCases {
      let undrawn = try figure.encoded(as: format).undrawn
      #expect(undrawn.letters == ["\u{E123}", "\u{E456}"])
      #expect(undrawn.sentence?.hasPrefix("No font of this machine has these letters (private use: ") == true)
      #expect(undrawn.sentence?.contains("apt-get") == false)
    }
    #expect(try figure.inlinePNG().undrawn.letters.count == 2)
  }

  @Test("Names that DejaVu Sans has letters for are drawn without a word")
  func drawn() throws {
    let picture = try figure(["Größe", "Стадия", "ΑΒΓ", "a\u{200D}b", "a\u{FE0F}", "عربي"]).png()
    #expect(picture.undrawn.sentence == nil)
  }

  @Test("What this machine does not draw is named with its script and package")
  func scripts() throws {
    for (name, text, package) in [
      ("Devanagari", "हिन्दी", "fonts-noto-core"), ("Chinese characters", "鳞状细胞癌", "fonts-noto-cjk"),
      ("emoji", "🧬", "fonts-noto-color-emoji"),
    ] {
      let picture = try figure([text]).png()
      let isDrawn = UndrawnLetters.coverage().first { $0.package == package }?.isDrawn
      if isDrawn == true { #expect(picture.undrawn.sentence == nil) }
      guard let sentence = picture.undrawn.sentence else { continue }
      #expect(sentence.contains("(\(name): ") && sentence.contains("install \(package)`"))
    }
  }
}
