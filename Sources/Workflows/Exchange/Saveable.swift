package import FeatureData
import Files
import Foundation
package import Rendering

/// A result that can be written to a file, by the file's extension.
package protocol Saveable: Sendable {
  /// The first is the one to suggest.
  static var fileExtensions: [String] { get }
  /// True if it also fills a folder, in a layout.
  var hasLayouts: Bool { get }
  /// True if it also fills a folder, with a file for each slide.
  var fillsFolder: Bool { get }

  /// Writes it.
  ///
  /// - Returns: what was written, a sentence each.
  func save(_ request: SaveRequest) throws -> [String]
}

/// A result whose files are made in memory.
package protocol FileEncodable: Saveable {
  /// The content of the file that is asked for, which has one of the extensions.
  func bytes(_ request: SaveRequest) throws -> [UInt8]
  /// What is to be known of such a file, a sentence each: in what places are counted, and from where.
  func remarks(onFileOf fileExtension: String) -> [String]
}

/// A result that is a table, or has one.
package protocol Tabular: FileEncodable {
  var table: DataTable { get }
}

/// A result that is a picture, or has one.
package protocol Drawable: FileEncodable {
  func drawn(as format: PictureFormat, _ request: SaveRequest) throws -> [UInt8]
}

/// Where a result is written to.
package struct SaveRequest: Sendable {
  package let path: String
  /// Of a folder that is filled; nil for a file.
  package let layout: FeatureExport.Layout?
  /// Which columns are written; nil for all, or what suits the file.
  package let columns: [TileAspect]?
  /// How a picture is to look.
  package let style: StyleChoice
  /// What the result is called, for remedies.
  package let subject: String
  /// How a name is written as the key of a map, for remedies.
  package let spelling: @Sendable (String) -> String
  package let monitor: any WorkMonitor

  package init(
    path: String, layout: FeatureExport.Layout? = nil, columns: [TileAspect]? = nil,
    style: StyleChoice = StyleChoice(), subject: String = "VALUE",
    spelling: @escaping @Sendable (String) -> String = { $0 }, monitor: any WorkMonitor
  ) {
    self.path = path
    self.layout = layout
    self.columns = columns
    self.style = style
    self.subject = subject
    self.spelling = spelling
    self.monitor = monitor
  }

  /// As they were chosen, to be typed again; "" where they were not.
  package var columnsText: String {
    // In quotes anything is a column of the annotations.
    func spelled(_ text: String) -> String {
      text.contains { $0.isWhitespace || "\"',[]{}()=|`".contains($0) } ? spelling(text) : text
    }
    return columns.map { " columns=[\($0.map { spelled($0.written) }.joined(separator: ", "))]" } ?? ""
  }

  package var fileExtension: String { (path as NSString).pathExtension.lowercased() }

  /// "Saved m.png, 2 MB."
  package func sentence(byteCount: Int) -> String {
    "Saved \(path), \(byteCount.byteText)."
  }
}

extension Saveable {
  package var hasLayouts: Bool { false }
  package var fillsFolder: Bool { false }
}

extension FileEncodable {
  package func save(_ request: SaveRequest) throws -> [String] {
    try Reporting.run(parameter: "path") {
      let bytes = try bytes(request)
      try PathResolution.write(bytes, to: request.path)
      return [request.sentence(byteCount: bytes.count)] + remarks(onFileOf: request.fileExtension)
    }
  }

  package func remarks(onFileOf fileExtension: String) -> [String] { [] }
}

extension Tabular {
  package static var fileExtensions: [String] { ["csv", "tsv"] }

  package func bytes(_ request: SaveRequest) throws -> [UInt8] {
    Array(table.csv(CSVText.Separator(fileExtension: request.fileExtension) ?? .comma).utf8)
  }

  package func remarks(onFileOf fileExtension: String) -> [String] {
    CSVText.Separator(fileExtension: fileExtension) == nil ? [] : table.formulaRemarks
  }
}

extension DataTable {
  /// That some texts are written otherwise than they are; nothing where none is.
  package var formulaRemarks: [String] { Self.formulaRemarks(formulaCount) }

  static func formulaRemarks(_ count: Int) -> [String] {
    guard count > 0 else { return [] }
    return [
      "\(count.counted("text")) that a spreadsheet would run as a formula \(count == 1 ? "has" : "have") an apostrophe before "
        + "\(count == 1 ? "it" : "them")."
    ]
  }
}

extension Drawable {
  package static var fileExtensions: [String] { PictureFormat.allCases.map(\.rawValue) }

  package func bytes(_ request: SaveRequest) throws -> [UInt8] {
    try drawn(as: PictureFormat(fileExtension: request.fileExtension) ?? .png, request)
  }
}

extension Tabular where Self: Drawable {
  package static var fileExtensions: [String] { ["csv", "tsv"] + PictureFormat.allCases.map(\.rawValue) }

  package func bytes(_ request: SaveRequest) throws -> [UInt8] {
    if let separator = CSVText.Separator(fileExtension: request.fileExtension) {
      return Array(table.csv(separator).utf8)
    }
    return try drawn(as: PictureFormat(fileExtension: request.fileExtension) ?? .png, request)
  }
}
