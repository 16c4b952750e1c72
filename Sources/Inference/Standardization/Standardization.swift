/// How the bytes of a tile become the numbers that a model was trained on.
package struct Standardization: Sendable, Hashable {
  /// The order in which the model wants the colours.
  package enum Channels: String, Sendable, CaseIterable, Codable {
    case rgb, bgr
  }

  package enum Rule: Sendable, Hashable {
    /// (x − mean) / scale, for each channel in the model's order; x in 0...255.
    case fixed(mean: [Double], scale: [Double])
    /// (x − m) / max(s, 1 / √n), m and s being the mean and deviation of the n values of the tile.
    case perImage
  }

  package let rule: Rule
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

  /// x / 255.
  static let shares = Standardization(fixed: 0, 255, preset: "shares")

  /// Whether bytes stay as they are.
  var keepsBytes: Bool { with(.rgb).identity == Self.none.identity }

  /// Whether its results are of this range.
  func gives(_ range: InputRange) -> Bool {
    range == .bytes ? keepsBytes : with(.rgb).identity == Self.shares.identity
  }

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

  /// What x is in (x − mean) / scale, by its largest value.
  package enum InputRange: String, Sendable, CaseIterable, Codable {
    /// The bytes of a tile, 0 to 255.
    case bytes = "255"
    /// The bytes divided by 255, 0 to 1: what the cards of models give mean and deviation of.
    case shares = "1"
  }

  /// (x − mean) / scale; one number for all channels, or one for each in the model's order.
  ///
  /// - Parameters:
  ///   - mean: nil for 0.
  ///   - scale: nil for 1.
  ///   - range: what x is; nil for bytes, unless the numbers can only be those of shares.
  /// - Throws: `standardizationInvalid`, `standardizationOfOtherRange`.
  package static func explicit(
    mean: [Double]?, scale: [Double]?, range: InputRange? = nil, channels: Channels = .rgb
  ) throws(InferenceError) -> Standardization {
    let factor = range == .shares ? 255.0 : 1
    try check(mean: mean, scale: scale, range: range)
    let mean = try perChannel(mean ?? [0], parameter: "mean").map { $0 * factor }
    let scale = try perChannel(scale ?? [1], parameter: "scale").map { $0 * factor }
    if let wrong = scale.first(where: { Float($0) == 0 || !Float(1 / $0).isFinite }) {
      throw .standardizationInvalid(parameter: "scale", expected: "numbers other than 0", found: "\(wrong)")
    }
    return Standardization(rule: .fixed(mean: mean, scale: scale), preset: nil, channels: channels)
  }

  /// Refuses numbers of one range that are taken for those of the other.
  private static func check(mean: [Double]?, scale: [Double]?, range: InputRange?) throws(InferenceError) {
    switch range {
    case .bytes?: return
    case .shares?:
      if (mean ?? []).contains(where: { abs($0) > 1 }) || (scale ?? []).contains(where: { abs($0) > 1 }) {
        throw .standardizationOfOtherRange(given: .shares, mean: mean, scale: scale)
      }
    case nil:
      // Nobody shifts bytes by a part of one, or stretches them; 0 and 1 leave them as they are.
      func isOfShares(_ numbers: [Double]?, neutral: Double) -> Bool {
        guard let numbers, numbers.contains(where: { $0 != neutral }) else { return false }
        return numbers.allSatisfy { abs($0) <= 1 }
      }
      let meanIsOfShares = isOfShares(mean, neutral: 0)
      let scaleIsOfShares = isOfShares(scale, neutral: 1) && !(scale ?? []).contains(0)
      guard meanIsOfShares || scaleIsOfShares else { return }
      let scalesBytes = (scale ?? []).contains { abs($0) > 1 }
      func times255(_ numbers: [Double]) -> [Double] { numbers.map { $0 * 255 } }
      throw .standardizationOfOtherRange(
        given: .bytes, mean: meanIsOfShares ? mean.map(times255) : mean,
        scale: scalesBytes ? scale : times255(scale ?? [1]))
    }
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
    case ("shares", _): return "x / 255, \(order)"
    case (_, .perImage): return "each tile by its own mean and deviation, \(order)"
    case (_, .fixed(let mean, let scale)):
      return "(x − \(Self.brief(mean))) / \(Self.brief(scale)), x from 0 to 255, \(order)"
    }
  }

  private func text(_ numbers: [Double]) -> String { numbers.map(Self.decimal).joined(separator: ",") }

  /// A number for all channels, or a list; with six digits behind the point at most.
  static func brief(_ numbers: [Double]) -> String {
    let rounded = numbers.map { ($0 * 1e6).rounded() / 1e6 }
    return Set(rounded).count == 1
      ? decimal(rounded[0]) : "[" + rounded.map(decimal).joined(separator: ", ") + "]"
  }

  private static func decimal(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}
