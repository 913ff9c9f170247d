// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

@testable import Dynamics

@Suite struct SafetensorsFiles {
  static let subnormal = Double.leastNonzeroMagnitude
  static let sample = Safetensors(
    tensors: [
      "w": .init(shape: [2, 2], values: .float64([1.5, -0.0, subnormal, 1e300])),
      "b": .init(shape: [3], values: .float32([1, 2, 3])),
      "n": .init(shape: [], values: .int64([7])),
      "e": .init(shape: [0, 3], values: .float32([])),
    ], metadata: ["config": "{\"a\": \"ü\"}", "kind": "hlieconv", "odd": "\u{1}\n\"\\\u{2028}"])

  /// The same tensors as written by `safetensors.numpy.save` of the Python package, 0.8.0.
  static let fromPython =
    "IAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJraW5kIjoiaGxpZWNvbnYiLCJjb25maWciOiJ7XCJhXCI6IFwiw7xcIn"
    + "0ifSwibiI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpbXSwiZGF0YV9vZmZzZXRzIjpbMCw4XX0sInciOnsiZHR5cGUi"
    + "OiJGNjQiLCJzaGFwZSI6WzIsMl0sImRhdGFfb2Zmc2V0cyI6WzgsNDBdfSwiYiI6eyJkdHlwZSI6IkYzMiIsInNoYX"
    + "BlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzQwLDUyXX0sImUiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzAsM10sImRh"
    + "dGFfb2Zmc2V0cyI6WzUyLDUyXX19ICAgICAHAAAAAAAAAAAAAAAAAPg/AAAAAAAAAIABAAAAAAAAAJx1AIg85Dd+AA"
    + "CAPwAAAEAAAEBA"

  @Test func roundTripKeepsEveryBit() throws {
    let data = Self.sample.data
    let back = try Safetensors(data: data, name: "a")
    #expect(back == Self.sample)
    guard case .float64(let values) = back.tensors["w"]?.values else { throw NoetherError("no w") }
    #expect(values.map(\.bitPattern) == [1.5, -0.0, Self.subnormal, 1e300].map(\.bitPattern))
    #expect(back.data == data)
    #expect(data.count % 4 == 0 && (data.number(at: 0, as: UInt64.self) ?? 1) % 8 == 0)
  }

  @Test func readsWhatPythonWrites() throws {
    let data = try #require(Data(base64Encoded: Self.fromPython))
    let file = try Safetensors(data: data, name: "python")
    #expect(file.tensors == Self.sample.tensors)
    #expect(file.metadata == ["config": "{\"a\": \"ü\"}", "kind": "hlieconv"])
  }

  @Test func refusesATruncationAtAnyByte() {
    let data = Self.sample.data
    for length in 0..<data.count {
      #expect(throws: NoetherError.self) { try Safetensors(data: data.prefix(length), name: "a") }
    }
    #expect(
      message { try Safetensors(data: data + [0], name: "a") }.contains("1 bytes follow the last tensor"))
  }

  /// A file of this header over eight zero bytes.
  static func file(_ header: String, values: Int = 8) -> Data {
    var data = Data()
    data.append(number: UInt64(header.utf8.count))
    data.append(contentsOf: header.utf8)
    return data + Data(count: values)
  }

  @Test(arguments: [
    ("{\"a\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]}}", "has type F16"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,8]}}", "do not fit 2 F64 values"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[-1],\"data_offsets\":[0,8]}}", "is impossible"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}", "is impossible"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693951],\"data_offsets\":[0,8]}}", "is impossible"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[8,0]}}", "do not fit"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[-8,0]}}", "damaged"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0]}}", "damaged"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[1.5],\"data_offsets\":[0,8]}}", "damaged"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,18446744073709551616]}}", "damaged"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[4,12]}}", "do not fit"),
    ("{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}", "truncated"),
    ("{}", "8 bytes follow"), ("[]", "damaged"), ("", "damaged"), ("{\"__metadata__\":{\"a\":1}}", "damaged"),
    (String(repeating: "[", count: 100_000), "damaged"),
  ])
  func refusesAnInconsistentHeader(_ header: String, _ complaint: String) {
    let said = message { try Safetensors(data: Self.file(header), name: "some.safetensors") }
    #expect(said.hasPrefix("some.safetensors: ") && said.contains(complaint))
  }

  @Test func everyFlippedHeaderByteIsSafe() {
    let data = Self.sample.data
    for index in 0..<min(data.count, 400) {
      var damaged = data
      damaged[index] ^= 0x11
      _ = try? Safetensors(data: damaged, name: "a")
    }
  }
}

@Suite struct AtomicWriting {
  @Test func replacesWholeFilesAndLeavesNothingBehind() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.txt"
    try writeAtomically(Data("old".utf8), to: path)
    try writeAtomically(Data("new".utf8), to: path)
    #expect(try readFile(path, limit: 3) == Data("new".utf8))
    #expect(try folder.names == ["a.txt"])
    #expect(message { try readFile(path, limit: 2) }.contains("longer than the 2 bytes"))
  }

  @Test(arguments: [
    ("a", ".", "a"), ("a/", ".", "a"), ("/a", "/", "a"), ("/", "/", ""), ("a/b", "a", "b"), ("./a", ".", "a"),
    ("/a/b/", "/a", "b"), ("", ".", ""), ("é", ".", "é"), ("a//b", "a/", "b"),
  ])
  func splitsPaths(_ path: String, _ folder: String, _ name: String) {
    #expect(parentFolder(of: path) == folder)
    #expect(lastComponent(of: path) == name)
  }

  @Test func saysWhyItCannotWrite() throws {
    let folder = try TemporaryFolder()
    #expect(
      message { try writeAtomically(Data(), to: folder.path + "/no/such/a") }
        == "\(folder.path)/no/such/a: cannot be written: there is no folder \(folder.path)/no/such; make it first"
    )
    #expect(message { try writeAtomically(Data(), to: folder.path) }.contains("is a directory"))
    #expect(message { try readFile(folder.path, limit: 10) }.contains("is a directory"))
    #expect(message { try readFile(folder.path + "/no", limit: 10) }.contains("there is no such file"))
    // A device is written to, never replaced.
    try writeAtomically(Data("x".utf8), to: "/dev/null")
    #expect(
      message { try writeAtomically(Data("x".utf8), to: "/dev/full") }.contains("No space left on device"))
    #expect(try folder.names.isEmpty)
  }
}
