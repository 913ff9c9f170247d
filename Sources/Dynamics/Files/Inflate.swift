// SPDX-License-Identifier: GPL-3.0-or-later

import CZlib
import Foundation

/// The `size` bytes that compressed bytes stand for, in the format that zlib calls `windowBits`; nil where they stand for
/// anything else, or memory is short.
func inflated(_ bytes: Data, size: Int, windowBits: Int32) -> Data? {
  var stream = z_stream()
  guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
    return nil
  }
  defer { inflateEnd(&stream) }
  guard let stored = UInt32(exactly: bytes.count), let wanted = UInt32(exactly: size) else { return nil }
  var result = Data(count: size)
  var input = Data(bytes)
  let status = input.withUnsafeMutableBytes { source in
    result.withUnsafeMutableBytes { target in
      stream.next_in = source.bindMemory(to: UInt8.self).baseAddress
      stream.avail_in = stored
      stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
      stream.avail_out = wanted
      return inflate(&stream, Z_FINISH)
    }
  }
  return status == Z_STREAM_END && stream.avail_out == 0 && stream.avail_in == 0 ? result : nil
}

/// The bytes of the file at `path`, unpacked where it is one of gzip (RFC 1952), and no more than `limit` of them.
///
/// Throws where the file is missing, longer than that, or damaged.
public func readUnpacked(_ path: String, limit: Int) throws -> Data {
  let data = try readFile(path, limit: limit)
  guard data.prefix(2) == Data([0x1F, 0x8B]) else { return data }
  let damaged = NoetherError(
    "\(path): damaged or truncated: its compressed bytes cannot be read; use another copy")
  // The last four bytes are the length of what was packed.
  guard data.count >= 18, let size: UInt32 = data.number(at: data.count - 4) else { throw damaged }
  if Int(size) > limit {
    throw NoetherError(
      "\(path): claims to unpack to \(size) bytes, more than the \(limit) that such a file may have; it may be truncated: use "
        + "another copy")
  }
  // Deflate shrinks at most 1032-fold: a larger claim is false, and nothing is reserved for it.
  guard Int(size) <= 1032 * data.count, let result = inflated(data, size: Int(size), windowBits: 31) else {
    throw damaged
  }
  return result
}
