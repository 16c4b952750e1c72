import FeatureData
import Foundation
import SampleFigures
import Testing

@testable import Rendering

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct FigureStyleTests {
  @Test func `a page of print is as wide as a journal's column, in every format`() throws {
    let figure = try ScatterFigure(SampleFigures.classes(points: 200, classes: 4), title: "Map", footer: "Caption.")
    for width in FigureStyle.printWidths {
      let style = FigureStyle(theme: .print, widthMillimetres: width)
      let png = try figure.png(style)
      // 600 dots an inch.
      #expect(abs(Double(png.widthPixels) / 600 * 25.4 - width) < 0.3)
      let decoded = try #require(DecodedPNG(png.bytes))
      let density = try #require(decoded.chunks.first { $0.name == "pHYs" }).data.prefix(4).reduce(0) {
        $0 << 8 | Int($1)
      }
      #expect(abs(density - 23_622) <= 1)
      let pdf = String(decoding: try figure.pdf(style).bytes, as: UTF8.self)
      let box = try #require(pdf.firstMatch(of: #/MediaBox \[ 0 0 ([0-9.]+) /#))
      #expect(abs((Double(box.1) ?? 0) / 72 * 25.4 - width) < 0.3)
    }
  }

  @Test func `what cannot be laid out anew is drawn smaller to the width`() throws {
    let heat = try #require(try SampleFigures.all().first { $0.name == "heat-signed" }).figure
    let picture = try heat.png(FigureStyle(widthMillimetres: 40))
    #expect(abs(picture.cssWidth - 151) <= 1)
  }

  @Test func `a dark page is dark, and print leaves the caption to the journal`() throws {
    let figure = try ScatterFigure(SampleFigures.classes(points: 50, classes: 3), title: "Map", footer: "A caption.")
    let dark = try #require(DecodedPNG(try figure.png(FigureStyle(theme: .dark)).bytes))
    #expect(dark[2, 2] == [0x16, 0x19, 0x1D])
    let svg = String(decoding: try figure.svg(FigureStyle(theme: .print)).bytes, as: UTF8.self)
    #expect(!svg.contains(">A caption.</text>") && svg.contains("A caption."))
    #expect(String(decoding: try figure.svg().bytes, as: UTF8.self).contains(">A caption.</text>"))
  }

  @Test func `texts of an SVG are texts, or outlines where that is asked for`() throws {
    let figure = try ScatterFigure(
      ScatterPlot(
        x: [0, 1], y: [0, 1],
        colouring: .categorical(names: ["<b> & 腺癌", "plain"], indices: [0, 1], label: "group")),
      title: "Title \u{202E}x")
    let texts = String(decoding: try figure.svg().bytes, as: UTF8.self)
    #expect(texts.contains(">&lt;b&gt; &amp; 腺癌</text>") && texts.contains(">UMAP 2</text>"))
    #expect(XMLParser(data: Data(texts.utf8)).parse())
    let outlines = String(
      decoding: try figure.svg(FigureStyle(textInSVG: .outlines)).bytes, as: UTF8.self)
    #expect(!outlines.contains("</text>") && outlines.contains("<desc>") == texts.contains("<desc>"))
  }

  @Test func `a file says which statement made it`() throws {
    let style = FigureStyle(statement: "label u by=\"a < b\" # Ωmega")
    let figure = try ScatterFigure(SampleFigures.classes(points: 20, classes: 2))
    let inline = try figure.inlinePNG(style).bytes
    let later = PNGText.stating(style.statement, try figure.inlinePNG().bytes)
    for png in [try figure.png(style).bytes, inline, later] {
      let decoded = try #require(DecodedPNG(png))
      let texts = decoded.chunks.filter { $0.name == "iTXt" }.map { String(decoding: $0.data, as: UTF8.self) }
      #expect(texts.contains("Statement\0\0\0\0\0label u by=\"a < b\" # Ωmega"))
    }
    #expect(PNGText.stating("other", inline) == inline)
    #expect(
      String(decoding: try figure.svg(style).bytes, as: UTF8.self).contains("label u by=\"a &lt; b\" # Ωmega</desc>"))
  }

  @Test func `a class keeps its colour when others are left out`() throws {
    let all = ScatterPlot.Colouring.categorical(names: ["a", "b", "c"], indices: [0, 1, 2], label: "g")
    let part = ScatterPlot.Colouring.categorical(names: ["c"], indices: [0, 0, 0], label: "g", colours: [2])
    func colours(_ colouring: ScatterPlot.Colouring) -> Set<Colour> {
      let plot = ScatterPlot(x: [0, 1, 2], y: [0, 1, 2], colouring: colouring)
      return Set(plot.layers(scale: ValueColours(range: 0...1), theme: .dark).present.colours)
    }
    #expect(colours(part) == [FigureTheme.dark.categorical(2)] && colours(all).isSuperset(of: colours(part)))
  }

  @Test func `colours on a dark ground can be told apart, and from the ground`() throws {
    let colours = (0..<Palette.distinctCount).map { OKLab(FigureTheme.dark.categorical($0)) }
    for (index, colour) in colours.enumerated() {
      for other in colours[..<index] { #expect(colour.distance(to: other) >= 0.10) }
      #expect(colour.distance(to: OKLab(FigureTheme.dark.ground)) >= 0.25)
    }
    #expect(Set((0..<60).map(FigureTheme.dark.categorical)).count == 60)
  }

  @Test func `a map of very many points is shaded, every region of it`() throws {
    let figure = try ScatterFigure(SampleFigures.classes(points: 300_001, classes: 4))
    #expect(figure.notes.contains("Shaded by the number of points; where classes lie together their colours mix."))
    let decoded = try #require(DecodedPNG(try figure.png().bytes))
    let coloured = stride(from: 0, to: decoded.pixels.count, by: 3).count { place in
      let pixel = decoded.pixels[place..<place + 3]
      return Int(pixel.max() ?? 0) - Int(pixel.min() ?? 0) > 60
    }
    #expect(coloured > 100_000)
  }

  @Test func `names are broken into lines and not cut`() throws {
    for count in [2, 25, 60] {
      let names = SampleFigures.names(count)
      let legend = Legend(
        title: "diagnosis", entries: names.map { Legend.Entry(name: $0, colour: Palette.missing, count: 1000) })
      for (width, below) in [(190.0, false), (340, false), (396, true), (1100, true)] {
        let layout = legend.layout(
          maximumWidth: width, maximumHeight: 500, fillsWidth: below, measuring: TextMeasurer())
        #expect(layout.names == names && layout.width <= width + 2)
      }
    }
  }
}
