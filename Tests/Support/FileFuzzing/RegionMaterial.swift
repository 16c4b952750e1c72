/// Tables of regions of interest, of the shapes that people draw and of such as nobody does.
enum RegionMaterial {
  typealias Point = (x: Double, y: Double)

  static func table(_ dice: inout Dice) -> String {
    var text = dice.chance(30) ? "ROI_name,label,X_base,Y_base\n" : "ROI_name,X_base,Y_base\n"
    let hasLabel = text.contains("label")
    // Many regions or long ones: both at once take seconds where all is right.
    let isMany = dice.chance(2)
    let regionCount = isMany ? dice.below(400) : dice.below(8)
    for region in 0..<regionCount {
      let name = dice.chance(5) ? "r" : "r\(region)"
      for point in outline(region, isLong: !isMany && dice.chance(2), &dice) {
        text += hasLabel ? "\(name),tumour,\(point.x),\(point.y)\n" : "\(name),\(point.x),\(point.y)\n"
      }
    }
    return text
  }

  /// What QuPath exports of such regions: some with holes, some of several parts.
  static func geoJSON(_ dice: inout Dice) -> String {
    var features: [String] = []
    for region in 0..<dice.below(8) {
      var rings: [String] = []
      for _ in 0...dice.below(3) {
        let points = outline(region, isLong: false, &dice)
        rings.append("[" + (points + points.prefix(1)).map { "[\($0.x),\($0.y)]" }.joined(separator: ",") + "]")
      }
      let isMany = dice.chance(30)
      let coordinates =
        isMany ? "[" + rings.map { "[\($0)]" }.joined(separator: ",") + "]" : "[\(rings.joined(separator: ","))]"
      features.append(
        #"{"type":"Feature","geometry":{"type":"\#(isMany ? "MultiPolygon" : "Polygon")","coordinates":\#(coordinates)},"#
          + #""properties":{"objectType":"\#(dice.pick(["annotation", "cell"]))","classification":{"name":"tumour"}}}"#)
    }
    return #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#
  }

  /// The same as ImageScope writes it.
  static func xml(_ dice: inout Dice) -> String {
    var text = "<?xml version=\"1.0\"?>\n<Annotations>"
    for layer in 0..<dice.below(4) {
      text += "<Annotation Id=\"\(layer)\" Name=\"tumour\"><Regions>\n"
      for region in 0..<dice.below(5) {
        text += "<Region Id=\"\(region)\" Type=\"\(dice.below(6))\" NegativeROA=\"\(dice.below(2))\"><Vertices>"
        for point in outline(region, isLong: false, &dice) { text += "<Vertex X=\"\(point.x)\" Y=\"\(point.y)\"/>" }
        text += "</Vertices></Region>\n"
      }
      text += "</Regions></Annotation>"
    }
    return text + "</Annotations>"
  }

  private static func outline(_ region: Int, isLong: Bool, _ dice: inout Dice) -> [Point] {
    let centre = (x: dice.unit() * 4_000, y: dice.unit() * 4_000)
    let radius = dice.unit() * 2_000
    switch dice.below(10) {
    case 0: return square((2_000, 2_000), 2_000 - Double(region) * 4)
    case 1: return square(centre, radius)
    case 2: return Array(repeating: centre, count: 3 + dice.below(3))
    case 3: return (0..<4).map { (centre.x + Double($0) * radius, centre.y) }
    case 4:
      // A star whose edges cross.
      let corners = 5 + 2 * dice.below(20)
      return (0..<corners).map { corner in
        let place = Double(corner * (corners / 2) % corners) / Double(corners) * 4
        return (
          centre.x + radius * (abs(place - 2) - 1), centre.y + radius * (1 - abs((place + 1).remainder(dividingBy: 4)))
        )
      }
    case 5:
      let count = isLong ? 20_000 : 100
      return (0..<count).map { (Double($0 % 2) * 4_000, Double($0) * 4_000 / Double(count)) }
    case 6:
      let count = isLong ? 5_000 : 40
      return (0..<count).map { (Double($0), $0 % 2 == 0 ? -10 : 5_000) }
    case 7: return square(centre, dice.pick([1e8, 9.9e7, 1e-300, .leastNonzeroMagnitude, 0]))
    case 8:
      let y = dice.pick([64, 0.03125, 0, 128.5])
      return [(0, y), (1e8, y.nextUp), (-1e8, y.nextDown), (50, y)]
    default: return (0..<3 + dice.below(30)).map { _ in (dice.unit() * 5_000 - 500, dice.unit() * 5_000 - 500) }
    }
  }

  private static func square(_ centre: Point, _ half: Double) -> [Point] {
    [
      (centre.x - half, centre.y - half), (centre.x + half, centre.y - half), (centre.x + half, centre.y + half),
      (centre.x - half, centre.y + half),
    ]
  }
}
