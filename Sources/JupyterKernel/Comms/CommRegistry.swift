public import Files
public import JupyterWire

/// What answers on the kernel's side of a comm.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages>. Every method is
/// called on the evaluation thread, like a cell: it can be interrupted, and what it shows through `context` appears where
/// the front end puts the output of the comm, as a rule in the cell of its widget. It cannot ask the user.
public protocol CommTarget: Sendable {
  /// A front end has opened `comm` to this target.
  func opened(_ comm: Comm, by message: CommMessage, context: ExecutionContext)
  func received(_ message: CommMessage, on comm: Comm, context: ExecutionContext)
  /// The front end has closed the comm; nothing can be sent on it any more.
  func closed(_ comm: Comm, by message: CommMessage, context: ExecutionContext)
}

/// A channel between an object in the front end and one in the kernel, such as the two halves of a widget.
public final class Comm: Sendable {
  public let identifier: String
  public let target: String
  private let registry: CommRegistry
  fileprivate let handler: any CommTarget

  fileprivate init(identifier: String, target: String, registry: CommRegistry, handler: any CommTarget) {
    self.identifier = identifier
    self.target = target
    self.registry = registry
    self.handler = handler
  }

  /// Sends `comm_msg`; does nothing once the comm is closed. May be called from any thread.
  public func send(_ data: JSONFragment, metadata: JSONFragment = .emptyObject, buffers: [[UInt8]] = []) {
    guard registry.isOpen(identifier) else { return }
    registry.publish("comm_msg", CommContent.message(identifier, data: data), metadata, buffers)
  }

  /// Sends `comm_close`; does nothing once the comm is closed.
  public func close(_ data: JSONFragment = .emptyObject) {
    guard registry.remove(identifier) != nil else { return }
    registry.publish("comm_close", CommContent.message(identifier, data: data))
  }
}

/// The targets that front ends can open comms to, and the comms that are open.
public final class CommRegistry: Sendable {
  private let publisher: Publisher
  private let log: @Sendable (String) -> Void
  private let targets = Locked<[String: any CommTarget]>([:])
  private let comms = Locked(Comms())
  private struct Comms {
    var open: [String: Comm] = [:]
    /// Those whose `comm_open` waits for the evaluation thread.
    var arriving: Set<String> = []
  }

  private let latestParent = Locked(JSONFragment.emptyObject)

  init(publisher: Publisher, log: @escaping @Sendable (String) -> Void) {
    self.publisher = publisher
    self.log = log
  }

  /// Adds or replaces a target; a comm to any other name is closed at once.
  public func register(_ name: String, _ target: any CommTarget) { targets.withLock { $0[name] = target } }

  /// Comms to the target that are open stay so.
  public func unregister(_ name: String) { targets.withLock { $0[name] = nil } }

  /// Opens a comm from the kernel's side; `handler` hears what the front end's `target` answers.
  public func open(
    _ target: String, data: JSONFragment = .emptyObject, metadata: JSONFragment = .emptyObject,
    buffers: [[UInt8]] = [], handler: any CommTarget
  ) -> Comm {
    let comm = Comm(identifier: randomIdentifier(), target: target, registry: self, handler: handler)
    comms.withLock { $0.open[comm.identifier] = comm }
    publish("comm_open", CommContent.open(comm.identifier, target: target, data: data), metadata, buffers)
    return comm
  }

  /// The header under which messages of comms are published: that of the request answered last.
  var parent: JSONFragment {
    get { latestParent.withLock { $0 } }
    set { latestParent.withLock { $0 = newValue } }
  }

  /// The comms that are open, all of them if `target` is empty.
  func open(target: String) -> [(identifier: String, target: String)] {
    comms.withLock { comms in
      comms.open.values.filter { target.isEmpty || $0.target == target }.map { ($0.identifier, $0.target) }
        .sorted { $0.0 < $1.0 }
    }
  }

  func receiveOpen(_ message: ReceivedMessage, _ context: ExecutionContext) throws(WireError) {
    let opening = try CommMessage(message)
    defer { comms.withLock { _ = $0.arriving.remove(opening.identifier) } }
    let name = try message.content.text("target_name")
    guard let target = targets.withLock({ $0[name] }) else {
      log("comm_open: no target '\(name)'")
      publish("comm_close", CommContent.message(opening.identifier, data: .emptyObject))
      return
    }
    let comm = Comm(identifier: opening.identifier, target: name, registry: self, handler: target)
    comms.withLock { $0.open[comm.identifier] = comm }
    target.opened(comm, by: opening, context: context)
  }

  /// What is said on a comm that is not open was meant for a kernel that is gone.
  func receiveMessage(_ message: ReceivedMessage, _ context: ExecutionContext) throws(WireError) {
    let said = try CommMessage(message)
    if let comm = comms.withLock({ $0.open[said.identifier] }) {
      comm.handler.received(said, on: comm, context: context)
    }
  }

  func receiveClose(_ message: ReceivedMessage, _ context: ExecutionContext) throws(WireError) {
    let closing = try CommMessage(message)
    if let comm = remove(closing.identifier) { comm.handler.closed(comm, by: closing, context: context) }
  }

  fileprivate func isOpen(_ identifier: String) -> Bool { comms.withLock { $0.open[identifier] != nil } }

  /// A front end has sent `comm_open`, which the evaluation thread will receive.
  func expect(_ identifier: String) { comms.withLock { _ = $0.arriving.insert(identifier) } }

  /// Whether a comm is open or about to be.
  func expects(_ identifier: String) -> Bool {
    comms.withLock { $0.open[identifier] != nil || $0.arriving.contains(identifier) }
  }

  fileprivate func remove(_ identifier: String) -> Comm? { comms.withLock { $0.open.removeValue(forKey: identifier) } }

  fileprivate func publish(
    _ type: String, _ content: JSONFragment, _ metadata: JSONFragment = .emptyObject, _ buffers: [[UInt8]] = []
  ) {
    publisher.waitForRoom()
    publisher.publish(
      OutgoingMessage(type: type, content: content, parentHeader: parent, metadata: metadata, buffers: buffers))
  }
}
