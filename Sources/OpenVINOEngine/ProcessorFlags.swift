import Foundation

/// What instructions a processor has, in the kernel's words.
package struct ProcessorFlags: Sendable {
  private let names: Set<String>

  /// - Parameter text: blank-separated, such as "avx2 avx512_vnni".
  package init(_ text: String) { names = Set(text.split(whereSeparator: \.isWhitespace).map(String.init)) }

  /// Of the processor that this runs on; none where the system does not say.
  package static let ofThisProcessor: ProcessorFlags = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("flags") }
    return ProcessorFlags(String(line?.drop { $0 != ":" }.dropFirst() ?? ""))
  }()

  /// Sums of products of bytes in one instruction. Without it they are made of steps of 16 bits, which may overflow.
  package var hasEightBitProducts: Bool { !names.isDisjoint(with: ["avx512_vnni", "avx_vnni", "amx_int8"]) }

  package var hasBrainFloats: Bool { !names.isDisjoint(with: ["avx512_bf16", "amx_bf16"]) }
}
