import FeatureData
package import Rendering

/// Figures of every kind, as easy and as hard as they come, always the same.
package enum SampleFigures {
  package struct Sample: Sendable {
    package let name: String
    package let figure: any Figure

    init(_ name: String, _ figure: any Figure) {
      self.name = name
      self.figure = figure
    }
  }

  package static func all() throws -> [Sample] {
    try scatters() + emphasised() + solids() + distributions() + [
      intervals(), heat(categories: nil), heat(categories: 5), slide(), sheet(),
    ]
  }

  /// A sample in a style, small enough to be kept.
  package struct Golden: Sendable, CustomStringConvertible {
    package let name: String
    private let figure: any Figure
    private let style: FigureStyle

    fileprivate init(_ sample: Sample, _ name: String, _ style: FigureStyle) {
      self.name = sample.name + "-" + name
      figure = sample.figure
      self.style = style
    }

    package var description: String { name }

    package func picture() throws -> EncodedPicture { try figure.inlinePNG(style, scale: 0.75) }
  }

  /// All on light ground, and what differs most on the others.
  package static func golden() throws -> [Golden] {
    let column = FigureStyle(theme: .print, widthMillimetres: 85)
    let elsewhere = [
      "scatter-25", "scatter-outlier", "scatter-panels", "scatter-names", "solid-feature", "distribution-box",
      "distribution-25", "intervals",
      "heat-signed",
    ]
    return try all().flatMap { sample in
      [Golden(sample, "light", FigureStyle())]
        + (elsewhere.contains { sample.name.hasPrefix($0) }
          ? [Golden(sample, "dark", FigureStyle(theme: .dark)), Golden(sample, "print-85", column)] : [])
    }
  }

  // MARK: Names

  /// So many names, every fifth of about sixty characters, and some Chinese.
  package static func names(_ count: Int) -> [String] {
    (0..<count).map { index in
      switch index % 5 {
      case 1: "Adenocarcinoma, not otherwise specified, of site number \(index + 1) on the left"
      case 3: "腺癌（乳腺）第\(index + 1)组"
      default: "Group \(index + 1)"
      }
    }
  }

  // MARK: Maps

  /// A map of clouds, a class each.
  package static func cloud(
    points: Int, classes: Int, colouring: (_ classes: [Int]) -> ScatterPlot.Colouring, title: String? = nil
  ) -> ScatterPlot {
    var generator = SplitMix64(seed: 11)
    var (x, y, labels) = ([Float](), [Float](), [Int]())
    x.reserveCapacity(points)
    y.reserveCapacity(points)
    let columns = max(1, Int(Double(max(classes, 1)).squareRoot().rounded(.up)))
    for point in 0..<points {
      let label = point % max(classes, 1)
      func spread() -> Float {
        (0..<4).reduce(Float(0)) { sum, _ in sum + Float.random(in: -0.5...0.5, using: &generator) }
      }
      x.append(Float(label % columns) * 2 + spread())
      y.append(Float(label / columns) * 2 + spread() * 0.8)
      labels.append(label)
    }
    return ScatterPlot(x: x, y: y, colouring: colouring(labels), title: title)
  }

  package static func classes(points: Int, classes: Int) -> ScatterPlot {
    cloud(points: points, classes: classes) {
      .categorical(names: names(classes), indices: $0, label: "diagnosis")
    }
  }

  private static func scatters() throws -> [Sample] {
    var samples: [Sample] = []
    for count in [2, 25, 60] {
      samples.append(
        Sample(
          "scatter-\(count)-classes",
          try ScatterFigure(
            classes(points: 1500, classes: count), title: "Map of tiles", footer: "UMAP of 1,500 tiles, 15 neighbours.")
        ))
    }
    let outlier = cloud(points: 400, classes: 3) { labels in
      .continuous(
        values: labels.indices.map { $0 == 7 ? 5000 : $0 % 50 == 3 ? .nan : Float($0 % 37) / 9 },
        label: "activation of feature 12")
    }
    samples.append(Sample("scatter-outlier", try ScatterFigure(outlier, footer: "UMAP of 400 tiles.")))
    let signed = cloud(points: 400, classes: 3) { labels in
      .continuous(
        values: labels.indices.map { Float($0 % 41) / 10 - 1.5 }, label: "logit of positive",
        scale: ValueScale(diverges: true))
    }
    samples.append(Sample("scatter-signed", try ScatterFigure(signed, footer: "UMAP of 400 tiles.")))
    let few = [1, 2, 3].map { count in
      ScatterPlot(
        x: (0..<count).map { Float($0) }, y: (0..<count).map { Float($0 * $0) },
        colouring: .categorical(
          names: ["A", "B"], indices: (0..<count).map { $0 % 3 == 2 ? -1 : $0 % 2 }, label: "group"),
        title: "\(count) slides")
    }
    for (plot, name) in zip(few, ["one-point", "two-points", "three-points"]) {
      samples.append(Sample("scatter-" + name, try ScatterFigure(plot)))
    }
    samples.append(
      Sample(
        "scatter-panels",
        try ScatterFigure(
          panels: [
            classes(points: 600, classes: 3), outlier, signed,
            cloud(points: 600, classes: 3) { _ in .plain },
          ].enumerated().map { index, plot in
            ScatterPlot(x: plot.x, y: plot.y, colouring: plot.colouring, title: "panel \(index + 1)")
          }, title: "Four views of one map")))
    samples.append(
      Sample(
        "scatter-mixed-names",
        try ScatterFigure(
          cloud(points: 500, classes: 4) {
            .categorical(
              names: ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "line\nbreak\u{7}", "plain"], indices: $0,
              label: "name")
          })))
    return samples
  }

  /// Names on the map, some classes alone, own colours.
  private static func emphasised() throws -> [Sample] {
    let named = cloud(points: 900, classes: 12) {
      .categorical(names: names(12), indices: $0, label: "diagnosis")
    }
    let whole = classes(points: 900, classes: 4)
    guard case .categorical(let names, let indices, let label, _) = whole.colouring else { return [] }
    let chosen = indices.indices.filter { indices[$0] == 1 }
    let rest = indices.indices.filter { indices[$0] != 1 }
    let highlighted = ScatterPlot(
      x: chosen.map { whole.x[$0] }, y: chosen.map { whole.y[$0] },
      colouring: .categorical(names: names, indices: chosen.map { indices[$0] }, label: label),
      contexts: [
        ScatterPlot.Context(x: rest.map { whole.x[$0] }, y: rest.map { whole.y[$0] }, label: "the other tiles")
      ], palette: FigurePalette(own: [names[1]: Colour(hex: 0xB40048)]))
    return [
      Sample("scatter-names", try ScatterFigure(named, footer: "UMAP of 900 tiles.", namesClasses: true)),
      Sample("scatter-highlight", try ScatterFigure(highlighted, footer: "UMAP of 900 tiles.")),
      Sample(
        "scatter-limits",
        try ScatterFigure(
          ScatterPlot(
            x: whole.x, y: whole.y, colouring: .continuous(values: whole.x, label: "x"), order: .high,
            palette: FigurePalette(numbers: .heat)), opacity: 0.5, limits: MapExtent.Limits(x: -1...1))),
    ]
  }

  /// Maps in three dimensions.
  private static func solids() throws -> [Sample] {
    let flat = classes(points: 900, classes: 5)
    let height = flat.x.indices.map { point -> Float in
      point % 90 == 4 ? .nan : flat.x[point] * 0.8 - flat.y[point] * flat.y[point] * 0.3 + Float(point % 7) / 10
    }
    func axis(_ label: String, _ values: [Float]) -> Scatter3DFigure.Axis {
      Scatter3DFigure.Axis(label: label, values: values)
    }
    var few: [Int] { Array(0..<12) }
    return [
      Sample(
        "solid-feature",
        try Scatter3DFigure(
          x: axis("UMAP 1", flat.x), y: axis("UMAP 2", flat.y), z: axis("activation of feature 497", height),
          colouring: .continuous(values: height, label: "activation of feature 497"), title: "Feature 497",
          footer: "UMAP of 900 tiles.")),
      Sample(
        "solid-classes",
        try Scatter3DFigure(
          x: axis("UMAP 1", flat.x), y: axis("UMAP 2", flat.y), z: axis("UMAP 3", height.map { $0 * 2 }),
          hasOneScale: true, colouring: flat.colouring)),
      Sample(
        "solid-slides",
        try Scatter3DFigure(
          x: axis("UMAP 1", few.map { flat.x[$0] }), y: axis("UMAP 2", few.map { flat.y[$0] }),
          z: axis("age", few.map { Float(40 + $0 * 3) }),
          colouring: .categorical(names: ["A", "B"], indices: few.map { $0 % 2 }, label: "site"))),
      Sample(
        "solid-one",
        try Scatter3DFigure(
          x: axis("UMAP 1", [0.5]), y: axis("UMAP 2", [0.5]), z: axis("age", [3]),
          colouring: .continuous(values: [3], label: "age"))),
    ]
  }

  // MARK: Distributions

  private static func panel(
    _ title: String, names: [String], counts: (Int) -> Int, seed: UInt64, hasFarValue: Bool = false
  ) -> DistributionFigure.Panel {
    var generator = SplitMix64(seed: seed)
    let groups = names.enumerated().map { index, name in
      var values = (0..<counts(index)).map { _ in
        (0..<5).reduce(Float(index % 7) * 0.4) { sum, _ in sum + Float.random(in: 0...1, using: &generator) }
      }
      if hasFarValue, index == 0, !values.isEmpty { values[0] = 4000 }
      if index == 1, values.count > 10 { values[3] = .nan }
      return DistributionFigure.Group(name: name, colour: index, values: values)
    }
    return DistributionFigure.Panel(
      title: title, subtitle: "q 0.0031 · η² 0.42 (0.12 to 0.61)", valueLabel: "mean activation of a slide",
      groups: groups)
  }

  private static func distributions() -> [Sample] {
    var samples: [Sample] = []
    for kind in DistributionFigure.Kind.allCases {
      let panels = (0..<4).map { index in
        panel(
          "feature \(index * 17)", names: ["negative", "positive", "missing"],
          counts: { [60, 3000, 3][$0] }, seed: UInt64(index + 1), hasFarValue: index == 2)
      }
      samples.append(
        Sample(
          "distribution-\(kind.rawValue)",
          DistributionFigure(panels: panels, kind: kind, footer: "Slides of 8 patients, by HPV_status.")))
    }
    for count in [2, 25, 60] {
      samples.append(
        Sample(
          "distribution-\(count)-groups",
          DistributionFigure(
            panels: (0..<2).map {
              panel("layer3/\($0 * 5)", names: names(count), counts: { $0 % 4 == 2 ? 1 : 12 }, seed: 3)
            })))
    }
    let tiny = DistributionFigure.Panel(
      title: "feature 0", valueLabel: "mean activation",
      groups: [
        DistributionFigure.Group(name: "one", colour: 0, values: [1.5]),
        DistributionFigure.Group(name: "none", colour: 1, values: []),
        DistributionFigure.Group(name: "same", colour: 2, values: [2, 2, 2, 2, 2, 2]),
        DistributionFigure.Group(name: "no number", colour: nil, values: [.nan, .infinity]),
      ])
    samples.append(Sample("distribution-tiny", DistributionFigure(panels: [tiny])))
    return samples
  }

  private static func intervals() -> Sample {
    typealias Row = IntervalFigure.Row
    return Sample(
      "intervals",
      IntervalFigure(
        sections: [
          IntervalFigure.Section(
            title: "Is it read from activations?", axisLabel: "AUC", range: 0.3...1,
            rows: [
              Row(
                name: "site, a patient left out", value: 0.97, interval: 0.93...0.99, chance: 0.5,
                text: "0.97 (0.93 to 0.99)"),
              Row(
                name: "HPV_status, a patient left out", value: 0.91, interval: 0.82...0.97, chance: 0.5, colour: 1,
                text: "0.91 (0.82 to 0.97)"),
              Row(
                name: "HPV_status, a site left out, which the classifier never saw in its training", value: 0.55,
                interval: 0.38...0.71, chance: 0.5, colour: 1, text: "0.55 (0.38 to 0.71)"),
              Row(name: "grade, a site left out", value: nil, colour: 2, text: "no site has both"),
            ]),
          IntervalFigure.Section(
            title: "Nearest tiles of other patients", axisLabel: "share with the same value",
            rows: [Row(name: "site", value: 0.8, chance: 0.31, text: "0.80, by chance 0.31")]),
        ], footer: "24 patients of 4 sites."))
  }

  // MARK: Slides

  private static func overview(_ width: Int, _ height: Int) -> RGBImage {
    var pixels: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        let (down, across) = (row - height / 2, column - width / 2)
        let isTissue = down * down + across * across < height * height / 6
        let shade = UInt8((row * 7 + column * 13) % 40)
        pixels += isTissue ? [200 - shade, 130 - shade, 170 - shade] : [244, 243, 245]
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private static func heat(categories: Int?) -> Sample {
    let cells = Array(0..<300)
    let colouring: HeatFigure.Colouring
    if let categories {
      let indices: [Int] = cells.map { $0 % 17 == 0 ? -1 : $0 / 7 % categories }
      colouring = .categorical(indices: indices, names: names(categories), label: "cluster")
    } else {
      let values: [Float] = cells.map { $0 % 11 == 0 ? .nan : Float($0 % 60) / 10 - 2 }
      colouring = .continuous(values: values, range: -2...3.9, label: "logit of positive", diverges: true)
    }
    return Sample(
      categories.map { "heat-\($0)-classes" } ?? "heat-signed",
      HeatFigure(
        overview: overview(200, 150), downsample: 100,
        lattice: HeatFigure.Lattice(rowCount: 15, columnCount: 20, stride: 1000, tileSide: 1000), colouring: colouring,
        missingCells: [0, 11, 22], micronsPerPixel: 0.25, title: "SLIDE-01", footer: "300 cells."))
  }

  private static func slide() -> Sample {
    Sample(
      "slide",
      SlideFigure(
        overview: overview(200, 150), downsample: 100, tileSide: 1000,
        groups: [
          SlideFigure.TileGroup(
            name: "tiles", colour: SlideFigure.keptColour, mark: .outline,
            corners: (Int32(0)..<9).map { SIMD2<Int32>(6000 + $0 % 3 * 1000, 4000 + $0 / 3 * 1000) })
        ], outlines: [[SIMD2(5000, 3000), SIMD2(12000, 3500), SIMD2(9000, 10000)]], micronsPerPixel: 0.25,
        title: "SLIDE-01", footer: "9 tiles."))
  }

  private static func sheet() -> Sample {
    Sample(
      "sheet",
      ContactSheet(
        tiles: (0..<5).map {
          ContactSheet.Tile(image: $0 == 3 ? nil : overview(32, 32), captions: ["SLIDE-01:\($0)", "2.\($0)"])
        }, title: "Tiles"))
  }
}
