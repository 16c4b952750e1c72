/// Points in a box of three axes, seen from an angle: a map with a number as its height, or a map of three dimensions.
///
/// The points' shadow lies on the floor, where the map would be without its third axis.
package struct Scatter3DFigure: Figure {
  /// An axis of the box.
  package struct Axis: Sendable {
    package let label: String
    /// One number for each point.
    package let values: [Float]

    package init(label: String, values: [Float]) {
      self.label = label
      self.values = values
    }
  }

  /// Points that the picture is not about, in grey: in the box where they have heights, else on the floor.
  package struct Ground: Sendable {
    package let x: [Float]
    package let y: [Float]
    package let z: [Float]?
    package let label: String

    package init(x: [Float], y: [Float], z: [Float]?, label: String) {
      self.x = x
      self.y = y
      self.z = z
      self.label = label
    }
  }

  /// Where it is seen from, in degrees.
  package struct View: Sendable, Equatable {
    package var azimuth = -60.0
    package var elevation = 25.0

    package init() {}
  }

  package let x: Axis
  package let y: Axis
  package let z: Axis
  /// Whether the third axis has the scale of the others, which have one scale in any case.
  package let hasOneScale: Bool
  package let colouring: ScatterPlot.Colouring
  package let ground: Ground?
  package let view: View
  package let title: String?
  package let footer: String?
  /// The diameter of a point in CSS pixels; nil for one that suits the number of points.
  package let pointSize: Double?
  /// 0 to 1; nil for one that suits the number of points.
  package let opacity: Double?
  package let showsLegend: Bool
  /// Of the points that have a place, for the key.
  let plot: ScatterPlot

  /// - Throws: `unequalCounts` if the lists differ in length.
  package init(
    x: Axis, y: Axis, z: Axis, hasOneScale: Bool = false, colouring: ScatterPlot.Colouring,
    ground: Ground? = nil, view: View = View(),
    title: String? = nil, footer: String? = nil, pointSize: Double? = nil, opacity: Double? = nil,
    showsLegend: Bool = true, palette: FigurePalette = FigurePalette()
  ) throws(RenderingError) {
    guard z.values.count == x.values.count else {
      throw .unequalCounts(expected: x.values.count, found: z.values.count)
    }
    self.x = x
    self.y = y
    self.z = z
    self.hasOneScale = hasOneScale
    self.colouring = colouring
    self.ground = ground
    self.view = view
    self.title = title
    self.footer = footer
    self.pointSize = pointSize
    self.opacity = opacity
    self.showsLegend = showsLegend
    // A point without a height has no place in the box.
    let placed = zip(x.values, z.values).map { $1.isFinite ? $0 : Float.nan }
    let plot = ScatterPlot(
      x: placed, y: y.values, colouring: colouring,
      context: ground.map { ScatterPlot.Context(x: $0.x, y: $0.y, label: $0.label) }, palette: palette)
    try plot.checkCounts()
    self.plot = plot
    var notes: [String] = []
    let undrawn = plot.x.count - plot.drawnPoints.count
    if undrawn > 0 {
      notes.append(
        "\(NumberText.grouped(undrawn)) \(undrawn == 1 ? "point has" : "points have") no place and "
          + "\(undrawn == 1 ? "is" : "are") not drawn.")
    }
    if let note = plot.note(scale: Self.scale(of: plot, in: .light)) { notes.append(note) }
    self.notes = notes
  }

  /// What colours and places cannot show, a sentence each.
  package let notes: [String]

  func scale(in theme: FigureTheme) -> ValueColours { Self.scale(of: plot, in: theme) }

  private static func scale(of plot: ScatterPlot, in theme: FigureTheme) -> ValueColours {
    let scale = plot.valueScale
    return ValueColours(
      range: scale?.range ?? 0...1, diverges: scale?.diverges ?? false, ramp: plot.ramp, theme: theme)
  }

  var wholeFooter: String? {
    let lines = [footer].compactMap(\.self) + notes
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  package var metadata: PictureMetadata { PictureMetadata(title: title, description: wholeFooter ?? "") }

  package func exactColours(in theme: FigureTheme) -> [Colour] {
    switch colouring {
    case .continuous: [theme.missing] + scale(in: theme).steps(128)
    case .categorical, .plain: [theme.missing] + plot.classColours(in: theme)
    }
  }

  package func arranged(in style: FigureStyle, measuring text: TextMeasurer) -> Arrangement {
    let layout = Scatter3DLayout(self, in: style, measuring: text)
    return Arrangement(width: layout.width, height: layout.height) { layout.draw(on: $0) }
  }
}
