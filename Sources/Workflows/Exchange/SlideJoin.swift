import FeatureData
import Slides

/// Which slide of the annotations each file of features is of, by its name.
///
/// The same name counts before all others; then one that differs only in how it is written; then that of a patient; then
/// one that the other begins with. Where that leaves two possibilities, or what follows may number another slide, nothing
/// is joined. A file that says that it is of a patient is looked for among the patients first.
///
/// One row stands for a patient: it is joined with the first of the patient's slides, so that no patient counts as often as
/// there are slides.
struct SlideJoin {
  /// A name in the files, and what it stands for there.
  struct Name: Hashable {
    let text: String
    /// The file says that it is of a patient.
    var isOfPatient = false
    /// The file has tiles, and not one row for a whole slide or patient.
    var hasTiles = true
  }

  /// A file's name and the slide that it is taken for.
  struct Pair: Equatable {
    let name: String
    let slide: String
  }

  /// Joined although they are written otherwise.
  private(set) var near: [NearName] = []
  /// Joined because one name begins with the other.
  private(set) var beginnings: [Pair] = []
  /// Why a name that begins like a slide's is not joined, as clauses.
  private(set) var refusals: [String: String] = [:]
  /// Joined by patient: the file, the slide that stands for the patient, and the patient with all slides.
  private(set) var patients: [(pair: Pair, patient: PatientSlides)] = []
  private var slideByName: [String: String] = [:]

  init(_ names: [Name], slides: [String], patients: [PatientSlides] = []) {
    let known = Set(slides)
    let byPatient = Dictionary(patients.map { ($0.name, $0) }) { first, _ in first }
    let ofPatients = Set(names.filter { $0.isOfPatient && byPatient[$0.text] != nil }.map(\.text))
    let different = Set(names.map(\.text)).subtracting(ofPatients)
    for name in different where known.contains(name) { slideByName[name] = name }
    var rest = different.subtracting(known)
    var free = known.subtracting(different)
    near = NearName.pairs(rest, free)
    for pair in near {
      slideByName[pair.name] = pair.other
      rest.remove(pair.name)
      free.remove(pair.other)
    }
    joinPatients(ofPatients.union(rest), byPatient, tiles: Set(names.filter(\.hasTiles).map(\.text)))
    rest = rest.filter { slideByName[$0] == nil && refusals[$0] == nil }
    free.subtract(slideByName.values)
    joinBeginnings(rest.sorted(), free: free, slides: slides.sorted())
  }

  func slide(for name: String) -> String? { slideByName[name] }

  private mutating func joinPatients(
    _ names: Set<String>, _ byPatient: [String: PatientSlides], tiles: Set<String>
  ) {
    let nearNames = NearName.pairs(names.filter { byPatient[$0] == nil }, byPatient.keys)
    let others = Dictionary(nearNames.map { ($0.name, $0) }) { first, _ in first }
    let taken = Set(slideByName.values)
    for name in names.sorted() {
      guard let patient = byPatient[others[name]?.other ?? name], let first = patient.slides.first else { continue }
      if tiles.contains(name), patient.slides.count > 1 {
        refusals[name] =
          "it has tiles of patient \(patient.name), whose slides are \(patient.slides.prefix(3).joined(separator: ", "))"
          + "\(patient.slides.count > 3 ? ", …" : ""), and which tile is of which slide is not known"
      } else if let own = patient.slides.first(where: taken.contains) {
        refusals[name] = "it is of patient \(patient.name), whose slide \(own) has a file of its own"
      } else {
        slideByName[name] = first
        patients.append((Pair(name: name, slide: first), patient))
        if let pair = others[name] { near.append(pair) }
      }
    }
  }

  /// - Complexity: O(names × slides).
  private mutating func joinBeginnings(_ names: [String], free: Set<String>, slides: [String]) {
    var namesBySlide: [String: [String]] = [:]
    var fitting: [String: [String]] = [:]
    for name in names {
      let found = slides.filter { Self.rest(of: $0, after: name) != nil || Self.rest(of: name, after: $0) != nil }
      guard !found.isEmpty else { continue }
      fitting[name] = found
      for slide in found { namesBySlide[slide, default: []].append(name) }
    }
    for name in names {
      guard let found = fitting[name], let slide = found.first else { continue }
      let rivals = namesBySlide[slide] ?? []
      if found.count > 1 {
        refusals[name] = "\(found.prefix(3).joined(separator: ", "))\(found.count > 3 ? ", …" : "") fit it equally well"
      } else if !free.contains(slide) {
        refusals[name] = "\(slide) begins alike and has a file of its own"
      } else if rivals.count > 1 {
        refusals[name] = "\(rivals.first { $0 != name } ?? "") fits \(slide) equally well"
      } else if Self.mayNumber(Self.rest(of: slide, after: name) ?? Self.rest(of: name, after: slide) ?? "") {
        refusals[name] = "\(slide) begins alike, and what follows may number another slide"
      } else {
        slideByName[name] = slide
        beginnings.append(Pair(name: name, slide: slide))
      }
    }
  }

  /// What follows where a name goes on after another, such as `.84E4F9B3` of `TCGA-A1-A0SH-01Z-00-DX1.84E4F9B3`; nil where
  /// it does not.
  private static func rest(of longer: String, after shorter: String) -> Substring? {
    guard !shorter.isEmpty, longer.count > shorter.count, longer.hasPrefix(shorter) else { return nil }
    let rest = longer.dropFirst(shorter.count)
    return rest.first.map { $0.isLetter || $0.isNumber } ?? true ? nil : rest
  }

  /// True for what tells the slides of a case apart: `-2`, `_A`, ` 0012`.
  private static func mayNumber(_ rest: Substring) -> Bool {
    let words = rest.split { !($0.isLetter || $0.isNumber) }
    return words.count == 1 && (words[0].count <= 2 || (words[0].count <= 4 && words[0].allSatisfy(\.isNumber)))
  }
}
