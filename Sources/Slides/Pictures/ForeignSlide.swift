import Files
import Foundation

/// Slides of formats that are not read, known by their first bytes or their ending, with the way out.
package enum ForeignSlide: String, Sendable, CaseIterable {
  case czi, vsi, ets, dcm, isyntax, lif, nd2, zvi, oib, oif, kfb, sdpc, tron, mds, mdsx, jp2, j2k, afi
  /// A MIRAX slide without the folder that has its data.
  case mrxs

  /// Endings under which slides of these formats lie in folders.
  static let endings = Set(allCases.map(\.rawValue)).subtracting(["ets", "mrxs"])

  private static let beginnings: [(ForeignSlide, offset: Int, bytes: [UInt8])] = [
    (.czi, 0, Array("ZISRAWFILE".utf8)), (.dcm, 128, Array("DICM".utf8)), (.nd2, 0, [0xDA, 0xCE, 0xBE, 0x0A]),
    (.isyntax, 0, Array("<DataObject ObjectType=\"DPUfsImport\"".utf8)), (.jp2, 4, Array("jP  \r\n".utf8)),
    (.j2k, 0, [0xFF, 0x4F, 0xFF, 0x51]),
  ]

  /// Nil for a file that is none of these.
  init?(path: String) {
    let head = (try? ReadableFile(path: path).bytes(at: 0, count: 256)) ?? []
    let ending = (path as NSString).pathExtension.lowercased()
    if let known = Self.beginnings.first(where: { head.dropFirst($0.offset).starts(with: $0.bytes) }) {
      self = known.0
    } else if ending == "mrxs" {
      // With its folder it is one that is damaged.
      guard !FileManager.default.fileExists(atPath: (path as NSString).deletingPathExtension) else { return nil }
      self = .mrxs
    } else if let known = Self(rawValue: ending) {
      self = known
    } else {
      return nil
    }
  }

  /// What it is, for "A.czi is …".
  var words: String {
    switch self {
    case .czi, .zvi: "a file of Zeiss (\(rawValue.uppercased()))"
    case .vsi, .ets: "a file of Olympus (VSI)"
    case .oib, .oif: "a file of Olympus (\(rawValue.uppercased()))"
    case .dcm: "a DICOM file"
    case .isyntax: "a file of Philips (iSyntax)"
    case .lif: "a file of Leica (LIF)"
    case .nd2: "a file of Nikon (ND2)"
    case .kfb: "a file of KFBIO (KFB)"
    case .sdpc: "a file of Sqray (SDPC)"
    case .tron: "a file of InteMedic (TRON)"
    case .mds, .mdsx: "a file of Motic (\(rawValue.uppercased()))"
    case .jp2, .j2k: "a JPEG 2000 picture"
    case .afi: "a list of fluorescence channels of Aperio (AFI)"
    case .mrxs: "only the cover of a MIRAX slide"
    }
  }

  /// - Parameter path: of the file.
  func remedy(_ path: String) -> String {
    switch self {
    case .czi, .vsi, .ets, .dcm, .lif, .nd2, .zvi, .oib, .oif:
      "Convert it to OME-TIFF: in QuPath by File, Export images, OME TIFF, or by bioformats2raw and raw2ometiff --rgb."
    case .isyntax:
      "Convert it to OME-TIFF by isyntax2raw and raw2ometiff --rgb, or export it as TIFF from Philips' viewer."
    case .kfb, .sdpc, .tron, .mds, .mdsx: "Export it as SVS or TIFF by the viewer of the scanner's maker."
    case .jp2, .j2k: "Convert it: vips tiffsave IN OUT.tif --tile --pyramid --compression jpeg"
    case .afi: "Open the .svs files of its channels by themselves."
    case .mrxs: "Copy the folder \(WholeSlideImage.name(ofFile: path)) to where it lies."
    }
  }
}
