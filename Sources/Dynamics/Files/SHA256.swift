// SPDX-License-Identifier: GPL-3.0-or-later

import CMessageDigest
import Foundation

/// The SHA-256 digest of `data` (FIPS 180-4), as 64 hexadecimal digits.
public func sha256(_ data: Data) -> String {
  var context = SHA2_CTX()
  SHA256Init(&context)
  data.withUnsafeBytes { SHA256Update(&context, $0.baseAddress, $0.count) }
  var digest = [UInt8](repeating: 0, count: 32)
  SHA256Final(&digest, &context)
  return digest.map { byte in
    let hex = String(byte, radix: 16)
    return hex.count == 1 ? "0" + hex : hex
  }.joined()
}

/// The digest of the file at `path`; throws where it cannot be read.
public func sha256(ofFile path: String) throws -> String { try sha256(readFile(path, limit: 1 << 36)) }
