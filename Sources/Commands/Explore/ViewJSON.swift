import CommandLanguage
import Files
import Foundation
import Workflows

/// What a page asks, read with distrust: every number is checked, and what is too much is refused.
struct PageQuestion {
  /// What is wrong with it.
  struct Fault: Error {
    let sentence: String
  }

  let name: String
  private let members: [String: JSONValue]

  init(_ json: String) throws {
    guard json.utf8.count <= Self.longest else { throw Fault(sentence: "The question is too long.") }
    guard let value = try? JSONValue(parsing: Array(json.utf8)), let members = value.members,
      let name = members["do"]?.text
    else { throw Fault(sentence: "The question cannot be read.") }
    self.name = name
    self.members = members
  }

  /// Of steps of 4,000 numbers each.
  private static let longest = 2_000_000

  func text(_ key: String, longest: Int = 500) throws -> String {
    guard let text = members[key]?.text, text.utf8.count <= longest else { throw wrong(key) }
    return text
  }

  func optionalText(_ key: String) throws -> String? {
    switch members[key] {
    case nil, .null?: nil
    default: try text(key)
    }
  }

  func integer(_ key: String, in range: Range<Int>) throws -> Int {
    guard case .integer(let number)? = members[key], range.contains(number) else { throw wrong(key) }
    return number
  }

  func integers(_ key: String, in range: Range<Int>, most: Int) throws -> [Int] {
    guard case .array(let items)? = members[key], items.count <= most else { throw wrong(key) }
    return try items.map { item in
      guard case .integer(let number) = item, range.contains(number) else { throw wrong(key) }
      return number
    }
  }

  /// Three numbers each.
  func pieces(_ key: String, most: Int) throws -> [[Int]] {
    guard case .array(let items)? = members[key], items.count <= most else { throw wrong(key) }
    return try items.map { item in
      guard case .array(let parts) = item, parts.count == 3 else { throw wrong(key) }
      return try parts.map { part in
        guard case .integer(let number) = part, (0..<1 << 31).contains(number) else { throw wrong(key) }
        return number
      }
    }
  }

  // MARK: Steps

  private static let mostSteps = 200
  private static let mostCorners = 2000

  /// Equal texts are equal steps.
  var stepTexts: [String] {
    guard case .array(let items)? = members["steps"] else { return [] }
    return items.map { JSONFragment($0).text }
  }

  /// - Parameter within: the class of a name that is shown, of what a key of the menu stands for.
  func steps(
    pointCount: Int, slideCount: Int, within: (_ key: String, _ name: String) throws -> SelectionStep.Within
  ) throws -> [SelectionStep] {
    guard case .array(let items)? = members["steps"], !items.isEmpty else { throw wrong("steps") }
    guard items.count <= Self.mostSteps else {
      throw Fault(sentence: "A selection has at most \(Self.mostSteps) steps: keep it, and go on from there.")
    }
    return try items.enumerated().map { place, item in
      guard let mode = item["mode"]?.text.flatMap(SelectionStep.Mode.init), (mode == .new) == (place == 0) else {
        throw wrong("steps")
      }
      var found: SelectionStep.Within?
      if let asked = item["within"], asked != .null {
        guard let key = asked["by"]?.text, let name = asked["class"]?.text, key.utf8.count + name.utf8.count <= 1000
        else { throw wrong("steps") }
        found = try within(key, name)
      }
      return SelectionStep(
        mode: mode, shape: try shape(item, pointCount: pointCount, slideCount: slideCount), within: found)
    }
  }

  private func shape(_ item: JSONValue, pointCount: Int, slideCount: Int) throws -> SelectionStep.Shape {
    if case .integer(let point)? = item["point"] {
      guard (0..<pointCount).contains(point) else { throw wrong("steps") }
      return .point(point)
    }
    switch item["on"] {
    case .string("given")?: return .given
    case .string("map")?: return .map(polygon: try polygon(item))
    case .integer(let slide)?:
      guard (0..<slideCount).contains(slide) else { throw wrong("steps") }
      return .slide(slide, polygon: try polygon(item))
    default: throw wrong("steps")
    }
  }

  private func polygon(_ item: JSONValue) throws -> [Double] {
    guard case .array(let items)? = item["polygon"], items.count <= Self.mostCorners * 2, items.count.isMultiple(of: 2)
    else { throw wrong("steps") }
    return try items.map { item in
      guard let number = item.double, number.isFinite, abs(number) <= 1e9 else { throw wrong("steps") }
      // Rounded as the statement has it, so that both select the same.
      return SelectionStatements.written(number)
    }
  }

  private func wrong(_ key: String) -> Fault { Fault(sentence: "The question's \(key) cannot be used.") }
}

extension ViewMessage {
  init(_ members: [(String, JSONFragment)], buffers: [[UInt8]] = []) {
    self.init(members.map { (name: $0.0, json: $0.1.text) }, buffers: buffers)
  }
}
