/// Outlines that a pathologist drew on a slide.
///
/// Outlines belong to areas, and areas are joined. In an area an outline inside another one is a hole in it, one inside
/// the hole is tissue again, and so on. A table says nothing of holes, so all of its outlines make one area; where a file
/// says which outline is a hole in which, as GeoJSON does, each polygon is an area of its own.
package struct RegionsOfInterest: Sendable, Equatable {
  package struct Vertex: Sendable, Equatable {
    /// Level-0 pixels.
    package let x: Double
    package let y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// One closed outline.
  package struct Region: Sendable, Equatable {
    package let name: String
    package let label: String?
    /// Three or more; the last is joined to the first.
    package let vertices: [Vertex]

    package init(name: String, label: String? = nil, vertices: [Vertex]) {
      self.name = name
      self.label = label
      self.vertices = vertices
    }
  }

  /// More regions than people draw come from a machine that outlined every nucleus; more vertices than these are no
  /// outlines either. Both are refused when a file is read.
  static let maximumRegionCount = 10_000
  static let maximumVertexCount = 2_000_000

  /// What belongs together: outlines, and the holes in them.
  package struct Area: Sendable, Equatable {
    package var outlines: [Region]
    package var holes: [Region]

    package init(outlines: [Region], holes: [Region] = []) {
      self.outlines = outlines
      self.holes = holes
    }
  }

  /// Outlines, holes included.
  package let regions: [Region]
  /// Which region each one is a hole or an island of; nil for those that lie in none.
  let parents: [Int?]
  /// How many regions each one lies in.
  let depths: [Int]
  /// The area of each one.
  let areas: [Int]
  /// True where which outline is a hole is known only from which lies in which.
  let isNested: Bool
  /// The file that they were read from.
  package internal(set) var path: String?
  /// From which corner they are counted.
  package internal(set) var frame = Frame.wholeSlide
  /// What of the file could not be taken.
  package internal(set) var notes: [RegionNote] = []

  package init(_ regions: [Region]) { self.init(regions) {} }

  /// Outlines whose holes are known.
  package init(areas list: [Area]) {
    var (regions, depths, areas, parents) = ([Region](), [Int](), [Int](), [Int?]())
    for (number, area) in list.enumerated() {
      let first = regions.count
      for (outline, depth) in area.outlines.map({ ($0, 0) }) + area.holes.map({ ($0, 1) }) {
        regions.append(outline)
        depths.append(depth)
        areas.append(number)
        parents.append(depth == 0 ? nil : first)
      }
    }
    (self.regions, self.depths, self.areas, self.parents) = (regions, depths, areas, parents)
    isNested = false
  }

  /// The same with each outline changed, in a way that keeps what lies in what.
  init(_ other: RegionsOfInterest, changing change: (Region) -> Region) {
    regions = other.regions.map(change)
    (parents, depths, areas, isNested) = (other.parents, other.depths, other.areas, other.isNested)
    (path, frame, notes) = (other.path, other.frame, other.notes)
  }

  /// - Parameter check: called again and again while it is found out which regions lie in which; it may end the work.
  init<Stop: Error>(_ regions: [Region], check: () throws(Stop) -> Void) throws(Stop) {
    let nesting = try RegionNesting(regions, check: check)
    self.regions = regions
    parents = nesting.parents
    depths = nesting.depths
    areas = [Int](repeating: 0, count: regions.count)
    isNested = true
  }

  package var holeCount: Int { depths.count { $0 % 2 == 1 } }

  /// Where the regions lie along a horizontal line: disjoint intervals of x, in order.
  ///
  /// - Complexity: O(vertices); `RegionScanner` answers many lines faster.
  package func spans(atY y: Double) -> [Range<Double>] {
    covered(
      by: regions.indices.flatMap { index in
        RegionScanner.spans(of: regions[index].vertices, atY: y).map { (index, $0) }
      })
  }

  /// What lies in an area, of the spans of outlines along a line.
  func covered(by spans: [(region: Int, span: Range<Double>)]) -> [Range<Double>] {
    func union(_ spans: [(region: Int, span: Range<Double>)]) -> [Range<Double>] {
      Self.union(of: spans.map { ($0.span, depths[$0.region]) })
    }
    guard let first = spans.first else { return [] }
    if spans.allSatisfy({ areas[$0.region] == areas[first.region] }) { return union(spans) }
    return Self.joined(Dictionary(grouping: spans) { areas[$0.region] }.values.flatMap(union))
  }

  /// Joins the spans of nested and overlapping outlines of an area: what lies in a region and not in a hole of it.
  ///
  /// The deepest region at a place tells whether it is a hole.
  /// - Parameter layers: spans, each with the depth of its region.
  /// - Complexity: O(n log n) in the number of spans.
  static func union(of layers: [(span: Range<Double>, depth: Int)]) -> [Range<Double>] {
    if layers.allSatisfy({ $0.depth == 0 }) { return joined(layers.map(\.span)) }
    // The bounds in order, and between which of them each span lies.
    let ends = layers.indices.flatMap { layer in
      [(x: layers[layer].span.lowerBound, layer: layer, isUpper: false), (layers[layer].span.upperBound, layer, true)]
    }.sorted { $0.x < $1.x }
    var bounds: [Double] = []
    var places = [(first: Int, end: Int)](repeating: (0, 0), count: layers.count)
    for end in ends {
      if bounds.last != end.x { bounds.append(end.x) }
      if end.isUpper {
        places[end.layer].end = bounds.count - 1
      } else {
        places[end.layer].first = bounds.count - 1
      }
    }
    var isTissue = [Bool](repeating: false, count: bounds.count)
    // The place itself until a region has taken it, then one nearer to the next that none has.
    var next = Array(0...bounds.count)
    func free(from place: Int) -> Int {
      var place = place
      while next[place] != place {
        next[place] = next[next[place]]
        place = next[place]
      }
      return place
    }
    for layer in layers.indices.sorted(by: { layers[$0].depth > layers[$1].depth }) {
      var place = free(from: places[layer].first)
      while place < places[layer].end {
        isTissue[place] = layers[layer].depth % 2 == 0
        next[place] = place + 1
        place = free(from: place)
      }
    }
    return joined(bounds.indices.dropLast().filter { isTissue[$0] }.map { bounds[$0]..<bounds[$0 + 1] })
  }

  static func joined(_ spans: [Range<Double>]) -> [Range<Double>] {
    var result: [Range<Double>] = []
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, span.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
      } else {
        result.append(span)
      }
    }
    return result
  }
}
