// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The right to write into a run directory, held by one process at a time.
///
/// It belongs to an open descriptor of the folder, so it goes along when the folder is renamed and ends with the
/// process, however that ends.
final class DirectoryLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of the folder `path`, called `name` in messages; nil where there is no such folder.
  ///
  /// Throws at once where another process has it.
  init?(_ path: String, name: String? = nil) throws {
    let descriptor = Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return nil }
    self.descriptor = descriptor
    // Some file systems know no locks: there one can only trust.
    let isTaken = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    var locked = stat()
    var named = stat()
    // Whoever held the lock until now may have put another folder in this place.
    let isReplaced =
      fstat(descriptor, &locked) != 0 || stat(path, &named) != 0 || locked.st_ino != named.st_ino
      || locked.st_dev != named.st_dev
    if isTaken || isReplaced {
      throw NoetherError("\(name ?? path): another noether is writing here; wait for it or stop it")
    }
  }

  deinit { close(descriptor) }
}
