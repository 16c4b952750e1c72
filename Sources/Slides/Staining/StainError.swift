/// Why a stain normaliser cannot be made.
package enum StainError: Error, Sendable, Equatable {
  /// The target has what the other family of methods needs.
  case targetOfAnotherMethod(method: StainNormalizer.Method)
  /// A number of the target is not finite, or is zero or negative where it divides; `member` is the target's part.
  case unusableTarget(member: String)
  /// A model's own target lacks this member, or the member has another number of numbers.
  case unreadableFit(member: String, expectedCount: Int)
  /// The tile to fit to is blank, of a single colour or otherwise without two stains.
  case nothingToFit
}

extension StainError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .targetOfAnotherMethod(let method):
      "The target is not of the kind that \(method.rawValue) needs."
    case .unusableTarget(let member):
      "The target's \(member) holds a number that cannot be used."
    case .unreadableFit(let member, let count):
      "The model's stain target has no \(member) of \(count) numbers."
    case .nothingToFit:
      "The tile has no stain to fit a target to."
    }
  }
}
