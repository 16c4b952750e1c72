import Files
import JupyterWire

/// What is said on the comms of live views.
///
/// Protocol: <https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md>, version 2.1.
enum WidgetMessages {
  static let target = "jupyter.widget"
  /// Where a page that was loaded anew asks for the views that there are.
  static let controlTarget = "jupyter.widget.control"
  static let metadata = JSONFragment.object([("version", .string("2.1.0"))])

  /// The model of every view in the front end: anywidget's, which takes its script from the state. No version is asked for,
  /// for a front end with another one would show a broken view instead of none.
  static func state(of identifier: String, title: String) -> JSONFragment {
    .object([
      ("_model_module", .string("anywidget")), ("_model_name", .string("AnyModel")),
      ("_model_module_version", .string("*")), ("_view_module", .string("anywidget")),
      ("_view_name", .string("AnyView")), ("_view_module_version", .string("*")), ("_view_count", .null),
      ("_anywidget_id", .string("tessera.view")), ("_esm", .string(WidgetLoader.script)), ("_css", .string("")),
      ("widget", .string(identifier)), ("title", .string(title)),
    ])
  }

  /// The data of `comm_open`.
  static func opening(_ state: JSONFragment) -> JSONFragment {
    .object([("state", state), ("buffer_paths", .array([]))])
  }

  static func custom(_ content: JSONFragment) -> JSONFragment {
    .object([("method", .string("custom")), ("content", content)])
  }

  /// The answer to `request_state`.
  static func update(_ state: JSONFragment) -> JSONFragment {
    .object([("method", .string("update")), ("state", state), ("buffer_paths", .array([]))])
  }

  /// The answer to `request_states`.
  static func updateStates(_ views: [(identifier: String, title: String)]) -> JSONFragment {
    let states = views.map { view in
      (
        view.identifier,
        JSONFragment.object([
          ("model_name", .string("AnyModel")), ("model_module", .string("anywidget")),
          ("model_module_version", .string("*")), ("state", state(of: view.identifier, title: view.title)),
        ])
      )
    }
    return .object([
      ("method", .string("update_states")), ("states", .object(states)), ("buffer_paths", .array([])),
    ])
  }

  /// A view in place of what was shown for it, which stays for those who cannot show views.
  static func display(_ identifier: String, insteadOf fallback: MIMEBundle) -> MIMEBundle {
    var bundle = MIMEBundle()
    bundle.set(
      "application/vnd.jupyter.widget-view+json",
      .json(
        .object([
          ("version_major", .integer(2)), ("version_minor", .integer(1)), ("model_id", .string(identifier)),
        ])))
    for (type, value) in fallback.representations { bundle.set(type, value) }
    for (type, value) in fallback.metadata { bundle.setMetadata(type, value) }
    return bundle
  }

  // MARK: What the loader says and hears

  static func source(_ source: WidgetSource) -> JSONFragment {
    .object([("widget", .string("source")), ("digest", .string(source.digest))])
  }

  static func keepsake(_ text: String) -> JSONFragment {
    .object([("widget", .string("keepsake")), ("text", .string(text))])
  }

  static let picture = JSONFragment.object([("widget", .string("picture"))])
}
