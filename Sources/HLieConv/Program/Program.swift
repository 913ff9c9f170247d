// SPDX-License-Identifier: GPL-3.0-or-later

/// A network as a straight line of operations on named tensors, built once and run on tiles of systems.
///
/// Operations before any dependence on the positions form the static part. It runs once for all the evaluations
/// of a trajectory; its cotangents are summed over them, which is allowed because every reverse pass is linear
/// in the cotangents.
public struct Program: Sendable {
  private(set) var tensors: [TensorSpec] = []
  private(set) var operations: [AnyOperation] = []
  /// For operation k and its inputs: an operation after it has written the input's cotangent already.
  private(set) var adds: [InputSet] = []
  public private(set) var parameters = ParameterLayout()

  public private(set) var features = TensorID(index: 0)
  /// The positions, or the states (q, p) of a program that is not one for a potential.
  public private(set) var positions = TensorID(index: 0)
  /// The embedding of pairs that all kernels see.
  var pairs = TensorID(index: 1)
  /// V or H, one row per system; or ż, whose numbers lie in the order of the states.
  public private(set) var output = TensorID(index: 0)
  /// What V is pooled from, one row per node, and how; nil where V is not a sum over nodes.
  private(set) var nodeEnergies: TensorID?
  private(set) var pooling = Pooling.mean
  /// s, the lifts of each body.
  public let samples: Int
  let dimension: Int
  /// What the output makes of the motion.
  let dynamics: LearnedDynamics

  /// Starts with the two inputs: features [body × features], and positions [body × dimension] or, for dynamics that are not
  /// a potential's, states (q, p) [body × 2 dimension].
  init(features: Int, dimension: Int, samples: Int = 1, dynamics: LearnedDynamics = .potential) {
    self.samples = samples
    self.dimension = dimension
    self.dynamics = dynamics
    let width = dynamics == .potential ? dimension : 2 * dimension
    tensors.append(TensorSpec(rows: .body, width: features, isStatic: true, isLeaf: true))
    tensors.append(TensorSpec(rows: .body, width: width, isStatic: false, isLeaf: false))
    positions = TensorID(index: 1)
  }

  func width(_ t: TensorID) -> Int { tensors[t.index].width }
  func rows(_ t: TensorID) -> Rows { tensors[t.index].rows }
  func isLeaf(_ t: TensorID) -> Bool { tensors[t.index].isLeaf }

  /// Makes the output tensor of an operation and appends what `make` returns for it.
  mutating func append(
    _ rows: Rows, _ width: Int, from inputs: [TensorID], isLeaf: Bool = false,
    _ make: (TensorID) -> AnyOperation
  ) -> TensorID {
    let isStatic = inputs.allSatisfy { tensors[$0.index].isStatic }
    tensors.append(TensorSpec(rows: rows, width: width, isStatic: isStatic, isLeaf: isLeaf))
    let output = TensorID(index: tensors.count - 1)
    operations.append(make(output))
    return output
  }

  /// A bias, or any other parameters that are no factor of a product.
  mutating func parameter(_ name: String, shape: [Int], fanIn: Int) -> ParameterView {
    parameters.append(name, shape: shape, fanIn: fanIn)
  }

  /// The weight of a product with the given rows and columns, which may be another reading of the same numbers than its
  /// shape. The first number of the shape is that of the inputs.
  mutating func weight(
    _ name: String, shape: [Int], rows: Int, columns: Int
  ) -> (view: ParameterView, matrix: MatrixView) {
    parameters.appendWeight(name, shape: shape, rows: rows, columns: columns)
  }

  /// Ends with V, pooled from the energies of the nodes.
  mutating func finish(_ nodeEnergies: TensorID, _ pooling: Pooling) {
    self.nodeEnergies = nodeEnergies
    self.pooling = pooling
    finish(energy: pool(nodeEnergies, pooling))
  }

  /// Ends with V, one row per system.
  mutating func finish(energy: TensorID) {
    output = energy
    markAdditions()
    markTransients()
  }

  /// Ends with ż, 2 dimension numbers for each body. Its derivatives are of first order, and its second pass computes
  /// nothing again but cotangents.
  mutating func finish(velocities: TensorID) {
    output = velocities
    markAdditions()
    for operation in operations { tensors[operation.output.index].keepsCotangent = false }
    tensors[positions.index].keepsCotangent = false
  }

  /// Works out which cotangents are added to: seen from the end, all but the first.
  private mutating func markAdditions() {
    var written: Set<TensorID> = []
    adds = operations.reversed().map { operation in
      let passesNothing = tensors[operation.output.index].isLeaf
      return InputSet(operation.inputs.map { !passesNothing && !written.insert($0).inserted })
    }.reversed()
  }

  /// Which values and cotangents the second pass computes again.
  private mutating func markTransients() {
    let uses = operations.flatMap(\.inputs)
    for operation in operations where !tensors[operation.output.index].isStatic {
      if operation.rewritesValue { tensors[operation.output.index].keepsValue = false }
      let first = operation.inputs[0]
      if operation.rewritesCotangent, uses.count(where: { $0 == first }) == 1,
        !tensors[first.index].isStatic, !tensors[first.index].isLeaf
      {
        tensors[first.index].keepsCotangent = false
      }
    }
  }

  var staticOperations: [Int] { operations.indices.filter { tensors[operations[$0].output.index].isStatic } }
  var dynamicOperations: [Int] {
    operations.indices.filter { !tensors[operations[$0].output.index].isStatic }
  }
}
