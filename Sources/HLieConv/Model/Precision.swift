// SPDX-License-Identifier: GPL-3.0-or-later

/// The numbers that a network computes with.
public enum Precision: String, Sendable, CaseIterable {
  case float32
  case float64
}
