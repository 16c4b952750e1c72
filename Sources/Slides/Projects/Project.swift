import FeatureData
import Foundation

/// A slideflow project on disk: settings, sources of tiles, and annotations. Opening it changes nothing.
package struct Project: Sendable {
  /// Where the tiles of one source lie; absolute paths.
  package struct Source: Sendable, Equatable {
    package let name: String
    package let tfrecords: String?
    package let slides: String?
    package let regionsOfInterest: String?
    /// As they are written, by what they are for.
    var folders: [(role: MissingFolder.Role, path: WrittenPath)] = []

    package static func == (one: Source, other: Source) -> Bool {
      one.name == other.name && one.tfrecords == other.tfrecords && one.slides == other.slides
        && one.regionsOfInterest == other.regionsOfInterest
    }
  }

  /// The project's folder, absolute, without a slash at its end.
  package let folder: String
  package let name: String
  package let annotations: Annotations
  package let sources: [Source]
  package let modelsFolder: String
  package let slideflowVersion: String?
  /// The file that says where the tiles and slides of each source lie.
  let configurationPath: String
  /// What was read to open it: settings, dataset configuration and annotations, absolute paths.
  package let files: [String]
  /// Where the records of its tile files lie.
  package let indexes: TFRecordIndexes

  private struct Settings: Decodable {
    let name: String?
    let annotations: String?
    let datasetConfiguration: String?
    let sources: OneOrMore?
    let modelsFolder: String?
    let slideflowVersion: String?

    private enum CodingKeys: String, CodingKey {
      case name, annotations, sources
      case datasetConfiguration = "dataset_config"
      case modelsFolder = "models_dir"
      case slideflowVersion = "slideflow_version"
    }
  }

  /// A list of names, or a single one.
  private struct OneOrMore: Decodable {
    let names: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let name = try? container.decode(String.self) {
        names = [name]
      } else {
        names = try container.decode([String].self)
      }
    }
  }

  private struct SourceSettings: Decodable {
    let slides: String?
    let roi: String?
    let tiles: String?
    let tfrecords: String?

    var folders: [(role: MissingFolder.Role, path: WrittenPath)] {
      [(MissingFolder.Role.tfrecords, tfrecords), (.slides, slides), (.roi, roi), (.tiles, tiles)].compactMap {
        role, path in
        path.map { (role, WrittenPath($0)) }
      }
    }
  }

  /// Opens the project in a folder.
  ///
  /// - Parameter indexFolder: where indexes of tile files that have none are kept; nil keeps them in memory.
  package init(folder path: String, indexFolder: String? = nil) throws(ProjectError) {
    let folder = URL(fileURLWithPath: path).standardizedFileURL.path
    let settingsPath = folder + "/settings.json"
    guard FileManager.default.fileExists(atPath: settingsPath) else { throw .notAProject(folder: path) }
    let settings = try Self.decode(Settings.self, settingsPath, role: "settings file")
    let configuration = WrittenPath(settings.datasetConfiguration ?? "./datasets.json")
    let configPath = configuration.resolved(in: folder)
    guard FileIdentity(configPath) != nil else {
      throw .missingConfiguration(
        path: configPath, settings: settingsPath, moved: Self.moved(configuration, from: folder))
    }
    let configured = try Self.decode([String: SourceSettings?].self, configPath, role: "dataset configuration")
    let writtenAnnotations = WrittenPath(settings.annotations ?? "./annotations.csv")
    let annotationsPath = writtenAnnotations.resolved(in: folder)
    guard FileManager.default.fileExists(atPath: annotationsPath) else {
      throw .missingAnnotations(
        path: annotationsPath, settings: settingsPath, moved: Self.moved(writtenAnnotations, from: folder))
    }

    var sources: [Source] = []
    for name in settings.sources?.names ?? configured.keys.sorted() {
      guard let entry = configured[name] else {
        throw .unknownSource(name: name, known: configured.keys.sorted(), path: configPath)
      }
      func resolved(_ path: String?) -> String? { path.map { WrittenPath($0).resolved(in: folder) } }
      sources.append(
        Source(
          name: name, tfrecords: resolved(entry?.tfrecords), slides: resolved(entry?.slides),
          regionsOfInterest: resolved(entry?.roi), folders: entry?.folders ?? []))
    }
    self.folder = folder
    name = settings.name ?? URL(fileURLWithPath: folder).lastPathComponent
    annotations = try Annotations(try CSVTable(path: annotationsPath)) {
      ProjectFiles.slideNames(slides: sources.compactMap(\.slides), tfrecords: sources.compactMap(\.tfrecords))
    }
    self.sources = sources
    indexes = TFRecordIndexes(folder: indexFolder)
    modelsFolder = WrittenPath(settings.modelsFolder ?? "./models").resolved(in: folder)
    slideflowVersion = settings.slideflowVersion
    configurationPath = configPath
    files = [settingsPath, configPath, annotationsPath]
  }

  /// The tile sizes for which a source has a folder with tile files, fewest pixels first.
  package var tileSizes: [TileSize] {
    Set(sources.compactMap(\.tfrecords).flatMap(ProjectFiles.tileSizes)).sorted {
      ($0.pixels, $0.label) < ($1.pixels, $1.label)
    }
  }

  /// `params.json` files of the project's models, sorted by path; at most two folders deep.
  package var modelParameterFiles: [String] {
    let manager = FileManager.default
    var found: [String] = []
    for entry in ((try? manager.contentsOfDirectory(atPath: modelsFolder)) ?? []).sorted() {
      let folder = modelsFolder + "/" + entry
      if entry == "params.json" { found.append(folder) }
      if manager.fileExists(atPath: folder + "/params.json") { found.append(folder + "/params.json") }
    }
    return found
  }

  /// A file of the same name where a project was moved, as its settings would have it.
  private static func moved(_ path: WrittenPath, from folder: String) -> String? {
    path.candidates(from: folder).first { FileIdentity($0)?.isFolder == false }
  }

  /// A larger file is none of settings, sources or counts.
  static let jsonByteLimit = 64 << 20

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ path: String, role: String
  ) throws(ProjectError) -> Value {
    let bytes = try ProjectError.contents(of: path, limit: jsonByteLimit, role: role)
    // Windows' editors put a byte order mark before the text.
    let text = Data(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
    do { return try JSONDecoder().decode(type, from: text) } catch let error as DecodingError {
      throw .invalidJSON(path: path, reason: reason(error))
    } catch {
      throw .invalidJSON(path: path, reason: error.reason)
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "the value of \"\(place(context))\" is of the wrong kind"
    case .keyNotFound(let key, _): return "\"\(key.stringValue)\" is missing"
    case .dataCorrupted: return "it is not valid JSON"
    @unknown default: return "it cannot be decoded"
    }
  }
}
