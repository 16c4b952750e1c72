import Foundation
import Inference

/// What is sent to a worker: a line of JSON each. The README beside this file has the meaning of every field.
enum HostMessage {
  case describe
  case start(Start)
  case run(id: Int, slot: Int, count: Int)
  case stop

  /// The version of the protocol that is spoken here.
  static let version = 1

  struct Start: Encodable {
    struct Network: Encodable {
      let path: String
      let recipe: String?
      let input: String
      let layout: String
      let side: Int
      let batch: Int?

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(path, forKey: .path)
        // What is not known is sent as null, so that a worker need not ask whether it is there.
        try container.encode(recipe, forKey: .recipe)
        try container.encode(input, forKey: .input)
        try container.encode(layout, forKey: .layout)
        try container.encode(side, forKey: .side)
        try container.encode(batch, forKey: .batch)
      }

      private enum CodingKeys: CodingKey { case path, recipe, input, layout, side, batch }
    }

    struct Output: Encodable {
      let names: [String]
      let width: Int
      let pooledAxes: [Int]
      let pooling: String
      let skippedTokens: Int
      let classToken: Bool
    }

    struct Tiles: Encodable {
      let side: Int
      let resized: Int
      let filter: String
      let rounds: Bool
      let channels: String
      let standardization: String
      let mean: [Double]
      let scale: [Double]
    }

    let network: Network
    let outputs: [Output]
    let tiles: Tiles
    let memory: WorkerMemory.Layout
    let device: String
    let precision: String
    let threads: Int
  }

  /// With its line feed.
  var line: [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    let body = Body(message: self)
    // Texts and finite numbers always encode; nothing else is sent.
    return Array((try? encoder.encode(body)) ?? Data()) + [UInt8(ascii: "\n")]
  }

  private struct Body: Encodable {
    let message: HostMessage

    private enum CodingKeys: CodingKey { case type, version, id, slot, count }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      switch message {
      case .describe:
        try container.encode("describe", forKey: .type)
        try container.encode(HostMessage.version, forKey: .version)
      case .start(let start):
        try container.encode("start", forKey: .type)
        try container.encode(HostMessage.version, forKey: .version)
        try start.encode(to: encoder)
      case .run(let id, let slot, let count):
        try container.encode("run", forKey: .type)
        try container.encode(id, forKey: .id)
        try container.encode(slot, forKey: .slot)
        try container.encode(count, forKey: .count)
      case .stop: try container.encode("stop", forKey: .type)
      }
    }
  }
}

extension HostMessage.Start {
  init(_ compilation: NetworkCompilation, memory: WorkerMemory.Layout, device: String) {
    network = Network(
      path: compilation.path, recipe: compilation.recipe, input: compilation.input.name,
      layout: compilation.input.channelOrder == .channelsLast ? "NHWC" : "NCHW", side: compilation.networkSidePixels,
      batch: compilation.input.declaredBatch)
    outputs = compilation.layers.map { layer in
      Output(
        names: [layer.name] + layer.aliases, width: layer.width, pooledAxes: layer.pooledAxes,
        pooling: layer.pooling == .maximum ? "maximum" : "mean", skippedTokens: layer.skippedTokenCount,
        classToken: layer.takesClassToken)
    }
    let resizing = compilation.resizing
    let isResized = compilation.sidePixels != compilation.resizedSidePixels
    var (rule, mean, scale) = ("per_image", [0.0, 0, 0], [1.0, 1, 1])
    if case .fixed(let ownMean, let ownScale) = compilation.standardization.rule {
      (rule, mean, scale) = ("fixed", ownMean, ownScale)
    }
    tiles = Tiles(
      side: compilation.sidePixels, resized: compilation.resizedSidePixels, filter: resizing.filter.rawValue,
      rounds: isResized && (resizing.filter == .bicubic || compilation.input.takesIntegers),
      channels: compilation.standardization.channels.rawValue, standardization: rule, mean: mean, scale: scale)
    self.memory = memory
    self.device = device
    precision = compilation.precision.rawValue
    threads = compilation.streams
  }
}
