import FeatureData
package import Files
import Rendering

extension Exploration {
  /// What a page is told first: an object, and x, y and slide of each point as 32-bit floats and 16-bit integers, then the
  /// bits of the points that are selected, if any were given.
  ///
  /// - Parameters:
  ///   - subject: how statements name the map; nil where nothing does.
  ///   - selectionName: one that is free.
  package func opening(
    subject: String?, selectionName: String, choices: [ColourChoice], first: ColourChoice?, isFrozen: Bool
  ) -> (members: [(String, JSONFragment)], buffers: [[UInt8]]) {
    let slides = slides.map { slide in
      JSONFragment.object([
        ("name", .string(slide.name.visible)), ("patient", .optional(slide.patient)), ("count", .integer(slide.count)),
        ("picture", .optional(slide.picture?.rawValue)),
      ])
    }
    let selected = try? given.map { try points(of: $0) }
    let missing = missingPictures
    let members: [(String, JSONFragment)] = [
      ("title", .string("Map of \(map.countText)")), ("caption", .string(map.caption.visible)),
      ("subject", .optional(subject)), ("name", .string(selectionName)), ("count", .integer(map.points.count)),
      ("axes", .array(map.axisNames.prefix(2).map { .string($0.visible) })),
      ("noun", .string(map.isOfSlides ? "slide" : "tile")), ("slides", .array(slides)),
      ("slideShown", firstSlide.map(JSONFragment.integer) ?? .null),
      ("colourings", ColourChoice.menu(choices)), ("featureCount", .integer(features.featureCount)),
      ("colouring", first.map { .string($0.key) } ?? .null), ("selected", .bool(selected != nil)),
      ("pictures", .bool(missing == nil)), ("picturesNote", .optional(missing)), ("isFrozen", .bool(isFrozen)),
    ]
    let buffers = [coordinates(axis: 0).memory, coordinates(axis: 1).memory, slidePlaces.memory]
    return (members, buffers + (selected.map { [$0.bits] } ?? []))
  }
}

extension ColourChoice {
  package static func menu(_ choices: [ColourChoice]) -> JSONFragment {
    .array(
      choices.map { choice in
        .object([
          ("key", .string(choice.key)), ("title", .string(choice.title.visible)),
          ("group", .string(choice.group.rawValue)),
        ])
      })
  }
}

extension PointColours {
  /// What the colours stand for, and for each point the place of its class or of its value, as 8- or 16-bit integers.
  package var json: (members: [(String, JSONFragment)], places: [UInt8]) {
    switch self {
    case .classes(let classes, let title, let places):
      let entries = classes.map { entry in
        JSONFragment.object([
          ("name", .string(entry.name.visible)), ("count", .integer(entry.count)),
          ("light", .string(entry.light.hexText)), ("dark", .string(entry.dark.hexText)),
        ])
      }
      let isShort = classes.count < Int(PointColours.noValue)
      return (
        [
          ("kind", .string("classes")), ("title", .string(title.visible)), ("classes", .array(entries)),
          ("missing", .integer(places.count { $0 == PointColours.none })), ("bytes", .integer(isShort ? 1 : 2)),
        ], isShort ? places.map { UInt8(truncatingIfNeeded: $0) } : places.memory
      )
    case .values(let title, let range, let light, let dark, let shares):
      return (
        [
          ("kind", .string("values")), ("title", .string(title.visible)), ("low", .number(range.lowerBound)),
          ("high", .number(range.upperBound)), ("light", .array(light.map { .string($0.hexText) })),
          ("dark", .array(dark.map { .string($0.hexText) })),
          ("missing", .integer(shares.count { $0 == PointColours.noValue })), ("bytes", .integer(1)),
        ], shares
      )
    }
  }
}

extension JSONFragment {
  /// A text as it can be shown anywhere.
  package static func optional(_ text: String?) -> JSONFragment { text.map { .string($0.visible) } ?? .null }
  package static func integers(_ numbers: [Int]) -> JSONFragment { .array(numbers.map(JSONFragment.integer)) }
}

extension Array where Element: BitwiseCopyable {
  /// Its memory, in the byte order of this machine, which is that of a page's typed arrays.
  package var memory: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
