import FeatureData
import Foundation
import SampleFigures
import Testing

@testable import Rendering

@Suite struct DistributionTests {
  @Test func `quartiles are NumPy's and whiskers end at values`() throws {
    // numpy.percentile([1, 2, 4, 7, 11, 40], [25, 50, 75]) is 2.5, 5.5, 10; 40 lies beyond 10 + 1.5 × 7.5.
    let distribution = Distribution([40, 1, 7, .nan, 2, 11, 4, .infinity])
    #expect(distribution.quantile(0.25) == 2.5 && distribution.median == 5.5 && distribution.quantile(0.75) == 10)
    #expect(distribution.whiskers == 1...11 && distribution.missingCount == 2)
    #expect(Distribution([]).median == nil && Distribution([]).whiskers == nil)
    #expect(Distribution([3]).quantile(0.9) == 3)
  }

  @Test func `a density follows the values`() throws {
    var generator = SplitMix64(seed: 5)
    let values = (0..<4000).map { _ in Float(generator.nextNormal()) }
    let (density, least, step) = try #require(Distribution(values).density(places: 200, within: -10...10))
    for (place, value) in density.enumerated() {
      let x = least + Double(place) * step
      // Of a normal distribution, whose peak is 1; a kernel makes it a little wider.
      #expect(abs(value - exp(-x * x / 2)) < 0.09)
    }
    #expect(Distribution([2, 2, 2]).density(places: 50, within: 0...5) == nil)
  }

  @Test func `counts of a histogram are complete`() {
    #expect(Distribution([0, 0.5, 1, 1.5, 2]).counts(between: [0, 1, 2]) == [2, 3])
    #expect(Distribution([]).counts(between: [0, 1]) == [0])
  }

  private func figure(_ groups: [DistributionFigure.Group]) -> DistributionFigure {
    DistributionFigure(panels: [DistributionFigure.Panel(title: "f", valueLabel: "activation", groups: groups)])
  }

  @Test func `what is left out of the picture is said`() {
    let far = (0..<100).map { Float($0 % 10) } + [5000]
    #expect(
      figure([DistributionFigure.Group(name: "a", colour: 0, values: far)]).notes == [
        "1 of 101 values lie beyond the axes, which they would flatten."
      ])
    #expect(
      figure([DistributionFigure.Group(name: "a", colour: 0, values: [1, 2, .nan])]).notes == [
        "Groups of fewer than 5 are shown as points with their median.", "1 value that is no number is left out.",
      ])
    #expect(figure([]).notes.isEmpty)
    // What lies within the axis' margin is drawn, and not beyond it.
    let near = (0..<100).map { Float($0 % 10) } + [500]
    let plot = DistributionPlot(
      DistributionFigure.Panel(
        title: "f", valueLabel: "v", groups: [DistributionFigure.Group(name: "a", colour: 0, values: near)]), kind: .box
    )
    #expect(plot.beyondCount == near.count { !plot.range.contains(Double($0)) } && plot.beyondCount == 1)
  }

  @Test func `counts under boxes do not run into each other`() throws {
    let groups = (1...6).map { stage in
      DistributionFigure.Group(name: String(stage), colour: stage, values: (0..<22_901).map { Float($0 % 17) })
    }
    let text = TextMeasurer()
    let width = figure(groups).arranged(in: FigureStyle(), measuring: text).width
    #expect(width >= 6 * text.size(of: TextBlock("n = 22,901", size: 10)).width)
  }

  @Test func `figures of every kind are as wide as their page allows`() throws {
    let text = TextMeasurer()
    for sample in try SampleFigures.all() where sample.name.hasPrefix("distribution") || sample.name == "intervals" {
      for width in FigureStyle.printWidths {
        let style = FigureStyle(theme: .print, widthMillimetres: width)
        #expect(
          sample.figure.arranged(in: style, measuring: text).width <= style.room.widest + 1, "\(sample.name) \(width)")
      }
      #expect(sample.figure.arranged(in: FigureStyle(), measuring: text).width <= 1200, "\(sample.name)")
    }
  }
}
