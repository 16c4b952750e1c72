package import FeatureData
import Foundation
package import Inference
import Slides

/// Opens a model with what is given, a params.json and the project say about it.
package enum ModelOpening {
  /// What is said about a model: how tiles become its input, and what its outputs are.
  package struct Asked: Codable, Sendable, Hashable {
    /// A params.json that describes it; nil for the one beside it, else the only one of the project that fits.
    package var parametersPath: String?
    /// The name of a preset.
    package var preset: String?
    /// Subtracted from each byte; one number or one a channel.
    package var mean: [Double]?
    /// Divides each byte after that.
    package var scale: [Double]?
    package var range: Standardization.InputRange?
    package var channels: Standardization.Channels?
    package var outputs: OutputReading.Asked?
    /// Width and height of its input, where its file leaves them open.
    package var side: Int?
    /// How many register tokens it has, where its file does not show it.
    package var registers: Int?
    /// The file of weights of a network that is only named, as `timm:vit_small_patch16_224`.
    package var weights: String?

    package init() {}

    /// True where nothing is said of how tiles become its input, nor of its tokens.
    var isOfOutputsAlone: Bool {
      parametersPath == nil && preset == nil && mean == nil && scale == nil && range == nil && channels == nil
        && side == nil && registers == nil && weights == nil
    }
  }

  /// - Parameters:
  ///   - study: whose models' params.json files are looked at, and whose store keeps what is converted; nil without one.
  ///   - monitor: of a conversion, which takes seconds to minutes.
  package static func open(
    _ path: String, _ asked: Asked = Asked(), study: Study?, monitor: (any WorkMonitor)? = nil
  ) throws -> StudyModel {
    let folders = study.map { [$0.project.folder] } ?? []
    let path = resolved(path, in: folders)
    let preset = asked.preset.flatMap { Standardization.presets[$0] }
    if preset != nil, let other = asked.mean != nil ? "mean" : asked.scale != nil ? "scale" : nil {
      throw WorkflowFailure(
        "`standardization` and `\(other)` both say how bytes become the network's input.",
        remedy: "either standardization=imagenet, or mean=[…] scale=[…]", parameter: other)
    }
    return try Reporting.run(parameter: "model") {
      let weights = asked.weights.map { PathResolution.absolute(PathResolution.existing($0, in: folders)) }
      let network = try TorchNetwork.find(path, weights: weights)
      let path = try network == nil ? TorchNetwork.withSavedModel(path) : path
      let conversion = try network.map { try NetworkConversion(network: $0, study: study, monitor: monitor).run() }
      let file = conversion?.converted.file ?? path
      try Probe.check(.model, file, with: ModelFile.companions(of: file), monitor: monitor)
      var model = try Model.open(
        path, converted: conversion?.converted, engines: InferenceEngines.all, side: asked.side,
        registers: asked.registers)
      let parametersPath = asked.parametersPath.map { PathResolution.existing($0, in: folders) }
      let given = try parametersPath.map { try ModelParameters.read($0) }
      // A damaged params.json of another model of the project must not stand in the way of this one.
      let inProject = (study?.project.modelParameterFiles ?? []).compactMap { try? ModelParameters.read($0) }
      // What lies beside a network that is only named lies beside its weights.
      let place = TorchNetwork.named(path) == nil ? path : weights ?? path
      var preprocessing = ModelPreprocessing.beside(modelPath: place)
      if let encoder = network?.encoder {
        preprocessing.complete(by: encoder)
      } else if let own = conversion?.record.preprocessing {
        preprocessing.complete(
          mean: own.mean, deviation: own.deviation, by: "timm, for its own weights of this architecture,")
      }
      let choice = try StandardizationChoice.choose(
        given: preset, mean: asked.mean, scale: asked.scale, range: asked.range, channels: asked.channels,
        parameters: given, beside: try given == nil ? ModelParameters.beside(modelPath: place) : nil,
        preprocessing: preprocessing, inProject: inProject, model: model)
      if let side = choice.sidePixels { model = try model.with(side: side) }
      let reading = try readOutputs(model, choice.parameters, asked.outputs, study: study)
      var asked = asked
      asked.parametersPath = parametersPath.map(PathResolution.absolute)
      asked.weights = weights
      return StudyModel(opened: model, reading: reading, choice: choice, conversion: conversion, asked: asked)
    }
  }

  /// A model that is open, anew where something is said about it.
  package static func reopen(
    _ value: StudyModel, _ asked: Asked, study: Study?, monitor: (any WorkMonitor)? = nil
  ) throws -> StudyModel {
    guard asked.isOfOutputsAlone else {
      var asked = asked
      asked.weights = asked.weights ?? value.asked.weights
      return try open(value.model.path, asked, study: study, monitor: monitor)
    }
    guard let outputs = asked.outputs else { return value }
    let reading = try Reporting.run(parameter: "outputs") {
      try readOutputs(value.opened, value.choice.parameters, outputs, study: study)
    }
    var all = value.asked
    all.outputs = outputs
    return StudyModel(
      opened: value.opened, reading: reading, choice: value.choice, conversion: value.conversion, asked: all)
  }

  private static func readOutputs(
    _ model: Model, _ parameters: ModelParameters?, _ asked: OutputReading.Asked?, study: Study?
  ) throws -> OutputReading {
    try OutputReading.choose(
      model, parameters: parameters, asked: asked,
      largestOutcome: study.map { largestOutcome(of: $0.project.annotations) } ?? 0)
  }

  /// Categories of the column that has most; columns that name nearly every slide differently are no outcomes.
  private static func largestOutcome(of annotations: Annotations) -> Int {
    annotations.outcomeColumns.filter {
      annotations.distinctCount(of: $0) * 2 <= annotations.slides.count && !annotations.isContinuous($0)
    }.compactMap { try? annotations.counts(of: $0).count }.max() ?? 0
  }

  /// What a model's file shows before the model is opened.
  package struct Glance: Sendable {
    package let layers: [String]
    /// How many; nil where that is settled only when the model is opened.
    package let logitCount: Int?
    package let featureCount: Int?
  }

  /// For checks before a cell runs and for every keystroke; nil if it cannot be opened, and for a network of torch that
  /// this process has not opened yet.
  package static func glance(_ path: String, weights: String? = nil, folders: [String]) -> Glance? {
    let path = resolved(path, in: folders)
    return glances.value(for: path + "\n" + (weights ?? "")) {
      let weights = weights.map { PathResolution.existing($0, in: folders) }
      var converted: ConvertedNetwork?
      if let network = try? TorchNetwork.find(path, weights: weights) {
        guard let kept = NetworkStore.noted(network) else { return nil }
        converted = kept.converted
      }
      let own = (try? TorchNetwork.withSavedModel(path)) ?? path
      let file = converted?.file ?? own
      let companions = ModelFile.companions(of: file)
      guard (try? Probe.check(.model, file, with: companions)) != nil,
        let model = try? Model.open(own, converted: converted, engines: InferenceEngines.all)
      else { return nil }
      var (logits, features): (Int?, Int?)
      // What may be features or classes is settled when the model is opened.
      if model.layers.heads.allSatisfy({ $0.whyFeatures(largestOutcome: 0) == nil }) {
        let width = model.layers.heads.reduce(0) { $0 + $1.width }
        if width > 0 { logits = width }
        if let width = model.layers.postconv?.width { features = width }
      }
      let glance = Glance(layers: model.layers.names, logitCount: logits, featureCount: features)
      let files = [path, file, file + "/" + ModelFormat.savedModelFile].filter(FileManager.default.fileExists)
      return (glance, files + companions + (weights.map { [$0] } ?? []))
    }
  }

  /// Where a model lies. A folder is the same model with a slash at its end.
  package static func resolved(_ path: String, in folders: [String]) -> String {
    var path = PathResolution.existing(path, in: folders)
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private static let glances = FileCache<Glance>()
}
