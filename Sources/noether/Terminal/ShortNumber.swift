// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Numbers in messages and progress bars.
extension Double {
  /// Three digits: 0.0123 or 1.23e-05.
  var short: String { String(format: "%.3g", self) }
  /// Three digits and a power of ten: 1.23e-02.
  var scientific: String { String(format: "%.2e", self) }
}
