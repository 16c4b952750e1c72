import Foundation

/// The wording of the errors of this module.
extension InferenceError: CustomStringConvertible {
  package var description: String { message }

  /// One sentence that names the file, layer or key.
  package var message: String {
    switch self {
    case .fileMissing(let path): "There is no model file \(path)."
    case .notAFile(let path):
      "\(path) is a folder without \(ModelFormat.savedModelFile), and thus no TensorFlow SavedModel."
    case .fileUnreadable(let path): "The model file \(path) cannot be read: permission denied or a broken device."
    case .fileEmpty(let path): "The model file \(path) is empty."
    case .notAModel(let path, .gitPointer?):
      "\(path) is a Git LFS pointer: a note in place of a file, whose content was not fetched."
    case .notAModel(let path, let looksLike):
      "\(path) is no model that can be read" + (looksLike.map { "; it looks like \($0.phrase)." } ?? ".")
    case .companionMissing(let path, let companion, let beside):
      "\(path) keeps its weights in \(companion), and there is no such file"
        + (beside.isEmpty ? "." : "; beside it lies \(beside.joined(separator: ", ")).")
    case .companionOutside(let path, let companion):
      "\(path) keeps its weights in \(companion), outside of its own folder, where they are not looked for."
    case .wrongExtension(let path, let kind, let wanted):
      "\(path) is a model of the kind \(kind) and does not end in .\(wanted)."
    case .fileTruncated(let path, let expected, let actual):
      "The model file \(path) is cut off: it has \(actual) bytes, \(expected - actual) too few of at least \(expected)."
    case .noEngine(let path, let kind): "\(path) is a model of the kind \(kind), which no inference engine here reads."
    case .modelRefused(let path, let engine, let reason, _): "\(engine) cannot read the model \(path): \(reason)."
    case .inputUnsupported(let path, let found):
      "The model \(path) does not take a batch of square RGB tiles: \(found)."
    case .torchNetworkRefused(let path, let reason, _): "The model \(path) cannot be read: \(reason)."
    case .conversionDiffers(let path, let tensor, let error, let allowed):
      "The model \(path) was converted, and is refused: “\(tensor)” differs from what torch gives by "
        + "\(error.formatted(.number.precision(.significantDigits(2)).notation(.scientific))) of its size, and at most "
        + "\(allowed.formatted(.number.notation(.scientific))) is rounding."
    case .unknownLayer(let name, let nearest, let path):
      "The model \(path) has no layer “\(name)”"
        + (nearest.isEmpty ? "." : "; the nearest names are \(nearest.joined(separator: ", ")).")
    case .noClassToken(let layer, let shape, nil):
      "Layer “\(layer)”, \(shape), has no class token: it is no tokens of a transformer."
    case .noClassToken(let layer, let shape, let tokens?):
      "Layer “\(layer)”, \(shape), has no class token: its tokens are \(tokens)."
    case .registersContradicted(let path, let registers, let tokens):
      "In the model \(path) no tensor has \(registers) register tokens: "
        + (tokens.map { "its tokens are \($0)." } ?? "it has no tokens.")
    case .sideFixed(let path, let side, let given):
      "The model \(path) takes tiles of \(side) px, as its file says, and side=\(given) was given; tiles of any size are "
        + "resized to what it takes."
    case .bytesWanted(let path, let type):
      "The model \(path) takes whole numbers (\(type)), the bytes of a tile as they are, and standardises them itself."
    case .sideRefused(let path, let side, let taken):
      "The model \(path) does not take tiles of \(side) px"
        + (taken.isEmpty
          ? ", though its file leaves their size open."
          : ": its file leaves their size open, and it takes \(taken.map { "\($0)" }.joined(separator: ", ")) px.")
    case .layerSizeUnknown(let name, let shape):
      "Layer “\(name)” cannot be had without pooling: the model takes tiles of any size, and its shape is \(shape)."
    case .noPostconv(let path, let reason): "In the model \(path) no layer can be told to be postconv: \(reason)"
    case .outputsContradicted(let path, let output, let shown, let asked):
      "In the model \(path) a \(shown) stands before the output “\(output)”, and outputs=\(asked) was given."
    case .nothingAsked: "Neither a layer nor logits were asked for."
    case .compilationFailed(let path, let engine, let reason): "\(engine) cannot prepare the model \(path): \(reason)."
    case .inferenceFailed(let path, let reason): "The model \(path) failed on a batch of tiles: \(reason)."
    case .engineUnavailable(let engine, let reason): "\(engine) does not start: \(reason)."
    case .precisionUnavailable(let missing): missing.message
    case .engineUnknown(let name, let known):
      "There is no engine “\(name)”; there are \(known.joined(separator: ", "))."
    case .engineUnfit(let engine, _, let reason, _): "The engine \(engine) \(reason)."
    case .workerFailed(let engine, let device, let reason, _):
      "The engine \(engine)\(device.map { " on \($0)" } ?? "") \(reason)."
    case .parametersMissing(let path): "There is no file \(path)."
    case .parametersUnreadable(let path, let reason): "\(path) cannot be read: \(reason)."
    case .parametersInvalid(let path, let key, let expected, let found):
      "In \(path), “\(key)” should be \(expected), and is \(found)."
    case .parametersDoNotFit(let path, let reason): "\(path) does not belong to this model: \(reason)."
    case .standardizationInvalid(let parameter, let expected, let found):
      "\(parameter) should be \(expected), and is \(found)."
    case .standardizationOfOtherRange(.bytes, _, _):
      "Such a mean and scale are those of x / 255, as the cards of models give them (range=1), and here x is a byte, 0 to 255."
    case .standardizationOfOtherRange(.shares, _, _):
      "With range=1 mean and scale are those of x / 255, at most 1, and these are those of bytes, 0 to 255."
    }
  }

  /// The argument at fault, where it has the name of one.
  package var parameter: String? {
    switch self {
    case .standardizationInvalid(let parameter, _, _): parameter
    case .standardizationOfOtherRange(_, let mean, _): mean == nil ? "scale" : "mean"
    case .sideFixed, .sideRefused: "side"
    case .registersContradicted: "registers"
    case .precisionUnavailable: "precision"
    case .engineUnknown: "engine"
    case .engineUnfit(_, let parameter, _, _): parameter
    default: nil
    }
  }

  /// What to do instead, where there is something to say.
  package var remedy: String? {
    switch self {
    case .notAModel(_, let looksLike?): looksLike.remedy
    case .notAModel: "Export the model to ONNX (torch.onnx.export, tf2onnx) and give the .onnx file."
    case .fileTruncated, .fileEmpty: "Copy the file again from where it was made."
    case .companionMissing(let path, let companion, let beside) where beside.count == 1:
      "If \(beside[0]) is this file under another name, name it \(companion): \((path as NSString).lastPathComponent) "
        + "asks for this name."
    case .companionMissing: "Put it beside the model, under this name, from where the model was made."
    case .companionOutside: "Export the model again, into a folder of its own."
    case .noClassToken: "pooling=mean"
    case .bytesWanted: "standardization=none"
    case .inputUnsupported(_, let found) where found.contains(" inputs "):
      "Export the part of the model alone that takes the picture."
    case .sideRefused(_, _, let taken): taken.first.map { "side=\($0)" }
    case .wrongExtension(_, _, let wanted): "Rename it to end in .\(wanted)."
    case .modelRefused(_, _, _, let remedy?): remedy
    case .torchNetworkRefused(_, _, let remedy?): remedy
    case .unknownLayer: "`model` lists the layers."
    case .layerSizeUnknown: "Pool it, by its mean or its maximum."
    case .noPostconv: "Name a layer: layers=[…]; `model` lists them."
    case .outputsContradicted: "Leave outputs out, or give outputs=numbers for the numbers as the model gives them."
    case .parametersDoNotFit: "Give the params.json of this model, or the standardisation as mean= and scale=."
    case .standardizationOfOtherRange(.bytes, let mean, let scale):
      [("mean", mean), ("scale", scale)].compactMap { name, numbers in
        numbers.map { "\(name)=\(Standardization.brief($0))" }
      }.joined(separator: " ")
    case .standardizationOfOtherRange(.shares, _, _): "range=255"
    case .precisionUnavailable(let missing): missing.remedy
    case .engineUnknown(let name, let known): nearestNames(to: name, among: known).first.map { "engine=\($0)" }
    case .engineUnfit(_, _, _, let remedy), .workerFailed(_, _, _, let remedy): remedy
    case .engineUnavailable: "`tessera doctor` tells which library is missing."
    default: nil
    }
  }
}
