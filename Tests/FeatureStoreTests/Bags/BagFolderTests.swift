import FeatureStore
import Foundation
import Testing

@Suite("Folders of feature files") struct BagFolderTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func make(_ names: String...) throws {
    for name in names {
      let url = URL(filePath: scratch.path + "/" + name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
  }

  private func found(_ folder: String = "") throws -> [String] {
    try BagFolder.files(in: scratch.path + folder).map { String($0.dropFirst(scratch.path.count + 1)) }
  }

  @Test func `a folder of files, or one file`() throws {
    try make("b.h5", "a.pt", "a.index.npz", "bags_config.json", "labels.csv", ".hidden.h5")
    #expect(try found() == ["a.pt", "b.h5"])
    #expect(try BagFolder.files(in: scratch.path + "/labels.csv") == [scratch.path + "/labels.csv"])
    #expect(throws: BagError.unknownEnding(path: scratch.path + "/bags_config.json")) {
      try BagFolder.files(in: scratch.path + "/bags_config.json")
    }
  }

  @Test func `arrays count where there is nothing else, without the coordinates beside them`() throws {
    try make("a.npy", "a_coords.npy", "b.npz", "b.index.npz", "labels.csv")
    #expect(try found() == ["a.npy", "b.npz"])
    try make("c.h5")
    #expect(try found() == ["c.h5"])
  }

  @Test func `CLAM's folders, where h5 files have places and pt files have none`() throws {
    try make("FEATURES/h5_files/a.h5", "FEATURES/pt_files/a.pt", "FEATURES/pt_files/b.pt", "patches/a.h5")
    try make("process_list_autogen.csv")
    #expect(try found("/FEATURES").count == 2)
    #expect(try found() == ["FEATURES/h5_files/a.h5", "FEATURES/pt_files/b.pt"])
  }

  @Test func `TRIDENT's folder of one encoder, and of two`() throws {
    try make("20x_256px_0px_overlap/patches/a_patches.h5", "20x_256px_0px_overlap/features_uni_v1/a.h5")
    #expect(try found() == ["20x_256px_0px_overlap/features_uni_v1/a.h5"])
    try make("20x_256px_0px_overlap/features_gigapath/a.h5")
    let folders = ["features_gigapath", "features_uni_v1"].map { scratch.path + "/20x_256px_0px_overlap/" + $0 }
    #expect(throws: BagError.severalFolders(folder: scratch.path, candidates: folders)) { try found() }
  }

  @Test func `a folder a slide`() throws {
    try make("S2/features.h5", "S1/features.h5", "S1/Tile_(0,0).jpg")
    #expect(try found() == ["S1/features.h5", "S2/features.h5"])
  }

  @Test func `nothing`() throws {
    try make("notes.txt")
    #expect(throws: BagError.noFiles(folder: scratch.path)) { try found() }
    #expect(throws: BagError.self) { try BagFolder.files(in: scratch.path + "/nowhere") }
  }
}
