import FeatureData
import Foundation
import Testing

/// What a reader gets to see of an error value is a sentence, never the value as Swift prints it.
@Suite struct ErrorWordingTests {
  /// The texts of all sources, by path.
  private static let sources: [String: String] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources")
    var texts: [String: String] = [:]
    for case let file as URL in FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) ?? .init()
    where file.pathExtension == "swift" {
      texts[file.path] = try? String(contentsOf: file, encoding: .utf8)
    }
    return texts
  }()

  @Test func everyErrorTypeDescribesItself() throws {
    // Private ones do not leave their file.
    let declaration =
      /(?m)^ *((?:package |public |internal |private |fileprivate )?)(?:final )?(?:enum|struct|class|actor) (\w+): ([^{\n]+)\{/
    let conformance = /extension (?:\w+\.)*(\w+): [^{\n]*CustomStringConvertible/
    var errors: [String: String] = [:]
    var described: Set<String> = []
    for (path, text) in Self.sources {
      for match in text.matches(of: declaration) {
        let inherited = match.3.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if inherited.contains("CustomStringConvertible") { described.insert(String(match.2)) }
        if inherited.contains("Error"), !match.1.hasPrefix("private") { errors[String(match.2)] = path }
      }
      for match in text.matches(of: conformance) { described.insert(String(match.1)) }
    }
    #expect(errors.count > 25)
    let silent = errors.keys.filter { !described.contains($0) }.sorted()
    #expect(silent.isEmpty, "without a description: \(silent)")
  }

  @Test func foundationsOwnTextsAreShownNowhere() {
    let users = Self.sources.filter { $0.value.contains("localizedDescription") }.keys
    #expect(users.map { ($0 as NSString).lastPathComponent } == ["ErrorReason.swift"])
  }

  @Test func whatFoundationThrowsIsToldInTheSystemsWords() throws {
    let folder = NSTemporaryDirectory() + "tessera-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder + "/out.png", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func reason(_ body: () throws -> Void) -> String? {
      do { try body() } catch { return error.reason }
      return nil
    }
    let target = URL(fileURLWithPath: folder + "/out.png")
    #expect(reason { try Data([1]).write(to: target, options: .atomic) } == "it is a folder")
    #expect(reason { _ = try Data(contentsOf: target) } == "it is a folder")
    #expect(reason { _ = try Data(contentsOf: URL(fileURLWithPath: folder + "/none")) } == "No such file or directory")
    #expect(
      reason { _ = try FileManager.default.contentsOfDirectory(atPath: "/dev/null") } == "Not a directory")
  }

  @Test func ownErrorsAreToldByTheirSentence() {
    #expect(WorkInterrupted().sentence == "It was interrupted.")
  }
}
