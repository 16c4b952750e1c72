import FeatureData

/// Gathers the regions of a file, within the limits of what can be worked on.
struct RegionCollector {
  typealias Region = RegionsOfInterest.Region
  typealias Vertex = RegionsOfInterest.Vertex

  let path: String
  private(set) var areas: [RegionsOfInterest.Area] = []
  private(set) var notes: [RegionNote] = []
  private var passedOver: [(kind: String, count: Int)] = []
  private var regionCount = 0
  private var vertexCount = 0
  private let monitor: any WorkMonitor

  init(path: String, monitor: any WorkMonitor) {
    self.path = path
    self.monitor = monitor
  }

  /// Counts an outline that is read.
  ///
  /// - Throws: `SlideError.roiTooManyRegions`, `roiTooManyVertices`; `WorkInterrupted`.
  mutating func count(vertices: Int, line: Int?) throws {
    try monitor.checkInterrupted()
    regionCount += 1
    vertexCount += vertices
    guard regionCount <= RegionsOfInterest.maximumRegionCount else {
      throw SlideError.roiTooManyRegions(path: path, line: line ?? 1, limit: RegionsOfInterest.maximumRegionCount)
    }
    guard vertexCount <= RegionsOfInterest.maximumVertexCount else {
      throw SlideError.roiTooManyVertices(path: path, line: line ?? 1, limit: RegionsOfInterest.maximumVertexCount)
    }
  }

  mutating func add(_ area: RegionsOfInterest.Area) { areas.append(area) }

  mutating func leaveOut(_ name: String, line: Int?, _ fault: RegionFault) {
    notes.append(.faulty(name: name, line: line, fault))
  }

  mutating func passOver(_ kind: String) {
    if let place = passedOver.firstIndex(where: { $0.kind == kind }) {
      passedOver[place].count += 1
    } else {
      passedOver.append((kind, 1))
    }
  }

  /// What was gathered.
  ///
  /// - Throws: `SlideError.roiEmpty` where nothing is left.
  func regions(frame: RegionsOfInterest.Frame) throws(SlideError) -> RegionsOfInterest {
    let notes = notes + passedOver.map { .passedOver(kind: $0.kind, count: $0.count) }
    guard areas.contains(where: { !$0.outlines.isEmpty }) else {
      throw .roiEmpty(path: path, reasons: notes.prefix(3).map(\.clause))
    }
    var regions = RegionsOfInterest(areas: areas)
    regions.frame = frame
    regions.notes = notes
    return regions
  }
}
