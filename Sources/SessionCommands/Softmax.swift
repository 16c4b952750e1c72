import Foundation

/// Probabilities from logits.
enum Softmax {
  static func probabilities(of logits: [Float]) -> [Float] {
    guard let largest = logits.max() else { return [] }
    let powers = logits.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
