import FeatureData
import Inference
package import Slides

/// The stain normalisation of the tiles before a model sees them, and what there is to say about it.
package struct ModelStain: Sendable {
  /// What is asked for.
  package enum Choice: Sendable {
    /// As the model was trained.
    case asTrained
    case none
    case method(StainNormalizer.Method)
  }

  package var normalizer: StainNormalizer?
  package var sentence: String?
  package var warning: String?

  init(normalizer: StainNormalizer? = nil, sentence: String? = nil, warning: String? = nil) {
    self.normalizer = normalizer
    self.sentence = sentence
    self.warning = warning
  }

  /// The method that is asked for, else the model's own; with the fit in its params.json where the method is the same.
  package init(_ choice: Choice = .asTrained, of model: StudyModel) throws {
    let trained = model.choice.parameters?.normalizer
    let name: String
    switch choice {
    case .none:
      self.init(
        warning: trained.map { "The model was trained with \($0) stain normalisation, which is left out as asked." })
      return
    case .method(let method): name = method.rawValue
    case .asTrained:
      guard let trained else {
        self.init()
        return
      }
      if model.choice.isFromProject, let path = model.choice.parameters?.path.withShortPaths {
        self.init(
          warning:
            "\(path), a file of another folder, names \(trained) stain normalisation; the tiles are taken as they are. "
            + "If the model was trained so: params=\(path), or normalizer=\(trained).")
        return
      }
      name = trained
    }
    guard let method = StainNormalizer.Method(rawValue: name) else {
      self.init(
        warning:
          "The model was trained with \(name) stain normalisation, which is not known here; the tiles are taken as "
          + "they are.")
      return
    }
    if name == trained, let parameters = model.choice.parameters, let fit = parameters.normalizerFit {
      let normalizer = try Reporting.run {
        try StainNormalizer(method, target: StainNormalizer.Target(modelFit: fit))
      }
      self.init(
        normalizer: normalizer,
        sentence: "Stain normalisation: \(name), fitted as \(parameters.path.withShortPaths) says.")
      return
    }
    // Releases before 1.6 knew other standard targets; they wrote the fit down.
    self.init(
      normalizer: StainNormalizer(method),
      sentence: "Stain normalisation: \(name), to slideflow's standard target (v3)"
        + (name == trained ? ", for the model's params.json holds no fit." : "."))
  }
}
