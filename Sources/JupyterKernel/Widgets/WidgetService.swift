import Files
public import JupyterWire

/// The live views of a kernel: what a cell shows as a picture, and a page that can draws and asks about by itself.
///
/// A view needs `anywidget` in the front end, and no Python. It is displayed as a picture; a comm tells the front end that
/// there is a view, and only the page that answers gets the view in the picture's place. So a notebook on paper, in a front
/// end without anywidget, not trusted or without a kernel shows the picture.
public final class WidgetService: Sendable {
  /// More views than these are not open at once: the oldest become pictures again.
  static let openLimit = 64
  /// Conversations of pages that ask which views there are.
  private static let controlLimit = 64

  private struct State {
    /// The oldest first.
    var open: [Widget] = []
    /// The comms on which pages ask which views there are, the oldest first.
    var controls: [String] = []
    /// Of views of earlier kernels that a page was told of, and of all that a page has shown.
    var keepsakes: [String: Keepsake] = [:]
    /// The views that have become pictures again, the oldest first.
    var retired: [String] = []
  }

  private let state = Locked(State())
  private let session: KernelSession
  private let requests: RequestQueue
  private let comms: CommRegistry
  private let folder: KeepsakeFolder?
  private let notebook: String?
  let queue: WidgetQueue

  /// - Parameters:
  ///   - folder: where keepsakes lie; nil for none.
  ///   - notebook: the path of the kernel's notebook, if Jupyter's server tells it.
  init(
    session: KernelSession, requests: RequestQueue, comms: CommRegistry, folder: KeepsakeFolder?, notebook: String?
  ) {
    self.session = session
    self.requests = requests
    self.comms = comms
    self.folder = folder
    self.notebook = notebook
    queue = WidgetQueue(log: session.log)
  }

  /// Shows a view.
  ///
  /// - Parameters:
  ///   - title: for readers of screens, and for the script.
  ///   - fallback: what is shown where there can be no view: a picture and its text.
  ///   - handler: answers the page.
  public func show(
    _ source: WidgetSource, title: String, fallback: MIMEBundle, handler: any WidgetHandler,
    in context: ExecutionContext
  ) -> Widget {
    let widget = Widget(
      source: source, title: title, fallback: fallback, handler: handler, context: context, service: self)
    context.display(fallback, displayID: widget.displayID)
    if context.isSilent { return widget }
    let surplus = state.withLock { state in
      state.open.append(widget)
      let surplus = Array(state.open.prefix(max(0, state.open.count - Self.openLimit)))
      state.open.removeFirst(surplus.count)
      return surplus
    }
    publish(
      "comm_open",
      CommContent.open(
        widget.identifier, target: WidgetMessages.target,
        data: WidgetMessages.opening(WidgetMessages.state(of: widget.identifier, title: title))),
      metadata: WidgetMessages.metadata, parent: context.parent)
    for widget in surplus { retire(widget, parent: context.parent) }
    return widget
  }

  func isOpen(_ widget: Widget) -> Bool { state.withLock { $0.open.contains { $0 === widget } } }

  var isCellRunning: Bool { session.current != nil }

  func runBetweenCells(_ body: @escaping @Sendable (ExecutionContext) -> Void) -> Bool {
    let mustWait = isCellRunning
    requests.post(.work(body))
    return mustWait
  }

  // MARK: Closing

  func close(_ widget: Widget, parent: JSONFragment) {
    if remove(widget) { end(widget, parent: parent) }
  }

  /// The views that an earlier run of the cell has shown are no longer in the notebook.
  func begin(_ cell: ExecutionContext) {
    guard let identifier = cell.cellID else { return }
    for widget in state.withLock({ $0.open.filter { $0.cellID == identifier } }) { close(widget, parent: cell.parent) }
  }

  /// Makes a view that is in a page a picture again.
  private func retire(_ widget: Widget, parent: JSONFragment) {
    guard widget.wasShown else { return end(widget, parent: parent) }
    // On the thread of the views, so that what the page has asked before comes first.
    queue.post { [self] in
      let text = state.withLock { state in
        state.retired.append(widget.identifier)
        if state.retired.count > KeepsakeFolder.standardCapacity { state.keepsakes[state.retired.removeFirst()] = nil }
        return state.keepsakes[widget.identifier]?.text
      }
      publish(
        WidgetMessages.custom(WidgetMessages.keepsake(text ?? widget.title)), on: widget.identifier,
        parent: parent)
      Self.tellClosed(widget)
    }
  }

  private static func tellClosed(_ widget: Widget) {
    widget.handler.closed(widget)
    // A view of a million tiles takes tens of megabytes.
    ProcessMemory.giveBack()
  }

  private func remove(_ widget: Widget) -> Bool {
    state.withLock { state in
      guard let place = state.open.firstIndex(where: { $0 === widget }) else { return false }
      state.open.remove(at: place)
      state.keepsakes[widget.identifier] = nil
      return true
    }
  }

  private func end(_ widget: Widget, parent: JSONFragment) {
    publish("comm_close", CommContent.message(widget.identifier, data: .emptyObject), parent: parent)
    queue.post { Self.tellClosed(widget) }
  }

  // MARK: Hearing

  /// Takes a message from shell if it is about a view, or about a comm that there is not: whoever floods the kernel with
  /// those must not hold up the cells either.
  ///
  /// - Parameter byteCount: of all its frames.
  /// - Returns: false for a message that is for the evaluation thread.
  func accept(_ message: ReceivedMessage, byteCount: Int) -> Bool {
    if message.header.subshell != nil { return false }
    let identifier = message.content.members["comm_id"]?.text
    switch message.header.type {
    case "comm_open":
      guard let identifier else { return false }
      guard message.content.members["target_name"]?.text == WidgetMessages.controlTarget else {
        comms.expect(identifier)
        return false
      }
      state.withLock { state in
        if !state.controls.contains(identifier) { state.controls.append(identifier) }
        if state.controls.count > Self.controlLimit { state.controls.removeFirst() }
      }
    case "comm_msg", "comm_close": if let identifier, comms.expects(identifier) { return false }
    default: return false
    }
    queue.post(message, byteCount: byteCount)
    return true
  }

  /// The open views, for `comm_info_reply`; `target` is empty for those of all targets.
  func open(target: String) -> [(identifier: String, target: String)] {
    guard target.isEmpty || target == WidgetMessages.target else { return [] }
    return state.withLock { $0.open.map { ($0.identifier, WidgetMessages.target) } }
  }

  /// Answers a message; on the thread of the views.
  func receive(_ message: ReceivedMessage, signal: WakeSignal) throws(WireError) {
    let said = try CommMessage(message)
    let (widget, keepsake, isControl) = state.withLock { state in
      (
        state.open.first { $0.identifier == said.identifier }, state.keepsakes[said.identifier],
        state.controls.contains(said.identifier)
      )
    }
    let parent = message.header.fragment
    switch message.header.type {
    case "comm_close":
      state.withLock { state in state.controls.removeAll { $0 == said.identifier } }
      if let widget, remove(widget) { Self.tellClosed(widget) }
    case "comm_msg":
      if let widget {
        widget.parent = parent
        let context = ExecutionContext(
          publisher: session.publisher, parent: parent, cellID: widget.cellID, count: widget.executionCount,
          attention: session.attention, cellSignal: signal, comms: comms, widgets: self)
        defer { context.end(error: nil) }
        WidgetConversation(service: self, widget: widget, context: context).hear(said)
      } else if let keepsake {
        hear(said, on: keepsake, parent: parent)
      } else if isControl, ["request_states", "request_state"].contains(said.data["method"]?.text) {
        publish(WidgetMessages.updateStates(recall()), on: said.identifier, parent: parent)
      }
    default: break
    }
  }

  /// What the page asks about a view of an earlier kernel.
  private func hear(_ said: CommMessage, on keepsake: Keepsake, parent: JSONFragment) {
    switch (said.data["method"]?.text, said.data["content"]?["widget"]?.text) {
    case ("request_state", _):
      let state = WidgetMessages.state(of: keepsake.identifier, title: keepsake.title)
      publish(WidgetMessages.update(state), on: keepsake.identifier, parent: parent)
    case ("custom", "ready"):
      publish(WidgetMessages.custom(WidgetMessages.keepsake(keepsake.text)), on: keepsake.identifier, parent: parent)
    case ("custom", "picture"):
      guard let picture = folder?.picture(of: keepsake.identifier) else { return }
      publish(
        WidgetMessages.custom(WidgetMessages.picture), on: keepsake.identifier, buffers: [picture], parent: parent)
    default: break
    }
  }

  /// Every view that this notebook may show, those of earlier kernels too.
  private func recall() -> [(identifier: String, title: String)] {
    let kept = folder?.keepsakes(of: notebook) ?? []
    return state.withLock { state in
      var views = state.open.map { ($0.identifier, $0.title) }
      let known = Set(views.map(\.0))
      for keepsake in kept where !known.contains(keepsake.identifier) {
        state.keepsakes[keepsake.identifier] = keepsake
        views.append((keepsake.identifier, keepsake.title))
      }
      return views
    }
  }

  /// Leaves something of a view that a page shows for the kernels after this one.
  func keep(_ widget: Widget, _ fallback: MIMEBundle) {
    let keepsake = Keepsake(
      identifier: widget.identifier, notebook: notebook, title: widget.title, text: fallback.plainText ?? widget.title)
    state.withLock { $0.keepsakes[widget.identifier] = keepsake }
    do throws(FileFault) { try folder?.keep(keepsake, picture: fallback.png) } catch {
      session.log("a view is not kept for later: \(error)")
    }
  }

  // MARK: Speaking

  /// Sends data on a comm.
  func publish(
    _ data: JSONFragment, on identifier: String, buffers: [[UInt8]] = [], parent: JSONFragment
  ) {
    publish("comm_msg", CommContent.message(identifier, data: data), buffers: buffers, parent: parent)
  }

  private func publish(
    _ type: String, _ content: JSONFragment, metadata: JSONFragment = .emptyObject, buffers: [[UInt8]] = [],
    parent: JSONFragment
  ) {
    session.publisher.waitForRoom()
    session.publisher.publish(
      OutgoingMessage(type: type, content: content, parentHeader: parent, metadata: metadata, buffers: buffers))
  }
}

extension MIMEBundle {
  fileprivate var png: [UInt8]? {
    for (type, value) in representations where type == "image/png" {
      if case .bytes(let bytes) = value { return bytes }
    }
    return nil
  }
}
