// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import Dynamics

@Suite struct NPZFiles {
  static let subnormal = Double.leastNonzeroMagnitude
  static let table = [1.5, -0.0, subnormal, 1e300, -2.25, 0.1]

  static let members: [(name: String, array: NPYArray)] = [
    ("a", NPYArray(shape: [2, 3], table)),
    ("n", NPYArray(shape: [1, 2], values: .int64([-3, 4]))),
    ("s", NPYArray(shape: [], [2.5])),
    ("z", NPYArray(shape: [2, 0], [])),
    ("odd", NPYArray(shape: [2], [.nan, -.infinity])),
  ]

  /// Written by NumPy's savez and savez_compressed.
  static let plain =
    "UEsDBC0AAAAAAAAAIQC4XmS4//////////8FABQAYS5ucHkBABAAsAAAAAAAAACwAAAAAAAAAJNOVU1QWQEAdgB7J2"
    + "Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAzKSwgfSAgICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAA+D8AAAAAAAAAgAEAAA"
    + "AAAAAAnHUAiDzkN34AAAAAAAACwJqZmZmZmbk/UEsDBC0AAAAAAAAAIQA1tDqT//////////8FABQAcy5ucHkBABAA"
    + "iAAAAAAAAACIAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsIC"
    + "dzaGFwZSc6ICgpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
    + "ICAgICAgICAKAAAAAAAABEBQSwECLQMtAAAAAAAAACEAuF5kuLAAAACwAAAABQAAAAAAAAAAAAAAgAEAAAAAYS5ucH"
    + "lQSwECLQMtAAAAAAAAACEANbQ6k4gAAACIAAAABQAAAAAAAAAAAAAAgAHnAAAAcy5ucHlQSwUGAAAAAAIAAgBmAAAA"
    + "pgEAAAAA"
  static let deflated =
    "UEsDBC0AAAAIAAAAIQC4XmS4//////////8FABQAYS5ucHkBABAAsAAAAAAAAABjAAAAAAAAAJvsF+obEMnIUMZQrZ"
    + "6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYw+GEPoRkaGKGM"
    + "OaUMHTZPzOsgPKYDs2aCwE57AFBLAwQtAAAACAAAACEAdGfPkP//////////BQAUAGYubnB5AQAQAIgAAAAAAAAATA"
    + "AAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2airqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6"
    + "CrUKFAAuBoYD9gwMCgcAUEsDBC0AAAAIAAAAIQCJDX0R//////////8FABQAbi5ucHkBABAAiAAAAAAAAABPAAAAAA"
    + "AAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GoY6CkaaOgq1"
    + "CmQDrr////9nYWBgAABQSwMELQAAAAgAAAAhADW0OpP//////////wUAFABzLm5weQEAEACIAAAAAAAAAEcAAAAAAA"
    + "AAm+wX6hsQychQxlCtnpJanFykbqWgbpNmoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkamjoKtQoUAS4G"
    + "MGBxAABQSwMELQAAAAgAAAAhAFdFvHP//////////wUAFAB6Lm5weQEAEACAAAAAAAAAAEYAAAAAAAAAm+wX6hsQyc"
    + "hQxlCtnpJanFykbqWgbpNmoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKBpo6CrUKZAMuAFBLAQIt"
    + "Ay0AAAAIAAAAIQC4XmS4YwAAALAAAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLAQItAy0AAAAIAAAAIQB0Z8+QTA"
    + "AAAIgAAAAFAAAAAAAAAAAAAACAAZoAAABmLm5weVBLAQItAy0AAAAIAAAAIQCJDX0RTwAAAIgAAAAFAAAAAAAAAAAA"
    + "AACAAR0BAABuLm5weVBLAQItAy0AAAAIAAAAIQA1tDqTRwAAAIgAAAAFAAAAAAAAAAAAAACAAaMBAABzLm5weVBLAQ"
    + "ItAy0AAAAIAAAAIQBXRbxzRgAAAIAAAAAFAAAAAAAAAAAAAACAASECAAB6Lm5weVBLBQYAAAAABQAFAP8AAACeAgAA"
    + "AAA="
  static let fortran =
    "UEsDBC0AAAAIAAAAIQDnMKMO//////////8FABQAYS5ucHkBABAAsAAAAAAAAABiAAAAAAAAAJvsF+obEMnIUMZQrZ"
    + "6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEg8pKk0FChdnJBakArkaRjoKxpo6CrUK5AMuBjD4YT+nlKHD5ol5"
    + "HYTP0AChmA4wQgVmzQSBnfYAUEsBAi0DLQAAAAgAAAAhAOcwow5iAAAAsAAAAAUAAAAAAAAAAAAAAIABAAAAAGEubn"
    + "B5UEsFBgAAAAABAAEAMwAAAJkAAAAAAA=="
  static let bigEndian =
    "UEsDBC0AAAAIAAAAIQCSzlNi//////////8FABQAYS5ucHkBABAAsAAAAAAAAABiAAAAAAAAAJvsF+obEMnIUMZQrZ"
    + "6SWpxcpG6loG6XZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLvsfDGDQwIACGOvM"
    + "n9h0MJTOOcAEEbDfORMEZgEAUEsBAi0DLQAAAAgAAAAhAJLOU2JiAAAAsAAAAAUAAAAAAAAAAAAAAIABAAAAAGEubn"
    + "B5UEsFBgAAAAABAAEAMwAAAJkAAAAAAA=="
  /// uint8, int8, uint16, int16, uint32, uint64, bool, and two arrays of text.
  static let wholes =
    "UEsDBC0AAAAIAAAAIQDuCFI1//////////8GABQAdTEubnB5AQAQAIMAAAAAAAAARwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRu"
    + "paBeU2qorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOpo6CrUKFAAuhhP/AVBLAwQtAAAACAAAACEAZxkEGv//////"
    + "////BgAUAGkxLm5weQEAEACCAAAAAAAAAEYAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXpNpqK6joJ6WX1RSlJgXn1+UkgoS"
    + "d0vMKU4FihdnJBakAvkaRjqaOgq1ChQArgZWAFBLAwQtAAAACAAAACEAVWyRSf//////////BgAUAHUyLm5weQEAEACCAAAAAAAA"
    + "AEYAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgblNqpK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahjqaOgq1ChQA"
    + "rv//AVBLAwQtAAAACAAAACEAwDEDQ///////////BgAUAGkyLm5weQEAEACEAAAAAAAAAEgAAAAAAAAAm+wX6hsQychQxlCtnpJa"
    + "nFykbqWgbpNppK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQArn//mRkAUEsDBC0AAAAIAAAAIQA04K2O"
    + "//////////8GABQAdTQubnB5AQAQAIQAAAAAAAAARwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuU2qirqOgnpZfVFKUmBef"
    + "X5SSChJ3S8wpTgWKF2ckFqQC+RqGOpo6CrUKFACu/0AAAFBLAwQtAAAACAAAACEAHsB7cP//////////BgAUAHU4Lm5weQEAEACI"
    + "AAAAAAAAAEgAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgblNqoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahjqa"
    + "Ogq1ChQALnYGCAAAUEsDBC0AAAAIAAAAIQDuGbtd//////////8FABQAYi5ucHkBABAAggAAAAAAAABGAAAAAAAAAJvsF+obEMnI"
    + "UMZQrZ6SWpxcpG6loF6TZKiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoUAC5GBgBQSwMELQAAAAgAAAAh"
    + "AJucv/L//////////wgAFABuYW1lLm5weQEAEACcAAAAAAAAAFUAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbhNqrq6joJ6W"
    + "X1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkamjoKtQoUAa5UBgaGEiDOAOJEIM4D4nwgzgFiAFBLAwQtAAAACAAAACEA1zq5z///"
    + "////////CgAUAHRoZW9yeS5ucHkBABAAgwAAAAAAAABFAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF4TbKyuo6Cell9UUpSY"
    + "F59flJIKEndLzClOBYoXZyQWpAL5Gpo6CrUKFAGuACdXAFBLAQItAy0AAAAIAAAAIQDuCFI1RwAAAIMAAAAGAAAAAAAAAAAAAACA"
    + "AQAAAAB1MS5ucHlQSwECLQMtAAAACAAAACEAZxkEGkYAAACCAAAABgAAAAAAAAAAAAAAgAF/AAAAaTEubnB5UEsBAi0DLQAAAAgA"
    + "AAAhAFVskUlGAAAAggAAAAYAAAAAAAAAAAAAAIAB/QAAAHUyLm5weVBLAQItAy0AAAAIAAAAIQDAMQNDSAAAAIQAAAAGAAAAAAAA"
    + "AAAAAACAAXsBAABpMi5ucHlQSwECLQMtAAAACAAAACEANOCtjkcAAACEAAAABgAAAAAAAAAAAAAAgAH7AQAAdTQubnB5UEsBAi0D"
    + "LQAAAAgAAAAhAB7Ae3BIAAAAiAAAAAYAAAAAAAAAAAAAAIABegIAAHU4Lm5weVBLAQItAy0AAAAIAAAAIQDuGbtdRgAAAIIAAAAF"
    + "AAAAAAAAAAAAAACAAfoCAABiLm5weVBLAQItAy0AAAAIAAAAIQCbnL/yVQAAAJwAAAAIAAAAAAAAAAAAAACAAXcDAABuYW1lLm5w"
    + "eVBLAQItAy0AAAAIAAAAIQDXOrnPRQAAAIMAAAAKAAAAAAAAAAAAAACAAQYEAAB0aGVvcnkubnB5UEsFBgAAAAAJAAkA2QEAAIcE"
    + "AAAAAA=="
  /// 2⁶³ as uint64.
  static let large =
    "UEsDBC0AAAAIAAAAIQAnSgaX//////////8FABQAYS5ucHkBABAAiAAAAAAAAABIAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6l"
    + "oG5TaqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GoY6mjoKtQoUAC4GCGgAAFBLAQItAy0AAAAIAAAAIQAnSgaXSAAA"
    + "AIgAAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAAB/AAAAAAA="
  static let objects =
    "UEsDBC0AAAAIAAAAIQACZgkb//////////8FABQAYS5ucHkBABAAFQEAAAAAAADDAAAAAAAAAJvsF+obEMnIUMZQrZ"
    + "6SWpxcpG6loF7jr66joJ6WX1RSlJgXn1+UkgoSdkvMKU4FihdnJBakAvkahjqaOgq1CpQArgaWqV0MENAjlleaW1Cp"
    + "F5+cX5Sql1uaU5KZWFSUWDmlhye+KDU5P6+4pKg0uWTK5Ck9rGCVU3rY81IgSiZP8WZoneLMmDSlfUrQFA1vRm/G1i"
    + "kZzD2sKSWVBakgLUz+FlM6OyCyzD2MNVP8/Py8/gMBmPC2L5mS1Bk7xS8RSOsBAFBLAQItAy0AAAAIAAAAIQACZgkb"
    + "wwAAABUBAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAAD6AAAAAAA="

  @Test func roundTripKeepsEveryBit() throws {
    let data = try NPZ.data(Self.members, name: "a.npz")
    let back = try NPZ.read(data, name: "a.npz")
    #expect(Set(back.keys) == Set(Self.members.map(\.name)))
    for (name, array) in Self.members {
      let read = try #require(back[name])
      #expect(read.shape == array.shape)
      #expect(read.doubles.map(\.bitPattern) == array.doubles.map(\.bitPattern))
    }
    #expect(try NPZ.data(Self.members, name: "b.npz") == data)
  }

  @Test func readsWhatNumPyWrites() throws {
    func arrays(_ text: String) throws -> [String: NPYArray] {
      try NPZ.read(#require(Data(base64Encoded: text)), name: "numpy.npz")
    }
    let plain = try arrays(Self.plain)
    #expect(plain["a"]?.shape == [2, 3] && plain["s"]?.shape == [])
    #expect(plain["a"]?.doubles.map(\.bitPattern) == Self.table.map(\.bitPattern))
    let deflated = try arrays(Self.deflated)
    #expect(deflated["a"] == plain["a"])
    #expect(deflated["f"]?.doubles == [1.5, -2.5])
    #expect(deflated["n"]?.values == .int64([-3, 4]))
    #expect(deflated["z"]?.shape == [2, 0])
    let wholes = try arrays(Self.wholes)
    for (name, values) in [
      ("u1", [0, 200, 255]), ("i1", [-128, 5]), ("u2", [65535]), ("i2", [-2, 3]), ("u4", [4_294_967_295]),
      ("u8", [7]), ("b", [1, 0]),
    ] as [(String, [Int64])] {
      #expect(wholes[name] == NPYArray(shape: [values.count], values: .int64(values)), "\(name)")
    }
    // Text is left out.
    #expect(wholes.count == 7)
    #expect(
      message { try arrays(Self.large) }.contains("array 'a': 9223372036854775808 is too large; save it"))
    #expect(message { try arrays(Self.fortran) }.contains("numpy.npz: array 'a': is in Fortran order; save"))
    #expect(message { try arrays(Self.bigEndian) }.contains("array 'a': has type '>f8'; save it as float64"))
    #expect(message { try arrays(Self.objects) }.contains("array 'a': has type '|O'"))
  }

  @Test func refusesATruncationAtAnyByte() throws {
    let data = try NPZ.data(Self.members, name: "a.npz")
    let deflated = try #require(Data(base64Encoded: Self.deflated))
    for whole in [data, deflated] {
      for length in 0..<whole.count {
        #expect(throws: NoetherError.self) { try NPZ.read(whole.prefix(length), name: "a.npz") }
      }
    }
  }

  @Test func noticesEveryFlippedByteOfTheValues() throws {
    let array = NPYArray(shape: [2, 3], Self.table)
    let data = try NPZ.data([("a", array)], name: "a.npz")
    let deflated = try #require(Data(base64Encoded: Self.deflated))
    for index in data.indices {
      var damaged = data
      damaged[index] ^= 0x5A
      // A flipped date or name is none of ours; whatever is read must be the values that were written.
      if let read = try? NPZ.read(damaged, name: "a.npz")["a"] {
        #expect(read.doubles.map(\.bitPattern) == Self.table.map(\.bitPattern))
      }
    }
    for index in deflated.indices {
      var damaged = deflated
      damaged[index] ^= 0x5A
      if let read = try? NPZ.read(damaged, name: "a.npz")["a"] {
        #expect(read.doubles.map(\.bitPattern) == Self.table.map(\.bitPattern))
      }
    }
  }

  /// A short file whose members share their bytes would stand for any number of long ones.
  @Test func refusesMembersThatShareBytes() throws {
    let array = NPYArray(shape: [100], (0..<100).map { Double($0) })
    var data = try NPZ.data([("a", array), ("b", array)], name: "a.npz")
    #expect(try NPZ.read(data, name: "a.npz").count == 2)
    let end = data.count - 22
    let start: UInt32 = try #require(data.number(at: end + 16))
    let length = Int(start) / 2
    func put(_ value: UInt32, at offset: Int) {
      var bytes = Data()
      bytes.append(number: value)
      data.replaceSubrange(offset..<offset + 4, with: bytes)
    }
    // The second entry of the directory leads to the first member, and the second member goes.
    put(0, at: Int(start) + 51 + 42)
    put(UInt32(length), at: end + 16)
    data.removeSubrange(length..<2 * length)
    #expect(message { try NPZ.read(data, name: "a.npz") }.contains("damaged"))
  }

  @Test func doesNotBelieveFalseSizes() throws {
    var data = try #require(Data(base64Encoded: Self.deflated))
    let directory = try #require(data.range(of: Data([0x50, 0x4B, 1, 2])))
    // The uncompressed size of the first member becomes nearly 4 GiB.
    data.replaceSubrange(
      directory.lowerBound + 24..<directory.lowerBound + 28, with: [0xF0, 0xFF, 0xFF, 0xFF])
    #expect(message { try NPZ.read(data, name: "a.npz") }.contains("a.npz: damaged or truncated"))
  }

  @Test(arguments: [
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "header of the array is damaged"),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", "is impossible"),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }",
      "8 bytes of values where the shape [3] takes 24"
    ),
    ("{'descr': '<f8', 'fortran_order': False}", "damaged"),
    ("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': ()}", "damaged"),
    ("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), }", "has records as entries"),
    ("{'descr': '<f2', 'fortran_order': False, 'shape': (4,), }", "has type '<f2'"),
    ("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,), }", "damaged"),
    ("{'descr': '<f8", "damaged"), ("", "damaged"), ("{'shape': (", "damaged"),
  ])
  func refusesABadHeader(_ header: String, _ complaint: String) {
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    data.append(number: UInt16(header.utf8.count))
    data += Data(header.utf8) + Data(count: 8)
    let said = message { try NPYArray(data: data, name: "a.npz: array 'q'") }
    #expect(said.hasPrefix("a.npz: array 'q': ") && said.contains(complaint))
  }
}
