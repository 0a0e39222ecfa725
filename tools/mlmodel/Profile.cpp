//===- Profile.cpp - Where the time of a prediction goes ------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Profile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlmodel;
namespace json = llvm::json;

Profile::Profile(std::vector<LayerProfile> all,
                 llvm::ArrayRef<LayerProfile> before, int64_t runs,
                 MachinePeak peak)
    : layers(std::move(all)), peak(peak) {
  for (auto [i, layer] : llvm::enumerate(layers)) {
    // Stages that are compiled later come behind the ones before.
    if (i < before.size())
      layer.seconds -= before[i].seconds;
    layer.seconds /= runs;
    total += layer.seconds;
  }
}

double Profile::getShare(const LayerProfile &layer) const {
  return total > 0 ? layer.seconds / total : 0;
}

/// The time that the machine needs at least, for the operations or for the
/// bytes, as a fraction of the time that was needed. What stays in the caches
/// need not be read from memory, so this can exceed 1.
double Profile::getRoofline(const LayerProfile &layer) const {
  double least = std::max(layer.operations / (peak.gigaflops * 1e9),
                          layer.bytes / (peak.gigabytes * 1e9));
  return layer.seconds > 0 ? least / layer.seconds : 0;
}

static double getGigaflops(const LayerProfile &layer) {
  return layer.seconds > 0 ? layer.operations / layer.seconds / 1e9 : 0;
}

json::Object Profile::toJson() const {
  json::Array list;
  for (const LayerProfile &layer : layers)
    list.push_back(json::Object{{"layer", json::fixUTF8(layer.layer)},
                                {"ms", layer.seconds * 1e3},
                                {"share", getShare(layer)},
                                {"gflops", getGigaflops(layer)},
                                {"weight_bytes", int64_t(layer.weightBytes)},
                                {"bytes", int64_t(layer.bytes)},
                                {"roofline", getRoofline(layer)}});
  return json::Object{{"machine", json::Object{{"threads", peak.threads},
                                               {"gflops", peak.gigaflops},
                                               {"gbytes", peak.gigabytes}}},
                      {"layers", std::move(list)}};
}

void Profile::print(llvm::raw_ostream &os) const {
  os << (peak.threads == 1 ? std::string("one thread")
                           : std::to_string(peak.threads) + " threads")
     << llvm::formatv(" at best: {0:F1} GFLOP/s, {1:F1} GB/s\n"
                      "{2,9}  {3,6}  {4,8}  {5,10}  {6,8}  layer\n",
                      peak.gigaflops, peak.gigabytes, "ms", "share", "GFLOP/s",
                      "weights KB", "roofline");
  for (const LayerProfile &layer : layers)
    os << llvm::formatv("{0,9:F3}  {1,6:P1}  {2,8:F1}  {3,10:F1}  {4,8:P0}  "
                        "{5}\n",
                        layer.seconds * 1e3, getShare(layer),
                        getGigaflops(layer), layer.weightBytes / 1e3,
                        getRoofline(layer),
                        layer.layer.empty() ? "(no layer)" : layer.layer);
}
