import CommandLanguage
import Files
import JupyterKernel
import JupyterWire

/// A comm of the kernel as the language sees it.
struct FrontEndComm: FrontEndChannel {
  let comm: Comm

  func send(_ message: FrontEndMessage) throws(FrontEndFault) {
    comm.send(try message.data, buffers: message.buffers)
  }

  func close() { comm.close() }
}

/// Gives the language what the front end says on a comm that a cell has opened.
struct CommListener: CommTarget {
  let listener: any FrontEndListener

  func opened(_ comm: Comm, by message: CommMessage, context: ExecutionContext) {}

  func received(_ message: CommMessage, on comm: Comm, context: ExecutionContext) {
    listener.received(
      FrontEndMessage(
        json: String(decoding: JSONFragment(message.data).bytes, as: UTF8.self), buffers: message.buffers),
      on: FrontEndComm(comm: comm), output: CellSink(context: context, hasPager: false),
      monitor: CellMonitor(context: context))
  }

  func closed(_ comm: Comm, by message: CommMessage, context: ExecutionContext) {
    listener.closed(output: CellSink(context: context, hasPager: false))
  }
}

extension FrontEndMessage {
  /// The text as it is put into a message, where anything but JSON would spoil the whole of it.
  var data: JSONFragment {
    get throws(FrontEndFault) {
      let bytes = Array(json.utf8)
      do throws(JSONFault) { _ = try JSONValue(parsing: bytes) } catch { throw .notJSON(reason: error.description) }
      return JSONFragment(verbatim: bytes)
    }
  }
}
