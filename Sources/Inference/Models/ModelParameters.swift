import Files
import Foundation

/// What slideflow wrote beside a model when it trained it: `params.json`.
package struct ModelParameters: Sendable, Equatable {
  package enum Backend: String, Sendable {
    case torch, tensorflow
  }
  package enum Kind: String, Sendable {
    case classification, regression, survival
  }
  /// The side of a tile on the slide.
  package enum TileExtent: Sendable, Hashable {
    case microns(Double)
    /// As in "10x".
    case magnification(String)
  }

  package let path: String
  package let slideflowVersion: String?
  package let modelName: String?
  package let backend: Backend?
  package let kind: Kind?
  package let tilePixels: Int?
  package let tileMicrons: TileExtent?
  /// The columns of the annotations that were learned.
  package let outcomes: [String]
  /// The names of the classes by index; empty for a regression, or where several outcomes have classes of their own.
  package let outcomeLabels: [String]
  /// The names of the classes by outcome, where several outcomes have classes of their own; otherwise empty.
  package let labelsByOutcome: [String: [String]]
  /// The stain normaliser used in training, such as "reinhard_fast".
  package let normalizer: String?
  /// What the normaliser was fitted to, by the names of slideflow's attributes ("target_means", "target_stds",
  /// "stain_matrix_target", "target_concentrations"); matrices row by row. nil where the file holds no fit.
  package let normalizerFit: [String: [Double]]?
  /// How the tiles were kept that the model was trained on: "jpg" or "png".
  package let imageFormat: String?

  /// Reads a params.json of any release of slideflow.
  ///
  /// - Throws: `parametersMissing`, `parametersUnreadable`, or `parametersInvalid` with the key at fault.
  package static func read(_ path: String) throws(InferenceError) -> ModelParameters {
    guard FileManager.default.fileExists(atPath: path) else { throw .parametersMissing(path: path) }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .parametersUnreadable(path: path, reason: "the file cannot be opened")
    }
    guard data.count <= 1 << 24 else {
      throw .parametersUnreadable(path: path, reason: "it is \(data.count) bytes long, and these files are small")
    }
    return try parse(data, path: path)
  }

  /// The params.json in the folder of a model, or in the model that is a folder; nil if there is none.
  package static func beside(modelPath: String) throws(InferenceError) -> ModelParameters? {
    let model = URL(fileURLWithPath: modelPath)
    let paths = [model, model.deletingLastPathComponent()].map { $0.appendingPathComponent("params.json").path }
    guard let path = paths.first(where: FileManager.default.fileExists) else { return nil }
    return try read(path)
  }

  static func parse(_ data: Data, path: String) throws(InferenceError) -> ModelParameters {
    guard let bytes = try? TextEncoding.utf8([UInt8](data)),
      let document = try? JSONValue(parsing: bytes, takesPythonNumbers: true)
    else { throw .parametersUnreadable(path: path, reason: "it is not valid JSON") }
    guard case .object(let members) = document else {
      throw .parametersUnreadable(path: path, reason: "it holds \(document.summary) instead of an object")
    }
    return try ModelParameters(ParameterReader(path: path, members: members))
  }

  private init(_ file: ParameterReader) throws(InferenceError) {
    let hyperparameters = try file.object("hp")
    path = file.path
    slideflowVersion = try file.text("slideflow_version")
    modelName = try file.text("model_name")
    backend = try file.choice("backend", ["torch": .torch, "pytorch": .torch, "tensorflow": .tensorflow])
    kind = try file.choice(
      "model_type",
      [
        "classification": .classification, "categorical": .classification, "regression": .regression,
        "linear": .regression, "survival": .survival, "cph": .survival,
      ])
    let (ownPixels, ownMicrons) = (try file.size("tile_px"), try file.extent("tile_um"))
    let (trainedPixels, trainedMicrons) = (
      try hyperparameters?.size("tile_px"), try hyperparameters?.extent("tile_um")
    )
    tilePixels = ownPixels ?? trainedPixels
    tileMicrons = ownMicrons ?? trainedMicrons
    let (names, oldNames) = (try file.texts("outcomes"), try file.texts("outcome_label_headers"))
    outcomes = names ?? oldNames ?? []
    outcomeLabels = try file.labels("outcome_labels")
    labelsByOutcome = try file.labelsByOutcome("outcome_labels")
    normalizer = try hyperparameters?.text("normalizer")
    normalizerFit = try Self.fit(in: file)
    imageFormat = try file.text("img_format")?.lowercased()
  }
}

extension ModelParameters {
  private static let fitNames = ["target_means", "target_stds", "stain_matrix_target", "target_concentrations"]

  /// Since 1.1 an object, before that two lists of their own.
  private static func fit(in file: ParameterReader) throws(InferenceError) -> [String: [Double]]? {
    if let fit = try file.object("norm_fit") {
      var values: [String: [Double]] = [:]
      for name in fitNames { values[name] = try fit.numbers(name) }
      return values.isEmpty ? nil : values
    }
    let (means, deviations) = (try file.numbers("norm_mean"), try file.numbers("norm_std"))
    guard means != nil || deviations != nil else { return nil }
    var values: [String: [Double]] = [:]
    values["target_means"] = means
    values["target_stds"] = deviations
    return values
  }
}

/// Reads keys of an object; a value of the wrong kind is an error that names the key.
private struct ParameterReader {
  let path: String
  let members: [String: JSONValue]
  var prefix = ""

  /// nil for an absent key and for null.
  private func value(_ key: String) -> JSONValue? {
    let value = members[key]
    return value == .null ? nil : value
  }

  private func invalid(_ key: String, _ expected: String, _ found: JSONValue) -> InferenceError {
    .parametersInvalid(path: path, key: prefix + key, expected: expected, found: found.summary)
  }

  func object(_ key: String) throws(InferenceError) -> ParameterReader? {
    guard let value = value(key) else { return nil }
    guard case .object(let inner) = value else { throw invalid(key, "an object", value) }
    return ParameterReader(path: path, members: inner, prefix: prefix + key + ".")
  }

  func text(_ key: String) throws(InferenceError) -> String? {
    guard let value = value(key) else { return nil }
    guard case .string(let text) = value else { throw invalid(key, "a text", value) }
    return text
  }

  /// A list of texts; a single text serves as a list of one.
  func texts(_ key: String) throws(InferenceError) -> [String]? {
    guard let value = value(key) else { return nil }
    if case .string(let text) = value { return [text] }
    guard case .array(let items) = value else { throw invalid(key, "a list of texts", value) }
    var texts: [String] = []
    for item in items {
      guard case .string(let text) = item else { throw invalid(key, "a list of texts", item) }
      texts.append(text)
    }
    return texts
  }

  /// A number or a list of numbers; lists of lists are joined, row by row.
  func numbers(_ key: String) throws(InferenceError) -> [Double]? {
    guard let value = value(key) else { return nil }
    var numbers: [Double] = []
    // What is still to be read, the next item last.
    var rest = [value]
    while let item = rest.popLast() {
      switch item {
      case .array(let items): rest += items.reversed()
      default:
        guard let number = item.double, number.isFinite else { throw invalid(key, "numbers", item) }
        numbers.append(number)
      }
    }
    return numbers
  }

  func choice<Choice>(_ key: String, _ choices: [String: Choice]) throws(InferenceError) -> Choice? {
    guard let text = try text(key) else { return nil }
    if let choice = choices[text.lowercased()] { return choice }
    throw invalid(key, "one of \(choices.keys.sorted().joined(separator: ", "))", .string(text))
  }

  func size(_ key: String) throws(InferenceError) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.double, let size = Int(exactly: number), (1...65_536).contains(size) else {
      throw invalid(key, "a number of pixels", value)
    }
    return size
  }

  /// `112` or `"10x"`.
  func extent(_ key: String) throws(InferenceError) -> ModelParameters.TileExtent? {
    guard let value = value(key) else { return nil }
    if let microns = value.double, microns > 0, microns.isFinite { return .microns(microns) }
    if case .string(let text) = value {
      let lowercased = text.lowercased()
      if let microns = Double(lowercased), microns > 0, microns.isFinite { return .microns(microns) }
      if lowercased.hasSuffix("x"), let power = Double(lowercased.dropLast()), power > 0, power.isFinite {
        return .magnification(lowercased)
      }
    }
    throw invalid(key, "microns such as 302, or a magnification such as “10x”", value)
  }

  /// `{"HPV_status": {"0": "negative", …}, "site": {…}}`; empty for any other form.
  func labelsByOutcome(_ key: String) throws(InferenceError) -> [String: [String]] {
    guard case .object(let outcomes)? = value(key), outcomes.count > 1 else { return [:] }
    let reader = ParameterReader(path: path, members: outcomes, prefix: prefix + key + ".")
    var labels: [String: [String]] = [:]
    for (outcome, inner) in outcomes {
      guard case .object = inner else { return [:] }
      labels[outcome] = try reader.labels(outcome)
    }
    return labels
  }

  /// `{"0": "negative", "1": "positive"}`: the keys are indices written as text, so "10" follows "9".
  func labels(_ key: String) throws(InferenceError) -> [String] {
    guard let value = value(key) else { return [] }
    guard case .object(let names) = value else { throw invalid(key, "an object of class names by index", value) }
    if let inner = names.values.first, case .object = inner {
      // One object of labels for each of several outcomes; with one outcome it is the same thing once more.
      guard names.count == 1, let outcome = names.keys.first else { return [] }
      return try ParameterReader(path: path, members: names, prefix: prefix + key + ".").labels(outcome)
    }
    var labels = [String?](repeating: nil, count: names.count)
    for (index, name) in names {
      guard let position = Int(index), labels.indices.contains(position), labels[position] == nil else {
        throw invalid(key, "an object with the keys “0” to “\(names.count - 1)”", .string(index))
      }
      switch name {
      case .string(let text): labels[position] = text
      case .integer, .number, .bool: labels[position] = name.summary
      default: throw invalid(key + "." + index, "a class name", name)
      }
    }
    return labels.compactMap(\.self)
  }
}
