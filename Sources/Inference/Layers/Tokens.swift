/// What the tokens of a transformer's tensor are, in their order: tokens of the network's own, then one for each patch of
/// the tile.
///
/// Source: Dosovitskiy et al. 2021, arXiv:2010.11929 (class token); Darcet et al. 2024, arXiv:2309.16588 (registers).
package struct Tokens: Sendable, Hashable {
  /// A token that stands for no place of the tile.
  enum Own: Sendable, Hashable {
    case classToken, register
    /// Of another use, such as a distillation token.
    case other
    /// Which of these the file does not show.
    case unclear
  }

  /// Those before the patches.
  let own: [Own]
  /// nil where the file leaves it open.
  let patchCount: Int?
  /// Width and height of a patch; nil where it is not known, or where patches have been merged.
  let patchPixels: Int?

  package var hasClassToken: Bool { own.first == .classToken }
  /// Which of the own tokens are what is not known, and one of them may be a class token.
  package var isUnclear: Bool { own.contains(.unclear) }
  package var unclearCount: Int { own.count { $0 == .unclear } }
  var registerCount: Int { own.count { $0 == .register } }
  /// Tokens that are no patches.
  var ownCount: Int { own.count }

  /// As in "1 class + 4 register + 256 patches of 14 px".
  package var phrase: String {
    func part(_ kind: Own, _ word: String) -> String? {
      let count = own.count { $0 == kind }
      return count == 0 ? nil : "\(count) \(word)"
    }
    let patches = (patchCount.map { "\($0) " } ?? "") + "patches" + (patchPixels.map { " of \($0) px" } ?? "")
    return [
      part(.classToken, "class"), part(.register, "register"), part(.other, "other"),
      part(.unclear, "unclear (class or register)"), patches,
    ].compactMap(\.self).joined(separator: " + ")
  }

  /// The same where a person says how many of the own tokens are registers; what is before them is the class token.
  ///
  /// - Returns: nil where there are not as many, or where the file shows another number.
  func with(registers: Int) -> Tokens? {
    guard own.count == registers || own.count == registers + 1 else { return nil }
    let told =
      [Own](repeating: .classToken, count: own.count - registers)
      + [Own](repeating: .register, count: registers)
    guard zip(own, told).allSatisfy({ $0 == .unclear || $0 == $1 || $0 == .other && $1 == .register }) else {
      return nil
    }
    return Tokens(own: told, patchCount: patchCount, patchPixels: patchPixels)
  }
}
