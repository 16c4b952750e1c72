import Testing

@testable import Rendering

@Suite struct PaletteTests {
  /// Linear-light matrices of Viénot 1999 for deuteranopia and protanopia.
  private static let deuteranopia = [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]
  private static let protanopia = [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]

  private static func seen(_ colour: Colour, by matrix: [[Double]]) -> OKLab {
    let linear = [colour.red, colour.green, colour.blue].map(OKLab.linear)
    let mixed = matrix.map { row in OKLab.gamma(zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 }) }
    return OKLab(Colour(red: mixed[0], green: mixed[1], blue: mixed[2]))
  }

  @Test func `twenty classes have colours that differ for everybody`() {
    let colours = (0..<Palette.distinctCount).map(Palette.categorical)
    #expect(colours.count == 20)
    let views: [(least: Double, labs: [OKLab])] = [
      (0.11, colours.map(OKLab.init)), (0.06, colours.map { Self.seen($0, by: Self.deuteranopia) }),
      (0.06, colours.map { Self.seen($0, by: Self.protanopia) }),
    ]
    for view in views {
      for i in view.labs.indices {
        for j in 0..<i { #expect(view.labs[i].distance(to: view.labs[j]) > view.least, "\(i) and \(j)") }
      }
    }
  }

  @Test func `sixty classes have sixty colours, none of them the grey of missing values`() {
    let colours = Set((0..<60).map(Palette.categorical))
    #expect(colours.count == 60)
    #expect(!colours.contains(Palette.missing))
    #expect(Palette.categorical(3) == Palette.categorical(3))
  }

  @Test func `every class colour differs from all before it, from white and from the greys`() {
    let colours = (0..<Palette.classCount).map { OKLab(Palette.categorical($0)) }
    #expect(colours.count == 60)
    for (index, colour) in colours.enumerated() {
      for other in colours[..<index] { #expect(colour.distance(to: other) > 0.085, "\(index)") }
      for grey in [Colour.white, Palette.missing, Palette.context] {
        #expect(colour.distance(to: OKLab(grey)) > 0.07, "\(index)")
      }
    }
    #expect(Palette.categorical(60) == Palette.categorical(0))
  }

  @Test func `the ramp grows steadily lighter in even steps`() {
    let ramp = (0...100).map { OKLab(Palette.continuous(Double($0) / 100)) }
    let steps = zip(ramp, ramp.dropFirst()).map { $0.distance(to: $1) }
    let mean = steps.reduce(0, +) / Double(steps.count)
    for (before, after) in zip(ramp, ramp.dropFirst()) { #expect(after.lightness > before.lightness) }
    for step in steps { #expect(abs(step - mean) < mean * 0.45) }
    #expect(ramp[0].lightness < 0.3 && ramp[100].lightness > 0.85)
  }

  @Test func `values beyond the scale take its ends, no value is grey`() {
    #expect(Palette.continuous(-3) == Palette.continuous(0))
    #expect(Palette.continuous(7) == Palette.continuous(1))
    #expect(Palette.continuous(.nan) == Palette.missing)
  }

  @Test func `a colour goes through OKLab and back unchanged`() {
    for hex in stride(from: UInt32(0), to: 0xFFFFFF, by: 70_001) {
      #expect(OKLab(Colour(hex: hex)).colour == Colour(hex: hex))
    }
  }
}
