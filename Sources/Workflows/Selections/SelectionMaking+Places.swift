import FeatureData
import FeatureStore
import Slides

extension SelectionMaking {
  /// Rules of slides, numbers and places.
  func choosePlaces() throws {
    let asked = request.choice
    if let slide = asked.slide { try choose("slide", "slide \(slide)", TileChoice.Asked(slide: slide)) }
    if let numbers = asked.numbers {
      try choose("tiles", Self.phrase(numbers), TileChoice.Asked(slide: asked.slide, numbers: numbers))
    }
    if let area = asked.area {
      let corners = area.map(\.shortText).joined(separator: ", ")
      try choose("area", "in the area [\(corners)]\(ofGround)", TileChoice.Asked(area: area))
    }
    if let polygon = request.polygon { try choose(PlanePolygon(polygon)) }
    if let polygon = request.slidePolygon {
      try chooseOnSlides(PlanePolygon(polygon, parameter: "slide_polygon"), "slide_polygon")
    }
    if let regions = asked.regions {
      try choose(
        "region", "in \(regions.joined(separator: " or "))", TileChoice.Asked(slide: asked.slide, regions: regions))
    }
    if let path = request.regionsPath { try choose(regionsAt: path, classes: request.regionClasses) }
  }

  private var ofGround: String { map == nil ? " of level 0" : " of the map" }

  private static func phrase(_ numbers: TileChoice.Numbers) -> String {
    switch numbers {
    case .range(let range): "tiles \(range.lowerBound) to \(range.upperBound - 1) of each slide"
    case .list(let list):
      "tiles " + list.prefix(6).map(String.init).joined(separator: ", ") + (list.count > 6 ? ", …" : "")
        + " of each slide"
    }
  }

  /// By one of the rules that `tiles` has too.
  private func choose(_ parameter: String, _ phrase: String, _ asked: TileChoice.Asked) throws {
    if map != nil, parameter == "area" { noteFeatures() }
    try narrow(
      parameter, phrase,
      reason: { parameter == "area" ? self.extent(of: $0) : parameter == "region" ? self.noPlaces : nil }
    ) { mask in
      let isOnMap = map != nil && (parameter == "area" || map?.isOfSlides == false)
      let found = try TileChoice(isOnMap ? map?.tiles() ?? features.tiles() : features.tiles()).candidates(asked)
      for slide in mask.chosen.indices {
        guard let rows = found.rows[slide] else { continue }
        let wanted = Set(rows)
        mask.keep(in: slide) { wanted.contains($0) || isOnMap && map?.isOfSlides == true && !wanted.isEmpty }
      }
    }
    if parameter == "area", map == nil { sayOfSeveralSlides() }
  }

  // MARK: Polygons

  private func choose(_ polygon: PlanePolygon) throws {
    guard let map else { return try chooseOnSlides(polygon, "polygon") }
    let phrase = "in a polygon of \(polygon.cornerCount) corners of the map"
    noteFeatures()
    if map.coordinates.columnCount > 2 {
      say(.note("Of the three dimensions of the map the polygon lies in the first two."))
    }
    try narrow("polygon", phrase, reason: { self.extent(of: $0) }) { mask in
      var inside = TileMask(tileCounts: features.slides.map(\.tileCount), all: false)
      for (index, point) in map.points.enumerated()
      where polygon.contains(Double(map.coordinates[index, 0]), Double(map.coordinates[index, 1])) {
        if map.isOfSlides {
          for row in mask.rows(of: point.slide) { inside.insert(point.slide, row) }
        } else if mask[point.slide, point.row] {
          inside.insert(point.slide, point.row)
        }
      }
      mask = inside
    }
  }

  private func chooseOnSlides(_ polygon: PlanePolygon, _ parameter: String) throws {
    let places = FeatureTiles(features)
    let phrase = "in a polygon of \(polygon.cornerCount) corners of level 0"
    try narrow(parameter, phrase, reason: { self.extentOnSlides(of: $0) }) { mask in
      for slide in mask.slides {
        mask.keep(in: slide) { row in
          places.location(slide: slide, tile: row).map { polygon.contains(Double($0.x), Double($0.y)) } ?? false
        }
      }
    }
    sayOfSeveralSlides()
  }

  /// The same place is looked at on every slide.
  private func sayOfSeveralSlides() {
    guard request.choice.slide == nil, features.slides.count > 1 else { return }
    say(.note("The place is looked for on each of \(features.slides.count) slides; `slide=` names one."))
  }

  private var noPlaces: String? {
    features.slides.contains { $0.stored.locations != nil } ? nil : "These features have no places of their tiles."
  }

  /// From where to where tiles lie.
  private func extent(of mask: TileMask) -> String? {
    guard let map else { return extentOnSlides(of: mask) }
    var (xs, ys) = (ClosedRangeSpan(), ClosedRangeSpan())
    for (index, point) in map.points.enumerated() where mask[point.slide, point.row] {
      xs.add(Double(map.coordinates[index, 0]))
      ys.add(Double(map.coordinates[index, 1]))
    }
    guard let x = xs.text, let y = ys.text else { return noPlaces }
    return "They lie at x \(x), y \(y) of the map."
  }

  private func extentOnSlides(of mask: TileMask) -> String? {
    var (xs, ys) = (ClosedRangeSpan(), ClosedRangeSpan())
    let places = FeatureTiles(features)
    for slide in mask.slides {
      for row in mask.rows(of: slide) {
        guard let place = places.location(slide: slide, tile: row) else { continue }
        xs.add(Double(place.x))
        ys.add(Double(place.y))
      }
    }
    guard let x = xs.text, let y = ys.text else { return noPlaces }
    return "They lie at x \(x), y \(y), in pixels of level 0."
  }

  // MARK: Drawn regions

  private func choose(regionsAt path: String, classes: [String]?) throws {
    let ofClasses = classes.map { " of class " + $0.joined(separator: " or ") } ?? ""
    try narrow(
      "geojson", "in regions\(ofClasses) of \(path.withShortPaths)",
      reason: { mask in self.extent(of: mask) }
    ) { mask in
      let drawn = try DrawnRegions(path, classes: classes, of: mask.slides, in: features, monitor: monitor)
      for remark in drawn.remarks { say(remark) }
      let places = FeatureTiles(features)
      for slide in mask.slides {
        guard let regions = drawn.bySlide[slide] else {
          mask.removeAll(of: slide)
          continue
        }
        let rows = mask.rows(of: slide)
        let centres = rows.map { places.location(slide: slide, tile: $0) }
        let vertices = centres.compactMap { $0.map { RegionsOfInterest.Vertex(x: Double($0.x), y: Double($0.y)) } }
        var isInside = regions.contain(vertices).makeIterator()
        let inside = Set(
          zip(rows, centres).compactMap { row, centre in
            centre != nil && isInside.next() == true ? row : nil
          })
        mask.keep(in: slide) { inside.contains($0) }
      }
    }
    say(.note("A tile counts by its centre, as in the regions of the project."))
  }
}

/// The least and the greatest of numbers.
struct ClosedRangeSpan {
  private(set) var low = Double.infinity
  private(set) var high = -Double.infinity

  mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    low = min(low, value)
    high = max(high, value)
  }

  /// "0.1 to 0.9"; nil without a number.
  var text: String? { low <= high ? "\(low.shortText) to \(high.shortText)" : nil }
}
