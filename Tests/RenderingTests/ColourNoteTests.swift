import Testing

@testable import Rendering

@Suite struct ColourNoteTests {
  private func note(classes drawn: [Int], of count: Int) -> String? {
    ColourNote.classes(drawn, names: (0..<count).map { "c\($0)" }, label: "site")
  }

  @Test func `classes are noted where their colours do not tell them apart`() {
    #expect(note(classes: Array(0..<20), of: 20) == nil)
    #expect(
      note(classes: Array(0..<21), of: 21)
        == "site: 21 classes, more than the 20 whose colours everybody can tell apart.")
    #expect(
      note(classes: Array(0..<61), of: 61) == "site: colours repeat after 60 classes; c0 and c60 have the same.")
    // What counts is what is drawn.
    #expect(note(classes: [-1, 3, 70, 3], of: 80) == nil)
    #expect(note(classes: [5, 65], of: 80) == "site: colours repeat after 60 classes; c5 and c65 have the same.")
  }

  @Test func `shapes tell classes apart beyond the colours`() throws {
    func note(_ drawn: [Int], of count: Int) -> String? {
      ColourNote.classes(drawn, names: (0..<count).map { "c\($0)" }, hasShapes: true, label: "site")
    }
    #expect(
      note(Array(0..<61), of: 61)
        == "site: 61 classes, more than the 20 whose colours everybody can tell apart; shapes tell them apart too.")
    #expect(
      note(Array(0..<121), of: 121)
        == "site: colours and shapes repeat after 120 classes; c0 and c120 have the same.")
    let marks = (0..<120).map { "\(Palette.categorical($0)) \(PointShape.ofClass($0))" }
    #expect(Set(marks).count == 120)
  }

  private func resolved(_ values: [Float], _ scale: ValueScale = ValueScale()) -> ClosedRange<Double>? {
    scale.resolved(values)?.range
  }

  @Test func `a scale is clipped at a percentile where a few values would flatten the rest`() throws {
    let plain = (0..<400).map { Float($0 % 40) / 10 }
    func note(_ values: [Float]) -> String? {
      let resolved = ValueScale().resolved(values)
      return ColourNote.beyond(
        values, range: resolved?.range ?? 0...1, resolved: resolved, label: "age", noun: "points")
    }
    #expect(resolved(plain) == 0...Double(Float(3.9)) && note(plain) == nil)
    #expect(note(plain + [.nan, .infinity]) == nil)
    #expect(
      note(plain + [900]) == "age: 1 of 401 points lies above 3.90, the 99th percentile, and has the end's colour.")
    #expect(
      note(plain + [-900, -700]) == "age: 2 of 402 points lie below 0, the 1st percentile, and have the end's colour.")
    #expect(
      note(plain + [900, -900])
        == "age: 1 of 402 points lies below 0, the 1st percentile, and 1 of 402 points lies above 3.90, the 99th percentile, "
        + "and have the end's colour.")
    // Nearly all the same: the few others are all there is to see.
    #expect(note([1, 2, 3, 1000]) == nil)
    #expect(resolved(plain + [900], ValueScale(high: .value(900))) == 0...900)
    #expect(resolved([.nan]) == nil && resolved([3]) == 3...3)
    // Rare values above a floor are all there is to see.
    #expect(resolved([Float](repeating: 0, count: 999) + [1, 2, 3, 4, 5]) == 0...5)
  }

  @Test func `percentiles are those of NumPy`() throws {
    // numpy.percentile([-3, 0, 0.5, 2, 8], [10, 25, 90])
    let values: [Float] = [8, 0, -3, 2, 0.5]
    let scale = try #require(ValueScale(low: .percentile(10), high: .percentile(90)).resolved(values))
    #expect(abs(scale.range.lowerBound + 1.8) < 1e-6 && abs(scale.range.upperBound - 5.6) < 1e-6)
    #expect(scale.lowReason == "the 10th percentile")
    #expect(resolved(values, ValueScale(low: .percentile(0), high: .percentile(25))) == -3...0)
    // An end beyond the other is that end alone.
    #expect(resolved(values, ValueScale(low: .value(100))) == 100...100)
  }

  @Test func `zero is the middle where it means something and lies inside`() throws {
    #expect(try #require(ValueScale(diverges: true).resolved([-1, 3])).diverges)
    #expect(try !#require(ValueScale(diverges: true).resolved([1, 3])).diverges)
    let colours = ValueColours(range: -1...3, diverges: true)
    #expect(colours.range == -3...3)
    let (low, middle, high) = (colours.colour(of: -3), colours.colour(of: 0), colours.colour(of: 3))
    #expect(low.blue > low.red && high.red > high.blue)
    #expect(abs(Int(middle.red) - Int(middle.blue)) < 12)
    for theme in FigureTheme.allCases {
      let steps = ValueColours(range: -1...1, diverges: true, theme: theme).steps(41).map { OKLab($0) }
      // As far from the middle on either side.
      for step in 0..<20 {
        #expect(abs(steps[step].lightness - steps[40 - step].lightness) < 0.03)
        #expect(steps[step].distance(to: steps[step + 1]) > 0.005)
      }
    }
  }

  @Test func `the note stands in the picture of a map`() throws {
    let values = (0..<50).map { Float($0) } + [5000]
    let plot = ScatterPlot(x: values, y: values, colouring: .continuous(values: values, label: "age"))
    let figure = try ScatterFigure(plot, footer: "A map.")
    #expect(figure.notes == ["age: 1 of 51 points lies above 49.0, the 98th percentile, and has the end's colour."])
    #expect(figure.metadata.description == "A map.\n" + figure.notes[0])
    let given = ScatterPlot(
      x: values, y: values,
      colouring: .continuous(values: values, label: "age", scale: ValueScale(low: .value(10), high: .value(5000))))
    #expect(try ScatterFigure(given).notes == ["age: 10 of 51 points lie below 10.0 and have the end's colour."])
  }
}
