//===- Progress.cpp - A progress line for long work -----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Support/Progress.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Unicode.h"
#include <algorithm>
#include <chrono>
#include <cmath>

using namespace llvm;

namespace mlmodel {

static constexpr double silentSeconds = 1;
static constexpr double terminalInterval = 0.1;
static constexpr double plainInterval = 10;

static double steadySeconds() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Replaces what could move the cursor or change the terminal's state:
/// control characters, also those of two bytes (U+0080 to U+009F), and all
/// that is not UTF-8.
static std::string makePrintable(StringRef text) {
  bool isUTF8 = json::isUTF8(text);
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    bool isTwoByteControl =
        isUTF8 && c == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (isTwoByteControl)
      ++i;
    bool isPlain = c >= 0x20 && c < 0x7F;
    result += isPlain || (c >= 0x80 && isUTF8 && !isTwoByteControl)
                  ? static_cast<char>(c)
                  : '?';
  }
  return result;
}

static size_t columnsOf(StringRef text) {
  int columns = sys::unicode::columnWidthUTF8(text);
  return columns < 0 ? text.size() : static_cast<size_t>(columns);
}

/// Cuts whole characters off the end. A line that wraps could not be
/// rewritten.
static StringRef fitColumns(StringRef text, size_t columns) {
  while (columnsOf(text) > columns) {
    bool isContinuation;
    do {
      isContinuation = (text.back() & 0xC0) == 0x80;
      text = text.drop_back();
    } while (isContinuation && !text.empty());
  }
  return text;
}

static std::string formatDuration(double seconds) {
  uint64_t total = static_cast<uint64_t>(std::min(std::ceil(seconds), 3.6e8));
  std::string result;
  raw_string_ostream os(result);
  if (total >= 3600)
    os << total / 3600 << format(":%02u", unsigned(total / 60 % 60));
  else
    os << total / 60;
  os << format(":%02u", unsigned(total % 60));
  return result;
}

Progress::Progress(uint64_t totalItems, uint64_t totalWork,
                   ProgressOptions givenOptions)
    : options(std::move(givenOptions)),
      os(options.stream ? *options.stream : errs()), isActive(!options.quiet),
      totalItems(totalItems), totalWork(totalWork) {
  using Terminal = ProgressOptions::Terminal;
  onTerminal = options.terminal == Terminal::Ask
                   ? os.is_displayed()
                   : options.terminal == Terminal::Yes;
  if (!options.clock)
    options.clock = steadySeconds;
  start = options.clock();
  nextShow = start + (onTerminal ? silentSeconds : plainInterval);
}

void Progress::begin(StringRef newLabel) {
  std::lock_guard<std::mutex> lock(mutex);
  ++item;
  label = makePrintable(newLabel);
  show();
}

void Progress::advance(uint64_t amount) {
  std::lock_guard<std::mutex> lock(mutex);
  work += amount;
  show();
}

void Progress::finish() {
  std::lock_guard<std::mutex> lock(mutex);
  if (shownColumns > 0) {
    os << '\r' << std::string(shownColumns, ' ') << '\r';
    os.flush();
  }
  shownColumns = 0;
  isActive = false;
}

std::string Progress::makeLine(double elapsed) const {
  std::string total = utostr(totalItems);
  std::string line;
  raw_string_ostream text(line);
  text << '[' << right_justify(utostr(item), total.size()) << '/' << total
       << "] " << label;
  double part = totalWork ? std::min(1.0, static_cast<double>(work) /
                                              static_cast<double>(totalWork))
                          : 0;
  text << format("  %d%%", static_cast<int>(part * 100));
  // Before the first work is done there is nothing to estimate from.
  if (part > 0)
    text << "  eta " << formatDuration(elapsed * (1 - part) / part);
  return line;
}

void Progress::show() {
  if (!isActive)
    return;
  double now = options.clock();
  if (now < nextShow)
    return;
  nextShow = now + (onTerminal ? terminalInterval : plainInterval);
  std::string line = makeLine(now - start);
  if (!onTerminal) {
    os << line << '\n';
    os.flush();
    return;
  }
  size_t columns = sys::Process::StandardErrColumns();
  // Some terminals wrap as soon as the last column is written.
  StringRef fitted = fitColumns(line, columns > 1 ? columns - 1 : 79);
  size_t width = columnsOf(fitted);
  // Blanks rather than an escape sequence clear what was longer before: every
  // terminal knows them.
  os << '\r' << fitted
     << std::string(shownColumns > width ? shownColumns - width : 0, ' ');
  os.flush();
  shownColumns = width;
}

} // namespace mlmodel
