import Files
import Foundation

/// Reads keys of an object; a value of the wrong kind is an error that names the key.
struct ParameterReader {
  let path: String
  let members: [String: JSONValue]
  var prefix = ""

  init(path: String, members: [String: JSONValue], prefix: String = "") {
    self.path = path
    self.members = members
    self.prefix = prefix
  }

  /// - Throws: `parametersUnreadable`.
  init(_ data: Data, path: String) throws(InferenceError) {
    guard let bytes = try? TextEncoding.utf8([UInt8](data)),
      let document = try? JSONValue(parsing: bytes, takesPythonNumbers: true)
    else { throw .parametersUnreadable(path: path, reason: "it is not valid JSON") }
    guard case .object(let members) = document else {
      throw .parametersUnreadable(path: path, reason: "it holds \(document.summary) instead of an object")
    }
    self.init(path: path, members: members)
  }

  /// - Throws: `parametersMissing`, `parametersUnreadable`.
  static func content(_ path: String) throws(InferenceError) -> Data {
    guard FileManager.default.fileExists(atPath: path) else { throw .parametersMissing(path: path) }
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
      throw .parametersUnreadable(path: path, reason: "the file cannot be opened")
    }
    guard data.count <= 1 << 24 else {
      throw .parametersUnreadable(path: path, reason: "it is \(data.count) bytes long, and these files are small")
    }
    return data
  }

  func has(_ key: String) -> Bool { value(key) != nil }

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

  func flag(_ key: String) throws(InferenceError) -> Bool? {
    guard let value = value(key) else { return nil }
    guard case .bool(let flag) = value else { throw invalid(key, "true or false", value) }
    return flag
  }

  func number(_ key: String) throws(InferenceError) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.double, number.isFinite else { throw invalid(key, "a number", value) }
    return number
  }

  func count(_ key: String) throws(InferenceError) -> Int? {
    guard let number = try number(key) else { return nil }
    guard let count = Int(exactly: number), (0...1_000_000).contains(count) else {
      throw invalid(key, "a whole number, 0 or more", .number(number))
    }
    return count
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
