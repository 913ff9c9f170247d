// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// How well a learned potential gives the energies and forces of structures, in the unit of the data and Å.
public struct PotentialEvaluation: Sendable {
  public let structures: Int
  public let energyMAE: Double
  public let energyRMSE: Double
  /// Over all components; nil where the data have no forces.
  public let forceMAE: Double?
  public let forceRMSE: Double?
  /// The mean absolute error of the composition alone.
  public let compositionMAE: Double
  /// The largest |ΣFᵢ|/Σ|Fᵢ| and |Σ xᵢ×Fᵢ|/Σ|xᵢ||Fᵢ| of any structure, about its mean position, in float32 and in float64.
  public let balance: [Balance]

  public struct Balance: Sendable {
    public let precision: String
    public fileprivate(set) var netForce = 0.0
    public fileprivate(set) var netTorque = 0.0
  }

  /// Errors are those in the precision that the model was trained in.
  public init(of model: HamiltonianModel, on data: ChunkDataset, threads: Int) throws {
    let single = try Self.predictions(of: model, on: data, threads: threads, Float.self)
    let double = try Self.predictions(of: model, on: data, threads: threads, Double.self)
    let (forces, energies) = model.precision == Float.precisionName ? single : double
    balance = [
      Self.balance(single.forces, of: data, Float.precisionName),
      Self.balance(double.forces, of: data, Double.precisionName),
    ]
    var (energyErrors, forceErrors, composition) = ([Double](), [Double](), 0.0)
    var at = 0
    for (entry, energy) in zip(data.systems, energies) {
      let force = Array(forces[at..<at + entry.bodies.coordinates])
      at += force.count
      let exact = entry.labels?.energy ?? 0
      energyErrors.append(energy - exact)
      composition += abs(exact)
      if let wanted = entry.labels?.forces { forceErrors += zip(force, wanted).map { $0 - $1 } }
    }
    let count = Double(energyErrors.count)
    structures = data.count
    energyMAE = energyErrors.reduce(0) { $0 + abs($1) } / count
    energyRMSE = (energyErrors.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    compositionMAE = composition / count
    let components = Double(max(1, forceErrors.count))
    forceMAE = forceErrors.isEmpty ? nil : forceErrors.reduce(0) { $0 + abs($1) } / components
    forceRMSE = forceErrors.isEmpty ? nil : (forceErrors.reduce(0) { $0 + $1 * $1 } / components).squareRoot()
  }

  private static func predictions<T: NetworkScalar>(
    of model: HamiltonianModel, on data: ChunkDataset, threads: Int, _ scalar: T.Type
  ) throws -> (forces: [Double], energies: [Double]) {
    let batch = try BatchedForce<T>(model, for: data.systems.map(\.law), threads: threads)
    let q = data.systems.flatMap { $0.states[0].q.map { T($0) } }
    let shares = try batch.bodyEnergies(at: q)
    var at = 0
    let energies = data.systems.map { entry in
      let own = shares[at..<at + entry.bodies.count]
      at += own.count
      return own.reduce(0) { $0 + Double($1) }
    }
    return (try batch.forces(at: q).map { Double($0) }, energies)
  }

  private static func balance(_ forces: [Double], of data: ChunkDataset, _ precision: String) -> Balance {
    var (balance, at) = (Balance(precision: precision), 0)
    for entry in data.systems {
      let force = Array(forces[at..<at + entry.bodies.coordinates])
      at += force.count
      let own = Self.balance(force, at: entry.states[0].q)
      balance.netForce = max(balance.netForce, own.force)
      balance.netTorque = max(balance.netTorque, own.torque)
    }
    return balance
  }

  /// |ΣFᵢ|/Σ|Fᵢ| and |Σ xᵢ×Fᵢ|/Σ|xᵢ||Fᵢ| about the mean of the positions.
  private static func balance(_ force: [Double], at q: [Double]) -> (force: Double, torque: Double) {
    let n = q.count / 3
    let mean = (0..<3).map { axis in (0..<n).reduce(0) { $0 + q[3 * $1 + axis] } / Double(n) }
    var (sum, torque, sizes, levers) = ([0.0, 0, 0], [0.0, 0, 0], 0.0, 0.0)
    func norm(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    for i in 0..<n {
      let (x, f) = ((0..<3).map { q[3 * i + $0] - mean[$0] }, (0..<3).map { force[3 * i + $0] })
      for axis in 0..<3 {
        let (b, c) = ((axis + 1) % 3, (axis + 2) % 3)
        sum[axis] += f[axis]
        torque[axis] += x[b] * f[c] - x[c] * f[b]
      }
      sizes += norm(f)
      levers += norm(x) * norm(f)
    }
    return (sizes > 0 ? norm(sum) / sizes : 0, levers > 0 ? norm(torque) / levers : 0)
  }
}
