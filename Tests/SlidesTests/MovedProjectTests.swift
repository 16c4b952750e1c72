import FeatureData
import Foundation
import Testing

@testable import Slides

/// Projects whose files name folders of another place or another machine.
@Suite struct MovedProjectTests {
  private let scratch: ScratchFolder
  private var folder: String { scratch.path + "/p" }

  init() throws {
    scratch = try ScratchFolder()
    try write("p/settings.json", #"{"annotations": "./annotations.csv"}"#)
    try write("p/annotations.csv", "patient,slide\nP,S1\n")
    try writeTiles("p/tfrecords/64px_64um")
  }

  private func write(_ name: String, _ text: String) throws {
    let path = scratch.path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  private func writeTiles(_ folder: String) throws {
    let path = scratch.path + "/" + folder
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    var writer = try TFRecordWriter(folder: path, slideName: "S1")
    try writer.append(TileExample(slide: "S1", image: [1], location: nil))
    try writer.finish()
  }

  /// Of a project whose only source has these folders.
  private func missing(_ folders: [String: String]) throws -> [MissingFolder] {
    let source = try JSONSerialization.data(withJSONObject: ["S": folders])
    try source.write(to: URL(filePath: folder + "/datasets.json"))
    return try Project(folder: folder).missingFolders
  }

  @Test(arguments: [
    "/mnt/lab/study/tfrecords", #"D:\lab\study\tfrecords"#, "D:/lab/study/tfrecords",
    #"\\server\share\study\tfrecords"#,
    "~/nowhere/tfrecords", "/mnt/lab/tiles-of-2021",
  ])
  func `A folder of tiles of another place is named, and so is the one beside the settings`(path: String) throws {
    let found = try missing(["tfrecords": path])
    #expect(found.map(\.role) == [.tfrecords])
    #expect(found.first?.found == folder + "/tfrecords")
    #expect(found.first?.remedy == #"Write "tfrecords": "./tfrecords" for source S in datasets.json."#)
    let project = try Project(folder: folder)
    let error = try #require(throws: ProjectError.self) {
      try Dataset(project, tileSize: TileSize(pixels: 64, extent: .microns(64)), selection: .init())
    }
    #expect(error.description.contains("does not exist; \(folder)/tfrecords does"))
    #expect(error.remedy == found.first?.remedy)
    if !path.hasPrefix("~") { #expect(error.description.contains(path)) }
  }

  @Test func `What stood beside the project is looked for beside it`() throws {
    try FileManager.default.moveItem(atPath: folder + "/tfrecords", toPath: scratch.path + "/shared")
    let found = try missing(["tfrecords": "/mnt/old/shared"])
    #expect(found.first?.found == scratch.path + "/shared")
    #expect(found.first?.spelled == scratch.path + "/shared")
  }

  @Test func `Folders that nothing was put into yet are not missed, nor is that of single tiles alone`() throws {
    #expect(try missing(["tfrecords": "./tfrecords", "slides": "./slides", "roi": "./roi"]).isEmpty)
    #expect(try missing(["tfrecords": "./tfrecords", "tiles": "/mnt/old/tiles"]).isEmpty)
    #expect(try missing(["tfrecords": "./tfrecords", "roi": "/mnt/old/roi"]).map(\.role) == [.roi])
  }

  @Test func `A relative path is read with either slash`() throws {
    #expect(try missing(["tfrecords": #".\tfrecords"#]).isEmpty)
    #expect(try Project(folder: folder).tileSizes.map(\.label) == ["64px_64um"])
  }

  @Test func `Settings that name files of another machine are told how to name these`() throws {
    try write("p/datasets.json", #"{"S": {"tfrecords": "./tfrecords"}}"#)
    try write("p/settings.json", #"{"annotations": "C:\\study\\annotations.csv"}"#)
    let annotations = try #require(throws: ProjectError.self) { try Project(folder: folder) }
    #expect(annotations.description.contains(#"C:\study\annotations.csv"#))
    #expect(annotations.remedy == "Write \"annotations\": \"./annotations.csv\" in \(folder)/settings.json.")
    try write("p/settings.json", #"{"dataset_config": "/mnt/old/datasets.json"}"#)
    let configuration = try #require(throws: ProjectError.self) { try Project(folder: folder) }
    #expect(
      configuration.description.contains("/mnt/old/datasets.json, which \(folder)/settings.json names, does not exist"))
    #expect(configuration.remedy == "Write \"dataset_config\": \"./datasets.json\" in \(folder)/settings.json.")
  }

  @Test func `Where no tiles are anywhere the folder that was looked in is named`() throws {
    try FileManager.default.removeItem(atPath: folder + "/tfrecords/64px_64um")
    _ = try missing(["tfrecords": "./tfrecords"])
    let error = try #require(throws: ProjectError.self) {
      try Dataset(Project(folder: folder), tileSize: TileSize(pixels: 64, extent: .microns(64)), selection: .init())
    }
    #expect(error.description == "The project has no tiles of 64px_64um, nor of any other size in \(folder)/tfrecords.")
  }

  @Test func `Sources may share a folder of tiles, also through links and by other spellings`() throws {
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/link", withDestinationPath: folder + "/tfrecords")
    try write(
      "p/datasets.json",
      #"{"A": {"tfrecords": "./tfrecords", "label": "a"}, "B": {"tfrecords": "\#(scratch.path)/link", "label": "b"}, "C": {"tfrecords": "./tfrecords/../tfrecords/"}}"#
    )
    let dataset = try Dataset(Project(folder: folder), tileSize: nil, selection: .init())
    #expect(dataset.slides.map(\.name) == ["S1"] && dataset.tileCount == 1)
  }
}
