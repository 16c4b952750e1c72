import Synchronization

/// Gathers the declared properties of a command, or of a group of parameters, in their order while it is made.
///
/// Each wrapper adds itself as it is initialised, so nothing has to be found by reflection when a statement runs.
final class PropertyCollector: Sendable {
  enum Entry: Sendable {
    case parameter(any ParameterProperty)
    case subject(any SubjectProperty)
    case group(any ParameterGroup, conditions: [ParameterCondition], [Entry])
  }

  @TaskLocal private static var current: PropertyCollector?
  private let collected = Mutex<[Entry]>([])

  static func add(_ entry: Entry) { current?.collected.withLock { $0.append(entry) } }

  static func collecting<Made>(_ make: () -> Made) -> (made: Made, entries: [Entry]) {
    let collector = PropertyCollector()
    let made = $current.withValue(collector) { make() }
    return (made, collector.collected.withLock { $0 })
  }
}
