// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Where the folders that come with the program are: `plots/` and `scenarios/`.
///
/// Looked for in NOETHER_HOME, in the current directory, and in every folder above the executable, under the
/// path it was called by and under the one its symbolic links lead to.
enum Resources {
  static func folder(_ name: String) throws -> String {
    for home in homes() {
      let path = home.appendingPathComponent(name).path
      if isFolder(path) { return path }
    }
    throw NoetherError(
      "the folder '\(name)' of the program was found neither here nor above the executable; set NOETHER_HOME "
        + "to the folder that holds it")
  }

  static func isFolder(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }

  /// The file that `argument` means: a path, or the bare name of one that is shipped ("springs"), the first one
  /// of several folders.
  static func scenario(_ argument: String, in shelves: [String] = ["scenarios"]) throws -> String {
    let shipped = shelves.compactMap { try? folder($0) }
    guard !FileManager.default.fileExists(atPath: argument), !argument.contains("/"), !shipped.isEmpty else {
      return argument
    }
    var known: [String] = []
    for shelf in shipped {
      let names = try files(in: shelf)
      if let name = names.first(where: { $0 == argument || $0 == argument + ".yaml" }) {
        return shelf + "/" + name
      }
      known += names.map { String($0.dropLast(".yaml".count)) }
    }
    let remedy =
      closestMatch(to: argument, in: known).map { "did you mean '\($0)'?" }
      ?? "known by name are \(known.joined(separator: ", "))"
    throw NoetherError("\(argument): there is no such file; \(remedy)")
  }

  /// Every shipped scenario, by path, in the order of their names.
  static func scenarios() throws -> [String] {
    let shipped = try folder("scenarios")
    return try files(in: shipped).map { shipped + "/" + $0 }
  }

  private static func files(in folder: String) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(".yaml") }.sorted()
    } catch {
      throw NoetherError("\(folder): cannot be read: \(error.localizedDescription)")
    }
  }

  private static func homes() -> [URL] {
    var homes: [URL] = []
    if let home = ProcessInfo.processInfo.environment["NOETHER_HOME"], !home.isEmpty {
      homes.append(URL(fileURLWithPath: home))
    }
    homes.append(URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
    var executables = [URL(fileURLWithPath: CommandLine.arguments[0])]
    if let resolved = Bundle.main.executableURL?.resolvingSymlinksInPath() { executables.append(resolved) }
    for executable in executables {
      var folder = executable.deletingLastPathComponent().standardizedFileURL
      while folder.path != "/" {
        homes.append(folder)
        folder.deleteLastPathComponent()
      }
    }
    return homes
  }
}
