/// How the bytes of a tile become the numbers that a model was trained on.
package struct Standardization: Sendable, Hashable {
  /// The order in which the model wants the colours.
  package enum Channels: String, Sendable, CaseIterable {
    case rgb, bgr
  }

  enum Rule: Sendable, Hashable {
    /// (x − mean) / scale, for each channel in the model's order; x in 0...255.
    case fixed(mean: [Double], scale: [Double])
    /// (x − m) / max(s, 1 / √n), m and s being the mean and deviation of the n values of the tile.
    case perImage
  }

  let rule: Rule
  let preset: String?
  package let channels: Channels

  /// x / 127.5 − 1, as slideflow does with torch.
  package static let torch = Standardization(fixed: 127.5, 127.5, preset: "torch")
  /// Each tile by its own mean and deviation, as slideflow does with TensorFlow.
  package static let tensorflow = Standardization(rule: .perImage, preset: "tensorflow", channels: .rgb)
  /// x / 255, then the mean and deviation of ImageNet.
  package static let imagenet = Standardization(
    rule: .fixed(mean: [0.485, 0.456, 0.406].map { $0 * 255 }, scale: [0.229, 0.224, 0.225].map { $0 * 255 }),
    preset: "imagenet", channels: .rgb)
  /// 0 to 255 as they are.
  package static let none = Standardization(fixed: 0, 1, preset: "none")

  /// The presets by the names that users give them.
  package static let presets = ["torch": torch, "tensorflow": tensorflow, "imagenet": imagenet, "none": none]

  private init(rule: Rule, preset: String?, channels: Channels) {
    self.rule = rule
    self.preset = preset
    self.channels = channels
  }

  private init(fixed mean: Double, _ scale: Double, preset: String) {
    self.init(
      rule: .fixed(mean: [mean, mean, mean], scale: [scale, scale, scale]), preset: preset, channels: .rgb)
  }

  /// (x − mean) / scale with x in 0...255; one number for all channels, or one for each in the model's order.
  ///
  /// - Throws: `standardizationInvalid`.
  package static func explicit(
    mean: [Double], scale: [Double], channels: Channels = .rgb
  ) throws(InferenceError) -> Standardization {
    let mean = try perChannel(mean, parameter: "mean")
    let scale = try perChannel(scale, parameter: "scale")
    if let wrong = scale.first(where: { Float($0) == 0 || !Float(1 / $0).isFinite }) {
      throw .standardizationInvalid(parameter: "scale", expected: "numbers other than 0", found: "\(wrong)")
    }
    return Standardization(rule: .fixed(mean: mean, scale: scale), preset: nil, channels: channels)
  }

  /// The same with the colours in another order.
  package func with(_ channels: Channels) -> Standardization {
    Standardization(rule: rule, preset: preset, channels: channels)
  }

  private static func perChannel(_ numbers: [Double], parameter: String) throws(InferenceError) -> [Double] {
    if let wrong = numbers.first(where: { !Float($0).isFinite }) {
      throw .standardizationInvalid(parameter: parameter, expected: "finite numbers", found: "\(wrong)")
    }
    switch numbers.count {
    case 1: return [numbers[0], numbers[0], numbers[0]]
    case 3: return numbers
    default:
      throw .standardizationInvalid(
        parameter: parameter, expected: "one number, or three, one for each channel",
        found: "a list of \(numbers.count)")
    }
  }

  /// The same text for the same numbers: a part of the store's key.
  package var identity: String {
    switch rule {
    case .perImage: return "per-image;channels=\(channels.rawValue)"
    case .fixed(let mean, let scale):
      // The numbers, not the preset's name: "torch" written out as mean and scale is the same thing.
      return "mean=\(text(mean));scale=\(text(scale));channels=\(channels.rawValue)"
    }
  }

  /// For the user, as in "x / 127.5 − 1, RGB".
  package var sentence: String {
    let order = channels.rawValue.uppercased()
    switch (preset, rule) {
    case ("torch", _): return "x / 127.5 − 1, \(order)"
    case ("imagenet", _): return "x / 255, then ImageNet's mean and deviation, \(order)"
    case ("none", _): return "0 to 255 as they are, \(order)"
    case (_, .perImage): return "each tile by its own mean and deviation, \(order)"
    case (_, .fixed(let mean, let scale)):
      return "(x − \(brief(mean))) / \(brief(scale)), \(order)"
    }
  }

  private func text(_ numbers: [Double]) -> String { numbers.map(decimal).joined(separator: ",") }

  private func brief(_ numbers: [Double]) -> String {
    Set(numbers).count == 1 ? decimal(numbers[0]) : "[" + numbers.map(decimal).joined(separator: ", ") + "]"
  }

  private func decimal(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}
