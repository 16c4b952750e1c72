import FeatureData

/// Places of tiles that are told by the names of their files, as QuPath and scripts write them.
///
/// `S1 [d=2,x=512,y=0,w=1024,h=1024]` (QuPath), `S1_x512_y0`, `S1 (512, 0)`, `S1_512_0`. Where the numbers are unnamed they
/// are read only if the tiles then lie on a grid.
package struct TileNamePlaces: Sendable, Equatable {
  package enum Style: Sendable, Hashable {
    /// Upper left corner and sides, in pixels of level 0 as QuPath counts them.
    case quPath
    /// x and y with their letters before them.
    case lettered
    /// Two numbers in parentheses.
    case parentheses
    /// Two numbers at the end, or before the sides of the tile or its other corner.
    case trailing
  }

  /// What a name says.
  package struct Place: Sendable, Equatable {
    package let x: Int
    package let y: Int
    /// Of the tile, in the same unit; nil where the name does not say.
    package let sides: (width: Int, height: Int)?

    package static func == (one: Place, other: Place) -> Bool {
      one.x == other.x && one.y == other.y && one.sides?.width == other.sides?.width
        && one.sides?.height == other.sides?.height
    }
  }

  package let style: Style
  /// Of each name; nil for a name of another form.
  package let places: [Place?]
  /// Of each name, what stands before the place, which mostly is the slide.
  package let owners: [String]

  /// - Parameter stems: names of the files of a folder without their endings.
  /// - Returns: nil where most of them tell no place.
  package init?(_ stems: [String]) {
    for (style, read) in [
      (Style.quPath, Self.quPath), (.lettered, Self.lettered), (.parentheses, Self.parentheses),
    ] {
      let found = stems.map(read)
      guard found.count(where: { $0 != nil }) * 2 > stems.count else { continue }
      self.style = style
      places = found.map { $0?.place }
      owners = found.map { $0?.owner ?? "" }
      return
    }
    guard let found = Self.trailing(stems) else { return nil }
    style = .trailing
    places = found.map { $0?.place }
    owners = found.map { $0?.owner ?? "" }
  }

  /// True where numbers are likelier to count rows and columns than pixels: they hardly leave one out.
  package static func areRowsAndColumns(_ places: [Place]) -> Bool {
    guard places.count >= 3 else { return false }
    return [places.map(\.x), places.map(\.y)].allSatisfy { numbers in
      guard let least = numbers.min(), let most = numbers.max() else { return false }
      return most - least < 8 * Set(numbers).count
    }
  }

  /// True where the places are those of a grid of tiles, none of them twice.
  static func areOnGrid(_ places: [Place]) -> Bool {
    let locations = places.map { TileLocation(x: $0.x, y: $0.y) }
    return Set(locations).count == locations.count && TileLattice(locations) != nil
  }

  // MARK: Forms

  private typealias Reading = (place: Place, owner: String)

  private static func quPath(_ stem: String) -> Reading? {
    guard let open = stem.lastIndex(of: "["), let close = stem[open...].firstIndex(of: "]") else { return nil }
    var values: [Substring: Int] = [:]
    for part in stem[stem.index(after: open)..<close].split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, let number = Double(pair[1].trimmed), abs(number) < 1e9 else { continue }
      values[pair[0].trimmed] = Int(number.rounded())
    }
    guard let x = values["x"], let y = values["y"] else { return nil }
    let sides = values["w"].flatMap { width in values["h"].map { (width, $0) } }
    return (Place(x: x, y: y, sides: sides), String(stem[..<open].trimmed))
  }

  /// A letter that no other letter stands before, and a number after it.
  private static func lettered(_ stem: String) -> Reading? {
    let scalars = Array(stem.unicodeScalars)
    var values: [Character: Int] = [:]
    var owner: String?
    var index = 0
    while index < scalars.count {
      let letter = Character(scalars[index]).lowercased()
      let isAlone = index == 0 || !scalars[index - 1].properties.isAlphabetic && !isDigit(scalars[index - 1])
      guard isAlone, ["x", "y", "w", "h"].contains(letter), let (number, end) = number(scalars, from: index + 1) else {
        index += 1
        continue
      }
      if owner == nil { owner = text(scalars[..<index]) }
      values[Character(letter)] = number
      index = end
    }
    guard let x = values["x"], let y = values["y"], let owner else { return nil }
    let sides = values["w"].flatMap { width in values["h"].map { (width, $0) } }
    return (Place(x: x, y: y, sides: sides), owner.withoutSeparators)
  }

  /// The number behind a letter, and its end; one sign may stand between them.
  private static func number(_ scalars: [Unicode.Scalar], from start: Int) -> (Int, Int)? {
    var start = start
    if start < scalars.count, "=_-: ".unicodeScalars.contains(scalars[start]) { start += 1 }
    let digits = scalars[min(start, scalars.count)...].prefix(while: isDigit)
    guard let number = Int(text(digits)), number < 1_000_000_000 else { return nil }
    return (number, start + digits.count)
  }

  private static func parentheses(_ stem: String) -> Reading? {
    guard let open = stem.lastIndex(of: "("), let close = stem[open...].firstIndex(of: ")") else { return nil }
    let parts = stem[stem.index(after: open)..<close].split { ",;_- ".contains($0) }
    guard parts.count == 2, let x = Int(parts[0]), let y = Int(parts[1]), x >= 0, y >= 0, x < 1_000_000_000,
      y < 1_000_000_000
    else { return nil }
    return (Place(x: x, y: y, sides: nil), String(stem[..<open]).withoutSeparators)
  }

  /// The numbers at the end of a name, and what stands before each.
  private struct Tail {
    let numbers: [Int]
    let stem: String
    /// Where each number begins, in UTF-8.
    let starts: [Int]

    init(_ stem: String) {
      self.stem = stem
      let bytes = Array(stem.utf8)
      var numbers: [Int] = []
      var starts: [Int] = []
      var end = bytes.count
      while numbers.count < 6 {
        var start = end
        while start > 0, (0x30...0x39).contains(bytes[start - 1]) { start -= 1 }
        guard start < end, end - start < 10, let number = Int(String(decoding: bytes[start..<end], as: UTF8.self)),
          start == 0 || "_-, ".utf8.contains(bytes[start - 1])
        else { break }
        numbers.insert(number, at: 0)
        starts.insert(start, at: 0)
        guard start > 0 else { break }
        end = start - 1
      }
      self.numbers = numbers
      self.starts = starts
    }

    func owner(before index: Int) -> String {
      String(decoding: stem.utf8.prefix(starts[index]), as: UTF8.self).withoutSeparators
    }
  }

  /// Names that end in two numbers, in four (the corner and the sides, or two corners), or in three (and the side), where
  /// the tiles of each owner then lie on a grid.
  private static func trailing(_ stems: [String]) -> [Reading?]? {
    let tails = stems.map(Tail.init)
    let lengths = tails.map(\.numbers.count)
    let byLength = Dictionary(grouping: lengths.filter { $0 >= 2 }, by: { $0 })
    guard let common = byLength.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }) else { return nil }
    let count = common.key
    guard common.value.count * 2 > stems.count else { return nil }
    let fitting = tails.map { $0.numbers.count == count ? $0 : nil }
    func column(_ fromEnd: Int) -> [Int] { fitting.compactMap { $0?.numbers[count - fromEnd] } }
    func constant(_ numbers: [Int]) -> Int? { Set(numbers).count == 1 ? numbers[0] : nil }
    func reading(dropping dropped: Int, sides: (Int, Int)?) -> [Reading?]? {
      guard count - dropped >= 2 else { return nil }
      let found = fitting.map { tail -> Reading? in
        guard let tail else { return nil }
        let place = count - dropped - 2
        return (Place(x: tail.numbers[place], y: tail.numbers[place + 1], sides: sides), tail.owner(before: place))
      }
      let groups = Dictionary(grouping: found.compactMap { $0 }) { $0.owner }
      let sound = groups.values.filter { areOnGrid($0.map(\.place)) || areRowsAndColumns($0.map(\.place)) }
      return sound.reduce(0) { $0 + $1.count } * 2 > stems.count ? found : nil
    }
    if count >= 4 {
      let width = constant(zip(column(2), column(4)).map { $0 - $1 })
      let height = constant(zip(column(1), column(3)).map { $0 - $1 })
      if let width, let height, width > 0, height > 0, let found = reading(dropping: 2, sides: (width, height)) {
        return found
      }
      if let width = constant(column(2)), let height = constant(column(1)), width == height, width > 0,
        let found = reading(dropping: 2, sides: (width, height))
      {
        return found
      }
    }
    if let found = reading(dropping: 0, sides: nil) { return found }
    return count >= 3 && constant(column(1)) != nil ? reading(dropping: 1, sides: nil) : nil
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var rest = self.drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}

extension String {
  /// Without the signs at its end that stand between a name and a place.
  fileprivate var withoutSeparators: String {
    var rest = self[...]
    while let last = rest.last, last.isWhitespace || "_-,.".contains(last) { rest.removeLast() }
    return String(rest)
  }
}
