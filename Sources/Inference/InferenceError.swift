/// What can go wrong between a model file and its activations.
package enum InferenceError: Error, Sendable, Equatable {
  // A model file.
  case fileMissing(path: String)
  case notAFile(path: String)
  case fileUnreadable(path: String)
  case fileEmpty(path: String)
  /// `looksLike` names the kind of file where it can be told, such as "a ZIP archive, as torch writes".
  case notONNX(path: String, looksLike: String?)
  /// The file says that it holds `expected` bytes, and has only `actual`.
  case fileTruncated(path: String, expected: Int, actual: Int)
  case modelRefused(path: String, reason: String)
  case inputUnsupported(path: String, found: String)

  // What is asked of a model.
  case unknownLayer(name: String, nearest: [String], path: String)
  case noPostconv(path: String, reason: String)
  case noLogits(path: String, reason: String)
  case nothingAsked
  case compilationFailed(path: String, reason: String)
  case inferenceFailed(path: String, reason: String)
  case engineUnavailable(reason: String)

  // A params.json.
  case parametersMissing(path: String)
  case parametersUnreadable(path: String, reason: String)
  case parametersInvalid(path: String, key: String, expected: String, found: String)
  case parametersDoNotFit(path: String, reason: String)

  // Standardisation.
  case standardizationInvalid(parameter: String, expected: String, found: String)
}
