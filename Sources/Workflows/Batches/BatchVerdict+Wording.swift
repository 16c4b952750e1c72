import Analysis
import FeatureData

/// The plain sentence of a check.
struct BatchWording {
  let verdict: BatchVerdict
  let cases: BatchCases
  let readings: BatchReadings

  private var site: String { cases.siteName }
  private var outcome: String { cases.outcomeName }
  private var patients: String { cases.patients.count.counted("patient") }

  var sentence: String {
    switch verdict {
    case .confounded(let exceptions): return confounded(exceptions)
    case .tooFew(let shortage): return tooFew(shortage)
    case .inconclusive:
      return readings.outcome.map {
        "\(outcome) is read at AUC \($0.text), which \(patients) are too few to tell from chance: whether there is a "
          + "signal that could be the \(site)'s remains open."
      } ?? "\(patients) are too few to tell whether \(outcome) can be read."
    case .nothingRead:
      return "\(outcome) cannot be read from these features (AUC \(mixed)), so there is no signal that could be the "
        + "\(site)'s\(isSiteRead ? "; the \(site) itself can be read (AUC \(readings.site?.text ?? ""))" : "")."
    case .acrossSites(let isPartLost):
      return
        "\(read) and at \(readings.unseenSites?.text ?? "") in \(site.withArticle) never seen: what is read is not the "
        + "\(site) alone\(isPartLost ? ", though part of it may be" : "")."
    case .beyondSite:
      return
        "\(read), better than the \(site) gives it away; \(notSeen): what is read is not the \(site) alone, and was "
        + "not shown to hold elsewhere."
    case .siteAlone:
      return
        "\(read) and at \(readings.unseenSites?.text ?? "") in \(site.withArticle) never seen: what is read is likely "
        + "the \(site)."
    case .perhapsSite:
      return
        "\(read), no better than the \(site) may give it away; \(notSeen): what is read may be the \(site) alone, and "
        + "\(patients) are too few to exclude it."
    case .neither:
      return
        "\(read); \(notSeen), and the \(site) itself cannot be read (AUC \(readings.site?.text ?? "not defined")): the "
        + "signal was shown neither to be the \(site) nor to hold elsewhere."
    }
  }

  private var mixed: String { readings.outcome?.text ?? "" }
  private var isSiteRead: Bool { readings.site?.isAboveChance(0.05) ?? false }
  private var read: String {
    readings.outcome?.isAboveChance(0.05) ?? false
      ? "\(outcome) can be read at AUC \(mixed) when its \(site) has been seen"
      : "\(outcome) is read at AUC \(mixed) over all values of \(site)"
  }
  private var notSeen: String {
    readings.unseenSites.map { "in \(site.withArticle) never seen it is \($0.text), not told from chance" }
      ?? "no \(site) could be scored unseen"
  }

  private func confounded(_ exceptions: Int) -> String {
    let lead =
      exceptions == 0
      ? "Each value of \(site) has one \(outcome) only"
      : "All but \(exceptions) of \(patients) have the one \(outcome) that goes with their \(site)"
    return "\(lead): no analysis of these data can tell whether what is read is \(outcome) or \(site)."
  }

  private func tooFew(_ shortage: BatchVerdict.Shortage) -> String {
    let needed: String
    switch shortage {
    case .patients:
      return "\(patients) are too few to tell whether what is read of \(outcome) is the \(site): it takes at least "
        + "\(BatchVerdict.leastPatients), \(BatchVerdict.leastOfOutcome) of each of two outcomes."
    case .outcomes:
      needed = "\(BatchVerdict.leastOfOutcome) patients or more of two outcomes"
      return "\(counts(cases.outcomes) { $0.outcome }) are too few to tell whether what is read of \(outcome) is the "
        + "\(site): it takes \(needed)."
    case .sites:
      needed = "\(BatchVerdict.leastOfSite) patients or more of two values of \(site)"
      return "\(counts(cases.sites) { $0.site }) are too few to tell whether what is read of \(outcome) is the "
        + "\(site): it takes \(needed)."
    }
  }

  private func counts(_ names: [String], _ label: (BatchCases.Case) -> Int) -> String {
    let shown = names.enumerated().map { place, name in "\(name) (\(cases.cases.count { label($0) == place }))" }
    return shown.prefix(6).joined(separator: ", ") + (shown.count > 6 ? ", …" : "")
  }
}

extension BatchReadings.Reading {
  /// "0.93 (0.81 to 0.98)".
  var text: String { BatchMeasure.Value.text(area.value, area.interval, decimals: 2) }
}

extension String {
  /// "a site", "an institution".
  fileprivate var withArticle: String {
    guard let first = lowercased().first else { return self }
    return ("aeiou".contains(first) ? "an " : "a ") + self
  }
}
