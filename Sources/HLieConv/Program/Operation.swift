// SPDX-License-Identifier: GPL-3.0-or-later

/// One layer: a function of tensors written four times, by the rules of the chain.
///
/// For a scalar V and y = f(x, θ), with bars for derivatives of V and dots for derivatives along one direction q̇
/// of the positions:
/// - `forward`: y = f(x, θ);
/// - `reverse`: x̄ = (∂f/∂x)ᵀ ȳ, and θ̄ += (∂f/∂θ)ᵀ ȳ where the context gathers a parameter gradient;
/// - `tangentForward`: ẏ, the derivative of `forward` along q̇;
/// - `tangentReverse`: x̄̇ and θ̄̇, the derivatives of `reverse` along q̇.
///
/// Since V's θ-gradient along q̇ is the θ-gradient of q̇·∇V, the last one yields what training on forces needs,
/// and x̄̇ at the positions is the Hessian times q̇ (Pearlmutter 1994).
protocol Operation: Sendable {
  var inputs: [TensorID] { get }
  var output: TensorID { get }
  /// `tangentForward` writes y too, so that it need not be kept until then.
  var rewritesValue: Bool { get }
  /// `tangentReverse` writes the cotangent of its first input too, where nothing else adds to that one.
  var rewritesCotangent: Bool { get }
  /// How a team shares `forward` and `reverse`.
  func sharing(in program: Program) -> Sharing
  func forward<T: NetworkScalar>(_ c: Context<T>)
  func reverse<T: NetworkScalar>(_ c: Context<T>)
  func tangentForward<T: NetworkScalar>(_ c: Context<T>)
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>)
}

/// The operations there are. An enum rather than an existential, so that each pass is compiled for Float and for
/// Double: generic code behind an existential runs through the runtime's metadata, ten times slower.
enum AnyOperation: Sendable {
  case linear(Linear)
  case swish(Swish)
  case contraction(PairContraction)
  case pool(Pool)
  case centring(Centring)
  case embedding(PairEmbedding)
  case columns(Columns)
  case lifting(Lifting)
  case movingFrame(MovingFrame)
  case neighbourMean(NeighbourMean)
  case neighbourMask(NeighbourMask)
  case weighting(PairWeighting)
  case ones(Ones)
  case flattening(Flattening)
  case pairEnds(PairEnds)
  case pairSum(PairSum)
  case standardising(Standardising)
  case magnification(Magnification)
  case pairFeatures(PairFeatures)
  case pairReadout(PairReadout)
  case massWeighting(MassWeighting)
  case kineticEnergy(KineticEnergy)

  private var operation: any Operation {
    switch self {
    case .linear(let operation): operation
    case .swish(let operation): operation
    case .contraction(let operation): operation
    case .pool(let operation): operation
    case .centring(let operation): operation
    case .embedding(let operation): operation
    case .columns(let operation): operation
    case .lifting(let operation): operation
    case .movingFrame(let operation): operation
    case .neighbourMean(let operation): operation
    case .neighbourMask(let operation): operation
    case .weighting(let operation): operation
    case .ones(let operation): operation
    case .flattening(let operation): operation
    case .pairEnds(let operation): operation
    case .pairSum(let operation): operation
    case .standardising(let operation): operation
    case .magnification(let operation): operation
    case .pairFeatures(let operation): operation
    case .pairReadout(let operation): operation
    case .massWeighting(let operation): operation
    case .kineticEnergy(let operation): operation
    }
  }
  var inputs: [TensorID] { operation.inputs }
  var output: TensorID { operation.output }
  var rewritesValue: Bool { operation.rewritesValue }
  var rewritesCotangent: Bool { operation.rewritesCotangent }
  func sharing(in program: Program) -> Sharing { operation.sharing(in: program) }

  enum Pass {
    case forward
    case reverse
    case tangentForward
    case tangentReverse
  }

  func run<T: NetworkScalar>(_ pass: Pass, _ c: Context<T>) {
    switch self {
    case .linear(let operation): operation.run(pass, c)
    case .swish(let operation): operation.run(pass, c)
    case .contraction(let operation): operation.run(pass, c)
    case .pool(let operation): operation.run(pass, c)
    case .centring(let operation): operation.run(pass, c)
    case .embedding(let operation): operation.run(pass, c)
    case .columns(let operation): operation.run(pass, c)
    case .lifting(let operation): operation.run(pass, c)
    case .movingFrame(let operation): operation.run(pass, c)
    case .neighbourMean(let operation): operation.run(pass, c)
    case .neighbourMask(let operation): operation.run(pass, c)
    case .weighting(let operation): operation.run(pass, c)
    case .ones(let operation): operation.run(pass, c)
    case .flattening(let operation): operation.run(pass, c)
    case .pairEnds(let operation): operation.run(pass, c)
    case .pairSum(let operation): operation.run(pass, c)
    case .standardising(let operation): operation.run(pass, c)
    case .magnification(let operation): operation.run(pass, c)
    case .pairFeatures(let operation): operation.run(pass, c)
    case .pairReadout(let operation): operation.run(pass, c)
    case .massWeighting(let operation): operation.run(pass, c)
    case .kineticEnergy(let operation): operation.run(pass, c)
    }
  }
}

extension Operation {
  var rewritesValue: Bool { false }
  var rewritesCotangent: Bool { false }
  func sharing(in program: Program) -> Sharing { .alone(inputs: inputs.count) }

  func run<T: NetworkScalar>(_ pass: AnyOperation.Pass, _ c: Context<T>) {
    switch pass {
    case .forward: forward(c)
    case .reverse: reverse(c)
    case .tangentForward: tangentForward(c)
    case .tangentReverse: tangentReverse(c)
    }
  }
}

/// Some of an operation's inputs, of which there are fewer than 64.
struct InputSet {
  private var bits: UInt64 = 0

  init(_ members: [Bool] = []) {
    for (k, isMember) in members.enumerated() where isMember { bits |= 1 << k }
  }
  func contains(_ k: Int) -> Bool { bits >> k & 1 == 1 }
}

/// What an operation works on: the tensors of one tile, the parameters, and where derivatives go.
struct Context<T: NetworkScalar> {
  let program: Program
  let systems: Int
  let bodies: Int
  let parameters: UnsafePointer<T>
  /// The panels of every weight and its transpose, where each `MatrixView` says.
  let panels: UnsafePointer<T>
  /// Where θ̄ (or θ̄̇) is added; nil where only forces are wanted.
  let parameterGradient: UnsafeMutablePointer<T>?
  let workspace: Workspace<T>
  /// Which evaluation's values and cotangents are meant.
  let evaluation: Int
  /// For each input of the operation at hand: a later operation has written its cotangent already.
  var adds = InputSet()
  /// Which part of `forward` and `reverse` is to be done; operations that are not divided do all.
  var share = Share.whole

  /// Lifted bodies of one system.
  var nodes: Int { bodies * program.samples }
  func rows(_ t: TensorID) -> Int {
    program.tensors[t.index].rows.count(systems: systems, bodies: bodies, samples: program.samples)
  }
  func width(_ t: TensorID) -> Int { program.tensors[t.index].width }
  func size(_ t: TensorID) -> Int { rows(t) * width(t) }
  /// The columns of t to be written where it is divided by columns: a cache line belongs to one member.
  func columns(of t: TensorID, block width: Int? = nil) -> Range<Int> {
    share.part(of: width ?? self.width(t), grain: Product<T>.Right.lanes)
  }
  /// The rows of pairs to be written where those are divided.
  func rowPart(of t: TensorID) -> Range<Int> { share.part(of: rows(t), grain: nodes) }
  /// The rows and columns to be written, as `Rows.division` divides them.
  func part(of t: TensorID) -> (rows: Range<Int>, columns: Range<Int>) {
    program.rows(t) == .pair ? (rowPart(of: t), 0..<width(t)) : (0..<rows(t), columns(of: t))
  }
  /// The nodes of one system whose pairs are to be written there, counted from the system's first.
  func nodePart(of t: TensorID, system: Int) -> Range<Int> {
    let (rows, first) = (rowPart(of: t), system * nodes)
    let own = rows.lowerBound / nodes..<rows.upperBound / nodes
    let clamped = own.clamped(to: first..<first + nodes)
    return clamped.lowerBound - first..<clamped.upperBound - first
  }
  func isStatic(_ t: TensorID) -> Bool { program.tensors[t.index].isStatic }
  /// The cotangent of this tensor is not kept: `tangentReverse` has to write it.
  func rewritesCotangent(_ t: TensorID) -> Bool { !program.tensors[t.index].keepsCotangent }
  /// Whether it moves not at all, or in jumps.
  func isLeaf(_ t: TensorID) -> Bool { program.tensors[t.index].isLeaf }

  func value(_ t: TensorID) -> UnsafeMutablePointer<T> { workspace.value(t, evaluation) }
  func cotangent(_ t: TensorID) -> UnsafeMutablePointer<T> {
    isStatic(t) ? workspace.staticCotangent(t) : workspace.cotangent(t, evaluation)
  }
  func tangent(_ t: TensorID) -> UnsafeMutablePointer<T> { workspace.tangent(t) }
  func cotangentTangent(_ t: TensorID) -> UnsafeMutablePointer<T> {
    isStatic(t) ? workspace.staticCotangent(t) : workspace.cotangentTangent(t)
  }

  /// Whether `reverse` should write the cotangent of this input at all: that of a static one only for the sake of the
  /// parameters.
  func wantsCotangent(_ t: TensorID) -> Bool {
    let spec = program.tensors[t.index]
    return !spec.isLeaf && (!spec.isStatic || parameterGradient != nil)
  }
  /// Whether `tangentReverse` should: static inputs gather the sum over the evaluations.
  func wantsCotangentTangent(_ t: TensorID) -> Bool { !program.tensors[t.index].isLeaf }
  /// Whether the cotangent of input `k` is added to rather than written.
  func addsCotangent(_ k: Int, _ t: TensorID) -> Bool { adds.contains(k) || isStatic(t) }
}
