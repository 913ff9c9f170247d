// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Synchronization

/// How far a long run is: a bar on a terminal, a line per percent in a log, nothing under `--quiet` or within
/// the first second.
final class Progress: Sendable {
  private struct State {
    var lastDrawn = Date.distantPast
    var lastPercent = -1
    var isDrawn = false
  }

  private let title: String
  private let isQuiet: Bool
  private let start = Date()
  /// What an earlier process had done already: it says nothing about the speed of this one.
  private let startFraction: Double
  private let state = Mutex(State())

  init(_ title: String, quiet: Bool, startingAt fraction: Double = 0) {
    self.title = title
    isQuiet = quiet
    startFraction = fraction
  }

  /// Shows `fraction` (0…1) of the work as done, with a note such as the current loss.
  func update(_ fraction: Double, note: @autoclosure () -> String = "") {
    guard !isQuiet, fraction.isFinite else { return }
    let now = Date()
    guard now.timeIntervalSince(start) > 1 else { return }
    let percent = Int(100 * min(1, max(0, fraction)))
    state.withLock { state in
      guard now.timeIntervalSince(state.lastDrawn) > 0.1 else { return }
      if Terminal.isInteractive {
        state.lastDrawn = now
        state.isDrawn = true
        let filled = percent * 24 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        Terminal.write("\r\u{1B}[K\(title) \(bar) \(percent) % \(tail(fraction, now, note()))")
      } else {
        guard percent > state.lastPercent else { return }
        state.lastPercent = percent
        state.lastDrawn = now
        Terminal.write("\(title) \(percent) % \(tail(fraction, now, note()))\n")
      }
    }
  }

  /// Takes the bar away, so that a message can follow.
  func finish() {
    state.withLock { state in
      guard state.isDrawn else { return }
      state.isDrawn = false
      Terminal.write("\r\u{1B}[K")
    }
  }

  private func tail(_ fraction: Double, _ now: Date, _ note: String) -> String {
    let done = fraction - startFraction
    guard done > 0, fraction < 1 else { return note }
    let left = now.timeIntervalSince(start) * (1 - fraction) / done
    return note.isEmpty ? Self.duration(left) + " left" : note + ", " + Self.duration(left) + " left"
  }

  /// "42 s", "3 min 05 s", "2 h 07 min".
  static func duration(_ seconds: Double) -> String {
    guard seconds < 1e7 else { return "a long time" }
    let whole = Int(seconds.rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
    return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
  }
}
