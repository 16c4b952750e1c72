import Foundation

/// A slideflow project on disk: settings, sources of tiles, and annotations. Opening it changes nothing.
package struct Project: Sendable {
  /// Where the tiles of one source lie; absolute paths.
  package struct Source: Sendable, Equatable {
    package let name: String
    package let tfrecords: String?
    package let slides: String?
    package let regionsOfInterest: String?
  }

  /// The project's folder, absolute, without a slash at its end.
  package let folder: String
  package let name: String
  package let annotations: Annotations
  package let sources: [Source]
  package let modelsFolder: String
  package let slideflowVersion: String?
  /// What was read to open it: settings, dataset configuration and annotations, absolute paths.
  package let files: [String]

  private struct Settings: Decodable {
    let name: String?
    let annotations: String?
    let datasetConfiguration: String?
    let sources: [String]?
    let modelsFolder: String?
    let slideflowVersion: String?

    private enum CodingKeys: String, CodingKey {
      case name, annotations, sources
      case datasetConfiguration = "dataset_config"
      case modelsFolder = "models_dir"
      case slideflowVersion = "slideflow_version"
    }
  }

  private struct SourceSettings: Decodable {
    let slides: String?
    let roi: String?
    let tfrecords: String?
  }

  /// Opens the project in a folder.
  package init(folder path: String) throws(ProjectError) {
    let folder = URL(fileURLWithPath: path).standardizedFileURL.path
    let settingsPath = folder + "/settings.json"
    guard FileManager.default.fileExists(atPath: settingsPath) else { throw .notAProject(folder: path) }
    let settings = try Self.decode(Settings.self, settingsPath, role: "settings file")
    let configPath = Self.resolve(settings.datasetConfiguration ?? "./datasets.json", in: folder)
    let configured = try Self.decode([String: SourceSettings].self, configPath, role: "dataset configuration")
    let annotationsPath = Self.resolve(settings.annotations ?? "./annotations.csv", in: folder)
    guard FileManager.default.fileExists(atPath: annotationsPath) else {
      throw .missingFile(path: annotationsPath, role: "annotations file")
    }

    var sources: [Source] = []
    for name in settings.sources ?? configured.keys.sorted() {
      guard let source = configured[name] else {
        throw .unknownSource(name: name, known: configured.keys.sorted(), path: configPath)
      }
      sources.append(
        Source(
          name: name, tfrecords: source.tfrecords.map { Self.resolve($0, in: folder) },
          slides: source.slides.map { Self.resolve($0, in: folder) },
          regionsOfInterest: source.roi.map { Self.resolve($0, in: folder) }))
    }
    self.folder = folder
    name = settings.name ?? URL(fileURLWithPath: folder).lastPathComponent
    annotations = try Annotations(try CSVTable(path: annotationsPath))
    self.sources = sources
    modelsFolder = Self.resolve(settings.modelsFolder ?? "./models", in: folder)
    slideflowVersion = settings.slideflowVersion
    files = [settingsPath, configPath, annotationsPath]
  }

  /// The tile sizes for which a source has a folder with tile files, smallest tissue first by name.
  package var tileSizes: [TileSize] {
    var found: Set<TileSize> = []
    for folder in sources.compactMap(\.tfrecords) {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        if let size = TileSize(label: name), !tileFiles(in: folder + "/" + name).isEmpty { found.insert(size) }
      }
    }
    return found.sorted { ($0.pixels, $0.label) < ($1.pixels, $1.label) }
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

  /// The tile files in a folder: `<slide>.tfrecords`, by slide, sorted.
  func tileFiles(in folder: String) -> [(slide: String, path: String)] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().compactMap { file in
      guard file.hasSuffix(".tfrecords"), file.count > ".tfrecords".count else { return nil }
      return (String(file.dropLast(".tfrecords".count)), folder + "/" + file)
    }
  }

  private static func resolve(_ path: String, in folder: String) -> String {
    let absolute = path.hasPrefix("/") ? path : folder + "/" + path
    return URL(fileURLWithPath: absolute).standardizedFileURL.path
  }

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ path: String, role: String
  ) throws(ProjectError) -> Value {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      if !FileManager.default.fileExists(atPath: path) { throw .missingFile(path: path, role: role) }
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    do { return try JSONDecoder().decode(type, from: data) } catch let error as DecodingError {
      throw .invalidJSON(path: path, reason: reason(error))
    } catch {
      throw .invalidJSON(path: path, reason: error.localizedDescription)
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
