// SPDX-License-Identifier: GPL-3.0-or-later

/// The numbers of a configuration: decimal digits with an optional sign, point and exponent, and quotients of
/// two such numbers ("5/499").
///
/// Stricter than YAML, whose versions disagree on what 010, 1_000 and 1:30 are: those are not numbers here.
enum ConfigNumber {
  /// The double nearest to `text`, or for "a/b" the quotient of two such doubles; nil if `text` is neither.
  /// Numbers beyond the range of doubles are nil too, as is a nonzero number that would round to zero.
  static func double(_ text: some StringProtocol) -> Double? {
    guard let slash = text.firstIndex(of: "/") else { return decimal(text) }
    guard let a = decimal(text[..<slash]), let b = decimal(text[text.index(after: slash)...]), b != 0
    else { return nil }
    let quotient = a / b
    return quotient.isFinite && (quotient != 0 || a == 0) ? quotient : nil
  }

  /// Whether `text` is an optional sign and decimal digits without leading zeros.
  static func isInteger(_ text: some StringProtocol) -> Bool {
    let shape = Shape(text)
    return shape.isNumber && !shape.hasPoint && !shape.hasExponent
  }

  /// The spelling in JSON of a number: whole numbers by all their digits, others by the fewest digits that
  /// give the same double. nil if `text` is not a decimal number.
  static func canonical(_ text: String) -> String? {
    guard let value = decimal(text) else { return nil }
    if value == 0 { return value.sign == .minus ? "-0.0" : "0" }
    if isInteger(text) { return text.hasPrefix("+") ? String(text.dropFirst()) : text }
    if abs(value) < 0x1p53, value == value.rounded() { return String(Int64(value)) }
    return value.description
  }

  private static func decimal(_ text: some StringProtocol) -> Double? {
    let shape = Shape(text)
    guard shape.isNumber, let value = Double(text), value.isFinite else { return nil }
    return value != 0 || !shape.hasNonzeroDigit ? value : nil
  }

  /// What a text is made of, in one pass over its bytes: sign digits . digits e sign digits.
  private struct Shape {
    var isNumber = false
    var hasPoint = false
    var hasExponent = false
    var hasNonzeroDigit = false

    init(_ text: some StringProtocol) {
      var bytes = Array(text.utf8)[...]
      func digits(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let run = bytes.prefix { $0 >= 0x30 && $0 <= 0x39 }
        bytes = bytes.dropFirst(run.count)
        return run
      }
      func sign(_ bytes: inout ArraySlice<UInt8>) {
        if bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
      }
      sign(&bytes)
      let whole = digits(&bytes)
      var fraction: ArraySlice<UInt8> = []
      if bytes.first == UInt8(ascii: ".") {
        hasPoint = true
        bytes.removeFirst()
        fraction = digits(&bytes)
      }
      if whole.isEmpty && fraction.isEmpty { return }
      if whole.count > 1, whole.first == UInt8(ascii: "0") { return }
      hasNonzeroDigit = (whole + fraction).contains { $0 != UInt8(ascii: "0") }
      if bytes.first == UInt8(ascii: "e") || bytes.first == UInt8(ascii: "E") {
        hasExponent = true
        bytes.removeFirst()
        sign(&bytes)
        if digits(&bytes).isEmpty { return }
      }
      isNumber = bytes.isEmpty
    }
  }
}
