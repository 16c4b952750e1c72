import FeatureStore
import Foundation
import Slides

/// Long work as data: everything that it needs to run here, in another process or on another machine.
package protocol Plan: Codable, Sendable, Hashable {}

extension Plan {
  /// Made from all inputs: equal ids, equal work.
  package var id: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(self) else { return "" }
    return ContentDigest.ofText(String(decoding: json, as: UTF8.self))
  }
}

/// Where a study lies.
package struct StudyPlace: Codable, Sendable, Hashable {
  package let project: String
  package let store: String

  package init(_ study: Study) {
    project = study.project.folder
    store = study.store.folder
  }

  /// Opens the study.
  package func open() throws -> Study { try Study.open(project, store: store) }
}
