//===- CompressReport.cpp - What compress did, as text and JSON -----------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompressReport.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <map>

using namespace mlmodel;
using llvm::StringRef;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

std::string mlmodel::printable(StringRef text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  os.write_escaped(text);
  return result;
}

void mlmodel::printTable(llvm::ArrayRef<std::vector<std::string>> rows,
                         size_t left) {
  std::vector<size_t> widths(rows.front().size());
  for (const std::vector<std::string> &row : rows)
    for (auto [width, cell] : llvm::zip(widths, row))
      width = std::max(width, cell.size());
  for (const std::vector<std::string> &row : rows) {
    std::string text;
    for (size_t i = 0; i != row.size(); ++i) {
      std::string padding(widths[i] - row[i].size(), ' ');
      text +=
          (i ? "  " : "") + (i < left ? row[i] + padding : padding + row[i]);
    }
    llvm::outs() << StringRef(text).rtrim() << '\n';
  }
}

static std::string formatShape(llvm::ArrayRef<int64_t> shape) {
  return llvm::join(
      llvm::map_range(shape, [](int64_t n) { return std::to_string(n); }), "x");
}

static std::string formatSnr(const ErrorReport &error) {
  return error.changed == 0 ? "exact"
                            : llvm::formatv("{0:F1}", error.snrDb).str();
}

static std::string kilobytes(uint64_t bytes) {
  return llvm::formatv("{0:F1}", bytes / 1000.0);
}

static void printWeights(const CompressionReport &report) {
  bool isPruned = llvm::any_of(report.weights, [](const WeightReport &weight) {
    return weight.scheme.pruning.has_value();
  });
  std::vector<std::vector<std::string>> rows = {
      {"layer", "weights", "method", "shape", "bits", "KB before", "KB after",
       "SNR dB", "max error"}};
  if (isPruned)
    rows[0].push_back("zeros");
  for (const WeightReport &weight : report.weights) {
    rows.push_back({printable(weight.layer), weight.field,
                    getMethodName(weight.scheme.method).str(),
                    formatShape(weight.shape), std::to_string(weight.bits),
                    kilobytes(weight.bytesBefore), kilobytes(weight.bytesAfter),
                    formatSnr(weight.error),
                    llvm::formatv("{0:E2}", weight.error.maxAbsError)});
    if (isPruned)
      rows.back().push_back(llvm::formatv("{0:P1}", weight.getSparsity()));
  }
  printTable(rows, 3);
  if (isPruned)
    llvm::outs() << "remark: zeros are stored like other values, because the "
                    "format has no sparse weights\n";
}

static void printSkipped(const CompressionReport &report) {
  if (report.skipped.empty())
    return;
  std::map<std::string, size_t> reasons;
  for (const SkippedWeight &weight : report.skipped)
    ++reasons[weight.reason];
  llvm::outs() << "left as they are:";
  for (const auto &[reason, count] : reasons)
    llvm::outs() << "  " << count << " (" << reason << ")";
  llvm::outs() << '\n';
}

/// The share of k-means weights whose optimum is proven, and how closely.
static void printCertificates(const CompressionReport &report) {
  size_t count = 0;
  double gap = 0;
  bool isLocallyOptimal = true;
  for (const WeightReport &weight : report.weights) {
    if (!weight.certificate)
      continue;
    ++count;
    gap = std::max(gap, weight.certificate->relativeGap);
    isLocallyOptimal &= weight.certificate->locallyOptimal;
  }
  if (count)
    llvm::outs() << llvm::formatv(
        "k-means: {0} tables within {1:E1} of the least possible error{2}\n",
        count, gap,
        isLocallyOptimal ? ", no boundary move improves one"
                         : "; a boundary move improves one");
}

static void printFusion(const FusionReport &fusion) {
  llvm::outs() << fusion.fused << " layers fused into those before\n";
  for (const FusionReport::Refusal &refusal : fusion.refused)
    llvm::outs() << "not fused: " << printable(refusal.layer) << ": "
                 << printable(refusal.reason) << '\n';
}

void mlmodel::printText(const CompressSummary &summary) {
  const CompressionReport &report = summary.report;
  if (summary.fusion)
    printFusion(*summary.fusion);
  if (!report.weights.empty())
    printWeights(report);
  printSkipped(report);
  printCertificates(report);
  uint64_t before = report.getBytesBefore(), after = report.getBytesAfter();
  llvm::outs() << llvm::formatv(
      "{0} weights: {1} KB to {2} KB{3}, in {4:F2} s\n", report.weights.size(),
      kilobytes(before), kilobytes(after),
      after ? llvm::formatv(", {0:F2} times smaller", double(before) / after)
                  .str()
            : "",
      summary.seconds);
  if (summary.outputSnrDb)
    llvm::outs() << llvm::formatv("outputs: SNR {0:F2} dB\n",
                                  *summary.outputSnrDb);
  llvm::outs() << llvm::formatv(
      "file: {0} to {1} bytes, {2:F2} times smaller\n", summary.fileBytesBefore,
      summary.fileBytesAfter,
      double(summary.fileBytesBefore) / summary.fileBytesAfter);
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

json::Value mlmodel::toJson(double number) {
  return std::isfinite(number) ? json::Value(number) : json::Value(nullptr);
}

/// A missing SNR means that nothing changed.
static json::Object getWeightObject(const WeightReport &weight) {
  json::Object object{{"layer", json::fixUTF8(weight.layer)},
                      {"kind", weight.kind},
                      {"field", weight.field},
                      {"shape", json::Array(weight.shape)},
                      {"method", getMethodName(weight.scheme.method)},
                      {"scheme", weight.scheme.describe()},
                      {"bits", int64_t(weight.bits)},
                      {"bytes_before", int64_t(weight.bytesBefore)},
                      {"bytes_after", int64_t(weight.bytesAfter)},
                      {"zeros", int64_t(weight.zeros)},
                      {"max_abs_error", toJson(weight.error.maxAbsError)},
                      {"mse", toJson(weight.error.mse)},
                      {"squared_error", toJson(weight.error.squaredError)},
                      {"snr_db", toJson(weight.error.snrDb)},
                      {"changed", int64_t(weight.error.changed)}};
  if (weight.certificate)
    object["certificate"] =
        json::Object{{"cost", toJson(weight.certificate->cost)},
                     {"lower_bound", toJson(weight.certificate->lowerBound)},
                     {"relative_gap", toJson(weight.certificate->relativeGap)},
                     {"locally_optimal", weight.certificate->locallyOptimal}};
  return object;
}

static json::Object getFusionObject(const FusionReport &fusion) {
  json::Array refused;
  for (const FusionReport::Refusal &refusal : fusion.refused)
    refused.push_back(json::Object{{"layer", json::fixUTF8(refusal.layer)},
                                   {"reason", json::fixUTF8(refusal.reason)}});
  return json::Object{{"fused", int64_t(fusion.fused)},
                      {"refused", std::move(refused)}};
}

void mlmodel::printJson(const CompressSummary &summary) {
  const CompressionReport &report = summary.report;
  json::Array weights, skipped;
  for (const WeightReport &weight : report.weights)
    weights.push_back(getWeightObject(weight));
  for (const SkippedWeight &weight : report.skipped)
    skipped.push_back(json::Object{{"layer", json::fixUTF8(weight.layer)},
                                   {"kind", weight.kind},
                                   {"field", weight.field},
                                   {"reason", weight.reason}});
  json::Object all{{"weights", std::move(weights)},
                   {"skipped", std::move(skipped)},
                   {"seconds", summary.seconds},
                   {"weight_bytes_before", int64_t(report.getBytesBefore())},
                   {"weight_bytes_after", int64_t(report.getBytesAfter())},
                   {"file_bytes_before", int64_t(summary.fileBytesBefore)},
                   {"file_bytes_after", int64_t(summary.fileBytesAfter)}};
  if (summary.fusion)
    all["fusion"] = getFusionObject(*summary.fusion);
  if (summary.outputSnrDb)
    all["output_snr_db"] = toJson(*summary.outputSnrDb);
  llvm::outs() << llvm::formatv("{0:2}\n", json::Value(std::move(all)));
}
