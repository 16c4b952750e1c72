package import FeatureData
import Files
import Foundation

extension RegionsOfInterest {
  /// What regions are kept in, by the ending of the file, in the order in which they are looked for.
  package enum Format: String, Sendable, CaseIterable {
    /// slideflow's table.
    case csv
    /// QuPath's.
    case geojson
    /// ImageScope's, and ASAP's.
    case xml

    /// Nil for a file of another kind.
    package init?(path: String) {
      let ending = (path as NSString).pathExtension.lowercased()
      // Earlier versions of QuPath wrote this ending.
      self.init(rawValue: ending == "json" ? "geojson" : ending)
    }

    /// Larger files are no outlines: millions of vertices take no more.
    static let byteLimit = 256 << 20
  }

  /// Reads a file of any of the formats.
  ///
  /// - Throws: `ProjectError` for a file that cannot be read, `SlideError` for one that holds no regions, or more than can
  ///   be worked on; `WorkInterrupted`.
  package init(path: String, monitor: any WorkMonitor = SilentMonitor()) throws {
    switch Format(path: path) {
    case .geojson:
      try self.init(geoJSON: try Self.contents(of: path), path: path, monitor: monitor)
    case .xml: try self.init(xml: try Self.contents(of: path), path: path, monitor: monitor)
    case .csv, nil: try self.init(table: CSVTable(path: path), monitor: monitor)
    }
    self.path = path
  }

  private static func contents(of path: String) throws(ProjectError) -> [UInt8] {
    try ProjectError.contents(of: path, limit: Format.byteLimit, role: "file of regions of interest")
  }
}
