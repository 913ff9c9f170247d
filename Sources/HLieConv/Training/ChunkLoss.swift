// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Dynamics
import Synchronization

/// The mean loss of systems, and its gradient. The published loss is the mean squared error of chunks that the learned dynamics
/// are rolled out through, over all points (the given first one included), systems, positions and momenta (Finzi et al.
/// 2020, section 6.1).
///
/// A batch is cut into a fixed number of lanes, each lane into tiles. Workers take lanes as they become free; a
/// lane's sums run over its tiles in order, and lanes are added in order, so the bits do not depend on the
/// number of threads.
final class ChunkLoss<T: NetworkScalar> {
  /// More lanes balance better on cores that come and go, and cost one gradient buffer each.
  private static var lanes: Int { 8 }
  /// Entries of a gradient that are summed over the lanes at a time.
  private static var block: Int { 4096 }
  /// Nodes per tile, about: enough rows that weights and their gradients, read and written once per tile, cost
  /// little; few enough that what passes from one operation to the next stays in the nearer caches.
  private static var tileNodes: Int { 30 }

  let program: Program
  let objective: Objective
  private let storage: ParameterStorage<T>
  private let workers: [Worker<T>]
  private let gradients: [AlignedMemory<T>]

  /// For systems of any of `sizes` bodies and chunks of `points`; parameters start as `initial`. Without `gradients`
  /// only `errors(of:)` may be asked for, which needs far less memory.
  ///
  /// Throws where the machine has too little, or the method is not one for the program's dynamics.
  init(
    _ program: Program, initial: [T], objective: Objective, sizes: [Int], points: Int, threads: Int,
    gradients withGradients: Bool = true
  ) throws {
    if let complaint = objective.complaint(about: program.dynamics) { throw NoetherError(complaint) }
    // The gradients of a vector field's chunks and of energies are of first order.
    var isSecondOrder = program.dynamics != .vectorField
    if case .labels(let weights) = objective, weights.force == 0 { isSecondOrder = false }
    let tangents = withGradients && isSecondOrder
    let evaluations = withGradients ? objective.evaluations(points: points) : 1
    let workerCount = max(1, min(threads, Self.lanes))
    let laneCount = withGradients ? Self.lanes : 0
    let shapes = sizes.map { TileShape(systems: Self.tileSize(program, bodies: $0), bodies: $0) }
    var need = MemoryNeed()
    // θ as it comes and in place, Adam's two moments, and a gradient for each lane.
    need.addParameters(of: program, copies: 4 + laneCount, T.self)
    need.addWorkspaces(
      of: program, count: workerCount, shapes: shapes, evaluations: evaluations, tangents: tangents, T.self)
    try need.check(
      "the network on chunks of \(points) points of \(sizes.last ?? 0) bodies",
      remedy: "lower data.chunk, model.width, model.layers or --threads, or take fewer bodies")
    self.program = program
    self.objective = objective
    let count = program.parameters.count
    let storage = ParameterStorage(initial, layout: program.parameters)
    self.storage = storage
    gradients = (0..<laneCount).map { _ in AlignedMemory(count: count) }
    workers = (0..<workerCount).map { _ in
      Worker(
        program, parameters: storage, shapes: shapes, evaluations: evaluations, tangents: tangents)
    }
  }

  private static func tileSize(_ program: Program, bodies: Int) -> Int {
    max(1, tileNodes / max(1, bodies * program.samples))
  }

  /// The tiles of a lane: systems of as many bodies as each other, in their order.
  private func tiles(_ indices: ArraySlice<Int>, _ data: ChunkTensors<T>) -> [ArraySlice<Int>] {
    var bySize: [Int: [Int]] = [:]
    for index in indices { bySize[data.bodies[index], default: []].append(index) }
    return bySize.sorted { $0.key < $1.key }.flatMap { bodies, members in
      members[...].chunked(by: Self.tileSize(program, bodies: bodies))
    }
  }

  /// The mean error of a batch; its gradient is left in `gradient`.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func gradient(of data: ChunkTensors<T>, _ batch: [Int]) -> Double {
    storage.pack(threads: threads)
    let sums = forEachLane(of: batch) { worker, lane, indices in
      let gradient = self.gradients[lane]
      gradient.clear()
      var sum = 0.0
      for indices in self.tiles(indices, data) {
        sum += worker.gradient(
          data.tile(indices), data, self.objective, weight: 1 / Double(batch.count), into: gradient.base)
      }
      return [sum]
    }
    addLanes()
    return sums.reduce(0, +)
  }

  var threads: Int { workers.count }

  /// θ, which an optimiser may change between calls.
  var parameters: UnsafeMutableBufferPointer<T> { storage.values }

  /// Where `gradient(of:_:)` leaves its result.
  var gradient: UnsafeMutableBufferPointer<T> { gradients[0].buffer }

  /// The loss of each system alone, by the training's objective or another, without gradients.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func errors(of data: ChunkTensors<T>, by other: Objective? = nil) -> [Double] {
    let objective = other ?? objective
    storage.pack(threads: threads)
    return forEachLane(of: Array(0..<data.count)) { worker, _, indices in
      var errors = [Double](repeating: 0, count: indices.count)
      for members in self.tiles(indices, data) {
        for (index, error) in zip(members, worker.errors(data.tile(members), data, objective)) {
          errors[index - indices.startIndex] = error
        }
      }
      return errors
    }
  }

  /// Σ g², which is not finite as soon as one entry is not, or the squares that Adam's second moment holds would overflow
  /// together.
  private(set) var gradientSquare = 0.0

  /// gradient[0] ← Σ lanes, entry by entry in the order of the lanes, and Σ g²; fixed slices of entries in parallel.
  @specialized(where T == Float)
  @specialized(where T == Double)
  private func addLanes() {
    nonisolated(unsafe) let bases = gradients.map(\.base)
    let (count, slices, workers) = (gradients[0].count, Self.lanes, workers.count)
    let squares = Mutex([Double](repeating: 0, count: slices))
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for slice in stride(from: worker, to: slices, by: workers) {
        let range = slice * count / slices..<(slice + 1) * count / slices
        // Block by block, so that the sum stays in the nearest cache while the lanes go by.
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
          let size = min(Self.block, range.upperBound - start)
          for base in bases.dropFirst() { T.accumulate(size, base + start, to: bases[0] + start) }
        }
        let square = Double(T.squareSum(range.count, bases[0] + range.lowerBound))
        squares.withLock { $0[slice] = square }
      }
    }
    gradientSquare = squares.withLock { $0.reduce(0, +) }
  }

  /// Runs `body` once per lane on the workers, and joins what it returns in the order of the lanes.
  private func forEachLane(
    of batch: [Int], _ body: @escaping (Worker<T>, _ lane: Int, ArraySlice<Int>) -> [Double]
  ) -> [Double] {
    let next = Atomic<Int>(0)
    nonisolated(unsafe) let run = body
    nonisolated(unsafe) let workers = workers
    let results = Mutex([[Double]](repeating: [], count: Self.lanes))
    DispatchQueue.concurrentPerform(iterations: workers.count) { w in
      while true {
        let lane = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if lane >= Self.lanes { return }
        let range = lane * batch.count / Self.lanes..<(lane + 1) * batch.count / Self.lanes
        let result = run(workers[w], lane, batch[range])
        results.withLock { $0[lane] = result }
      }
    }
    return results.withLock { $0.flatMap { $0 } }
  }
}

extension ArraySlice {
  /// Consecutive pieces of at most `size` elements.
  fileprivate func chunked(by size: Int) -> [ArraySlice] {
    stride(from: startIndex, to: endIndex, by: size).map { self[$0..<Swift.min($0 + size, endIndex)] }
  }
}
