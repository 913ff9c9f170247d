// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import Synchronization

/// A trained (or freshly initialised) Hamiltonian H = Σ|pᵢ|²/2mᵢ + V_θ(q), or one of the other `LearnedDynamics`:
/// architecture, parameters, and what is known of the data it was trained on.
public struct HamiltonianModel: Sendable {
  public let config: ModelConfig
  public let dimension: Int
  /// What the network is told of each body, in order: ["m", "k"].
  public let featureNames: [String]
  /// θ, flat; see `layout`.
  public var parameters: [Double] { didSet { shared = SharedParameters() } }
  /// θ in place for either precision, made once for all laws of this model.
  private var shared = SharedParameters()
  /// "float32" or "float64": the precision it was trained in, and is stored in.
  public let precision: String
  /// The largest distance between two bodies in the training data; 0 if untrained.
  public var trainingDistance: Double
  /// The training configuration, resolved, as JSON; nil if untrained.
  public var training: String?
  /// Statistics of the training data, where the configuration wants them; before training, those that change nothing.
  public let normalisation: Normalisation?

  /// The group that the configuration names.
  public let group: any LieGroup.Type
  let program: Program
  public var layout: ParameterLayout { program.parameters }

  /// A model with the parameters that `parameters` makes for the layout it is given, or with initial values from
  /// the configuration's seed.
  ///
  /// Throws where no group of that name acts on `dimension` axes or the configuration does not go with it, where a
  /// neighbourhood's radius is still to be found (`ModelConfig.settled`), the machine cannot hold the model, or the
  /// parameters do not fit.
  public init(
    _ config: ModelConfig, dimension: Int, featureNames: [String], precision: String,
    trainingDistance: Double = 0, training: String? = nil, normalisation: Normalisation? = nil,
    parameters: ((ParameterLayout) throws -> [Double])? = nil
  ) throws {
    let parameters =
      parameters ?? { $0.initialValues(seed: config.seed, config.normalise ? .normal : .uniform) }
    let group = try Groups.required(config.group, dimension: dimension, key: "model.group")
    if let (key, complaint) = config.fault(with: group) { throw NoetherError("model.\(key): \(complaint)") }
    if config.charges == .perMass, featureNames.first != "m" {
      throw NoetherError("model.charges: per-mass wants bodies whose first feature is their mass m")
    }
    if config.neighbourhood.openFill != nil {
      throw NoetherError("model.neighbourhood.fill: training finds the radius; without it, write radius")
    }
    self.config = config
    self.group = group
    self.dimension = dimension
    self.featureNames = featureNames
    self.precision = precision
    self.trainingDistance = trainingDistance
    self.training = training
    let features = featureNames.count
    let plain = try config.program(group: group, features: features)
    if config.normalise {
      let width = plain.width(plain.pairs)
      let constants = normalisation ?? .none(features: features, pairWidth: width)
      guard constants.fits(features: features, pairWidth: width) else {
        throw NoetherError("model.normalise: the statistics of the training data do not fit the model")
      }
      self.normalisation = constants
      program = try config.program(group: group, features: features, normalisation: constants)
    } else {
      self.normalisation = nil
      program = plain
    }
    var need = MemoryNeed()
    need.addParameters(of: program, copies: 2, Double.self)
    try need.check(
      "a model of \(program.parameters.count) parameters", remedy: "lower model.width or model.layers")
    self.parameters = try parameters(program.parameters)
    guard self.parameters.count == program.parameters.count else {
      throw NoetherError(
        "the model has \(self.parameters.count) parameters; its configuration needs \(program.parameters.count)"
      )
    }
  }

  /// The learned law for the bodies of `truth`.
  ///
  /// Throws where the bodies live in another number of dimensions or are described by other features, or the model has
  /// no potential; see `law(like:precision:)`.
  public func system(
    like truth: any MechanicalSystem, precision: Precision = .float64
  ) throws -> LearnedSystem {
    try checkPotential()
    try check(truth)
    try checkMemory(systems: 1, bodies: truth.bodies.count)
    return LearnedSystem(self, bodies: truth.bodies, features: truth.features, precision: precision)
  }

  var storage: ParameterStorage<Double> { shared.double.storage(parameters, layout) }
  var storage32: ParameterStorage<Float> { shared.float.storage(parameters, layout) }

  /// Throws where the machine cannot hold the energies of `systems` systems of `bodies` bodies at a time.
  func checkMemory(systems: Int, bodies: Int) throws {
    var need = MemoryNeed()
    need.addWorkspaces(
      of: program, count: 1, shapes: [TileShape(systems: systems, bodies: bodies)], evaluations: 1,
      tangents: false, Double.self)
    let many = systems == 1 ? "" : "\(systems) systems of "
    try need.check(
      "the model's energy of \(many)\(bodies) bodies", remedy: "take fewer bodies or a narrower model")
  }

  /// Throws where there are no bodies in `truth` or another number than the network is made for, or they live in another
  /// number of dimensions or are described by other features.
  func check(_ truth: any MechanicalSystem) throws {
    guard truth.bodies.count > 0 else { throw NoetherError("a learned law needs at least one body") }
    guard truth.bodies.dimension == dimension else {
      throw NoetherError(
        "the model was trained in \(dimension) dimensions, the scenario has \(truth.bodies.dimension); "
          + "choose a scenario with dimension: \(dimension)")
    }
    guard truth.featureNames == featureNames else {
      throw NoetherError(
        "the model knows bodies by \(featureNames.joined(separator: ", ")), the scenario's by "
          + "\(truth.featureNames.joined(separator: ", ")); choose a scenario of the kind it was trained on")
    }
    try config.checkBodies(truth.bodies.count, whose: "the scenario has")
    try checkKinetic(truth)
  }

  /// Throws where T is given as p²/2m, and of `truth` it is another.
  func checkKinetic(_ truth: any MechanicalSystem) throws {
    if dynamics != .potential || truth is any HamiltonianSystem { return }
    throw NoetherError(
      "model.kind: \(config.kind.rawValue) learns V, with T = p²/2m given, but here T depends on the positions too; take "
        + "one that learns all of H(q, p) or the rates: hogn, fc, ogn")
  }
}

private struct SharedParameters: Sendable {
  let float = ParametersInPlace<Float>()
  let double = ParametersInPlace<Double>()
}

/// Parameters in place, made when they are first asked for, and only read from then on: by any thread.
private final class ParametersInPlace<T: NetworkScalar>: Sendable {
  private struct Made: @unchecked Sendable { let storage: ParameterStorage<T> }
  private let made = Mutex<Made?>(nil)

  func storage(_ parameters: [Double], _ layout: ParameterLayout) -> ParameterStorage<T> {
    made.withLock { made -> Made in
      let known = made ?? Made(storage: ParameterStorage(parameters.map { T($0) }, layout: layout))
      made = known
      return known
    }.storage
  }
}
