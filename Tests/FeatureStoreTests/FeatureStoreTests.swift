import FeatureData
import Files
import Foundation
import Testing

@testable import FeatureStore

/// A folder that is removed when the test ends.
final class ScratchFolder {
  let path = NSTemporaryDirectory() + "tessera-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

private func featureKey(
  layers: [String] = ["postconv"], maxTiles: Int = 0, outputs: [String]? = nil, engine: String = "OpenVINO",
  version: String = "2026.4.1"
) -> FeatureKey {
  FeatureKey(
    modelDigest: "abc", layers: layers, precision: "f32", standardization: "torch", tileLabel: "299px_302um",
    maxTiles: maxTiles, includesLogits: true, outputs: outputs, normalizer: nil, engine: "batch=8",
    engineName: engine, engineVersion: version)
}

private func key(layers: [String] = ["postconv"], maxTiles: Int = 0) -> StoreKey {
  featureKey(layers: layers, maxTiles: maxTiles).storeKey
}

private func slide(_ name: String = "S-1", tiles: Int = 5, width: Int = 7) -> SlideFeatures {
  var generator = SplitMix64(seed: 3)
  func matrix(_ columns: Int) -> Matrix {
    Matrix(
      rowCount: tiles, columnCount: columns,
      elements: (0..<tiles * columns).map { _ in Float(generator.nextNormal()) })
  }
  return SlideFeatures(
    slide: name, features: matrix(width), logits: matrix(2),
    outputs: ModelOutputs([OutputHead(name: "y", meaning: .labels, outputNames: ["gland", "fat"])]),
    locations: (0..<tiles).map { TileLocation(x: 302 + 604 * $0, y: 302) },
    corners: TileCorners(
      corners: (0..<tiles).map { TileLocation(x: 604 * $0, y: 0) }, sidePixels: 604, tilePixels: 299,
      slideSize: TileCorners.PixelSize(width: 9000, height: 8000), origin: "mpp=0.5, as given"),
    layers: [StoredLayer(layer: "postconv", width: width)], records: Array(1...max(tiles, 1)).prefix(tiles).map { $0 },
    failures: [RecordFailure(record: 0, reason: "its checksum does not match")], engine: "OpenVINO")
}

@Suite("Feature store")
struct FeatureStoreTests {
  let scratch: ScratchFolder
  let store: FeatureStore

  init() throws {
    scratch = try ScratchFolder()
    store = try FeatureStore(folder: scratch.path + "/deep/store")
  }

  @Test("a slide comes back as it was saved, bit for bit")
  func roundTrip() throws {
    let original = slide()
    _ = try store.save(original, key: key(), tileDigest: "d1")
    let stored = try #require(try store.features(of: "S-1", key: key(), tileDigest: "d1"))
    #expect(stored.features.matrix() == original.features)
    #expect(stored.logits?.matrix() == original.logits)
    #expect(stored.outputs == original.outputs && stored.outputs.heads.map(\.meaning) == [.labels])
    #expect(stored.locations == original.locations)
    #expect(stored.records == original.records)
    #expect(stored.failures == original.failures)
    #expect(stored.corners == original.corners)
    #expect(stored.layers == original.layers)
  }

  @Test("another tile file, model, layer or limit never answers from the old entry")
  func keys() throws {
    _ = try store.save(slide(), key: key(), tileDigest: "d1")
    #expect(try store.features(of: "S-1", key: key(), tileDigest: "d2") == nil)
    #expect(try store.features(of: "S-1", key: key(layers: ["layer3"]), tileDigest: "d1") == nil)
    #expect(try store.features(of: "S-1", key: key(maxTiles: 10), tileDigest: "d1") == nil)
    #expect(try store.features(of: "S-2", key: key(), tileDigest: "d1") == nil)
  }

  @Test(
    "logits of other tensors have a key of their own; that of the first versions' logits is the one of these versions")
  func outputs() throws {
    func key(_ outputs: [String]?) -> StoreKey { featureKey(outputs: outputs).storeKey }
    #expect(!key(nil).text.contains("outputs"))
    #expect(Set([key(nil), key(["fc"]), key(["fc", "grade"])].map(\.digest)).count == 3)
    // A file of a version that noted nothing of its logits.
    let bare = SlideFeatures(
      slide: "S-1", features: slide().features, logits: slide().logits, locations: nil,
      records: slide().records, failures: [], engine: "OpenVINO")
    #expect(try store.save(bare, key: key(nil), tileDigest: "d1").outputs == .none)
  }

  @Test("numbers of one engine, or of one version of it, never answer for another")
  func engines() throws {
    let keys = [
      featureKey(), featureKey(version: "2027.0.0"), featureKey(engine: "Other"),
    ]
    _ = try store.save(slide(), key: keys[0].storeKey, tileDigest: "d1")
    #expect(keys[0].storeKey.text.contains(#""engineName" : "OpenVINO""#))
    let found = try keys.map { try store.entry(of: "S-1", keys: $0.storeKeys, tileDigest: "d1") }
    #expect(found.map { $0?.key } == [keys[0].storeKey, nil, nil])
  }

  @Test(
    "numbers under a key of the first form, without an engine, answer for every version of OpenVINO and for it alone")
  func firstForm() throws {
    // As the program noted them before keys had an engine.
    let old = try #require(featureKey().storeKeys.last)
    #expect(old.text == Self.firstFormText)
    #expect(old.digest == ContentDigest.ofText("features 1\n" + Self.firstFormText))
    _ = try store.save(slide(), key: old, tileDigest: "d1")
    for version in ["2026.4.1", "2027.0.0"] {
      let keys = featureKey(version: version).storeKeys
      #expect(try store.entry(of: "S-1", keys: keys, tileDigest: "d1")?.key == old)
    }
    #expect(try store.entry(of: "S-1", keys: featureKey(engine: "Other").storeKeys, tileDigest: "d1") == nil)
    // What is computed now comes first.
    _ = try store.save(slide(), key: key(), tileDigest: "d1")
    #expect(try store.entry(of: "S-1", keys: featureKey().storeKeys, tileDigest: "d1")?.key == key())
  }

  private static let firstFormText = """
    {
      "engine" : "batch=8",
      "includesLogits" : true,
      "layers" : [
        "postconv"
      ],
      "maxTiles" : 0,
      "modelDigest" : "abc",
      "precision" : "f32",
      "standardization" : "torch",
      "tileLabel" : "299px_302um"
    }
    """

  @Test("the data sets are contiguous little-endian numbers that can be read at their offset")
  func layout() throws {
    let original = slide(tiles: 3, width: 4)
    let path = try store.save(original, key: key(), tileDigest: "d1").path
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let expected = original.features.elements.flatMap { value in
      withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
    }
    #expect(Array(bytes.prefix(8)) == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(bytes.indices.dropLast(expected.count).contains { bytes[$0..<$0 + expected.count].elementsEqual(expected) })
  }

  @Test("the same features give the same file, byte for byte")
  func deterministic() throws {
    let path = try store.save(slide(), key: key(), tileDigest: "d1").path
    let first = try Data(contentsOf: URL(fileURLWithPath: path))
    _ = try store.save(slide(), key: key(), tileDigest: "d1")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == first)
  }

  @Test("a slide without tiles, without logits or without locations is kept as such")
  func absent() throws {
    let empty = SlideFeatures(
      slide: "E", features: Matrix(rowCount: 0, columnCount: 7), logits: nil, locations: nil, records: [], failures: [],
      engine: "OpenVINO")
    let stored = try store.save(empty, key: key(), tileDigest: "d1")
    #expect(stored.features.rowCount == 0)
    #expect(stored.features.columnCount == 7)
    #expect(stored.logits == nil)
    #expect(stored.locations == nil)
  }

  @Test("a truncated or foreign file counts as absent and is replaced", arguments: [0, 10, 700, 2000])
  func damaged(length: Int) throws {
    let path = try store.save(slide(), key: key(), tileDigest: "d1").path
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
    #expect(try store.features(of: "S-1", key: key(), tileDigest: "d1") == nil)
    _ = try store.save(slide(), key: key(), tileDigest: "d1")
    #expect(try store.features(of: "S-1", key: key(), tileDigest: "d1") != nil)
  }

  @Test(
    "nothing but whole files is left in the folder, whatever the slide's name",
    arguments: ["a/b", "..", "A b.v1", "ä%"])
  func names(name: String) throws {
    let stored = try store.save(slide(name), key: key(), tileDigest: "d1")
    #expect(try store.features(of: name, key: key(), tileDigest: "d1")?.slide == name)
    let files = try FileManager.default.contentsOfDirectory(atPath: store.folder(for: key()))
    #expect(Set(files) == ["key.json", (stored.path as NSString).lastPathComponent])
  }

  // The file is what that version wrote, so nothing renews it.
  @Test("a file of the first version is read, and gives the numbers that it was written with")
  func firstVersion() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/version-1.h5"
    ).path
    let original = slide()
    let stored = try StoredSlideFeatures(path: path)
    #expect(stored.slide == "S-1" && stored.tileDigest == "d1")
    #expect(stored.features.matrix() == original.features && stored.logits?.matrix() == original.logits)
    #expect(stored.locations == original.locations && stored.corners == original.corners)
    #expect(stored.records == original.records && stored.failures == original.failures)
  }

  @Test("a file of a newer version is refused, and not replaced")
  func newerVersion() throws {
    let path = try store.save(slide(), key: key(), tileDigest: "d1").path
    let file = FileHandle(forUpdatingAtPath: path)
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    // The attribute's name, and after its type and extent its value.
    let name = Array("version\0".utf8)
    let start = try #require(bytes.indices.dropLast(64).first { bytes[$0..<$0 + 8].elementsEqual(name) })
    let value = try #require(
      (start + 8..<start + 64).last { bytes[$0] == 1 && bytes[$0 + 1..<$0 + 8].allSatisfy { $0 == 0 } })
    bytes[value] = 9
    try file?.write(contentsOf: Data(bytes))
    try file?.close()
    #expect(throws: FeatureStoreError.unknownVersion(path: path, found: 9, newest: 1)) {
      try store.features(of: "S-1", key: key(), tileDigest: "d1")
    }
  }

  @Test("a process that is started while a file is written does not keep it from being read")
  func inheritedDescriptor() throws {
    let path = scratch.path + "/a.h5"
    var child: pid_t = 0
    do {
      let file = try HDF5File.create(path)
      try file.write("features", slide().features)
      var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("20"), nil]
      defer { arguments.forEach { free($0) } }
      try #require(posix_spawn(&child, "/bin/sleep", nil, nil, &arguments, environ) == 0)
      try file.flush()
    }
    defer {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
    #expect(try HDF5File.open(path).floats("features") == slide().features)
  }

  @Test("one process at a time computes a slide; when it ends the next one may, and nothing is left behind")
  func claims() throws {
    try store.prepare(key())
    do {
      let first = try store.claim("S-1", key: key())
      guard case .held = first else {
        Issue.record("a slide that nobody computes could not be claimed")
        return
      }
      guard case .taken(let holder) = try store.claim("S-1", key: key()) else {
        Issue.record("a slide was claimed twice")
        return
      }
      #expect(holder.hasPrefix("process \(ProcessInfo.processInfo.processIdentifier) on "))
      guard case .held = try store.claim("S-2", key: key()) else {
        Issue.record("another slide could not be claimed")
        return
      }
      withExtendedLifetime(first) {}
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: store.folder(for: key())) == ["key.json"])
    guard case .held = try store.claim("S-1", key: key()) else {
      Issue.record("a slide that was let go could not be claimed")
      return
    }
  }

  @Test("a lock file that a killed process left is no lock")
  func deadLock() throws {
    try store.prepare(key())
    let path = store.folder(for: key()) + "/S-1.h5.lock"
    try Data("process 1 on elsewhere\n".utf8).write(to: URL(fileURLWithPath: path))
    guard case .held = try store.claim("S-1", key: key()) else {
      Issue.record("the file of a dead process kept others from its slide")
      return
    }
  }

  @Test("what a killed process left unfinished is removed, what a living one or another machine writes is not")
  func leftovers() throws {
    let saved = try store.save(slide(), key: key(), tileDigest: "d1").path
    // Process numbers stay below 2²² on Linux.
    let dead = "\(saved).\(FileOwner.host)-4194303.partial"
    let living = "\(saved).\(FileOwner.host)-\(ProcessInfo.processInfo.processIdentifier).partial"
    let elsewhere = saved + ".other-4194303.partial"
    for path in [dead, living, elsewhere] { try Data().write(to: URL(fileURLWithPath: path)) }
    try store.prepare(key())
    #expect(!FileManager.default.fileExists(atPath: dead))
    #expect(FileManager.default.fileExists(atPath: living) && FileManager.default.fileExists(atPath: elsewhere))
  }

  @Test("a map comes back under its key only")
  func maps() throws {
    let map = StoredMap(
      identity: "umap of x", coordinates: Matrix(rowCount: 2, columnCount: 2, elements: [0, 0.25, 0.5, 1]),
      remarks: ["UMAP of 2 tiles.", "Trustworthiness 0.98, ± 0.01."])
    try store.saveMap(map, key: StoreKey(text: "umap of x"))
    #expect(store.map(StoreKey(text: "umap of x")) == map)
    #expect(store.map(StoreKey(text: "umap of y")) == nil)
  }

  @Test("a map of which one bit has changed is damaged, and the store has none", arguments: ["numbers", "remark"])
  func damagedMap(part: String) throws {
    let numbers: [Float] = [0.125, 0.375, 0.625, 0.875]
    let map = StoredMap(
      identity: "umap of x", coordinates: Matrix(rowCount: 2, columnCount: 2, elements: numbers),
      remarks: ["UMAP of 2 tiles."])
    try store.saveMap(map, key: StoreKey(text: "umap of x"))
    let path = try #require(
      FileManager.default.subpaths(atPath: store.folder)?.first { $0.contains("maps/") && $0.hasSuffix(".h5") })
    let file = URL(fileURLWithPath: store.folder + "/" + path)
    var bytes = try Data(contentsOf: file)
    let sought = part == "numbers" ? numbers.withUnsafeBytes { Data($0) } : Data("UMAP of 2".utf8)
    let place = try #require(bytes.range(of: sought)).lowerBound
    bytes[place + 2] ^= 1
    try bytes.write(to: file)
    #expect(throws: FeatureStoreError.damaged(path: file.path)) { try StoredMap(path: file.path) }
    #expect(store.map(StoreKey(text: "umap of x")) == nil)
  }

  @Test("a tile file's digest is SHA-256 of its bytes, and follows a change")
  func digests() throws {
    let path = scratch.path + "/a.tfrecords"
    try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
    // FIPS 180-4, example of one block.
    #expect(try store.tileDigest(of: path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    try store.saveTileDigests()
    try Data("abd".utf8).write(to: URL(fileURLWithPath: path))
    let again = try FeatureStore(folder: store.folder)
    #expect(try again.tileDigest(of: path) == "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9")
  }

  @Test("a store below a file says so before any work starts")
  func unwritable() throws {
    let file = scratch.path + "/file"
    try Data().write(to: URL(fileURLWithPath: file))
    #expect(throws: FeatureStoreError.self) { try FeatureStore(folder: file + "/store") }
  }
}
