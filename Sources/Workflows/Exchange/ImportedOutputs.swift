import FeatureData
import FeatureStore

/// What the outputs are that come with features of other programs: the names of their columns say it, and the numbers.
struct ImportedOutputs {
  /// By the names of the columns of most files.
  private let declared: ModelOutputs

  init(_ stored: [StoredSlideFeatures]) {
    var counts: [(outputs: ModelOutputs, count: Int)] = []
    for slide in stored where slide.logits != nil {
      if let known = counts.firstIndex(where: { $0.outputs == slide.outputs }) {
        counts[known].count += 1
      } else {
        counts.append((slide.outputs, 1))
      }
    }
    let most = counts.map(\.count).max()
    declared = counts.first { $0.count == most }?.outputs ?? .none
  }

  /// Whether a file has these outputs, or none.
  func fits(_ stored: StoredSlideFeatures) -> Bool { stored.logits == nil || stored.outputs == declared }

  /// The outputs after a look at the numbers, and what that showed.
  func settled(by slides: [FeatureSet.Slide]) -> (outputs: ModelOutputs, remarks: [String]) {
    guard declared.heads.contains(where: \.isAssumed) else { return (declared, []) }
    let checks = declared.checks { look in
      for slide in slides { slide.forEachOutput(look) }
    }
    let settled = zip(declared.heads, checks).map { head, check in
      head.isAssumed ? Self.settled(head, check) : (head, nil)
    }
    return (ModelOutputs(settled.map(\.0)), settled.compactMap(\.1))
  }

  /// slideflow's columns of either name hold logits or probabilities, by its version and its back end.
  private static func settled(_ head: OutputHead, _ check: ProbabilityCheck) -> (OutputHead, String?) {
    let name = (head.areProbabilities ? "Class_" : "Logit_") + (head.name.isEmpty ? "" : head.name + "/")
    func read(_ meaning: OutputHead.Meaning, areProbabilities: Bool = false) -> OutputHead {
      OutputHead(
        name: head.name, meaning: meaning, areProbabilities: areProbabilities, outputNames: head.outputNames,
        isAssumed: true)
    }
    if head.count == 1 {
      return (read(.numbers), "The one column \(name)… is taken as a number, as it stands; one alone is no class.")
    }
    guard check.rowCount > 0 else {
      return (head, "The columns \(name)… hold no row of finite numbers.")
    }
    if check.areWithinUnit, check.addUpToOne {
      return (
        read(.classes, areProbabilities: true),
        "The columns \(name)… lie between 0 and 1 and add up to 1: they are taken as probabilities."
      )
    }
    if head.areProbabilities, check.areWithinUnit {
      return (
        read(.labels, areProbabilities: true),
        "The columns \(name)… lie between 0 and 1 and do not add up to 1: they are taken as probabilities of labels that "
          + "do not exclude each other."
      )
    }
    return (
      read(.classes), "The columns \(name)… are taken as logits of classes that exclude each other (softmax)."
    )
  }
}
