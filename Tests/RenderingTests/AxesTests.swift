import Testing

@testable import Rendering

@Suite struct AxesTests {
  @Test func `ticks are round numbers inside the range`() {
    #expect(Ticks(0...1).labels == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Ticks(-3.2...9.7).values == [-2, 0, 2, 4, 6, 8])
    #expect(Ticks(-3.2...9.7).labels.first == "\u{2212}2")
    #expect(Ticks(5...5).values == [5])
    #expect(Ticks(0...1e8).labels.last == "1.0e+08")
    // One form for all, with the digits that tell them apart.
    #expect(Ticks(0...1_100_000).labels == ["0", "2e+05", "4e+05", "6e+05", "8e+05", "1.0e+06"])
  }

  @Test func `the frame keeps one scale on both axes and never becomes a strip`() {
    let thin = MapExtent([ScatterPlot(x: [0, 100], y: [0, 1])])
    #expect(thin.aspect > 1.5 && thin.aspect < 2.3)
    let one = MapExtent([ScatterPlot(x: [3], y: [7])])
    #expect(one.x.contains(3) && one.y.contains(7) && one.aspect > 0.9 && one.aspect < 1.1)
    #expect(MapExtent([]).x == 0...1)
  }
}
