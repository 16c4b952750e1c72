import Analysis
import FeatureData
import FeatureStore
import Foundation

/// A file named by `umap_cache`: a map is written there, and answered from there while it is of the same features.
struct MapCacheFile {
  let path: String
  private let kept: StoredMap?

  /// - Throws: `WorkflowFailure` for a file of another kind, `FeatureStoreError` for one that cannot be read.
  init(path: String) throws {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      kept = nil
      return
    }
    let beginning = try FileHandle(forReadingAtPath: path)?.read(upToCount: 4) ?? Data()
    // A pickle begins with the number of its protocol, a Parquet file with its name.
    if beginning.first == 0x80 || beginning.starts(with: Array("PAR1".utf8)) {
      throw WorkflowFailure(
        "\(path) is \(beginning.first == 0x80 ? "a Python pickle" : "a Parquet file"), as slideflow writes; maps of "
          + "other programs are not read\(beginning.first == 0x80 ? ", for a pickle may run any program" : "").",
        remedy: "umap_cache=\(Self.suggestion(for: path))", parameter: "umap_cache")
    }
    do { kept = try StoredMap(path: path) } catch FeatureStoreError.damaged {
      throw WorkflowFailure(
        "\(path) is damaged: the map in it is not the one that was written.",
        remedy: "umap_cache=\(Self.suggestion(for: path)), or remove the file", parameter: "umap_cache")
    } catch FeatureStoreError.unknownVersion {
      throw WorkflowFailure(
        "\(path) holds a map made by another version of Tessera.",
        remedy: "umap_cache=\(Self.suggestion(for: path)), or remove the file", parameter: "umap_cache")
    } catch {
      throw WorkflowFailure(
        "\(path) is there and is no map of Tessera's: \(error.description)",
        remedy: "umap_cache=\(Self.suggestion(for: path))", parameter: "umap_cache")
    }
  }

  private static func suggestion(for path: String) -> String {
    let name = (path as NSString).deletingPathExtension
    return name + (path.hasSuffix(".h5") ? "-2.h5" : ".h5")
  }

  func holds(_ key: MapKey) -> Bool {
    kept.map { kept in key.storeKeys.contains { $0.text == kept.identity } } ?? false
  }

  /// The map, if there is one.
  /// - Throws: `WorkflowFailure` if the file has a map that depends on something else.
  func map(_ key: MapKey) throws -> StoredMap? {
    guard let kept else { return nil }
    if holds(key) { return kept }
    let what =
      switch MapKey(noted: kept.identity)?.difference(from: key) {
      case .features: "of other features"
      case .slides: "of other slides"
      case .points: "of other tiles"
      case .target: "made with another target"
      case .parameters: "made with other parameters"
      case .version, nil: "made by another version of Tessera"
      }
    throw WorkflowFailure(
      "\(path) holds a map \(what).", remedy: "umap_cache=\(Self.suggestion(for: path)), or remove the file",
      parameter: "umap_cache")
  }

  /// Writes the map if the file is not there yet.
  func keep(_ map: StoredMap) throws {
    if kept == nil { try Reporting.run(parameter: "umap_cache") { try map.write(to: path) } }
  }
}
