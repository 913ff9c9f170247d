// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The bytes of the file at `path`, which may be no longer than `limit`: checked before anything is reserved
/// for them, and again while reading, since a pipe does not tell its length.
public func readFile(_ path: String, limit: Int) throws -> Data {
  if path.isEmpty { throw NoetherError("the name of a file to read is empty; write its path") }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw NoetherError(
      errno == ENOENT
        ? "\(path): there is no such file" : "\(path): cannot be opened: \(systemMessage())")
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    throw NoetherError("\(path): cannot be read: \(systemMessage())")
  }
  if status.st_mode & S_IFMT == S_IFDIR {
    throw NoetherError("\(path): is a directory; name a file in it")
  }
  let tooLong = NoetherError("\(path): longer than the \(limit) bytes that such a file may have")
  if Int(status.st_size) > limit { throw tooLong }

  var data = Data()
  data.reserveCapacity(Int(status.st_size))
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count == 0 { return data }
    if count < 0 {
      if errno == EINTR { continue }
      throw NoetherError("\(path): cannot be read: \(systemMessage())")
    }
    if data.count + count > limit { throw tooLong }
    data.append(contentsOf: chunk[..<count])
  }
}

/// What the operating system says of the call that just failed: "Permission denied".
func systemMessage() -> String { String(cString: strerror(errno)) }
