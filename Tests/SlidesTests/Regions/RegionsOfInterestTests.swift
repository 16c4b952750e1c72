import FeatureData
import Testing

@testable import Slides

@Suite struct RegionsOfInterestTests {
  private func square(_ left: Double, _ top: Double, _ side: Double, name: String = "r") -> RegionsOfInterest.Region {
    RegionsOfInterest.Region(
      name: name,
      vertices: [(left, top), (left + side, top), (left + side, top + side), (left, top + side)].map {
        RegionsOfInterest.Vertex(x: $0.0, y: $0.1)
      })
  }

  private func table(_ text: String) throws -> CSVTable { try CSVTable(text: text, path: "roi.csv") }

  @Test func `slideflow's table is read, whatever the capitals and the order of columns`() throws {
    let regions = try RegionsOfInterest(
      table: table("roi_NAME,label,Y_base,X_Base\nA,tumor,0,0\nA,tumor,0,10\nA,tumor,10,10\nB,,5,5\nB,,5,6\nB,,6,6.5\n")
    )
    #expect(regions.regions.map(\.name) == ["A", "B"])
    #expect(regions.regions.map(\.label) == ["tumor", nil])
    #expect(regions.regions[0].vertices[1] == RegionsOfInterest.Vertex(x: 10, y: 0))
    #expect(regions.regions[1].vertices[2].x == 6.5)
  }

  @Test func `faults name the file and the line`() throws {
    let missing = try #require(throws: SlideError.self) { try RegionsOfInterest(table: table("name,x,y\na,1,2\n")) }
    #expect(missing.description.contains("roi.csv, line 1: there is no column ROI_name"))
    let number = try #require(throws: SlideError.self) {
      try RegionsOfInterest(table: table("ROI_name,X_base,Y_base\na,1,2\na,x,2\n"))
    }
    #expect(number.description == "roi.csv, line 3: X_base is \"x\", which is no coordinate.")
    let few = try #require(throws: SlideError.self) {
      try RegionsOfInterest(table: table("ROI_name,X_base,Y_base\na,1,2\na,3,2\n"))
    }
    #expect(few.description.contains("line 2: the region a has 2 vertices"))
    for text in ["nan", "inf", "1e300"] {
      #expect(throws: SlideError.self) {
        try RegionsOfInterest(table: table("ROI_name,X_base,Y_base\na,\(text),2\na,1,2\na,2,2\n"))
      }
    }
  }

  @Test func `a region in a region is a hole, and one in the hole is tissue again`() {
    let regions = RegionsOfInterest([square(40, 40, 20), square(0, 0, 100), square(20, 20, 60)])
    #expect(regions.depths == [2, 0, 1])
    #expect(regions.parents == [2, nil, 1])
    #expect(regions.holeCount == 1)
    #expect(regions.spans(atY: 50) == [0..<20, 40..<60, 80..<100])
    #expect(regions.spans(atY: 30) == [0..<20, 80..<100])
    #expect(regions.spans(atY: 10) == [0..<100])
    #expect(regions.spans(atY: 100) == [])
  }

  @Test func `regions that overlap are joined`() {
    let regions = RegionsOfInterest([square(0, 0, 10), square(5, 0, 10)])
    #expect(regions.depths == [0, 0])
    #expect(regions.spans(atY: 5) == [0..<15])
  }

  @Test func `line by line gives what each line gives by itself`() {
    var random = SplitMix64(seed: 9)
    let regions = RegionsOfInterest(
      (0..<30).map { index in
        let centre = (random.nextUnit() * 900, random.nextUnit() * 900)
        let corners = (0..<(3 + index % 9)).map { corner in
          let angle = Double(corner) / Double(3 + index % 9) * 6.28
          let radius = 20 + 100 * random.nextUnit()
          return RegionsOfInterest.Vertex(
            x: centre.0 + radius * (angle < 3.14 ? 1 - angle / 1.57 : angle / 1.57 - 3),
            y: centre.1 + radius * (angle < 1.57 ? angle / 1.57 : angle < 4.71 ? 2 - angle / 1.57 : angle / 1.57 - 4))
        }
        return RegionsOfInterest.Region(name: "\(index)", vertices: corners)
      })
    var scanner = RegionScanner(regions)
    for line in stride(from: -50.0, to: 1000, by: 7.3) {
      let together = scanner.spans(atY: line)
      let alone = regions.spans(atY: line)
      #expect(together.count == alone.count)
      for (one, other) in zip(together, alone) {
        #expect(abs(one.lowerBound - other.lowerBound) < 1e-6 && abs(one.upperBound - other.upperBound) < 1e-6)
      }
    }
  }

  @Test func `an edge of hardly any height bounds a region as any other`() {
    let corners = [(0.0, 0.0), (1e8, Double.leastNonzeroMagnitude), (-1e8, 1), (50, 0)]
    let regions = RegionsOfInterest([
      RegionsOfInterest.Region(name: "r", vertices: corners.map { RegionsOfInterest.Vertex(x: $0.0, y: $0.1) })
    ])
    var scanner = RegionScanner(regions)
    for y in [0, .leastNonzeroMagnitude, 0.5] {
      #expect(regions.spans(atY: y).allSatisfy { $0.lowerBound.isFinite && $0.upperBound.isFinite })
      #expect(scanner.spans(atY: y) == regions.spans(atY: y))
    }
  }

  @Test func `squares in squares are holes and islands by turns, however deep`() {
    let count = 200
    let regions = RegionsOfInterest((0..<count).map { square(Double($0), Double($0), Double(1_000 - 2 * $0)) })
    #expect(regions.depths == Array(0..<count))
    let left = stride(from: 0, to: count, by: 2).map { Double($0)..<Double($0 + 1) }
    let right = left.reversed().map { 1_000 - $0.upperBound..<1_000 - $0.lowerBound }
    #expect(regions.spans(atY: 500) == left + right)
  }

  @Test func `what overlaps and nests at once is what its deepest region says`() {
    var random = SplitMix64(seed: 3)
    let layers = (0..<60).map { _ -> (span: Range<Double>, depth: Int) in
      let start = Double(random.next() % 100)
      return (start..<start + Double(random.next() % 30), Int(random.next() % 5))
    }
    let union = RegionsOfInterest.union(of: layers)
    for place in stride(from: 0.5, to: 130, by: 1) {
      let deepest = layers.filter { $0.span.contains(place) }.map(\.depth).max()
      #expect(union.contains { $0.contains(place) } == (deepest.map { $0 % 2 == 0 } ?? false))
    }
    #expect(zip(union, union.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
  }

  @Test func `more regions or vertices than can be worked on are refused with their line and a remedy`() throws {
    let header = "ROI_name,X_base,Y_base\n"
    let many = (0...RegionsOfInterest.maximumRegionCount).map { "\($0),1,2\n" }.joined()
    let regions = try #require(throws: SlideError.self) { try RegionsOfInterest(table: table(header + many)) }
    #expect(regions == .roiTooManyRegions(path: "roi.csv", line: 10_002, limit: 10_000))
    #expect(regions.description.contains("roi.csv, line 10002: there are more than 10000 regions"))
    #expect(regions.remedy != nil)
    let long = String(repeating: "a,1,2\n", count: RegionsOfInterest.maximumVertexCount + 1)
    let vertices = try #require(throws: SlideError.self) { try RegionsOfInterest(table: table(header + long)) }
    #expect(vertices == .roiTooManyVertices(path: "roi.csv", line: 2_000_002, limit: 2_000_000))
    #expect(vertices.description.contains("more than 2000000 vertices") && vertices.remedy != nil)
  }

  @Test func `reading can be interrupted, also while it is found out which regions lie in which`() throws {
    let regions = (0..<100).map { square(Double($0), Double($0), Double(1_000 - 2 * $0)) }
    var calls = 0
    #expect(throws: WorkInterrupted.self) {
      _ = try RegionsOfInterest(regions) { () throws(WorkInterrupted) in
        calls += 1
        if calls > 50 { throw WorkInterrupted() }
      }
    }
    #expect(calls == 51)
    struct Impatient: WorkMonitor {
      var isInterrupted: Bool { true }
      func report(phase: String, unit: String, done: Int, total: Int) {}
    }
    let small = try table("ROI_name,X_base,Y_base\na,0,0\na,0,1\na,1,1\n")
    #expect(throws: WorkInterrupted.self) { try RegionsOfInterest(table: small, monitor: Impatient()) }
  }
}
