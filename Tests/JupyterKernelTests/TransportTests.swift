import CZeroMQ
import EchoInterpreter
import Files
import Foundation
import JupyterWire
import Testing

@testable import JupyterKernel

@Suite(.serialized) struct TransportTests {
  /// A new key pair as the settings of a connection file.
  private func curveSettings() -> (settings: String, publicKey: String) {
    var publicKey = [CChar](repeating: 0, count: 41)
    var secretKey = publicKey
    zmq_curve_keypair(&publicKey, &secretKey)
    let texts = [publicKey, secretKey].map {
      String(decoding: $0.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    let quoted = texts.map { String(decoding: JSONFragment.string($0).bytes, as: UTF8.self) }
    return (#""curve_publickey":\#(quoted[0]),"curve_secretkey":\#(quoted[1])"#, texts[0])
  }

  @Test(.enabled(if: zmq_has("curve") == 1, "this libzmq cannot encrypt"))
  func anEncryptedSessionWorksAndAnUnencryptedClientGetsNothing() throws {
    let (settings, publicKey) = curveSettings()
    let ports = FakeFrontEnd.tcpPorts()
    let endpoints = #""transport":"tcp","ip":"127.0.0.1",\#(settings),\#(ports)"#
    let front = try FakeFrontEnd(endpoints: endpoints, serverKey: publicKey)
    #expect(try front.execute("echo a").reply.content["status"]?.text == "ok")

    let context = try SocketContext()
    do {
      let never = WakeSignal()
      for channel in ConnectionFile.Channel.allCases {
        let outsider = try Socket(channel == .iopub ? .subscriber : .dealer, in: context)
        outsider.set(ZMQ_LINGER, 0)
        outsider.connect(to: front.connection.endpoint(channel))
        if channel != .iopub { outsider.send(front.frames("kernel_info_request", "{}").frames) }
        Socket.wait(for: [outsider], or: never, milliseconds: 200)
        #expect(outsider.receive() == nil)
      }
    }
    context.terminate()
    #expect(try front.execute("echo b").reply.content["status"]?.text == "ok")
  }

  @Test func halfAKeyPairIsRefused() {
    let ports = FakeFrontEnd.tcpPorts()
    for curve in [
      #""curve_publickey":"\#(String(repeating: "a", count: 40))""#, #""curve_secretkey":"","curve_publickey":"""#,
    ] {
      #expect(throws: WireError.self) {
        try ConnectionFile(json: Array(#"{"transport":"tcp","ip":"127.0.0.1","key":"",\#(curve),\#(ports)}"#.utf8))
      }
    }
  }

  @Test(.enabled(if: zmq_has("curve") == 1, "this libzmq cannot encrypt"))
  func keysThatAreNoPairAreRefused() throws {
    let (one, other) = (curveSettings(), curveSettings())
    let secret = try #require(one.settings.split(separator: ",").last)
    let quoted = String(decoding: JSONFragment.string(other.publicKey).bytes, as: UTF8.self)
    for settings in [
      #""curve_publickey":\#(quoted),\#(secret)"#,
      #""curve_publickey":"\#(String(repeating: "#", count: 40))","curve_secretkey":"\#(String(repeating: "#", count: 40))""#,
    ] {
      let ports = FakeFrontEnd.tcpPorts()
      let file = try ConnectionFile(
        json: Array(#"{"transport":"tcp","ip":"127.0.0.1","key":"",\#(settings),\#(ports)}"#.utf8))
      var options = Kernel.Options()
      options.handlesSignals = false
      options.history = .memory
      let kernel = Kernel(connection: file, interpreter: EchoInterpreter(), options: options)
      #expect(throws: KernelError.unusableCurveKeys) { try kernel.run() }
    }
  }

  @Test func localhostIsBoundAsItsAddress() throws {
    let front = try FakeFrontEnd(
      endpoints: #""transport":"tcp","ip":"localhost",\#(FakeFrontEnd.tcpPorts())"#)
    #expect(front.connection.endpoint(.shell).hasPrefix("tcp://127.0.0.1:"))
    #expect(try front.execute("echo a").reply.content["status"]?.text == "ok")
  }

  @Test func anIPv6AddressCanBeBound() throws {
    let front = try FakeFrontEnd(
      endpoints: #""transport":"tcp","ip":"::1",\#(FakeFrontEnd.tcpPorts())"#)
    #expect(front.connection.endpoint(.shell).hasPrefix("tcp://[::1]:"))
    #expect(try front.execute("echo a").reply.content["status"]?.text == "ok")
  }

  @Test func theConnectionIsToldOnRequest() throws {
    let front = try FakeFrontEnd()
    for channel in [ConnectionFile.Channel.shell, .control] {
      front.send("connect_request", on: channel)
      let content = try front.receive(channel).content
      #expect(content["shell_port"] == .integer(1) && content["hb_port"] == .integer(5))
    }
  }
}
