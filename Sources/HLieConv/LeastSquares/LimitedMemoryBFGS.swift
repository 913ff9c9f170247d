// SPDX-License-Identifier: GPL-3.0-or-later

import CLBFGS

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
    /// False where the line search found nothing lower, or the loss is not finite anywhere along it.
    let moved: Bool
  }

  /// Changes θ by one round of at most `iterations`; `evaluate` writes the gradient and returns the loss.
  func round(
    _ parameters: inout [Double], iterations: Int = iterationsPerRound,
    evaluate: @escaping ([Double], UnsafeMutablePointer<Double>) -> Double
  ) -> Round {
    var options = lbfgs_parameter_t()
    lbfgs_parameter_init(&options)
    options.m = Int32(memory)
    options.max_iterations = Int32(iterations)
    // It ends by its number of iterations; the loss is far below one where the default would stop.
    options.epsilon = 1e-14
    options.max_linesearch = 40
    let problem = Problem(evaluate)
    let start = parameters
    var loss = 0.0
    let status = withExtendedLifetime(problem) {
      lbfgs(
        Int32(parameters.count), &parameters, &loss,
        { context, x, gradient, count, _ in
          guard let context, let x, let gradient else { return .nan }
          let problem = Unmanaged<Problem>.fromOpaque(context).takeUnretainedValue()
          return problem.evaluate(Array(UnsafeBufferPointer(start: x, count: Int(count))), gradient)
        }, nil, Unmanaged.passUnretained(problem).toOpaque(), &options)
    }
    // A failed line search leaves the best point it began from; anything not finite is taken back.
    if !loss.isFinite || !parameters.allSatisfy(\.isFinite) {
      parameters = start
      return Round(loss: .nan, moved: false)
    }
    let finished = status >= 0 || status == Int32(LBFGSERR_MAXIMUMITERATION)
    return Round(loss: loss, moved: finished && parameters != start)
  }

  private final class Problem {
    let evaluate: ([Double], UnsafeMutablePointer<Double>) -> Double
    init(_ evaluate: @escaping ([Double], UnsafeMutablePointer<Double>) -> Double) {
      self.evaluate = evaluate
    }
  }
}
