// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "noether", path: "..")],
  targets: [
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        .product(name: "Dynamics", package: "noether"),
        .product(name: "Integrators", package: "noether"),
        .product(name: "HLieConv", package: "noether"),
        .product(name: "Molecules", package: "noether"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
