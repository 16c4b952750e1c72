import CommandLanguage
import Commands
import Foundation
import Testing

/// A project with what a program wrote whose keys named no engine and whose maps had keys of text. The fixture is a record
/// of that program, so nothing renews it; a test works on a copy.
@Suite("Results of an earlier program")
struct LegacyProjectTests {
  /// A copy of the project that is removed when the test ends, with a session on it.
  private final class Copy: SessionStudy {
    let folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
    let language = CommandInterpreter(registry: CommandSet.registry, files: LocalFiles())

    init() throws {
      let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/legacy-project"
      try FileManager.default.copyItem(atPath: fixture, toPath: folder)
      run("project '\(folder)'")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The store's files of a kind, by their paths in it.
    func files(_ kind: String) throws -> [String: Data] {
      let store = folder + "/tessera/" + kind
      let names = try FileManager.default.subpathsOfDirectory(atPath: store).filter { $0.hasSuffix(".h5") }
      return try Dictionary(
        uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: store + "/" + $0))) })
    }

    func saved(_ name: String) throws -> String {
      #expect(run("save \(name) '\(folder)/saved.csv'").failure == nil)
      return try String(contentsOfFile: folder + "/saved.csv", encoding: .utf8)
    }

    func written(_ name: String) throws -> String {
      try String(contentsOfFile: folder + "/\(name).csv", encoding: .utf8)
    }
  }

  private static let features = "df = features models/small.onnx layers=[postconv] outcomes=site"
  private static let few =
    "few = features models/small.onnx layers=[layer1, postconv] pooling=max include_logits=false max_tiles=6 batch_size=4"
  private static let maps = [
    "u": "slide_map df n_neighbors=5", "v": "slide_map df n_neighbors=6 method=pacmap dim=3 seed=7 n_epochs=100",
    "w": "slide_map df n_neighbors=6 min_dist=0.25 spread=1.5 metric=correlation init=spectral negative_sample_rate=7 "
      + "repulsion_strength=0.5 densmap=true target=site target_weight=0.7 max_tiles=9 n_epochs=60 "
      + "seed=123456789012345",
    "p": "slide_map df map_slide=average method=pca",
  ]

  @Test("features are found, and none is computed")
  func features() throws {
    let project = try Copy()
    let before = try project.files("features")
    for statement in [Self.features, Self.few] { #expect(project.run(statement).failure == nil) }
    #expect(try project.files("features") == before && before.count == 6)
    #expect(try project.saved("df") == project.written("features"))
  }

  @Test("a slide that is missing is computed under a key that names the engine, and the others stay")
  func missing() throws {
    let project = try Copy()
    let before = try project.files("features")
    for name in before.keys where name.hasSuffix("S-1.h5") {
      try FileManager.default.removeItem(atPath: project.folder + "/tessera/features/" + name)
    }
    #expect(project.run(Self.features).failure == nil)
    let after = try project.files("features")
    let added = Set(after.keys).subtracting(before.keys)
    #expect(added.count == 1 && before.keys.filter { after[$0] == nil }.count == 2)
    let folder = try #require(added.first?.split(separator: "/").first)
    let key = try String(
      contentsOfFile: "\(project.folder)/tessera/features/\(folder)/key.json", encoding: .utf8)
    #expect(key.contains(#""engineName" : "OpenVINO""#) && key.contains(#""engineVersion" : "20"#))
    // Which features are whose is part of what a map is of.
    let maps = try project.files("maps")
    #expect(project.run("u = \(Self.maps["u"] ?? "")").failure == nil)
    #expect(try project.files("maps").count == maps.count + 1)
    // Nothing is computed twice.
    #expect(project.run("again = features models/small.onnx layers=[postconv]").failure == nil)
    #expect(try Set(project.files("features").keys) == Set(after.keys))
  }

  @Test("maps are answered from the store as they were", arguments: ["u", "v", "w", "p"])
  func maps(name: String) throws {
    let project = try Copy()
    let before = try project.files("maps")
    project.run(Self.features)
    #expect(project.run("\(name) = \(Self.maps[name] ?? "")").failure == nil)
    #expect(try project.files("maps") == before && before.count == 4)
    #expect(try project.saved(name) == project.written(name))
  }

  @Test("a kept map answers for what it is of, and for nothing else")
  func keptMap() throws {
    let project = try Copy()
    let kept = URL(fileURLWithPath: project.folder + "/kept.h5")
    let before = try Data(contentsOf: kept)
    try FileManager.default.removeItem(atPath: project.folder + "/tessera/maps")
    project.run(Self.features)
    #expect(project.run("u = \(Self.maps["u"] ?? "") umap_cache='\(kept.path)'").failure == nil)
    #expect(try project.saved("u") == project.written("u"))
    #expect(!FileManager.default.fileExists(atPath: project.folder + "/tessera/maps"))
    for arguments in ["n_neighbors=6", "n_neighbors=5 max_tiles=5", "n_neighbors=5 target=site"] {
      let failure = try #require(project.run("slide_map df \(arguments) umap_cache='\(kept.path)'").failure)
      #expect(failure.contains("kept.h5 holds a map made by another version of Tessera."), "\(failure)")
    }
    #expect(try Data(contentsOf: kept) == before)
  }

  @Test("a map that an older way of computing made is refused as such")
  func olderMap() throws {
    let project = try Copy()
    project.run(Self.features)
    let statement = "slide_map df n_neighbors=5 umap_cache='\(project.folder)/kept-older.h5'"
    let failure = try #require(project.run(statement).failure)
    #expect(failure.contains("kept-older.h5 holds a map made by another version of Tessera."), "\(failure)")
  }

  @Test("a map of the store is kept in a file under the key of today")
  func keptAnew() throws {
    let project = try Copy()
    project.run(Self.features)
    let path = project.folder + "/new.h5"
    #expect(project.run("u = \(Self.maps["u"] ?? "") umap_cache='\(path)'").failure == nil)
    let failure = try #require(project.run("slide_map df n_neighbors=6 umap_cache='\(path)'").failure)
    #expect(failure.contains("new.h5 holds a map made with other parameters."), "\(failure)")
  }

  @Test("the journal tells what made each value")
  func journal() throws {
    let project = try Copy()
    let failure = try #require(project.run("u").failure)
    #expect(failure.contains("u = slide_map df n_neighbors=5 umap_cache=./kept.h5") && failure.contains(Self.features))
    #expect(project.run("few").failure?.contains(Self.few) == true)
    #expect(project.run("s").failure?.contains("s = stats df") == true)
  }
}
