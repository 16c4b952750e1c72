import CZeroMQ
import EchoInterpreter
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
    let ports = FakeFrontEnd.tcpPorts(from: 5)
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
    let ports = FakeFrontEnd.tcpPorts(from: 0)
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
      let ports = FakeFrontEnd.tcpPorts(from: 5)
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
      endpoints: #""transport":"tcp","ip":"localhost",\#(FakeFrontEnd.tcpPorts(from: 10))"#)
    #expect(front.connection.endpoint(.shell).hasPrefix("tcp://127.0.0.1:"))
    #expect(try front.execute("echo a").reply.content["status"]?.text == "ok")
  }

  @Test func anIPv6AddressCanBeBound() throws {
    let front = try FakeFrontEnd(
      endpoints: #""transport":"tcp","ip":"::1",\#(FakeFrontEnd.tcpPorts(from: 10))"#)
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

  @Test(arguments: ["tcp", "ipc"]) func aKernelReportsThePortsThatItChose(_ transport: String) throws {
    let ip = transport == "tcp" ? "127.0.0.1" : "/tmp/jk-\(UUID().uuidString.prefix(12))"
    let port = transport == "tcp" ? FakeFrontEnd.firstTCPPort + 18 : 7
    let key = Array("secret".utf8)
    let file = try ConnectionFile(
      json: Array(
        #"{"transport":"\#(transport)","ip":"\#(ip)","key":"secret","signature_scheme":"hmac-sha256","registration_port":\#(port)}"#
          .utf8))
    let context = try SocketContext()
    let launcher = try Socket(.router, in: context)
    try launcher.bind(.shell, to: try #require(file.registrationEndpoint))
    var options = Kernel.Options()
    options.handlesSignals = false
    options.capturesNativeOutput = false
    options.history = .memory
    let kernel = Kernel(connection: file, interpreter: EchoInterpreter(), options: options)
    let result = KernelResult()
    try KernelResult.start(kernel, reportingTo: result)

    Socket.wait(for: [launcher], or: WakeSignal(), milliseconds: 5000)
    let frames = try #require(launcher.receive())
    let delimiter = try #require(frames.firstIndex(of: MessageCodec.delimiter))
    let parts = Array(frames[(delimiter + 2)...])
    _ = try MessageSigner(key: key).verify(frames[delimiter + 1], of: parts)
    let values = try parts.map { try JSONValue(parsing: $0) }
    #expect(values[0]["msg_type"]?.text == "handshake_request")
    #expect(
      MessageSpecification.faults(header: values[0], parent: values[1], metadata: values[2], content: values[3]).isEmpty
    )
    // The reply to a request socket starts with its route and an empty frame.
    let reply = MessageCodec(key: key).encode(
      OutgoingMessage(
        type: "handshake_reply", content: .object([("status", .string("ok"))]),
        parentHeader: JSONFragment(verbatim: parts[0])))
    launcher.send(Array(frames[..<delimiter]) + reply)

    let shell = try Socket(.dealer, in: context)
    guard case .integer(let shellPort)? = values[3]["shell_port"] else { return }
    shell.connect(to: transport == "tcp" ? "tcp://\(ip):\(shellPort)" : "ipc://\(ip)-\(shellPort)")
    let header = #"{"msg_id":"a","msg_type":"kernel_info_request"}"#
    let request = [header, "{}", "{}", "{}"].map { Array($0.utf8) }
    shell.send([MessageCodec.delimiter, MessageSigner(key: key).signature(of: request)] + request)
    Socket.wait(for: [shell], or: WakeSignal(), milliseconds: 5000)
    #expect(shell.receive() != nil)
    kernel.shutDown()
    #expect(result.wait(seconds: 3) == .success(0))
  }

  @Test func aLauncherThatRefusesEndsTheKernel() throws {
    let ip = "/tmp/jk-\(UUID().uuidString.prefix(12))"
    let file = try ConnectionFile(
      json: Array(#"{"transport":"ipc","ip":"\#(ip)","key":"","registration_port":9}"#.utf8))
    let context = try SocketContext()
    let launcher = try Socket(.router, in: context)
    try launcher.bind(.shell, to: try #require(file.registrationEndpoint))
    let result = KernelResult()
    var options = Kernel.Options()
    options.history = .memory
    options.capturesNativeOutput = false
    try KernelResult.start(
      Kernel(connection: file, interpreter: EchoInterpreter(), options: options), reportingTo: result)
    Socket.wait(for: [launcher], or: WakeSignal(), milliseconds: 5000)
    let frames = try #require(launcher.receive())
    let delimiter = try #require(frames.firstIndex(of: MessageCodec.delimiter))
    launcher.send(
      Array(frames[..<delimiter])
        + MessageCodec(key: []).encode(
          OutgoingMessage(type: "handshake_reply", content: .object([("status", .string("error"))]))))
    guard case .failure(.notRegistered(_, let reason)) = result.wait(seconds: 3) else {
      Issue.record("the kernel runs")
      return
    }
    #expect(reason.contains("error"))
  }
}
