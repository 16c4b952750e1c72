// swift-tools-version: 6.2
import PackageDescription

let houseSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Of targets that compute: optimised in a debug build too, so that their tests take minutes and not hours.
let numericSettings = houseSettings + [.unsafeFlags(["-O"], .when(configuration: .debug))]
let numericCSettings: [CSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]
let numericCXXSettings: [CXXSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]

/// Made by kernelspec/dependencies: OpenVINO, which Debian does not have.
let dependencies = Context.packageDirectory + "/.deps"

/// The library finds OpenVINO beside itself where it is installed, and under .deps in the build tree. There is
/// no Swift in it, so it must not bring a second Swift runtime into the process.
let openVINOLinking: [LinkerSetting] = [
  .linkedLibrary("openvino"),
  .unsafeFlags([
    "-L" + dependencies + "/lib", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN", "-Xlinker", "-rpath", "-Xlinker",
    dependencies + "/openvino/libs", "-nostartfiles", "-static-stdlib",
  ]),
]

/// A program finds that library in ../lib where it is installed, and beside itself in the build tree.
let engineLinking: [LinkerSetting] = [
  .linkedLibrary("dl"),
  .unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../lib", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN"]),
]

/// Fuzzers and timers: built where TESSERA_TOOLS is set, as their scripts do, and not by `swift test`. In a package of
/// their own they would not see what the libraries keep to this package.
let tools: [Target] = [
  // Runs cells that CellFuzzing makes by the million, or lets the toolchain's fuzzer find them.
  .executableTarget(
    name: "fuzz-cells", dependencies: ["CellFuzzing", "CommandLanguage", "SmallLanguage"],
    path: "Tests/Tools/Fuzzing/Cells",
    swiftSettings: houseSettings),
  // Runs files that FileFuzzing makes by the million, in child processes.
  .executableTarget(
    name: "fuzz-files", dependencies: ["FileFuzzing"], path: "Tests/Tools/Fuzzing/Files", swiftSettings: houseSettings),
  // Times completion and inspection on a large project.
  .executableTarget(
    name: "time-help", dependencies: ["CommandLanguage", "SmallLanguage"], path: "Tests/Tools/Timers/Language",
    swiftSettings: houseSettings),
  // Times the way of tiles through a network.
  .executableTarget(
    name: "time-inference", dependencies: ["FeatureData", "Inference", "OpenVINOEngine", "Slides", "WorkerEngine"],
    path: "Tests/Tools/Timers/Inference",
    swiftSettings: houseSettings),
  // Draws figures of every kind, and times maps of many points.
  .executableTarget(
    name: "draw-figures", dependencies: ["Rendering", "SampleFigures"], path: "Tests/Tools/Figures",
    swiftSettings: houseSettings),
  // Times the making of maps.
  .executableTarget(
    name: "time-embedding", dependencies: ["Analysis", "FeatureData"], path: "Tests/Tools/Timers/Embedding",
    swiftSettings: houseSettings),
]

let package = Package(
  name: "tessera",
  products: [
    .executable(name: "tessera", targets: ["tessera"]),
    .library(name: "TesseraOpenVINO", type: .dynamic, targets: ["COpenVINO"]),
    .library(name: "JupyterKernel", targets: ["JupyterKernel", "JupyterWire", "Files"]),
  ],
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")],
  targets: [
    // Signatures and digests (libcrypto).
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // Deflate, for the row bands of large pictures and for compressed indexes of tiles.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // CRC-32C with the processor's instruction where it has one.
    .target(name: "CChecksums", cSettings: numericCSettings),
    // Bounded reads and whole-file writes; zip, NumPy's arrays, protobuf, CSV, JSON, XML and checksums.
    .target(name: "Files", dependencies: ["CChecksums", "COpenSSL", "CZlib"], swiftSettings: numericSettings),

    // Inner loops that pick the processor's widest instructions when they run.
    .target(name: "CSIMDKernels", cSettings: numericCSettings),
    // The shared nouns: matrix, tile location, labels, picture. Swift but for one inner loop.
    .target(name: "FeatureData", dependencies: ["CSIMDKernels"], swiftSettings: numericSettings),

    // Sockets; its .pc file carries flags that SwiftPM refuses, so there is no pkgConfig.
    .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
    // Jupyter's messages: frames, signature, one file a message family.
    .target(name: "JupyterWire", dependencies: ["COpenSSL", "Files"], swiftSettings: houseSettings),
    // A kernel for any language: sockets, threads, dispatch, and the Interpreter contract.
    .target(name: "JupyterKernel", dependencies: ["Files", "JupyterWire", "CZeroMQ"], swiftSettings: houseSettings),

    // The command language: lexer, parser, checker, evaluator, completion, manual. Pure Swift, no I/O.
    .target(name: "CommandLanguage", swiftSettings: houseSettings),

    // Libraries that are opened by the first call of one of their functions, so that a kernel starts without them.
    .target(name: "CLateLibrary", linkerSettings: [.linkedLibrary("dl")]),
    // Whole-slide images.
    .target(name: "COpenSlide", dependencies: ["CLateLibrary"]),
    // Tiled TIFF files, as most slides are: their pieces read and written.
    .target(name: "CTIFF", dependencies: ["CLateLibrary"]),
    // JPEG decoding and encoding.
    .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    // PNG writing of single tiles.
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    // libpng's reader as functions that return a status: its long jumps stay in C.
    .target(name: "CPNGReader", linkerSettings: [.linkedLibrary("png16")]),
    // Whole-slide images, tile files, tile images, annotations, projects, datasets.
    .target(
      name: "Slides",
      dependencies: [
        "Files", "FeatureData", "COpenSlide", "CTIFF", "CTurboJPEG", "CPNG", "CPNGReader",
        "CSIMDKernels",
      ],
      swiftSettings: numericSettings),

    // The trained network of the demo, embedded.
    .target(name: "CDemoModel", exclude: ["hpv.onnx", "hpv.json"]),
    // The built-in project: synthetic slides, annotations, and the network trained on such tissue.
    .target(
      name: "DemoProject", dependencies: ["FeatureData", "Files", "Slides", "CDemoModel", "CTIFF"],
      exclude: ["training"],
      swiftSettings: numericSettings),
    // Writes such slides from other seeds, for training that network.
    .executableTarget(name: "demo-slides", dependencies: ["DemoProject", "FeatureData"], swiftSettings: houseSettings),

    // What inference needs, as a table of C functions, and the opening of the library that has them.
    .target(name: "CInferenceEngine", linkerSettings: engineLinking),
    // That library: OpenVINO behind functions that never throw. Opened when a model is, so that a kernel starts without.
    .target(
      name: "COpenVINO", dependencies: ["CInferenceEngine"],
      cxxSettings: [.headerSearchPath("../../.deps/openvino/include")], linkerSettings: openVINOLinking),
    // Models, their layers, and how tiles go through them; what runs them is behind the protocol InferenceEngine.
    .target(name: "Inference", dependencies: ["FeatureData", "Files"], swiftSettings: numericSettings),
    // That protocol on OpenVINO, with its names of operations.
    // Memory without a file, of a fixed size, that two processes share.
    .target(name: "CSharedMemory"),
    // That protocol on programs of their own: workers that get tiles through shared memory.
    .target(
      name: "WorkerEngine", dependencies: ["ChildProcesses", "CSharedMemory", "FeatureData", "Files", "Inference"],
      exclude: ["README.md"],
      swiftSettings: numericSettings),
    .target(name: "OpenVINOEngine", dependencies: ["Inference", "CInferenceEngine"], swiftSettings: houseSettings),

    // Files of numbers.
    .target(name: "CHDF5", dependencies: ["CLateLibrary"]),
    // Features and maps on disk, each under a key made from its inputs.
    .target(
      name: "FeatureStore", dependencies: ["FeatureData", "Files", "CHDF5", "COpenSSL"], swiftSettings: numericSettings
    ),

    // Linear algebra (BLAS and LAPACK).
    .target(name: "COpenBLAS", dependencies: ["CLateLibrary"]),
    // Distributions from Boost.Math behind functions of C that never throw.
    .target(name: "CBoostMath", cxxSettings: numericCXXSettings),
    // Statistics, neighbours, embeddings.
    .target(
      name: "Analysis", dependencies: ["FeatureData", "Files", "COpenBLAS", "CBoostMath", "CSIMDKernels"],
      swiftSettings: numericSettings),

    // The drawing library: PNG, SVG and PDF from one set of calls.
    .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    // Text of any script, laid out for cairo.
    .systemLibrary(name: "CPango", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
    // libpng's writer as functions that return a status: its long jumps stay in C.
    .target(name: "CPNGWriter", linkerSettings: [.linkedLibrary("png16")]),
    // Scatter plots, tables and mosaics as PNG, SVG, PDF, HTML and text.
    .target(
      name: "Rendering",
      dependencies: ["FeatureData", "Files", "CCairo", "CPango", "CPNGWriter", "CSIMDKernels", "CZlib"],
      swiftSettings: numericSettings),

    // What a browser shows of live views, as texts.
    .target(name: "CFrontEnd", exclude: ["explore"]),

    // Programs that run beside this one.
    .target(name: "ChildProcesses", swiftSettings: houseSettings),
    // Programs in Python, as texts.
    .target(
      name: "CPythonPrograms",
      exclude: [
        "child.py", "convert.py", "networks.py", "start.py", "tiles.py", "worker.py", "worker_onnxruntime.py",
        "worker_torch.py",
      ]),
    // Finds the Python that has torch, and starts these programs in it.
    .target(
      name: "PythonPrograms", dependencies: ["CPythonPrograms", "ChildProcesses", "Files"],
      swiftSettings: houseSettings),

    // What is done: studies, extraction, features, maps, mosaics, statistics. A library that knows no language.
    .target(
      name: "Workflows",
      dependencies: [
        "CFrontEnd", "FeatureData", "Files", "Slides", "DemoProject", "Inference", "OpenVINOEngine", "FeatureStore",
        "Analysis", "Rendering", "ChildProcesses", "PythonPrograms", "WorkerEngine",
      ],
      swiftSettings: houseSettings),
    // The commands: what the language says, done by the workflows.
    .target(
      name: "Commands",
      dependencies: [
        "CommandLanguage", "FeatureData", "Files", "Slides", "Inference", "FeatureStore", "Analysis", "Rendering",
        "Workflows",
      ], swiftSettings: houseSettings),

    // Puts the program and the libraries that Debian lacks into a folder of their own.
    .target(name: "Installation", dependencies: ["FeatureData", "Files"], swiftSettings: houseSettings),
    // The program: kernel, run, install, doctor.
    .executableTarget(
      name: "tessera",
      dependencies: [
        "CommandLanguage", "Commands", "FeatureData", "Files", "JupyterKernel", "JupyterWire", "Installation",
        "Inference", "PythonPrograms", "Rendering", "Workflows",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: houseSettings),

    .testTarget(name: "FilesTests", dependencies: ["Files", "FeatureData"], swiftSettings: houseSettings),
    .testTarget(name: "JupyterWireTests", dependencies: ["Files", "JupyterWire"], swiftSettings: houseSettings),
    .testTarget(
      name: "JupyterKernelTests",
      dependencies: ["CZeroMQ", "EchoInterpreter", "Files", "JupyterKernel", "JupyterWire"],
      swiftSettings: houseSettings),
    // A toy language that proves the kernel independent of any real one, and a kernel for it.
    .target(
      name: "EchoInterpreter", dependencies: ["Files", "JupyterKernel", "JupyterWire"],
      path: "Tests/Support/EchoInterpreter",
      swiftSettings: houseSettings),
    .executableTarget(
      name: "EchoKernel", dependencies: ["EchoInterpreter", "Files", "JupyterKernel", "JupyterWire"],
      path: "Tests/Tools/EchoKernel",
      swiftSettings: houseSettings),
    // A small part of a project that slideflow made and computed, and where the whole of it may be.
    .target(
      name: "GoldenData", path: "Tests/Support/GoldenData", exclude: ["Files"], swiftSettings: houseSettings),
    // A small set of commands and a session of values, for the language's tests.
    .target(
      name: "SmallLanguage", dependencies: ["CommandLanguage"], path: "Tests/Support/SmallLanguage",
      swiftSettings: houseSettings),
    // Makes cells of every kind, right and wrong, and checks what the language says of them.
    .target(
      name: "CellFuzzing", dependencies: ["CommandLanguage", "SmallLanguage"], path: "Tests/Support/CellFuzzing",
      swiftSettings: houseSettings),
    // Figures of every kind, as easy and as hard as they come.
    .target(
      name: "SampleFigures", dependencies: ["FeatureData", "Rendering"], path: "Tests/Support/SampleFigures",
      swiftSettings: houseSettings),
    // Makes tile files, tables, regions, pictures and feature files of every kind, right and wrong, and reads them as a
    // session does.
    .target(
      name: "FileFuzzing", dependencies: ["CZlib", "FeatureData", "FeatureStore", "Files", "Slides"],
      path: "Tests/Support/FileFuzzing",
      swiftSettings: houseSettings),
    .testTarget(
      name: "CommandLanguageTests", dependencies: ["CellFuzzing", "CommandLanguage", "SmallLanguage"],
      swiftSettings: houseSettings),
    .testTarget(
      name: "SlidesTests",
      dependencies: ["Files", "Slides", "DemoProject", "FeatureData", "FileFuzzing", "GoldenData"],
      exclude: ["Fixtures"], swiftSettings: houseSettings),
    .testTarget(
      name: "DemoProjectTests", dependencies: ["DemoProject", "CTIFF", "Slides", "FeatureData"],
      swiftSettings: houseSettings),
    .testTarget(
      name: "FeatureStoreTests", dependencies: ["FeatureStore", "FeatureData", "Files", "GoldenData"],
      exclude: ["Bags/Fixtures", "Fixtures"],
      swiftSettings: houseSettings),
    .testTarget(
      name: "AnalysisTests", dependencies: ["Analysis", "FeatureData", "GoldenData"], resources: [.copy("fixtures")],
      swiftSettings: houseSettings),
    // An engine in this process that gives the means of a tile's channels.
    .target(
      name: "ChannelMeans", dependencies: ["Inference"], path: "Tests/Support/ChannelMeans",
      swiftSettings: houseSettings
    ),
    // The same as a worker, which fails as it is told.
    .executableTarget(name: "scripted-worker", path: "Tests/Support/ScriptedWorker"),
    .testTarget(
      name: "WorkerEngineTests",
      dependencies: ["ChannelMeans", "FeatureData", "Inference", "PythonPrograms", "WorkerEngine"],
      swiftSettings: houseSettings),
    .testTarget(
      name: "InferenceTests",
      dependencies: ["ChannelMeans", "Inference", "OpenVINOEngine", "FeatureData", "Slides", "GoldenData"],
      exclude: ["Fixtures"],
      swiftSettings: houseSettings),
    .testTarget(
      name: "TesseraTests", dependencies: ["tessera", "CommandLanguage", "Files", "JupyterKernel", "JupyterWire"],
      swiftSettings: houseSettings),
    .testTarget(name: "InstallationTests", dependencies: ["Installation"], swiftSettings: houseSettings),
    .testTarget(
      name: "WorkflowsTests",
      dependencies: [
        "Workflows", "Analysis", "DemoProject", "FeatureData", "FeatureStore", "Inference", "PythonPrograms",
        "Rendering", "Slides",
      ],
      swiftSettings: houseSettings),
    .testTarget(
      name: "CommandsTests",
      dependencies: [
        "Commands", "CommandLanguage", "DemoProject", "FeatureStore", "Slides", "FeatureData", "Workflows",
        "GoldenData",
      ],
      exclude: ["Fixtures"], swiftSettings: houseSettings),
    .testTarget(
      name: "RenderingTests", dependencies: ["Rendering", "FeatureData", "CPNG", "GoldenData", "SampleFigures"],
      exclude: ["Golden"], swiftSettings: houseSettings),
  ] + (Context.environment["TESSERA_TOOLS"] == nil ? [] : tools),
  cxxLanguageStandard: .cxx17
)
