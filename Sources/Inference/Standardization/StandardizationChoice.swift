/// Which standardisation a model gets, and why.
package struct StandardizationChoice: Sendable {
  package let standardization: Standardization
  /// The params.json that was believed; the names of the classes come from it.
  package let parameters: ModelParameters?
  /// Completes "tiles are standardised by …: ", such as "as models/x/params.json says, which lies beside the model".
  package let reason: String

  /// A standardisation or numbers that were given win; then the params.json that was named; then the one beside the model; then the only
  /// one in the project whose tile size and outcomes fit; at last torch's x / 127.5 − 1.
  ///
  /// - Throws: `standardizationInvalid`, `standardizationOfOtherRange`; `parametersDoNotFit` if `parameters` belongs to another model.
  package static func choose(
    given: Standardization? = nil, mean: [Double]? = nil, scale: [Double]? = nil,
    range: Standardization.InputRange? = nil,
    channels: Standardization.Channels? = nil,
    parameters: ModelParameters? = nil, beside: ModelParameters? = nil, inProject: [ModelParameters] = [],
    model: Model
  ) throws(InferenceError) -> StandardizationChoice {
    let file = try chooseFile(
      given: parameters, beside: beside, inProject: inProject,
      misfit: { $0.misfit(tilePixels: model.input.sidePixels, heads: model.layers.heads) })
    if let given {
      return StandardizationChoice(
        standardization: given.with(channels ?? .rgb), parameters: file.parameters, reason: "as given")
    }
    if mean != nil || scale != nil || range != nil {
      return StandardizationChoice(
        standardization: try .explicit(mean: mean, scale: scale, range: range, channels: channels ?? .rgb),
        parameters: file.parameters, reason: "as given")
    }
    let base: Standardization
    var reason = file.reason
    switch file.parameters?.backend {
    case .torch: base = .torch
    case .tensorflow: base = .tensorflow
    case nil:
      base = .torch
      if file.parameters != nil { reason += "; it names no backend, so torch is assumed" }
    }
    if let channels { reason += "; the order of the channels as given" + (channels == .rgb ? "" : ", BGR") }
    return StandardizationChoice(
      standardization: base.with(channels ?? .rgb), parameters: file.parameters, reason: reason)
  }

  private static func chooseFile(
    given: ModelParameters?, beside: ModelParameters?, inProject: [ModelParameters],
    misfit: (ModelParameters) -> String?
  ) throws(InferenceError) -> (parameters: ModelParameters?, reason: String) {
    if let given {
      if let why = misfit(given) { throw .parametersDoNotFit(path: given.path, reason: why) }
      return (given, "as \(given.path) says, which was given")
    }
    var passedOver = ""
    if let beside {
      guard let why = misfit(beside) else {
        return (beside, "as \(beside.path) says, which lies beside the model")
      }
      passedOver = "; \(beside.path) beside the model does not belong to it (\(why))"
    }
    let fitting = inProject.filter { $0.path != beside?.path && misfit($0) == nil }
    if fitting.count == 1 {
      return (fitting[0], "as \(fitting[0].path) says, the only one in the project that fits" + passedOver)
    }
    let count =
      fitting.isEmpty
      ? "no params.json that fits is known" : "\(fitting.count) files params.json in the project would fit"
    return (nil, "as slideflow's torch models take it, because \(count)" + passedOver)
  }
}

extension ModelParameters {
  /// Why these cannot be the parameters of a model that takes such tiles and has such heads; nil if they can.
  func misfit(tilePixels: Int?, heads: [Head]) -> String? {
    if let own = self.tilePixels, let tilePixels, own != tilePixels {
      return "it tells of tiles of \(own) px, and the model takes \(tilePixels) px"
    }
    return ParameterOutcomes.misfit(self, heads: heads)
  }
}
