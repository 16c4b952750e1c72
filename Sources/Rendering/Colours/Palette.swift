/// The colours of classes and of values.
package enum Palette {
  /// What has no value.
  package static let missing = Colour(hex: 0xBDBDBD)

  /// What is shown for comparison only, below the points that a picture is about.
  package static let context = Colour(hex: 0xD3D7DC)

  /// How many classes have colours that differ also for readers with red-green colour blindness.
  package static let distinctCount = base.count
  /// How many classes have a colour of their own.
  package static let classCount = classes.count

  /// The colour of the class at `index` (0-based) in category order; always the same for the same index.
  ///
  /// The first twenty differ by at least 0.12 in OKLab for normal sight and by 0.07 under simulated
  /// deuteranopia and protanopia; the next forty from all before by at least 0.085 for normal sight. Further ones repeat
  /// the sixty.
  package static func categorical(_ index: Int) -> Colour { classes[index % classes.count] }

  /// The same for a dark ground: lighter, of about the same hues for the first six. The first twenty differ by at least 0.10 for
  /// normal sight and 0.06 under simulated deuteranopia and protanopia.
  static func categoricalOnDark(_ index: Int) -> Colour { classesOnDark[index % classesOnDark.count] }

  /// The colour of a value between −1 and 1: from blue over pale grey to red, as far from the middle as the value is.
  static func diverging(_ value: Double) -> Colour {
    diverging(value, middle: OKLab(lightness: 0.82, chroma: 0.004, hueDegrees: 250), end: 0.42)
  }

  static func divergingOnDark(_ value: Double) -> Colour {
    diverging(value, middle: OKLab(lightness: 0.42, chroma: 0.004, hueDegrees: 250), end: 0.80)
  }

  private static func diverging(_ value: Double, middle: OKLab, end: Double) -> Colour {
    guard value.isFinite else { return missing }
    let share = min(abs(value), 1)
    let pole = OKLab(lightness: end, chroma: 0.15, hueDegrees: value < 0 ? 252 : 28)
    return OKLab(
      lightness: middle.lightness + (pole.lightness - middle.lightness) * share,
      a: middle.a + (pole.a - middle.a) * share, b: middle.b + (pole.b - middle.b) * share
    ).colour
  }

  /// The colour of a value at `fraction` of the scale, 0 to 1 (clamped): dark violet, blue, green, yellow.
  ///
  /// Lightness rises throughout and equal steps of value are equal steps in OKLab.
  package static func continuous(_ fraction: Double) -> Colour {
    guard fraction.isFinite else { return missing }
    let place = min(max(fraction, 0), 1) * Double(ramp.count - 1)
    return ramp[Int(place.rounded())]
  }

  /// The first six are Okabe and Ito's (doi:10.1038/nmeth.1618); the others were searched for greedily: each time the sRGB
  /// colour farthest from all before it, from white and from the grey of missing values, the least distance
  /// over normal sight and simulated dichromacy (Viénot 1999,
  /// doi:10.1002/(SICI)1520-6378(199908)24:4<243::AID-COL5>3.0.CO;2-3) counting.
  private static let base: [Colour] = [
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x7A3B8F, 0x244800, 0x0000C0, 0xCC18FC,
    0x6CF084, 0x6000FC, 0xB40048, 0x780048, 0x6CE4FC, 0x78C078, 0x481890, 0xE40CB4, 0xD8D800, 0x906078,
  ].map(Colour.init(hex:))

  /// Those and forty more, each in turn the colour farthest from all before it, from white and from both greys, the
  /// distance under simulated dichromacy counting two and a half times.
  private static let classes: [Colour] =
    base
    + [
      0x1E1224, 0x00006C, 0xFC8AFC, 0x00486C, 0x9C84FC, 0x785400, 0xF6005A, 0x541800, 0x8A4EDE, 0x3666FC,
      0xFC969C, 0x2A7260, 0x847E3C, 0x00C618, 0xD2F6A8, 0x42004E, 0x8A1E00, 0x3C48C0, 0x664854, 0x003024,
      0x668ACC, 0xB44296, 0xD266E4, 0xFC6660, 0x9C9C06, 0x9600BA, 0xFCB4E4, 0xA29CC0, 0x008A00, 0x3C3042,
      0xAEFC00, 0x6C8A8A, 0xFCCC72, 0x9CDEB4, 0xA2A27E, 0xA24830, 0x9C0078, 0x00F02A, 0x242466, 0x2AD2CC,
    ].map(Colour.init(hex:))

  /// Searched for in the same way, away from a dark ground (0x16191D) and its greys.
  private static let classesOnDark: [Colour] = [
    0x3B9BE0, 0xE8743B, 0x1FB58A, 0xDB8FBB, 0xF0B429, 0x8ED0F5, 0xA800FF, 0xC8FF00, 0x5050C8, 0xFF58FF,
    0x00F0A0, 0x9860B8, 0xC02808, 0xE80070, 0x007848, 0xE0FFA8, 0xA018A0, 0x40A000, 0x98C878, 0xD0B8C0,
    0xA880A0, 0xC8E060, 0x989860, 0xD868C8, 0x6870E0, 0x0058F8, 0xFF7080, 0xB058FF, 0x60B8D8, 0xA85858,
    0x10D838, 0xD028A0, 0xFFD0B0, 0x80F0C8, 0xA888FF, 0x38D0A0, 0x6008FF, 0xC8A8FF, 0xA03078, 0x786028,
    0xC8A058, 0x907828, 0x8838E0, 0x88FF80, 0xE0D088, 0xFFA868, 0x3878A0, 0x70A8A8, 0x8088C0, 0xC04880,
    0xB8A800, 0xA8E800, 0x00D8D8, 0xB000C8, 0xB8E0FF, 0xC048D0, 0xC87078, 0xF0B8E0, 0xD0FFE0, 0xB07850,
  ].map(Colour.init(hex:))

  /// 1,024 colours along control points in lightness, chroma and hue, spaced by equal OKLab distance.
  private static let ramp: [Colour] = {
    let controls: [(lightness: Double, chroma: Double, hue: Double)] = [
      (0.26, 0.13, 312), (0.38, 0.135, 288), (0.50, 0.115, 250), (0.60, 0.105, 205), (0.70, 0.125, 163),
      (0.80, 0.165, 132), (0.905, 0.18, 104),
    ]
    let fineCount = 4096
    let path = (0...fineCount).map { step -> OKLab in
      let place = Double(step) / Double(fineCount) * Double(controls.count - 1)
      let index = min(Int(place), controls.count - 2)
      let t = place - Double(index)
      func between(_ value: (Int) -> Double) -> Double {
        let before = value(max(index - 1, 0))
        let start = value(index)
        let end = value(index + 1)
        let after = value(min(index + 2, controls.count - 1))
        return catmullRom(before, start, end, after, t)
      }
      return OKLab(
        lightness: between { controls[$0].lightness }, chroma: between { controls[$0].chroma },
        hueDegrees: between { controls[$0].hue })
    }
    var length = [0.0]
    for step in 1...fineCount { length.append(length[step - 1] + path[step].distance(to: path[step - 1])) }
    let count = 1024
    var fine = 0
    return (0..<count).map { step in
      let target = length[fineCount] * Double(step) / Double(count - 1)
      while fine < fineCount && length[fine] < target { fine += 1 }
      return path[fine].colour
    }
  }()

  /// A smooth curve through `start` (t = 0) and `end` (t = 1).
  ///
  /// Source: Catmull, Rom, "A class of local interpolating splines", 1974, doi:10.1016/B978-0-12-079050-0.50020-5.
  private static func catmullRom(
    _ before: Double, _ start: Double, _ end: Double, _ after: Double, _ t: Double
  ) -> Double {
    let slopeAtStart = (end - before) / 2
    let slopeAtEnd = (after - start) / 2
    let t2 = t * t
    let t3 = t2 * t
    return (2 * t3 - 3 * t2 + 1) * start + (t3 - 2 * t2 + t) * slopeAtStart + (3 * t2 - 2 * t3) * end
      + (t3 - t2) * slopeAtEnd
  }
}
