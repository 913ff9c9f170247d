// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Numbers in messages and progress bars.
extension Double {
  /// Three digits, which are more than an estimate carries.
  var short: String { String(format: "%.3g", self) }
}
