import CommandLanguage
import Workflows

extension SlideOpening.Asked {
  /// The slide that the argument `slide` means: a value, a name, or a path.
  init(_ arguments: BoundArguments) {
    if let opened = arguments.value("slide") as? StudySlide {
      self = .open(opened)
    } else if case .text(let name)? = arguments["slide"] {
      self = .named(name)
    } else {
      self = .file(arguments.text("slide") ?? "")
    }
  }
}
