import Testing

@testable import Rendering

@Suite("Colours that are asked for")
struct FigurePaletteTests {
  @Test("a colour is read by its name or its digits, and nothing else is one")
  func written() {
    #expect(Colour(written: "red") == Colour(hex: 0xFF0000) && Colour(written: "Crimson") == Colour(hex: 0xDC143C))
    #expect(Colour(written: "#1f77B4") == Colour(hex: 0x1F77B4) && Colour(written: "1F77B4") == Colour(hex: 0x1F77B4))
    #expect(Colour(written: "#17B") == Colour(hex: 0x1177BB))
    for text in ["", "#", "reddish", "#12345", "12345678", "0x12AB34", "-12345", "#GG0000", " red"] {
      #expect(Colour(written: text) == nil, "\(text)")
    }
  }

  @Test(
    "on each ground every palette of numbers is seen from end to end, and its lightness goes one way",
    arguments: FigurePalette.Numbers.allCases, FigureTheme.allCases)
  func ramps(numbers: FigurePalette.Numbers, theme: FigureTheme) {
    let colours = (0...20).map { OKLab(numbers.colour(atShare: Double($0) / 20, in: theme)) }
    let ground = OKLab(theme.ground)
    for colour in colours { #expect(colour.distance(to: ground) > 0.07) }
    #expect(colours[0].distance(to: colours[20]) > 0.2)
    if numbers != .diverging {
      let steps = zip(colours, colours.dropFirst()).map { $1.lightness - $0.lightness }
      #expect(steps.allSatisfy { $0 > -0.003 } || steps.allSatisfy { $0 < 0.003 })
    }
  }

  @Test(
    "classes have different colours in every palette, and own colours come before all",
    arguments: FigurePalette.Classes.allCases)
  func classes(classes: FigurePalette.Classes) {
    let names = (0..<8).map { "class \($0)" }
    for theme in FigureTheme.allCases {
      let colours = FigurePalette(classes: classes).colours(of: names, in: theme).map(OKLab.init)
      for one in colours.indices {
        for other in colours.indices where other > one { #expect(colours[one].distance(to: colours[other]) > 0.05) }
      }
    }
    let own = FigurePalette(classes: classes, own: ["class 3": .white]).colours(of: names, in: .light)
    #expect(own[3] == .white && own[2] != .white)
    // A class keeps its colour where others are left out.
    #expect(
      FigurePalette(classes: classes).colours(of: ["class 3"], numbers: [3], in: .light)
        == [FigurePalette(classes: classes).colours(of: names, in: .light)[3]])
  }

  @Test("limits of the axes keep their points alone, and what lies beyond is counted")
  func limits() throws {
    let plot = ScatterPlot(
      x: [0, 0.4, 0.5, 1], y: [0, 0.1, 0.2, 1], colouring: .continuous(values: [0, 1, 2, 9], label: "v"))
    let figure = try ScatterFigure(plot, limits: MapExtent.Limits(x: 0.3...0.6))
    #expect(figure.extent.x == 0.3...0.6 && figure.panels[0].drawnPoints == [1, 2])
    #expect(figure.notes.contains("2 points lie beyond the limits of the axes."))
    // Colours stay those of all points.
    #expect(figure.panels[0].valueScale?.range == 0...9)
    let empty = try ScatterFigure(plot, limits: MapExtent.Limits(x: 5...6, y: 5...6))
    #expect(empty.panels[0].drawnPoints.isEmpty)
    #expect(DecodedPNG(try empty.png().bytes) != nil)
  }

  @Test("high values, low values or rare classes come last where that is asked for")
  func order() {
    let values: [Float] = [3, 1, .nan, 2, 5, 4]
    func drawn(_ order: ScatterPlot.Order, _ colouring: ScatterPlot.Colouring) -> [Int] {
      ScatterPlot(x: values.map { _ in 0 }, y: values.map { _ in 0 }, colouring: colouring, order: order)
        .layers(scale: ValueColours(range: 0...5), theme: .light).present.points
    }
    let numbers = ScatterPlot.Colouring.continuous(values: values, label: "")
    #expect(drawn(.high, numbers) == [1, 3, 0, 5, 4] && drawn(.low, numbers) == [4, 5, 0, 3, 1])
    let classes = ScatterPlot.Colouring.categorical(names: ["a", "b"], indices: [1, 0, 0, 0, 0, 0], label: "")
    #expect(drawn(.rare, classes).last == 0)
  }
}
