import Foundation

extension Error {
  /// Why something failed, as a clause without a full stop.
  ///
  /// Of the project's own errors it is their sentence. Of Foundation's it is what the system said, for Foundation's own
  /// texts hide it ("The operation could not be completed").
  package var reason: String {
    if let code = systemCode { return Self.words(of: code) }
    let text = (self as NSError).domain == NSCocoaErrorDomain ? localizedDescription : String(describing: self)
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// The same as a sentence.
  package var sentence: String { reason + "." }

  /// The `errno` that Foundation keeps below its error, however deep.
  private var systemCode: Int32? {
    var error: (any Error)? = self
    while let known = error {
      let bridged = known as NSError
      if bridged.domain == NSPOSIXErrorDomain { return Int32(bridged.code) }
      error = bridged.userInfo[NSUnderlyingErrorKey] as? any Error
    }
    return nil
  }

  private static func words(of code: Int32) -> String {
    switch code {
    case EISDIR: "it is a folder"
    case EEXIST: "there is a file of that name"
    default: String(cString: strerror(code))
    }
  }
}
