import CommandLanguage
import Foundation
import SmallLanguage
import Testing

/// Diagnostics are legible on what JupyterLab puts behind them, in its light and in its dark theme.
@Suite struct DiagnosticColoursTests {
  /// sRGB, 0 to 255.
  private typealias Colour = (red: Double, green: Double, blue: Double)

  /// A theme of JupyterLab 4: its text, and what is behind an error.
  private struct Theme {
    let name: String
    let text: Colour
    let background: Colour

    /// `--jp-content-font-color1` is rgba(0, 0, 0, 0.87), `--jp-rendermime-error-background` #fdd.
    static let light = Theme(
      name: "light", text: mixed((0, 0, 0), 0.87, over: (255, 221, 221)), background: (255, 221, 221))
    /// The text is #fff, and rgba(244, 67, 54, 0.28) lies over `--jp-layout-color0`, #111.
    static let dark = Theme(
      name: "dark", text: (255, 255, 255), background: mixed((244, 67, 54), 0.28, over: (17, 17, 17)))
  }

  /// What JupyterLab makes of the colours of terminals, `.ansi-red-fg` and so on.
  private static let colours: [Int: Colour] = [
    30: (62, 66, 77), 31: (231, 92, 88), 32: (0, 162, 80), 33: (221, 182, 43), 34: (32, 143, 251), 35: (209, 96, 196),
    36: (96, 198, 200), 37: (197, 193, 180), 90: (40, 44, 54), 91: (178, 43, 49), 92: (0, 116, 39), 93: (178, 125, 18),
    94: (0, 101, 202), 95: (160, 59, 150), 96: (37, 143, 143), 97: (161, 166, 178),
  ]

  private static func mixed(_ colour: Colour, _ alpha: Double, over ground: Colour) -> Colour {
    func mix(_ one: Double, _ other: Double) -> Double { alpha * one + (1 - alpha) * other }
    return (mix(colour.red, ground.red), mix(colour.green, ground.green), mix(colour.blue, ground.blue))
  }

  /// Source: Web Content Accessibility Guidelines 2.2, relative luminance and contrast ratio.
  private static func contrast(_ one: Colour, _ other: Colour) -> Double {
    func luminance(_ colour: Colour) -> Double {
      func linear(_ value: Double) -> Double {
        let part = value / 255
        return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
    }
    let pair = [luminance(one), luminance(other)].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }

  @Test func `Every part of a diagnostic has a contrast of 4.5 to 1 in both themes`() throws {
    let session = SmallLanguage.session([("df2", SmallLanguage.features)])
    let recorder = Recorder()
    guard case .failed(let failure) = session.run("stats\nlabels df HPV_stat", output: recorder, monitor: recorder)
    else {
      Issue.record("the cell ran")
      return
    }
    let text = failure.rendered(.ansi)
    let codes = text.matches(of: #/\u{1B}\[([0-9;]*)m/#).flatMap { $0.1.split(separator: ";").compactMap { Int($0) } }
    #expect(codes.contains(1), "carets and advice stand out")
    for theme in [Theme.light, .dark] {
      #expect(Self.contrast(theme.text, theme.background) >= 4.5, "text, \(theme.name)")
      for code in codes where code > 1 {
        guard let colour = Self.colours[code] else {
          Issue.record("\(code) is a colour that is not known here")
          continue
        }
        #expect(Self.contrast(colour, theme.background) >= 4.5, "colour \(code), \(theme.name)")
      }
    }
  }

  @Test func `No colour of terminals is legible in both themes, so none is used`() {
    for (code, colour) in Self.colours {
      #expect(
        [Theme.light, .dark].contains { Self.contrast(colour, $0.background) < 4.5 },
        "\(code) could be used")
    }
  }
}
