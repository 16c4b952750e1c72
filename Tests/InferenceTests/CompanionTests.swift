import Foundation
import Testing

@testable import Inference

/// Weights in files of their own.
@Suite struct CompanionTests {
  private let source = TestMaterial.folder.path + "/Fixtures/Transformers"
  private let names = ["external.onnx", "external.onnx.data", "weights/branch.bin"]

  /// A copy of the model, changed before it is opened.
  private func open(_ change: (_ folder: String, FileManager) throws -> Void) throws -> InferenceError? {
    try TestMaterial.withFolder { folder in
      let manager = FileManager.default
      try manager.createDirectory(atPath: folder + "/weights", withIntermediateDirectories: true)
      for name in names { try manager.copyItem(atPath: source + "/" + name, toPath: folder + "/" + name) }
      try change(folder, manager)
      let model = try #require(
        try manager.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".onnx") && $0 != "other.onnx" })
      do throws(InferenceError) {
        _ = try Model.open(folder + "/" + model)
        return nil
      } catch { return error }
    }
  }

  @Test func `A model with all of its files opens`() throws {
    #expect(try open { _, _ in } == nil)
    let files = ModelFile.companions(of: source + "/external.onnx")
    #expect(files == [source + "/external.onnx.data", source + "/weights/branch.bin"])
  }

  @Test func `A file that is not there is named, and what may be it`() throws {
    let gone = try open { folder, files in try files.removeItem(atPath: folder + "/external.onnx.data") }
    #expect(gone?.message.contains("keeps its weights in external.onnx.data, and there is no such file.") == true)
    #expect(gone?.remedy?.contains("Put it beside the model, under this name") == true)
    let branch = try open { folder, files in try files.removeItem(atPath: folder + "/weights/branch.bin") }
    #expect(branch?.message.contains("weights/branch.bin") == true)
    // Both renamed: the name of the data stands in the model.
    let renamed = try open { folder, files in
      for ending in ["", ".data"] {
        try files.moveItem(atPath: folder + "/external.onnx" + ending, toPath: folder + "/uni.onnx" + ending)
      }
      try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/config.json"))
    }
    #expect(
      renamed?.message.contains("external.onnx.data, and there is no such file; beside it lies uni.onnx.data") == true)
    #expect(renamed?.remedy?.contains("name it external.onnx.data") == true)
  }

  @Test func `A file that is cut off, empty or a pointer is said to be`() throws {
    func cut(_ name: String, to count: Int) throws -> InferenceError? {
      try open { folder, _ in
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
        try data.prefix(count).write(to: URL(fileURLWithPath: folder + "/" + name))
      }
    }
    let short = try #require(try cut("external.onnx.data", to: 4000))
    guard case .fileTruncated(let path, let expected, 4000) = short else {
      Issue.record("another error: \(short)")
      return
    }
    #expect(
      path.hasSuffix("external.onnx.data") && expected > 4000 && short.message.contains("\(expected - 4000) too few"))
    guard case .fileTruncated? = try cut("weights/branch.bin", to: 90) else {
      Issue.record("the branch's weights are not looked at")
      return
    }
    guard case .fileEmpty? = try cut("external.onnx.data", to: 0) else {
      Issue.record("an empty file is taken")
      return
    }
    let pointer = try open { folder, _ in
      try Data("version https://git-lfs.github.com/spec/v1\n".utf8).write(
        to: URL(fileURLWithPath: folder + "/external.onnx.data"))
    }
    #expect(pointer?.message.contains("external.onnx.data is a Git LFS pointer") == true)
    #expect(pointer?.remedy == "Fetch it with `git lfs pull`.")
  }

  @Test func `Weights outside of the model's folder are not followed`() throws {
    // As many letters as the name has.
    for name in ["../outside/branch.b", "/elsewhere/branch.b"] {
      let outside = try open { folder, _ in
        let url = URL(fileURLWithPath: folder + "/external.onnx")
        var data = try Data(contentsOf: url)
        let length = "weights/branch.bin".utf8.count
        while let range = data.range(of: Data("weights/branch.bin".utf8)) {
          data.replaceSubrange(range, with: Data(name.utf8.prefix(length)))
        }
        try data.write(to: url)
      }
      guard case .companionOutside? = outside else {
        Issue.record("\(outside.map { "\($0)" } ?? "it opens")")
        continue
      }
    }
  }

  @Test func `An OpenVINO file that was renamed names the file that it wants`() throws {
    try TestMaterial.withFolder { folder in
      let fixtures = TestMaterial.folder.path + "/Fixtures"
      try FileManager.default.copyItem(atPath: fixtures + "/classifier.xml", toPath: folder + "/b.xml")
      try FileManager.default.copyItem(atPath: fixtures + "/classifier.bin", toPath: folder + "/a.bin")
      #expect(throws: InferenceError.companionMissing(path: folder + "/b.xml", companion: "b.bin", beside: ["a.bin"])) {
        try Model.open(folder + "/b.xml")
      }
    }
  }
}
