package import CommandLanguage
import Workflows

/// A slide that is open, a slide of the project by its name, or a file.
extension SlideOpening.Asked: ParameterValue {
  package static var parameterType: ParameterType { .nameOrPath(.slide, .existing) }
  package init?(argument: BoundValue) {
    switch argument {
    case .text(let name): self = .named(name)
    case .path(let path): self = .file(path)
    default:
      guard let opened = argument.sessionValue as? StudySlide else { return nil }
      self = .open(opened)
    }
  }
}
