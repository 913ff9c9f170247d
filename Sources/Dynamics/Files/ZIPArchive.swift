// SPDX-License-Identifier: GPL-3.0-or-later

import CZlib
import Foundation

/// What begins each kind of record in a ZIP archive.
enum ZIPSignature {
  static let member: UInt32 = 0x0403_4b50
  static let entry: UInt32 = 0x0201_4b50
  static let end: UInt32 = 0x0605_4b50
}

/// The members of a ZIP archive, as its central directory lists them. Sizes are checked against the file before
/// anything is reserved for them.
struct ZIPArchive {
  struct Member {
    var name: String
    /// Of the array that it holds.
    var array: String { Self.array(name) }
    fileprivate static func array(_ name: String) -> String {
      name.hasSuffix(".npy") ? String(name.dropLast(4)) : name
    }
    /// "file.npz: array 'q'".
    var place: String
    var isDeflated: Bool
    var checksum: UInt32
    var size: Int
    var bytes: Data
  }

  let members: [Member]

  init(_ data: Data, name: String) throws {
    let damaged = NoetherError("\(name): damaged or truncated: its table of contents does not fit the file")
    // The end record is the last thing in the file but for a comment of up to 65 535 bytes.
    let data = Data(data)
    guard data.count >= 22, let end = Self.endRecord(of: data) else {
      throw NoetherError("\(name): not an .npz archive, or truncated; save it with numpy.savez")
    }
    guard let count: UInt16 = data.number(at: end + 10), let length: UInt32 = data.number(at: end + 12),
      let start: UInt32 = data.number(at: end + 16)
    else { throw damaged }
    guard start != .max, length != .max, count != .max else {
      throw NoetherError("\(name): a ZIP64 archive; split it into files of less than 4 GiB")
    }
    guard Int(start) + Int(length) <= end else { throw damaged }

    var members: [Member] = []
    var names = Set<String>()
    var offset = Int(start)
    for _ in 0..<count {
      guard offset + 46 <= end, data.number(at: offset) == ZIPSignature.entry else { throw damaged }
      let (member, next) = try Self.member(at: offset, of: data, before: end, name: name, damaged: damaged)
      guard names.insert(member.name).inserted else {
        throw NoetherError("\(name): two members are called '\(member.name)'")
      }
      members.append(member)
      offset = next
    }
    guard offset == Int(start) + Int(length) else { throw damaged }
    // Members do not share bytes, or a short file could stand for any number of long ones.
    guard members.reduce(0, { $0 + $1.bytes.count }) <= data.count else { throw damaged }
    let size = members.reduce(0.0) { $0 + Double($1.size) }
    guard size <= Double(ProcessInfo.processInfo.physicalMemory) / 2 else {
      throw NoetherError("\(name): unpacks to \(size / 0x1p30) GiB, more than half of this machine's memory")
    }
    self.members = members
  }

  private static func endRecord(of data: Data) -> Int? {
    let last = data.count - 22
    for offset in stride(from: last, through: max(0, last - 0xFFFF), by: -1)
    where data.number(at: offset) == ZIPSignature.end {
      if let comment: UInt16 = data.number(at: offset + 20), offset + 22 + Int(comment) == data.count {
        return offset
      }
    }
    return nil
  }

  /// The member whose directory entry is at `offset`, and where the next entry is.
  private static func member(
    at offset: Int, of data: Data, before end: Int, name: String, damaged: NoetherError
  ) throws -> (Member, next: Int) {
    func short(_ at: Int) throws -> Int {
      guard let value: UInt16 = data.number(at: at) else { throw damaged }
      return Int(value)
    }
    func long(_ at: Int) throws -> Int {
      guard let value: UInt32 = data.number(at: at) else { throw damaged }
      return Int(value)
    }
    let nameEnd = offset + 46 + (try short(offset + 28))
    let next = nameEnd + (try short(offset + 30)) + (try short(offset + 32))
    guard next <= end, let memberName = String(validating: data[offset + 46..<nameEnd], as: UTF8.self) else {
      throw damaged
    }
    let place = "\(name): array '\(Member.array(memberName))'"
    guard try short(offset + 8) & 1 == 0 else { throw NoetherError("\(place): is encrypted") }
    let method = try short(offset + 10)
    guard method == 0 || method == 8 else {
      throw NoetherError("\(place): compressed by method \(method); save it with numpy.savez")
    }
    let stored = try long(offset + 20)
    let size = try long(offset + 24)
    let header = try long(offset + 42)
    guard stored != UInt32.max, size != UInt32.max, header != UInt32.max else {
      throw NoetherError("\(place): 4 GiB or longer; split it")
    }
    guard data.number(at: header) == ZIPSignature.member else { throw damaged }
    let start = header + 30 + (try short(header + 26)) + (try short(header + 28))
    guard start + stored <= data.count else { throw damaged }
    // Deflate shrinks at most 1032-fold: a larger claim is false, and nothing is reserved for it.
    guard method == 0 ? size == stored : size <= 1032 * stored + 64 else { throw damaged }
    let member = Member(
      name: memberName, place: place, isDeflated: method == 8,
      checksum: UInt32(try long(offset + 16)), size: size, bytes: data[start..<start + stored])
    return (member, next)
  }
}

extension ZIPArchive.Member {
  /// The bytes as they were before compression, their checksum compared.
  func contents() throws -> Data {
    let contents = isDeflated ? try inflated() : bytes
    guard NPZ.checksum(contents) == checksum else {
      throw NoetherError("\(place): damaged: its checksum is wrong")
    }
    return contents
  }

  private func inflated() throws -> Data {
    // −15: a bare deflate stream, without zlib's header.
    guard let result = Dynamics.inflated(bytes, size: size, windowBits: -15) else {
      throw NoetherError("\(place): damaged: its compressed bytes cannot be read")
    }
    return result
  }
}
