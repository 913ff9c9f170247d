// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// A file of structures: XYZ of any kind, packed by gzip or not, or .npz as MD17, rMD17 and QM9 are published in.
public enum StructureFile {
  /// The structures of the file at `path`.
  ///
  /// `leavingOut` is told the names of arrays that are neither of structures nor of atoms.
  public static func read(_ path: String, leavingOut: (String) -> Void = { _ in }) throws -> [Structure] {
    if !FileManager.default.fileExists(atPath: path) {
      throw NoetherError(
        "\(path): there is no such file; MD17 is published at www.sgdml.org, rMD17 and QM9 at figshare.com, QM7 at "
          + "quantum-machine.org; name the file by --set data.structures=FILE")
    }
    return try path.hasSuffix(".npz")
      ? StructureNPZ.structures(NPZ.read(path), name: path, leavingOut: leavingOut) : ExtendedXYZ.read(path)
  }

  /// Whether the file is an archive of structures and none of trajectories.
  public static func isArchive(_ path: String) throws -> Bool {
    guard path.hasSuffix(".npz"), FileManager.default.fileExists(atPath: path) else { return false }
    let names = try NPZ.names(path)
    return !names.contains("q") && !names.isDisjoint(with: StructureNPZ.places)
  }
}
