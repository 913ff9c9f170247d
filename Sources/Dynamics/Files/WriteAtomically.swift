// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Writes `data` to `path` so that a reader, or a crash at any moment, finds the old file or the new one, whole.
///
/// The bytes go to a neighbour file, reach the disk, and the neighbour takes the name. A device or a pipe is
/// written to as it is. Throws a `NoetherError` naming the path; what was there before is then untouched.
public func writeAtomically(_ data: Data, to path: String) throws {
  let file = try AtomicFile(path)
  try file.write(data)
  try file.finish()
}

/// A file that takes its name once it is complete: written piece by piece beside its final place, and removed
/// again if it is never finished.
final class AtomicFile {
  let path: String
  private let temporary: String?
  private var descriptor: Int32

  /// The process's own standard output, to which bytes go as they come.
  static func standardOutput() -> AtomicFile { AtomicFile(path: "standard output", descriptor: 1) }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
    temporary = nil
  }

  init(_ name: String) throws {
    // A link stays a link: what it leads to is replaced.
    let path = linkTarget(of: name)
    self.path = path
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw NoetherError("\(path): is a directory; name a file")
    }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      temporary = nil
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let name = neighbour(of: path, suffix: "partial")
      temporary = name
      descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    if descriptor < 0 {
      throw NoetherError("\(path): cannot be written: \(creationFailure(in: parentFolder(of: path)))")
    }
  }

  func write(_ data: Data) throws {
    try data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          throw NoetherError("\(path): cannot be written: \(systemMessage())")
        }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Brings the bytes to the disk and gives the file its name; what had that name before keeps its bytes under the name
  /// `previous`, or goes.
  func finish(keeping previous: String? = nil) throws {
    if let temporary {
      guard fsync(descriptor) == 0, closeDescriptor() else {
        throw NoetherError("\(path): cannot be written: \(systemMessage())")
      }
      if let previous {
        // A second name for the same bytes, so that neither `path` nor `previous` is ever without a file; where a file system has
        // no second names, `path` is for a moment.
        let second = neighbour(of: path, suffix: "partial")
        let isLinked = link(path, second) == 0
        // Where `previous` was the same file already, a rename does nothing, and where it fails, `second` is left too.
        defer { if isLinked { unlink(second) } }
        guard rename(isLinked ? second : path, previous) == 0 || errno == ENOENT else {
          throw NoetherError("\(previous): cannot be written: \(systemMessage())")
        }
      }
      guard rename(temporary, path) == 0 else {
        throw NoetherError("\(path): cannot be written: \(systemMessage())")
      }
      synchronizeFolder(parentFolder(of: path))
      finished = true
    } else if descriptor > 2, !closeDescriptor() {
      throw NoetherError("\(path): cannot be written: \(systemMessage())")
    }
  }

  private var finished = false

  private func closeDescriptor() -> Bool {
    let result = close(descriptor)
    descriptor = -1
    return result == 0
  }

  deinit {
    if descriptor > 2 { close(descriptor) }
    if let temporary, !finished { unlink(temporary) }
  }
}

/// The path that `path` leads to if it is a symbolic link, else `path`.
private func linkTarget(of path: String) -> String {
  var status = stat()
  guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
    let resolved = realpath(path, nil)
  else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// The folder that holds `path`: what stands before its last slash, "." where there is none.
///
/// Foundation has this too, but its NSString traps on paths of one letter.
func parentFolder(of path: String) -> String {
  let whole = path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path[...]
  guard let slash = whole.lastIndex(of: "/") else { return "." }
  return slash == whole.startIndex ? "/" : String(whole[..<slash])
}

/// Why nothing could be made in `folder`, as errno tells.
func creationFailure(in folder: String) -> String {
  guard errno == ENOENT || errno == ENOTDIR else { return "\(systemMessage()) (in \(folder))" }
  var status = stat()
  // Such as /proc, which is there and takes no new names.
  if stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
    return "nothing can be made in \(folder)"
  }
  return "there is no folder \(folder); make it first"
}

/// What stands after the last slash of `path`.
func lastComponent(of path: String) -> Substring {
  let whole = path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path[...]
  return whole.lastIndex(of: "/").map { whole[whole.index(after: $0)...] } ?? whole
}

/// A name nobody else has, in the same folder as `path`, so that a rename between the two is atomic.
func neighbour(of path: String, suffix: String) -> String {
  let unique = "\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  return parentFolder(of: path) + "/.\(lastComponent(of: path).prefix(50)).\(unique).\(suffix)"
}

/// Removes what a process that was killed had begun to write in `folder`: it never took its name. Only for a folder
/// that nobody else writes into.
public func removeUnfinishedFiles(in folder: String) {
  for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  where name.hasPrefix(".") && name.hasSuffix(".partial") {
    unlink(folder + "/" + name)
  }
}

/// A rename survives a power cut once its folder is on the disk. Some file systems refuse; nothing is lost then.
func synchronizeFolder(_ folder: String) {
  let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  if descriptor >= 0 {
    fsync(descriptor)
    close(descriptor)
  }
}
