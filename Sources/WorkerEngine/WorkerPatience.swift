/// How long a worker is waited for before it is taken for dead.
///
/// There are two clocks, for a process that has stopped gives no sign of life, and one that is caught in a loop goes on
/// giving it. Time that the whole machine sleeps does not count.
package struct WorkerPatience: Sendable {
  /// Without a sign of life, while it loads its libraries: a large one may be read from far away in one call.
  package var silenceAtStart = Duration.seconds(180)
  /// Without a sign of life, once it computes. It gives one every second.
  package var silence = Duration.seconds(30)
  /// Alive, and not ready to compute.
  package var start = Duration.seconds(1200)
  /// Alive, and not done with its first batch.
  package var firstBatch = Duration.seconds(900)
  /// Alive, and not done with a later one: at least this, and as many times the longest so far.
  package var batch = Duration.seconds(60)
  package var slowness = 20
  /// For an end after it was told to stop.
  package var end = Duration.seconds(1)

  package init() {}

  /// - Parameter longest: that a batch has taken so far; nil before the first.
  func batch(longest: Duration?) -> Duration { longest.map { max(batch, $0 * slowness) } ?? firstBatch }
}
