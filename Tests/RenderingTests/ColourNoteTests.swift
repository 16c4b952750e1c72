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

  @Test func `an outlier that takes the scale for itself is noted`() throws {
    let plain = (0..<400).map { Float($0 % 40) / 10 }
    func note(_ values: [Float]) -> String? { ColourNote.values(values, label: "age", noun: "points") }
    #expect(note(plain) == nil)
    #expect(note(plain + [.nan, .infinity]) == nil)
    #expect(note(plain + [900]) == "age: the range is set by 1 of 401 points; 99.7 % lie at or below 3.90.")
    #expect(note(plain + [-900, -700]) == "age: the range is set by 2 of 402 points; 99.5 % lie at or above 0.")
    #expect(note(plain + [900, -900]) == "age: the range is set by 2 of 402 points; 99.5 % lie between 0 and 3.90.")
    #expect(
      note([Float](repeating: 2, count: 49) + [7]) == "age: the range is set by 1 of 50 points; 98 % are 2.00.")
    #expect(note([1, 2, 3, 1000]) == nil)
  }

  @Test func `the note stands in the picture of a map`() throws {
    let values = (0..<50).map { Float($0) } + [5000]
    let plot = ScatterPlot(x: values, y: values, colouring: .continuous(values: values, label: "age"))
    let figure = try ScatterFigure(plot, footer: "A map.")
    #expect(figure.notes == ["age: the range is set by 1 of 51 points; 98 % lie at or below 49.0."])
    #expect(figure.metadata.description == "A map.\n" + figure.notes[0])
    #expect(try ScatterFigure(plot, valueRange: 0...49).notes.isEmpty)
  }
}
