// SPDX-License-Identifier: GPL-3.0-or-later

import CLBFGS

/// What ends a round that was asked to stop: none of the library's own codes.
private let stopped: Int32 = 1000

/// Limited-memory BFGS (Liu & Nocedal 1989) by Debian's liblbfgs, in rounds.
///
/// The library keeps its corrections to itself, so a round of iterations begins without any: a training that was interrupted
/// goes on from the last round, and to the same bits.
struct LimitedMemoryBFGS {
  static let iterationsPerRound = 100
  /// Corrections kept.
  let memory: Int

  /// What a round did.
  struct Round {
    /// The loss after it.
    let loss: Double
    /// False where the line search found nothing lower: there is nothing more to gain.
    let moved: Bool
  }

  /// Changes θ by one round of at most `iterations`; `evaluate` writes the gradient and returns the loss. nil where it was asked
  /// to stop.
  func round(
    _ parameters: inout [Double], iterations: Int = iterationsPerRound,
    shouldStop: @escaping () -> Bool = { false },
    evaluate: @escaping ([Double], UnsafeMutablePointer<Double>) -> Double
  ) -> Round? {
    var options = lbfgs_parameter_t()
    lbfgs_parameter_init(&options)
    options.m = Int32(memory)
    options.max_iterations = Int32(iterations)
    // It ends by its number of iterations; the loss is far below one where the default would stop.
    options.epsilon = 1e-14
    options.max_linesearch = 40
    let problem = Problem(evaluate, shouldStop)
    let start = parameters
    var loss = 0.0
    let status = withExtendedLifetime(problem) {
      lbfgs(
        Int32(parameters.count), &parameters, &loss,
        { context, x, gradient, count, _ in
          guard let problem = Problem.at(context), let x, let gradient else { return .nan }
          return problem.evaluate(Array(UnsafeBufferPointer(start: x, count: Int(count))), gradient)
        },
        { context, _, _, _, _, _, _, _, _, _ in Problem.at(context)?.shouldStop() == true ? stopped : 0 },
        Unmanaged.passUnretained(problem).toOpaque(), &options)
    }
    if status == stopped { return nil }
    // After a failed line search the library returns the point that it began from with the loss of its last trial.
    if status < 0 {
      var unused = [Double](repeating: 0, count: parameters.count)
      loss = unused.withUnsafeMutableBufferPointer { gradient in
        gradient.baseAddress.map { evaluate(parameters, $0) } ?? .nan
      }
    }
    return Round(loss: loss, moved: parameters != start)
  }

  private final class Problem {
    let evaluate: ([Double], UnsafeMutablePointer<Double>) -> Double
    let shouldStop: () -> Bool

    init(
      _ evaluate: @escaping ([Double], UnsafeMutablePointer<Double>) -> Double,
      _ shouldStop: @escaping () -> Bool
    ) {
      self.evaluate = evaluate
      self.shouldStop = shouldStop
    }

    static func at(_ context: UnsafeMutableRawPointer?) -> Problem? {
      context.map { Unmanaged<Problem>.fromOpaque($0).takeUnretainedValue() }
    }
  }
}
