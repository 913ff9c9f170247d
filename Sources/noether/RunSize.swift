// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// What a run will take up, told from its numbers before it begins. Counted in floating point, so that no product
/// overflows.
struct RunSize {
  /// trajectory.npz: q, p and the step of every system at every kept time.
  let archive: Double
  /// What is held at its end: frames and rows, the arrays made of them, the archive's bytes.
  let memory: Double

  /// An .npz is a plain ZIP archive, whose sizes and places have 32 bits.
  static let archiveLimit = 0x1p32 - 0x1p16

  init(systems: Int, frames: Int, bodies: Int, dimension: Int) {
    let kept = Double(systems) * Double(frames)
    let coordinates = Double(bodies) * Double(dimension)
    archive = kept * (2 * coordinates + 1) * 8 + Double(frames) * 8
    // q, p, P and L are arrays of their own; 32 bytes stand before the elements of each.
    let momenta = [1, 3, 6][max(1, min(dimension, 3)) - 1]
    let frame = MemoryLayout<Frame>.stride + MemoryLayout<DiagnosticsRow>.stride + 4 * 32 + momenta * 8
    memory = kept * (Double(frame) + 2 * coordinates * 8) + 2 * archive
  }

  /// Throws where the archive could not be written or the machine has less than that of memory.
  func check(memory available: Double = Double(ProcessInfo.processInfo.physicalMemory)) throws {
    func gibibytes(_ bytes: Double) -> String { String(format: "%.1f GiB", bytes / 0x1p30) }
    let remedy = "take fewer --systems, or keep fewer states with --set output.frames"
    if archive >= Self.archiveLimit {
      throw NoetherError(
        "trajectory.npz would have \(gibibytes(archive)), and an .npz ends at 4 GiB; \(remedy)")
    }
    if memory > available {
      throw NoetherError(
        "the run needs \(gibibytes(memory)) of memory, the machine has \(gibibytes(available)); \(remedy)")
    }
  }
}

extension Simulation {
  /// Throws where what the run keeps is more than its files or the memory can hold.
  func checkSize() throws {
    let bodies = systems[0].system.bodies
    try RunSize(
      systems: systems.count, frames: plan.count, bodies: bodies.count, dimension: bodies.dimension
    ).check()
  }
}
