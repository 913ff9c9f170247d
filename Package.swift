// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import PackageDescription

// The reference is built by a plugin that ordinary builds need not fetch: scripts/docs.sh asks for it.
let documentation: [Package.Dependency] =
  (ProcessInfo.processInfo.environment["NOETHER_DOCS"] ?? "").isEmpty
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")]

// Warnings are errors in our own targets; dependencies keep their own settings.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "noether",
  products: [
    .library(name: "LieCore", targets: ["LieCore"]),
    .library(name: "Dynamics", targets: ["Dynamics"]),
    .library(name: "Integrators", targets: ["Integrators"]),
    .library(name: "HLieConv", targets: ["HLieConv"]),
    .library(name: "Images", targets: ["Images"]),
    .library(name: "Molecules", targets: ["Molecules"]),
    .executable(name: "noether", targets: ["noether"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ] + documentation,
  targets: [
    // Debian's libraries. GSL is linked without its own CBLAS, so that cblas_* is OpenBLAS everywhere.
    .systemLibrary(name: "CGSL", providers: [.apt(["libgsl-dev"])]),
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CMessageDigest", providers: [.apt(["libmd-dev"])]),
    .systemLibrary(name: "CLBFGS", providers: [.apt(["liblbfgs-dev"])]),

    // Two folders change places.
    .systemLibrary(name: "CExchange"),
    // The measured kernels, compiled for AVX-512, AVX2 and baseline and chosen at run time.
    .target(name: "CKernels"),

    // Groups: exp, log, act, lift, generators. Knows no physics and no networks.
    .target(
      name: "LieCore", dependencies: [.product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: strict),
    // Phase space, Hamiltonian systems, scenarios, conserved quantities, trajectories and their files.
    .target(
      name: "Dynamics",
      dependencies: [
        "LieCore", "CKernels", "Yams", "CZlib", "CMessageDigest", "CExchange",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: strict),
    // GSL's steppers and our own methods.
    .target(name: "Integrators", dependencies: ["Dynamics", "CGSL", "COpenBLAS"], swiftSettings: strict),
    // Layers, the learned Hamiltonian, training.
    .target(
      name: "HLieConv",
      dependencies: [
        "LieCore", "Dynamics", "CKernels", "COpenBLAS", "CLBFGS",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: strict),
    // Digits: files of images, training of LieConv networks on them, their errors.
    .target(
      name: "Images",
      dependencies: ["HLieConv", "Dynamics", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: strict),
    // Atoms: their files, energies and forces.
    .target(name: "Molecules", dependencies: ["LieCore", "Dynamics", "HLieConv"], swiftSettings: strict),
    // The command line.
    .executableTarget(
      name: "noether",
      dependencies: [
        "LieCore", "Dynamics", "Integrators", "HLieConv", "Images", "Molecules",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    .target(
      name: "TestSupport",
      dependencies: [
        "LieCore", "Dynamics", "Integrators", .product(name: "RealModule", package: "swift-numerics"),
      ],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "LieCoreTests", dependencies: ["LieCore", "Dynamics", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "DynamicsTests", dependencies: ["Dynamics", "CExchange", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "IntegratorsTests",
      dependencies: [
        "Integrators", "TestSupport", "CGSL", "COpenBLAS", "CZlib",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: strict),
    .target(
      name: "CGSLLeastSquares", path: "Tests/CGSLLeastSquares",
      linkerSettings: [.linkedLibrary("gsl"), .linkedLibrary("openblas")]),
    .testTarget(
      name: "HLieConvTests",
      dependencies: ["HLieConv", "CKernels", "CGSLLeastSquares", "Integrators", "TestSupport"],
      exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "ImagesTests", dependencies: ["Images", "HLieConv", "LieCore", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "MoleculesTests", dependencies: ["Molecules", "HLieConv", "TestSupport"], swiftSettings: strict),
    // Damaged files for every reader: `make fuzz`, and a short run among the tests.
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Dynamics", "HLieConv", "Molecules",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/fuzz", swiftSettings: strict),
    .testTarget(
      name: "NoetherTests", dependencies: ["noether", "fuzz", "TestSupport"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
