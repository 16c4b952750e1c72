import FeatureData
import Testing

@testable import Rendering

@Suite struct FigureTextsTests {
  private let text = TextMeasurer()

  private func width(_ content: Double, title: String? = nil, footer: String? = nil) -> Double {
    FigureTexts.width(content: content, title: title, subtitle: nil, footer: footer, measuring: text)
  }

  private func lineCount(_ footer: String, width: Double) -> Double {
    func height(_ width: Double?) -> Double {
      text.size(of: TextBlock(footer, size: 11, maximumWidth: width, maximumLines: 8)).height
    }
    return (height(width - 2 * FigureTexts.margin) / height(nil)).rounded()
  }

  @Test func `a small figure grows until a short text stands on one line`() {
    let footer = "12 of 2,345 tiles, spaced evenly. Of dataset d of project hpv-study."
    #expect(lineCount(footer, width: 360) == 2)
    let grown = width(360, footer: footer)
    #expect(grown > 360 && grown <= 700 && lineCount(footer, width: grown) == 1)
    #expect(width(900, footer: footer) == 900)
    #expect(width(360) == 360)
  }

  @Test func `a long text is wrapped, and a figure grows for a word that would be broken`() {
    let prose = Array(repeating: "words of a caption", count: 20).joined(separator: " ")
    #expect(width(360, footer: prose) == 360)
    let name = "TCGA-AA-0001-01Z-00-DX1.84E4F9B3-A1B2-C3D4-E5F6-84E4F9B384E4F9B3-and-a-very-long-rest-of-it"
    let grown = width(360, footer: prose + " " + name)
    #expect(grown >= text.size(of: TextBlock(name, size: 11)).width + 2 * FigureTexts.margin)
    #expect(width(360, title: String(repeating: "W", count: 500)) == 1200)
  }
}
