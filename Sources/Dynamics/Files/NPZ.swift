// SPDX-License-Identifier: GPL-3.0-or-later

import CZlib
import Foundation

/// NumPy's .npz: a ZIP archive with one .npy array per name.
///
/// Members are stored without compression under a fixed date, so that equal arrays give equal bytes.
public enum NPZ {
  /// 1 January 1980, midnight, where the dates of ZIP begin.
  private static let date = UInt32(0x0021) << 16

  /// The archive of `members` in their order, for a file called `name` in messages.
  ///
  /// Throws where it would be 4 GiB or longer, beyond what the plain ZIP format can hold.
  public static func data(_ members: [(name: String, array: NPYArray)], name file: String) throws -> Data {
    var data = Data()
    var directory = Data()
    for (name, array) in members {
      let content = array.data
      let fileName = Data((name + ".npy").utf8)
      guard data.count + content.count + directory.count < Int(UInt32.max) - 1 << 16 else {
        throw NoetherError("\(file): longer than the 4 GiB an .npz can have; keep fewer frames or systems")
      }
      // The fields that the local header and the entry of the directory have in common (APPNOTE 4.3.7, 4.3.12).
      var common = Data()
      common.append(number: UInt16(20))  // version needed: 2.0
      common.append(number: UInt16(0))  // flags
      common.append(number: UInt16(0))  // stored
      common.append(number: date)
      common.append(number: checksum(content))
      common.append(number: UInt32(content.count))
      common.append(number: UInt32(content.count))
      common.append(number: UInt16(fileName.count))
      common.append(number: UInt16(0))  // no extra field

      directory.append(number: ZIPSignature.entry)
      directory.append(number: UInt16(20))  // made by version 2.0
      directory += common
      directory += Data(count: 10)  // no comment, disk 0, no attributes
      directory.append(number: UInt32(data.count))
      directory += fileName

      data.append(number: ZIPSignature.member)
      data += common + fileName + content
    }
    let start = data.count
    data += directory
    data.append(number: ZIPSignature.end)
    data.append(number: UInt32(0))  // disk 0
    data.append(number: UInt16(members.count))
    data.append(number: UInt16(members.count))
    data.append(number: UInt32(directory.count))
    data.append(number: UInt32(start))
    data.append(number: UInt16(0))  // no comment
    return data
  }

  public static func write(_ members: [(name: String, array: NPYArray)], to path: String) throws {
    try writeAtomically(data(members, name: path), to: path)
  }

  /// The arrays of numbers in the file at `path`, stored or deflated; those of text are left out.
  public static func read(_ path: String) throws -> [String: NPYArray] {
    try read(readFile(path, limit: 1 << 33), name: path)
  }

  /// The arrays in the bytes of a file, called `name` in messages.
  public static func read(_ data: Data, name: String) throws -> [String: NPYArray] {
    var arrays: [String: NPYArray] = [:]
    for member in try ZIPArchive(data, name: name).members {
      let contents = try member.contents()
      if try NPYArray.isText(contents, name: member.place) { continue }
      arrays[member.array] = try NPYArray(data: contents, name: member.place)
    }
    return arrays
  }

  /// The names of all arrays of the file at `path`.
  public static func names(_ path: String) throws -> Set<String> {
    let members = try ZIPArchive(readFile(path, limit: 1 << 33), name: path).members
    return Set(members.map(\.array))
  }

  /// CRC-32 of `data`.
  static func checksum(_ data: Data) -> UInt32 {
    data.withUnsafeBytes { bytes in
      UInt32(crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
    }
  }
}
