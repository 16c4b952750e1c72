import CommandLanguage
import Workflows

/// What tiles are shown of, on any of some kinds of values.
protocol TileSubject: SubjectValue {
  init(source: any TileSource & SessionValue)
}

extension TileSubject {
  init?(subjects: [any SessionValue], path: String?) {
    guard let source = subjects.first as? any TileSource & SessionValue else { return nil }
    self.init(source: source)
  }
}
