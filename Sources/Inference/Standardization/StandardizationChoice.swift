/// Which standardisation a model gets, and why.
package struct StandardizationChoice: Sendable {
  package let standardization: Standardization
  /// The params.json that was believed; the names of the classes come from it.
  package let parameters: ModelParameters?
  /// Whether `parameters` lies in another model's folder, and is believed because the outcomes fit.
  package let isFromProject: Bool
  /// How tiles of another side become the network's.
  package let resizing: TileResizing
  /// The side of the network's input that a file beside the model says, where the model leaves it open.
  package let sidePixels: Int?
  /// Completes "tiles are standardised by …: ", such as "as models/x/params.json says, which lies beside the model".
  package let reason: String
  /// What is likely to be wrong, and is to be said before work starts: sentences.
  package let warnings: [String]

  /// A standardisation or numbers that were given win; then the params.json that was named; then the one beside the model;
  /// then the preprocessing that a file of a model hub beside it says; then what the network shows of its input; then the
  /// only params.json in the project that names as many outcomes as the model gives; at last torch's x / 127.5 − 1, with a
  /// warning. What a network shows of its input also holds against files.
  ///
  /// - Throws: `standardizationInvalid`, `standardizationOfOtherRange`; `parametersDoNotFit` if `parameters` belongs to
  ///   another model; `bytesWanted`.
  package static func choose(
    given: Standardization? = nil, mean: [Double]? = nil, scale: [Double]? = nil,
    range: Standardization.InputRange? = nil,
    channels: Standardization.Channels? = nil,
    parameters: ModelParameters? = nil, beside: ModelParameters? = nil,
    preprocessing: ModelPreprocessing.Found = ModelPreprocessing.Found(), inProject: [ModelParameters] = [],
    model: Model
  ) throws(InferenceError) -> StandardizationChoice {
    let file = try ParametersChoice.choose(parameters, beside: beside, inProject: inProject, model: model)
    var own = given?.with(channels ?? .rgb)
    if own == nil, mean != nil || scale != nil || range != nil {
      own = try .explicit(mean: mean, scale: scale, range: range, channels: channels ?? .rgb)
    }
    var found: Finding
    if let own {
      found = Finding(own, "as given")
    } else {
      found = stated(by: file, preprocessing, model)
      if let channels {
        found.standardization = found.standardization.with(channels)
        found.reason += "; the order of the channels as given" + (channels == .rgb ? "" : ", BGR")
      }
    }
    if file.isFromProject, !found.reason.hasPrefix(file.reason) {
      found.reason += "; the classes are named \(file.reason)"
    }
    try found.check(against: model, isGiven: own != nil)
    found.warnings += preprocessing.remarks + (preprocessing.preprocessing?.warnings(for: model) ?? [])
    let hub = preprocessing.preprocessing
    return StandardizationChoice(
      standardization: found.standardization, parameters: file.parameters, isFromProject: file.isFromProject,
      resizing: hub?.resizing(for: model) ?? .standard,
      sidePixels: model.input.sidePixels == nil ? hub?.sidePixels : nil, reason: found.reason,
      warnings: found.warnings)
  }

  /// What files, or the network itself, say where nothing is given.
  private static func stated(
    by file: ParametersChoice, _ preprocessing: ModelPreprocessing.Found, _ model: Model
  ) -> Finding {
    let hub = preprocessing.preprocessing
    if let parameters = file.parameters, !file.isFromProject {
      var found = Finding(parameters.standardization, file.reason + parameters.backendRemark)
      if let hub, let other = hub.standardization, other.identity != found.standardization.identity {
        found.warnings.append(
          "\(parameters.path) means \(found.standardization.sentence), and \(hub.path) says \(other.sentence); the "
            + "first is believed.")
      }
      return found
    }
    if let hub, let standardization = hub.standardization {
      return Finding(
        standardization, "as \(hub.path) says" + (hub.isFile ? ", which lies beside the model" : "") + file.passedOver)
    }
    if model.input.takesIntegers {
      return Finding(.none, "as the network's input is whole numbers (\(model.input.elementType))")
    }
    if let range = model.layers.inputScaling?.range {
      return Finding(
        range == .bytes ? .none : .shares,
        "as the network standardises its input itself, and wants \(range == .bytes ? "0 to 255" : "0 to 1")")
    }
    guard let parameters = file.parameters else {
      return Finding(.torch, file.reason, warnings: [unstated(model, file.offers)])
    }
    return Finding(
      parameters.standardization, file.reason + parameters.backendRemark,
      warnings: [
        "Nothing beside the model \(model.path) says how it wants its tiles. They are taken as \(parameters.path) says, a "
          + "file of another folder, the only one in the project that names as many outcomes as the model gives. "
          + "params=\(parameters.path) confirms it; standardization=torch, tensorflow or imagenet says otherwise."
      ])
  }

  private struct Finding {
    var standardization: Standardization
    var reason: String
    var warnings: [String]

    init(_ standardization: Standardization, _ reason: String, warnings: [String] = []) {
      self.standardization = standardization
      self.reason = reason
      self.warnings = warnings
    }

    /// Against what the network shows of its input.
    mutating func check(against model: Model, isGiven: Bool) throws(InferenceError) {
      if model.input.takesIntegers {
        guard !standardization.keepsBytes else { return }
        if isGiven { throw .bytesWanted(path: model.path, type: model.input.elementType) }
        reason = "as the network's input is whole numbers (\(model.input.elementType)), whatever files say"
        standardization = .none.with(standardization.channels)
      } else if let range = model.layers.inputScaling?.range, !standardization.gives(range) {
        warnings.append(
          "The network standardises its input itself, and wants \(range == .bytes ? "0 to 255" : "0 to 1"); tiles are "
            + "standardised before it too: \(standardization.sentence). "
            + (range == .bytes ? "standardization=none leaves them as they are." : "scale=255 gives 0 to 1."))
      }
    }
  }

  private static func unstated(_ model: Model, _ offers: [ModelParameters]) -> String {
    "Nothing says how the model \(model.path) wants its tiles: they are taken by \(Standardization.torch.sentence), as "
      + "slideflow's torch models take them. Most networks made elsewhere want ImageNet's mean and deviation "
      + "(standardization=imagenet) or those of their card (mean=[…] scale=[…] range=1)."
      + (offers.isEmpty
        ? ""
        : " If one of them belongs to it: " + offers.prefix(3).map { "params=\($0.path)" }.joined(separator: ", ") + ".")
  }
}

/// Which params.json belongs to a model.
private struct ParametersChoice {
  var parameters: ModelParameters?
  var isFromProject = false
  var reason = ""
  var passedOver = ""
  /// Those that do not contradict the model, and of which nothing says that they belong to it.
  var offers: [ModelParameters] = []

  static func choose(
    _ given: ModelParameters?, beside: ModelParameters?, inProject: [ModelParameters], model: Model
  ) throws(InferenceError) -> ParametersChoice {
    func misfit(_ parameters: ModelParameters) -> String? {
      parameters.misfit(tilePixels: model.input.sidePixels, heads: model.layers.heads)
    }
    if let given {
      if let why = misfit(given) { throw .parametersDoNotFit(path: given.path, reason: why) }
      return ParametersChoice(parameters: given, reason: "as \(given.path) says, which was given")
    }
    var choice = ParametersChoice()
    var possible = inProject.filter { $0.path != beside?.path && misfit($0) == nil }
    if let beside {
      let why = misfit(beside)
      // An encoder among classifiers: the file names outcomes, and the model gives none.
      let isOthers = beside.isBesideSeveral && model.layers.heads.isEmpty && !beside.outcomes.isEmpty
      if why == nil, !isOthers {
        return ParametersChoice(parameters: beside, reason: "as \(beside.path) says, which lies beside the model")
      }
      if why == nil { possible.insert(beside, at: 0) }
      choice.passedOver =
        why.map { "; \(beside.path) beside the model does not belong to it (\($0))" }
        ?? "; \(beside.path) lies beside several models, and names outcomes, which this one does not give"
    }
    let fitting = possible.filter { ParameterOutcomes.names($0, heads: model.layers.heads) }
    if fitting.count == 1 {
      choice.parameters = fitting[0]
      choice.isFromProject = true
      choice.reason =
        "as \(fitting[0].path) says, the only one in the project that names as many outcomes" + choice.passedOver
      return choice
    }
    choice.offers = possible
    let why =
      switch possible.count {
      case 0: "no params.json that fits is known"
      case 1: "nothing says that the only params.json in the project that would fit is the model's"
      default: "\(possible.count) files params.json in the project would fit"
      }
    choice.reason = "as slideflow's torch models take it, because \(why)" + choice.passedOver
    return choice
  }
}

extension ModelParameters {
  /// What slideflow does with the framework that these were trained in.
  fileprivate var standardization: Standardization { backend == .tensorflow ? .tensorflow : .torch }

  fileprivate var backendRemark: String { backend == nil ? "; it names no backend, so torch is assumed" : "" }

  /// Why these cannot be the parameters of a model that takes such tiles and has such heads; nil if they can.
  func misfit(tilePixels: Int?, heads: [Head]) -> String? {
    if let own = self.tilePixels, let tilePixels, own != tilePixels {
      return "it tells of tiles of \(own) px, and the model takes \(tilePixels) px"
    }
    return ParameterOutcomes.misfit(self, heads: heads)
  }
}
