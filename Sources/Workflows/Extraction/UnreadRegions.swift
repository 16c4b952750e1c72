import Foundation
import Slides

/// Words for files that lie in a folder of regions under a slide's name and are not read.
enum UnreadRegions {
  /// - Parameter read: the file that is read; nil where there is none.
  /// - Returns: nil where there are none.
  static func remark(_ paths: [String], of slide: String, besides read: String?) -> String? {
    guard let first = paths.first else { return nil }
    let names = paths.map { ($0 as NSString).lastPathComponent }
    let folder = (first as NSString).deletingLastPathComponent
    let ways = Set(paths.map { way(of: $0, isBesides: read != nil) }).sorted().filter { !$0.isEmpty }
    return "\(names.joined(separator: ", ")) \(names.count == 1 ? "lies" : "lie") in \(folder) and "
      + "\(names.count == 1 ? "is" : "are") not read"
      + (read.map { ": the regions of \(slide) are those of \(($0 as NSString).lastPathComponent)" } ?? "") + "."
      + ways.map { " " + $0 }.joined()
  }

  /// What would make it read.
  private static func way(of path: String, isBesides: Bool) -> String {
    switch (path as NSString).pathExtension.lowercased() {
    case "csv", "geojson", "xml": ""
    case "json": "GeoJSON is read under the ending .geojson."
    case "qpdata": "Export the annotations from QuPath as GeoJSON."
    case "gz", "zip", "bz2", "xz": "Unpack it first."
    default: isBesides ? "" : "Regions are read from .csv, .geojson (QuPath) and .xml (ImageScope)."
    }
  }
}
