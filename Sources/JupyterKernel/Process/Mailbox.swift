import JupyterWire

/// An unbounded queue into one thread.
///
/// Nobody ever waits to post: two bounded queues that fill in both directions are how a kernel deadlocks.
final class Mailbox<Element: Sendable>: Sendable {
  /// Raised while something may be inside.
  let arrival: WakeSignal
  private let elements = Locked<[Element]>([])

  /// - Parameter arrival: shared by several mailboxes whose reader is the same thread.
  init(arrival: WakeSignal = WakeSignal()) { self.arrival = arrival }

  func post(_ element: Element) {
    let wasEmpty = elements.withLock { elements in
      elements.append(element)
      return elements.count == 1
    }
    if wasEmpty { arrival.raise() }
  }

  var isEmpty: Bool { elements.withLock { $0.isEmpty } }

  /// Everything posted so far, in order.
  func takeAll() -> [Element] {
    arrival.clear()
    return elements.withLock { elements in
      let taken = elements
      elements = []
      return taken
    }
  }
}
