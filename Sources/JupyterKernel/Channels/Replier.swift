import Files
import JupyterWire

/// The way back to the front end for those who answer what came on shell.
struct Replier: Sendable {
  let session: KernelSession
  let shell: Mailbox<ShellChannel.Order>

  func reply(to request: ReceivedMessage, _ content: JSONFragment) {
    shell.post(.reply(OutgoingMessage(replyTo: request, content: content)))
  }

  /// Runs `body` between busy and idle, and answers a request that it finds malformed.
  func surround(_ request: ReceivedMessage, count: Int = 0, _ body: () throws(WireError) -> Void) {
    let header = request.header
    session.publisher.publish(.status(.busy, parent: header.fragment))
    // A front end waits for this one: nothing below may leave it out.
    defer { session.publishIdle(parent: header.fragment) }
    do throws(WireError) {
      try body()
    } catch {
      session.log("\(header.type): \(error)")
      guard header.type.hasSuffix("_request") else { return }
      let fault = ExecuteError(name: "InvalidRequest", value: error.description, traceback: [error.description])
      let isExecution = header.type == "execute_request"
      reply(to: request, isExecution ? ExecuteReply.error(fault, count: count) : fault.replyContent)
    }
  }
}
