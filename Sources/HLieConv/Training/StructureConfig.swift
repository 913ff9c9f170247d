// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Configurations of atoms with energies, and perhaps forces, from a file: the keys of a `data` block that has `structures`.
public struct StructureConfig: Sendable {
  /// What networks are told of an atom.
  public enum Features: String, Sendable, CaseIterable {
    /// One number per element, 1 for its own.
    case oneHot = "one-hot"
    /// For each element 1, c and c² for its own, where c = Z/9 (Finzi et al. 2020, section 5.3).
    case published
  }

  /// The unit of energies; lengths are in Å.
  public enum Unit: String, Sendable, CaseIterable {
    case eV
    case meV
    case kcalPerMol = "kcal/mol"
    case kJPerMol = "kJ/mol"
    case hartree

    /// One of it in eV (CODATA 2018).
    public var electronvolts: Double {
      switch self {
      case .eV: 1
      case .meV: 1e-3
      case .kcalPerMol: 4.184 / Self.molarElectronvolt
      case .kJPerMol: 1 / Self.molarElectronvolt
      case .hartree: 27.211386245988
      }
    }
    /// 1 eV per particle in kJ/mol.
    private static let molarElectronvolt = 96.48533212331
  }

  /// What an atom of each element has of the energy by itself.
  public enum Reference: Sendable, Equatable {
    /// Fitted to the training set by least squares.
    case fitted
    /// By symbol.
    case given([String: Double])
    /// As it is published with QM9, for the property that is learned.
    case qm9
  }

  public let path: String
  /// Where test configurations come from, if not from the same file.
  public let testPath: String?
  /// The names of the energy and of the columns with the forces.
  public let energy: String
  public let forces: String?
  public let unit: Unit
  public let features: Features
  /// The energy, or whatever the property is, does not grow with the number of atoms.
  public let isIntensive: Bool
  public let reference: Reference
  /// A file with the numbers, from 1, of structures to be left out.
  public let exclude: String?
  /// The test set is part `fold` of `folds` of the file.
  public let folds: Int?
  public let fold: Int

  static let keys = [
    "test_structures", "energy", "forces", "unit", "features", "intensive", "reference", "exclude", "folds",
    "fold",
  ]
  /// Those that hold paths.
  public static let paths = ["structures", "test_structures", "exclude"]

  init(_ file: ConfigNode, _ reader: ConfigReader) throws {
    func absolute(_ node: ConfigNode) throws -> String {
      URL(fileURLWithPath: try node.filePath()).standardizedFileURL.path
    }
    path = try absolute(file)
    testPath = try reader["test_structures"].map(absolute)
    energy = try reader["energy"]?.string() ?? "energy"
    forces = try reader["forces"]?.string()
    unit = try reader["unit"].flatMap { Unit(rawValue: try $0.choice(Unit.allCases.map(\.rawValue))) } ?? .eV
    features =
      try reader["features"].flatMap {
        Features(rawValue: try $0.choice(Features.allCases.map(\.rawValue)))
      } ?? .oneHot
    isIntensive = try reader["intensive"]?.bool() ?? false
    reference = try reader["reference"].map(Self.reference) ?? .fitted
    if case .qm9 = reference, energy != "Cv", reader["unit"] == nil, let node = reader["reference"] {
      throw node.error(
        "qm9 goes with data.unit, which is missing; write unit: hartree for QM9's own files, unit: eV for copies in eV"
      )
    }
    if let node = reader["reference"], isIntensive {
      throw node.error(
        "goes without intensive: true, since such a property is no sum over atoms; leave it out")
    }
    exclude = try reader["exclude"].map(absolute)
    folds = try reader["folds"]?.integer(in: 2...1000)
    if let node = reader["fold"], folds == nil { throw node.error("goes with folds: 5; leave it out") }
    fold = try reader["fold"]?.integer(in: 0...(folds ?? 1) - 1) ?? 0
    if let node = reader["folds"], testPath != nil {
      throw node.error("goes without test_structures, which are the test set; leave one of them out")
    }
  }

  private static func reference(_ node: ConfigNode) throws -> Reference {
    if case .mapping(let entries) = node.value, !entries.isEmpty {
      return .given(try entries.reduce(into: [:]) { $0[$1.key] = try $1.value.double() })
    }
    if let name = try? node.string(), name == "qm9" { return .qm9 }
    throw node.error(
      "a mapping or qm9 is wanted; write reference: {H: -13.6, C: -1029.9}, or reference: qm9")
  }
}
