// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Which states of a run are kept: the first, the last, and evenly spaced ones between.
///
/// With a fixed step h the state after n steps has the time start + n·h, from the integer n: adding h up would
/// drift. Frame k of F is the state after round(k·N/(F−1)) of the N steps, unless the plan interpolates: then frames lie at
/// the very times asked for, within steps where they are no multiples of h (`StepInterpolant`), and the last step may lead
/// beyond the end. An adaptive method ends a step at the time of every frame, unless the plan interpolates: then its steps are its own,
/// whatever the frames, and the last ends at the end.
public struct FramePlan: Sendable, Equatable {
  /// Up to here the time start + n·h is exact in n.
  public static let mostSteps = 1 << 53

  /// Where the frames lie: `count` of them in equal parts, or one every `stride` and the end.
  private enum Spacing: Equatable {
    case parts
    case stride(Double)
  }

  public let start: Double
  public let end: Double
  /// How many frames are kept, both ends included.
  public let count: Int
  /// The fixed step, or nil for an adaptive method.
  public let step: Double?
  /// The number N of fixed steps, or nil for an adaptive method.
  public let steps: Int?
  /// Frames may lie within steps.
  public let interpolates: Bool
  private let spacing: Spacing

  /// `frames` of the states between `start` and `end`, at equal distances.
  public init(
    start: Double, end: Double, frames: Int, stepping: Stepping, interpolate: Bool = false
  ) throws {
    let grid = try Grid(from: start, to: end, stepping: stepping, interpolate: interpolate)
    try self.init(grid: grid, frames: frames)
  }

  /// One state every `every` units of time from `start`, and the state at `end`.
  public init(
    start: Double, end: Double, every: Double, stepping: Stepping, interpolate: Bool = false
  ) throws {
    let grid = try Grid(from: start, to: end, stepping: stepping, interpolate: interpolate)
    try self.init(grid: grid, every: every)
  }

  /// `frames` of the states met in `steps` steps of length `step`.
  public init(start: Double, steps: Int, step: Double, frames: Int, interpolate: Bool = false) throws {
    try self.init(
      grid: Grid(from: start, steps: steps, step: step, interpolate: interpolate), frames: frames)
  }

  /// One state every `every` units of time in `steps` steps of length `step`, and the last.
  public init(start: Double, steps: Int, step: Double, every: Double, interpolate: Bool = false) throws {
    try self.init(grid: Grid(from: start, steps: steps, step: step, interpolate: interpolate), every: every)
  }

  private init(grid: Grid, frames: Int) throws {
    guard frames >= 2 else {
      throw NoetherError("frames: \(frames) are too few; both ends are kept, so give 2 or more")
    }
    if let steps = grid.steps, frames > steps + 1, !grid.interpolates {
      throw NoetherError(
        "frames: \(frames) cannot be had from \(steps) steps; give at most \(steps + 1), a shorter step, or "
          + "interpolate: true")
    }
    self.init(grid: grid, count: frames, spacing: .parts)
  }

  private init(grid: Grid, every: Double) throws {
    guard every > 0, every.isFinite else {
      throw NoetherError("every: \(every) is no interval of time; give a positive number")
    }
    guard let step = grid.step, let steps = grid.steps, !grid.interpolates else {
      let parts = try wholeNumber((grid.end - grid.start).magnitude / every, rounding: .down)
      let remainder = (grid.end - grid.start).magnitude - Double(parts) * every
      let endsApart = remainder > 1e-9 * every
      let stride = grid.end > grid.start ? every : -every
      self.init(grid: grid, count: parts + (endsApart ? 2 : 1), spacing: .stride(stride))
      return
    }
    let ratio = every / step.magnitude
    let stride = try wholeNumber(ratio, rounding: .toNearestOrAwayFromZero)
    guard stride >= 1, (ratio - Double(stride)).magnitude <= 1e-9 * ratio else {
      let nearest = Double(max(1, stride)) * step.magnitude
      throw NoetherError(
        "every: \(every) is no multiple of the step \(step.magnitude); \(nearest) would be; or give frames, or "
          + "interpolate: true")
    }
    let frames = steps / stride + (steps % stride == 0 ? 1 : 2)
    self.init(grid: grid, count: frames, spacing: .stride(Double(stride)))
  }

  private init(grid: Grid, count: Int, spacing: Spacing) {
    start = grid.start
    end = grid.end
    step = grid.step
    steps = grid.steps
    interpolates = grid.interpolates
    self.count = count
    self.spacing = spacing
  }

  /// After how many fixed steps frame `index` is due; nil for an adaptive method.
  public func step(ofFrame index: Int) -> Int? { place(ofFrame: index)?.step }

  /// After how many fixed steps frame `index` is due, and which fraction of the last of them leads to it: 1, unless the plan
  /// interpolates. Nil for an adaptive method.
  func place(ofFrame index: Int) -> (step: Int, fraction: Double)? {
    guard interpolates, let step else { return wholeStep(ofFrame: index).map { ($0, 1) } }
    let position = (plannedTime(ofFrame: index) - start) / step
    let nearest = position.rounded()
    // A time that is a multiple of the step but for rounding is one.
    if (position - nearest).magnitude <= 1e-9 * max(1, nearest) { return (Int(nearest), 1) }
    return (Int(position.rounded(.up)), position - position.rounded(.down))
  }

  private func wholeStep(ofFrame index: Int) -> Int? {
    guard let steps else { return nil }
    if index >= count - 1 { return steps }
    switch spacing {
    case .stride(let stride): return index * Int(stride)
    case .parts:
      // round(index·N/parts) without the overflow that index·N could meet.
      let parts = count - 1
      let (whole, rest) = steps.quotientAndRemainder(dividingBy: parts)
      return index * whole + (2 * index * rest + parts) / (2 * parts)
    }
  }

  /// The time of frame `index`.
  public func time(ofFrame index: Int) -> Double {
    if let step, let (after, fraction) = place(ofFrame: index), fraction == 1 {
      return start + Double(after) * step
    }
    return plannedTime(ofFrame: index)
  }

  private func plannedTime(ofFrame index: Int) -> Double {
    if index >= count - 1 { return end }
    switch spacing {
    case .stride(let stride): return start + Double(index) * stride
    case .parts: return start + (end - start) * (Double(index) / Double(count - 1))
    }
  }
}

/// The stretch of time and, for a fixed step, the steps that cover it.
private struct Grid {
  var start: Double
  var end: Double
  var step: Double?
  var steps: Int?
  var interpolates: Bool

  init(from start: Double, to end: Double, stepping: Stepping, interpolate: Bool) throws {
    try stepping.validate()
    guard start.isFinite, end.isFinite, start != end else {
      throw NoetherError(
        "time: from \(start) to \(end) is no stretch of time; give two finite times that differ")
    }
    self.start = start
    self.end = end
    interpolates = interpolate
    guard case .fixed(let step) = stepping else { return }
    let ratio = (end - start) / step
    guard ratio > 0 else {
      throw NoetherError(
        "step: \(step) leads away from the end \(end) of a run from \(start); change its sign")
    }
    self.step = step
    let steps = try wholeNumber(ratio, rounding: .toNearestOrAwayFromZero)
    let isWhole = steps >= 1 && (ratio - Double(steps)).magnitude <= 1e-9 * ratio
    if interpolate {
      self.steps = isWhole ? steps : try wholeNumber(ratio * (1 - 1e-12), rounding: .up)
      return
    }
    guard isWhole else {
      let fewer = ratio.rounded(.down)
      let longer = fewer >= 1 ? "\((end - start) / fewer) or " : ""
      throw NoetherError(
        "step: \(step) does not divide the time from \(start) to \(end) into whole steps; "
          + "\(longer)\((end - start) / (fewer + 1)) would, or output: {interpolate: true}")
    }
    self.steps = steps
  }

  init(from start: Double, steps: Int, step: Double, interpolate: Bool) throws {
    try Stepping.fixed(step: step).validate()
    let end = start + Double(steps) * step
    guard (1...FramePlan.mostSteps).contains(steps), start.isFinite, end.isFinite, end != start else {
      throw NoetherError(
        "steps: \(steps) steps of \(step) from \(start) are no run; give 1 or more finite steps")
    }
    self.start = start
    self.end = end
    self.step = step
    self.steps = steps
    interpolates = interpolate
  }
}

/// A count from a ratio of times, refused beyond 2⁵³, where a Double no longer tells neighbours apart.
private func wholeNumber(_ ratio: Double, rounding rule: FloatingPointRoundingRule) throws -> Int {
  let rounded = (ratio * (1 + 1e-12)).rounded(rule)
  guard rounded < 0x1p53 else {
    throw NoetherError("time: \(ratio) steps or frames are more than can be counted; take longer ones")
  }
  return Int(rounded)
}
