import Foundation
import OpenVINOEngine
import Testing

@testable import Inference

@Suite struct ModelFileTests {
  @Test func `A missing file, a folder and an empty file are named`() throws {
    #expect(throws: InferenceError.fileMissing(path: "/nowhere/model.onnx")) { try Model.open("/nowhere/model.onnx") }
    let folder = TestMaterial.folder.path
    #expect(throws: InferenceError.notAFile(path: folder)) { try Model.open(folder) }
    try TestMaterial.withFile(Data()) { path in
      #expect(throws: InferenceError.fileEmpty(path: path)) { try Model.open(path) }
    }
  }

  @Test func `A file cut off anywhere is an error that names it, and mostly says how much is missing`() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: TestMaterial.model("classifier")))
    var saidSo = 0
    for count in stride(from: 1, to: whole.count, by: 97) {
      try TestMaterial.withFile(whole.prefix(count)) { path in
        do {
          _ = try Model.open(path)
          Issue.record("\(count) of \(whole.count) bytes pass for a model")
        } catch let error as InferenceError {
          #expect(error.message.contains(path))
          if case .fileTruncated(_, let expected, let actual) = error {
            saidSo += 1
            #expect(actual == count && expected > count)
          }
        }
      }
    }
    #expect(saidSo > 40)
  }

  @Test func `Random bytes never pass for a model`() throws {
    var state: UInt64 = 99
    for _ in 0..<50 {
      let bytes = (0..<2000).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(state >> 56)
      }
      try TestMaterial.withFile(Data(bytes)) { path in
        #expect(throws: InferenceError.self) { try Model.open(path) }
      }
    }
  }

  @Test func `Files of other programs are recognised`() throws {
    let files: [(Data, String)] = [
      (Data("PK\u{3}\u{4}archive/data.pkl".utf8), "torch"), (Data([0x89, 0x48, 0x44, 0x46, 13, 10]), "HDF5"),
      (Data(("PK\u{3}\u{4}" + String(repeating: " ", count: 26) + "metadata.json").utf8), ".keras"),
      (Data("<?xml version=\"1.0\"?><svg>".utf8), "XML"),
      (Data("version https://git-lfs.github.com/spec/v1".utf8), "LFS"),
    ]
    for (data, word) in files {
      try TestMaterial.withFile(data) { path in
        do {
          _ = try Model.open(path)
          Issue.record("\(word) passes for a model")
        } catch let error as InferenceError {
          #expect(error.message.contains(word) && error.message.contains(path) && error.remedy != nil)
        }
      }
    }
  }

  @Test func `An OpenVINO file needs all of its weights`() throws {
    try TestMaterial.withFolder { folder in
      let (path, weights) = (folder + "/m.xml", folder + "/m.bin")
      let text = "<?xml version=\"1.0\"?>\n<net name=\"m\"><data shape=\"4\" offset=\"8\" size=\"16\"/></net>\n"
      let part = Data(text.utf8.dropLast(9))
      try part.write(to: URL(fileURLWithPath: path))
      #expect(throws: InferenceError.fileTruncated(path: path, expected: part.count + 1, actual: part.count)) {
        try ModelFile.check(path)
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: InferenceError.companionMissing(path: path, companion: "m.bin")) { try ModelFile.check(path) }
      try Data(count: 20).write(to: URL(fileURLWithPath: weights))
      #expect(throws: InferenceError.fileTruncated(path: weights, expected: 24, actual: 20)) {
        try ModelFile.check(path)
      }
      try Data(count: 24).write(to: URL(fileURLWithPath: weights))
      #expect(try ModelFile.check(path) == .openVINO)
    }
  }

  @Test func `A SavedModel needs all parts of its variables`() throws {
    try TestMaterial.withFolder { folder in
      try Data([8, 1]).write(to: URL(fileURLWithPath: folder + "/saved_model.pb"))
      #expect(try ModelFile.check(folder) == .savedModel)
      let variables = folder + "/variables"
      try FileManager.default.createDirectory(atPath: variables, withIntermediateDirectories: true)
      for name in ["variables.index", "variables.data-00000-of-00002"] {
        try Data([1]).write(to: URL(fileURLWithPath: variables + "/" + name))
      }
      #expect(throws: InferenceError.self) { try ModelFile.check(folder) }
      try Data([1]).write(to: URL(fileURLWithPath: variables + "/variables.data-00001-of-00002"))
      #expect(try ModelFile.check(folder) == .savedModel)
    }
  }

  @Test func `An installed copy gets the reader of every kind of model`() throws {
    try OpenVINOEngine().warmUp()
    // What an installation copies is what the memory map names.
    let file = try #require(FileHandle(forReadingAtPath: "/proc/self/maps"))
    var bytes = Data()
    while let part = try file.read(upToCount: 1 << 16), !part.isEmpty { bytes += part }
    let maps = String(decoding: bytes, as: UTF8.self)
    let missing = ["onnx", "tensorflow", "tensorflow_lite", "ir"].filter { reader in
      !maps.contains("libopenvino_\(reader)_frontend.so")
    }
    #expect(missing.isEmpty)
  }

  @Test func `A damaged operator is refused without the source lines of OpenVINO`() throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: TestMaterial.model("classifier")))
    let range = try #require(bytes.range(of: Data("GlobalAveragePool".utf8)))
    bytes.replaceSubrange(range, with: Data("GlobalAveragePoxx".utf8))
    try TestMaterial.withFile(bytes) { path in
      do {
        _ = try Model.open(path)
        Issue.record("an unknown operator passes")
      } catch let error as InferenceError {
        #expect(error.message.contains("GlobalAveragePoxx"))
        #expect(!error.message.contains(".cpp:") && !error.message.contains("Exception from"))
      }
    }
  }

  @Test func `A model that takes no square RGB tiles is refused`() {
    let path = TestMaterial.model("not_square")
    #expect(
      throws: InferenceError.inputUnsupported(path: path, found: "its input “input” is f32 ? × 3 × 8 × 4")
    ) { try Model.open(path) }
  }
}
