// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// The architecture of a learned Hamiltonian, as a training configuration's `model` block gives it.
public struct ModelConfig: Sendable, Equatable {
  /// Which network; what the others know of these keys says `ModelKind`.
  public var kind = ModelKind.hlieconv
  /// Bodies that the network is made for; nil where it takes any number.
  public var bodies: Int?
  /// The group whose symmetry the potential carries: "T2".
  public var group = "T2"
  /// Channels k; the convolutions work on a quarter of them.
  public var width = 384
  /// Bottleneck blocks; 0 with the readout of pairs alone.
  public var layers = 4
  public var pool = Pooling.mean
  /// Whether T is given or learned with V.
  public var kinetic = Kinetic.given
  /// Whether friction is learned beside H: ṗ = −∂V/∂q − γq̇, with one γ for all bodies.
  public var friction = false
  /// How energies are read from what the layers made of the bodies.
  public var readout = Readout.node
  /// What the kernels see of a pair.
  public var kernel = KernelInput.geometry
  /// What the values of bodies mean to the readout of pairs.
  public var charges = Charges.free
  /// Channels C of the readout of pairs.
  public var channels = 8
  /// The hidden layers of the readout of pairs.
  public var hidden = [16]
  /// Scales c at which kernels see the geometry magnified too, as asinh(a/c), in units of its size in the training data.
  public var scales: [Double] = []
  /// Inputs and energies are brought to the order of one by statistics of the training data.
  public var normalise = false
  /// Subtract the mean position first, which makes any group's model invariant under translations.
  public var centre = true
  /// How bodies become elements of the group.
  public var lift = Lift.isotropic
  /// Lifts of each body under `haar`; nil for 4 where the group has a fibre to draw from.
  public var samples: Int?
  /// The weight of the group's part in the distances of hard neighbourhoods, against that of the orbits; in [0, 1].
  public var alpha = 0.2
  public var neighbourhood = Neighbourhood.all
  /// Of the initial values, and of what `haar` and sampled neighbourhoods draw.
  public var seed: UInt64 = 0

  public init() {}

  /// Reads a `model` block; with `dimension` known, only the groups that act there are allowed.
  public init(_ node: ConfigNode, dimension: Int? = nil) throws {
    let kind = try ModelKind(of: node)
    if !kind.hasGroup {
      self = try ModelConfig(baseline: kind, node)
      return
    }
    self.kind = kind
    let reader = try ConfigReader(
      node,
      keys: kind.keys(of: [
        "kind", "group", "lift", "samples", "alpha", "neighbourhood", "width", "layers", "pool", "readout",
        "kernel", "scales", "charges", "channels", "hidden", "normalise", "kinetic", "friction", "centre",
        "seed",
      ]))
    if let node = reader["readout"] {
      readout = Readout(rawValue: try node.choice(Readout.allCases.map(\.rawValue))) ?? readout
    }
    if let node = reader["kernel"] {
      kernel = KernelInput(rawValue: try node.choice(KernelInput.allCases.map(\.rawValue))) ?? kernel
    }
    if let node = reader["kinetic"] {
      kinetic = Kinetic(rawValue: try node.choice(Kinetic.allCases.map(\.rawValue))) ?? kinetic
    }
    if let node = reader["friction"] {
      friction = try node.bool()
      if friction, kinetic != .given { throw node.error("goes with kinetic: given") }
    }
    if let node = reader["normalise"] { normalise = try node.bool() }
    if let node = reader["scales"] {
      scales = try node.items().map { item in
        let scale = try item.double(.positive)
        if !(1e-12...1e6).contains(scale) {
          throw item.error("\(scale) is not allowed; write a part of the geometry's size, from 1e-12 to 1e6")
        }
        return scale
      }
      if scales.count > 8 { throw node.error("at most 8 scales are possible") }
      if !normalise { throw node.error("goes with normalise: true, which tells what is large and small") }
    }
    for key in ["charges", "channels", "hidden"] where readout != .pair {
      if let node = reader[key] { throw node.error("goes with readout: pair; leave it out") }
    }
    if let node = reader["charges"] {
      charges = Charges(rawValue: try node.choice(Charges.allCases.map(\.rawValue))) ?? charges
    }
    if let node = reader["channels"] { channels = try node.integer(in: 1...256) }
    if let node = reader["hidden"] {
      hidden = try node.items().map { try $0.integer(in: 1...512) }
      if !(1...4).contains(hidden.count) {
        throw node.error("one to four hidden layers are wanted; write hidden: [16]")
      }
    }
    let names = dimension.map(Groups.names) ?? Array(Set(Groups.known.map { $0.name })).sorted()
    let choice = try reader.required("group", "one of: \(names.joined(separator: ", "))")
    group = try choice.string()
    if let dimension, let complaint = Groups.complaint(about: group, dimension: dimension) {
      throw choice.error(complaint)
    }
    group = try choice.choice(names)
    if let node = reader["width"] {
      width = try node.integer(in: 4...4096)
      if width % 4 != 0 { throw node.error("\(width) is not a multiple of 4; write \(width / 4 * 4)") }
    }
    if let node = reader["layers"] { layers = try node.integer(in: (readout == .pair ? 0 : 1)...32) }
    if let node = reader["pool"] {
      pool = Pooling(rawValue: try node.choice(Pooling.allCases.map(\.rawValue))) ?? pool
    }
    if let node = reader["centre"] { centre = try node.bool() }
    if let node = reader["seed"] { seed = try node.seed() }
    if let node = reader["lift"] {
      lift = Lift(rawValue: try node.choice(Lift.allCases.map(\.rawValue))) ?? lift
    }
    if let node = reader["samples"] { samples = try node.integer(in: 1...64) }
    if let node = reader["alpha"] {
      alpha = try node.double()
      if !(0...1).contains(alpha) { throw node.error("\(alpha) is not allowed; write a number from 0 to 1") }
    }
    if let node = reader["neighbourhood"] { neighbourhood = try Neighbourhood(node) }
    let known = Groups.known.first {
      $0.name == group && $0.spaceDimension == dimension ?? $0.spaceDimension
    }
    if let (key, complaint) = known.flatMap(fault) {
      throw (reader[key] ?? node).error(complaint)
    }
  }

  /// Lifts of each body with this group.
  func samples(of group: any LieGroup.Type) -> Int {
    lift == .haar && group.framed != nil ? samples ?? Lift.defaultSamples : 1
  }

  /// The rotations that choose them; empty where there is no choice.
  func frames(of group: any LieGroup.Type) -> [Double] {
    guard lift == .haar, group.framed != nil else { return [] }
    return Lift.frames(samples: samples(of: group), dimension: group.spaceDimension, seed: seed)
  }

  /// The key that does not go with the group, and why.
  func fault(with group: any LieGroup.Type) -> (key: String, complaint: String)? {
    if let samples, samples > 1 {
      if lift != .haar {
        return ("samples", "\(samples) lifts of a body go with lift: haar only; leave samples out")
      }
      if group.framed == nil {
        return (
          "samples", "every point has one lift under \(group.name), not \(samples); leave samples out"
        )
      }
    }
    if kind == .flieconv, let complaint = FLieConvNetwork.fault(with: group) { return ("group", complaint) }
    if group.needsCentring, !centre {
      return ("centre", "\(group.name) needs the mean position taken out; write centre: true")
    }
    return nil
  }

  public var node: ConfigNode {
    if !kind.hasGroup { return baselineNode }
    return .mapping([
      "kind": .string(kind.rawValue), "group": .string(group), "width": .integer(width),
      "layers": .integer(layers),
      "pool": kind == .hlieconv ? .string(pool.rawValue) : nil,
      "readout": kind == .hlieconv ? .string(readout.rawValue) : nil,
      "kernel": kind == .hlieconv ? .string(kernel.rawValue) : nil,
      "centre": .bool(centre), "seed": .integer(seed),
      // Written only where they say something, so that files made before they existed stay what they were.
      "lift": lift == .isotropic ? nil : .string(lift.rawValue), "samples": samples.map { .integer($0) },
      "charges": charges == .free ? nil : .string(charges.rawValue),
      "channels": readout == .pair ? .integer(channels) : nil,
      "hidden": readout == .pair ? .list(hidden.map { .integer($0) }) : nil,
      "scales": scales.isEmpty ? nil : .list(scales.map { .number($0) }),
      "normalise": normalise ? .bool(true) : nil,
      "kinetic": kinetic == .given ? nil : .string(kinetic.rawValue),
      "friction": friction ? .bool(true) : nil,
      "alpha": alpha == 0.2 ? nil : .number(alpha),
      "neighbourhood": neighbourhood == .all ? nil : neighbourhood.node,
    ])
  }
}
